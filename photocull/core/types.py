"""The values that travel between the rooms: frozen, small, each arrow of a photo's way one type.

path --scan--> Photo --decode--> DecodedPhoto --score--> Judgement --writer--> catalogue; a key press --> Decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from photocull.core.vocabulary import Harmony, Label, OverlayKind, Pick

Pixels = NDArray[np.uint8]
"""(H, W, 3) uint8 sRGB."""
Grid = NDArray[np.float16]
"""(h, w) float16, 0..1: a small map over the picture, row 0 at the top."""

PREVIEW_SIDE = 1440
"""Longest side in pixels of the picture that everything but native crops is judged on."""
CROP_SIDE = 256
"""Side in pixels of a native-resolution crop; smaller only where the photo itself is."""


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo as found on disk: the main file and what belongs to it.

    Attributes:
        path: absolute path of the main file; the RAW where a RAW and a JPEG share a stem.
        size: bytes of the main file.
        mtime_ns: modification time of the main file.
        partners: other renderings of the same frame (JPEG or HEIC beside the RAW).
        sidecars: .xmp (and .aae, .dop, .pp3 ...) files that belong to this photo.
    """

    path: Path
    size: int
    mtime_ns: int
    partners: tuple[Path, ...] = ()
    sidecars: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class FocusPoint:
    """Where the camera focused: the middle of that place as a share of the shown width and height, 0..1."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class GpsPosition:
    """Where a photo was taken: degrees north and east (negative south and west), metres above the sea if known."""

    latitude: float
    longitude: float
    altitude: float | None = None


Drive = Literal["single", "continuous", "timer"]
Bracket = Literal["exposure", "white-balance", "focus", "other"]


@dataclass(frozen=True, slots=True)
class Exif:
    """What the camera wrote; every field None where unknown.

    Attributes:
        taken: aware if the file names a zone, naive otherwise.
        exposure_time: seconds. f_number: N of f/N. focal_length: millimetres. iso: ISO speed.
        orientation: 1..8 as in EXIF; pixels handed on are already turned.
        focal_length_35mm: of a lens with the same view on 24 x 36 mm, millimetres. exposure_bias: stops.
        program, metering: as photographers call them ("aperture priority", "spot").
        drive: how the shutter was released. bracket: what was varied from shot to shot.
        burst: the identity of a burst. sequence: the place in a burst or bracketing, from 1.
        rating: -1 (rejected) to 5, as another program or the camera wrote it into the file. label: the same, a word.
        pick: the same, "pick", "reject" or "none".
    """

    taken: datetime | None = None
    camera: str | None = None
    lens: str | None = None
    exposure_time: float | None = None
    f_number: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    flash: bool | None = None
    orientation: int | None = None
    focal_length_35mm: float | None = None
    exposure_bias: float | None = None
    program: str | None = None
    metering: str | None = None
    focus_point: FocusPoint | None = None
    drive: Drive | None = None
    bracket: Bracket | None = None
    burst: str | None = None
    sequence: int | None = None
    gps: GpsPosition | None = None
    rating: int | None = None
    label: str | None = None
    pick: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class NativeCrop:
    """A piece of the photo at its own resolution, or at half of it and so on where a photo is far larger than a screen.

    Attributes:
        x, y: top-left corner as a share of the shown width and height, 0..1.
        width, height: the crop's size as a share of the shown width and height.
        pixels: (h, w, 3) uint8 sRGB, `CROP_SIDE` square unless the photo is smaller.
    """

    x: float
    y: float
    width: float
    height: float
    pixels: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPhoto:
    """One photo's pixels, opened once; dies after its batch.

    Attributes:
        photo: what was decoded.
        width, height: the photo's full size as shown, after orientation.
        preview: (H, W, 3) uint8 sRGB, upright, longest side at most `PREVIEW_SIDE`, never enlarged.
        crops: pieces where focus is judged closely, see `photo.decode.reach`; empty where the source has no native
            pixels.
        exif: camera facts.
        fingerprint: content identity, hexadecimal.
        notes: one-line remarks for the list of problems ("the file is truncated; what is there is shown").
    """

    photo: Photo
    width: int
    height: int
    preview: Pixels
    crops: tuple[NativeCrop, ...]
    exif: Exif
    fingerprint: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """One of the 47 themes with a confidence of 0..1."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Swatch:
    """One colour of a palette: ``hex`` like ``#e08a3c`` and its share of the picture's area, 0..1."""

    hex: str
    share: float


@dataclass(frozen=True, slots=True)
class ColourScheme:
    """The photo's colours.

    Attributes:
        kind: "complementary" or "monochromatic" where ICAA17K has a type for it, else None.
        name: one of ICAA17K's 30 colour types, else None.
        harmony: the classical harmony, always known.
        palette: largest share first.
    """

    kind: Literal["complementary", "monochromatic"] | None
    name: str | None
    harmony: Harmony
    palette: tuple[Swatch, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in a few words; ``overlay`` names the map that shows it on the photo, where there is one.

    ``weight`` is signed: how far it speaks for (+) or against (-) the photo; reasons are kept strongest first.
    """

    text: str
    weight: float
    overlay: OverlayKind | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What a model says of one photo's content; depends on pixels and model alone.

    Attributes:
        model: the model's name ("builtin-1"). model_fingerprint: identity of weights and arithmetic.
        aesthetic, colour, technical, overall: 0..10.
        themes: those with confidence >= 0.05, best first.
        flags: words of `vocabulary.FLAGS`.
        facts: the numbers behind the words (name -> value), for the inspector and for tests.
        attention: small maps by overlay kind.
        embedding: (n,) float16, unit length; photos of one subject lie close.
    """

    model: str
    model_fingerprint: str
    aesthetic: float
    colour: float
    technical: float
    overall: float
    themes: tuple[Theme, ...]
    scheme: ColourScheme
    flags: tuple[str, ...]
    reasons: tuple[Reason, ...]
    facts: Mapping[str, float] = field(default_factory=dict)
    attention: Mapping[OverlayKind, Grid] = field(default_factory=dict)
    embedding: NDArray[np.float16] | None = None


Who = Literal["photographer", "sidecar", "policy"]
DecisionField = Literal["rating", "pick", "label"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One mark on one photo, as a wish: the journal adds when and what was there before.

    Attributes:
        photo_id: catalogue id.
        field: what is decided. value: rating 0..5, "pick"/"reject", a label word, or None to clear.
        reason: why, in a few words, where a policy decided.
    """

    photo_id: int
    field: DecisionField
    value: int | Pick | Label | None
    who: Who = "photographer"
    reason: str = ""


class Scorer(Protocol):
    """Pixels in, judgements out, in the same order; the only face that the pipeline knows of a model."""

    @property
    def name(self) -> str:
        """The model's name, as in records and ``--model``."""

    @property
    def fingerprint(self) -> str:
        """Identity of weights and arithmetic; judgements are cached under it."""

    def score(self, batch: "list[DecodedPhoto]") -> list[Judgement]:
        """Judge each photo by itself: the result does not depend on the batch.

        Raises:
            ModelError: the network itself fails.
        """
