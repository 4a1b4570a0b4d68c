"""What goes into the catalogue and what comes out: frozen values, so that no caller ever holds a database object."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from photocull.core.types import DecisionField, Exif, Judgement, Photo, Swatch, Theme
from photocull.core.vocabulary import THEME_PRESENT, Harmony, Label, Pick

Status = Literal["new", "ok", "unreadable"]
"""new: found, not yet decoded. ok: decoded. unreadable: with a reason."""
SortKey = Literal["aesthetic", "colour", "technical", "overall", "taken", "name", "rating"]


@dataclass(frozen=True, slots=True)
class FoundPhoto:
    """A scanned photo and its content identity, to be registered.

    ``exif``: what the file itself says, read only where it may be another photo than the one known there, see `kin`.
    ``partners``: the content identities of partners that joined it and may be marked photos of another place.
    """

    photo: Photo
    fingerprint: str
    exif: Exif | None = None
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """One photo decoded and judged, to be stored. ``notes`` are remarks for the list of problems."""

    photo_id: int
    fingerprint: str
    width: int
    height: int
    exif: Exif
    judgement: Judgement
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """One photo that could not be read, with its one-line reason; bound to the content that failed."""

    photo_id: int
    fingerprint: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Saying:
    """What lies outside on one field of a photo.

    Attributes:
        value: as the journal writes it; None for no stars, no flag, no label.
        who: "policy" only where the very value is recorded as Photocull's own.
        key: to know the same word again. place: the file, for sentences.
        weak: it is None, and nothing shows that the field was ever used.
        sentence: of sources that disagree; then ``value`` means nothing.
        echo: no news, whatever was decided since: Photocull wrote it a moment ago, or it is said of another photo.
        recorded: the file says that a Photocull wrote it; this one, before it was killed, or another one.
        kept: the key of a sidecar's word beside this one, which stands there the next time too.
    """

    value: str | None
    who: Literal["sidecar", "policy"]
    key: str
    place: str
    weak: bool = False
    sentence: str = ""
    echo: bool = False
    recorded: bool = False
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a photo's sidecars and its file say. ``stamp``: of the files, so that unchanged ones are not read again.

    ``notes``: faults of the files, for the list of problems. ``as_of``: the journal's last entry before they were read;
    None for its last entry now.
    """

    photo_id: int
    stamp: str
    sayings: Mapping[DecisionField, Saying]
    notes: tuple[str, ...] = ()
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which photos; empty sets and None do not restrict. Sets are OR inside, AND between.

    Attributes:
        folders: photos in these folders or below. paths: these very files. Both given: either.
        themes: with at least `min_theme` confidence. schemes: ICAA17K names. harmonies: classical harmonies.
        ratings: exact stars; 0 is unrated. min_rating: this many stars or more.
        picks: "pick", "reject" or "none". labels: label words or "none".
        flags: faults of `vocabulary.FLAGS`. problems_only: unreadable files or those with a note.
        minimum: score name -> least value, 0..10.
        text: every word must occur in file name, camera, lens or theme (case-insensitive).
        missing: also photos whose files are gone from disk; they are left out otherwise.
    """

    folders: frozenset[Path] = frozenset()
    paths: frozenset[Path] = frozenset()
    themes: frozenset[str] = frozenset()
    min_theme: float = THEME_PRESENT
    schemes: frozenset[str] = frozenset()
    harmonies: frozenset[str] = frozenset()
    ratings: frozenset[int] = frozenset()
    min_rating: int | None = None
    max_rating: int | None = None
    picks: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    problems_only: bool = False
    minimum: tuple[tuple[str, float], ...] = ()
    text: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Sort:
    """In which order; ties by path. Photos without the value come last in both directions."""

    key: SortKey = "overall"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """What a cell of the grid shows; a page of these is one query.

    Scores are None until the photo is judged by the model asked for. ``fingerprint`` is empty where the file's bytes
    could not be read. ``rated_by`` tells whose the rating is; without a rating, whose the flag or else the label is.
    ``suggested``: the fields whose mark is the program's.
    """

    id: int
    path: Path
    fingerprint: str
    status: Status
    error: str | None
    width: int | None
    height: int | None
    aesthetic: float | None
    colour: float | None
    technical: float | None
    overall: float | None
    flags: tuple[str, ...]
    rating: int | None
    pick: Pick | None
    label: Label | None
    rated_by: Literal["photographer", "photocull"] | None
    notes: tuple[str, ...] = ()
    missing: bool = False
    suggested: frozenset[DecisionField] = frozenset()


@dataclass(frozen=True, slots=True)
class SchemeRecord:
    """A photo's colours as kept."""

    kind: Literal["complementary", "monochromatic"] | None
    name: str | None
    harmony: Harmony
    palette: tuple[Swatch, ...]


@dataclass(frozen=True, slots=True)
class ReasonRecord:
    """One reason as kept; see `core.types.Reason`."""

    text: str
    weight: float
    overlay: str | None


@dataclass(frozen=True, slots=True)
class MarkReason:
    """Why the program gave a mark that stands: the field, the policy's name, and its reason in words."""

    field: DecisionField
    policy: str
    text: str


@dataclass(frozen=True, slots=True)
class PhotoDetail:
    """Everything known of one photo, for the inspector and for the JSON record.

    Attributes:
        row: as in the grid.
        judged: False until the model asked for has judged this content.
        themes: guesses among them; see `core.showing`.
        model: the name and fingerprint of the model whose judgement this is, None where not judged.
        rated_because: why the program gave those marks that are its own.
    """

    row: PhotoRow
    photo: Photo
    exif: Exif
    judged: bool
    model: str | None
    model_fingerprint: str | None
    themes: tuple[Theme, ...] = ()
    scheme: SchemeRecord | None = None
    reasons: tuple[ReasonRecord, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    overlays: tuple[str, ...] = ()
    rated_because: tuple[MarkReason, ...] = ()


@dataclass(frozen=True, slots=True)
class Rank:
    """Place of a photo by one score among a filter's judged photos, 1 is best."""

    place: int
    size: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts beside every filter, of the photos that the other filters leave.

    `total` counts the photos of the filter's folders and paths, `shown` those that the whole filter leaves.
    `judged` counts of `total` those that the model has judged, `problems` those that are unreadable or have a note.
    `ratings` has 0 for unrated, `picks` and `labels` have "none"; `folders` counts by the very folder a photo lies in.
    Values that no photo has are left out.
    """

    total: int
    shown: int
    judged: int
    problems: int
    themes: Mapping[str, int]
    schemes: Mapping[str, int]
    harmonies: Mapping[str, int]
    ratings: Mapping[int, int]
    picks: Mapping[str, int]
    labels: Mapping[str, int]
    flags: Mapping[str, int]
    folders: Mapping[Path, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A batch of decisions that happened, was undone or redone; batch 0 with no ids where nothing changed.

    Attributes:
        kind: "decide", "undo" or "redo". ids: photos whose state changed, or about which a dispute ended.
        batch: the journal's batch number. sentence: what happened in words ("Undid: 4 stars on 3 photos").
        marks: photo and field of each mark that changed.
    """

    kind: Literal["decide", "undo", "redo"]
    ids: tuple[int, ...]
    batch: int
    sentence: str
    marks: frozenset[tuple[int, DecisionField]] = frozenset()


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal, as kept."""

    id: int
    batch: int
    photo_id: int
    field: DecisionField
    before: int | str | None
    after: int | str | None
    who: str
    at: datetime
    kind: Literal["decide", "undo", "redo"]


@dataclass(frozen=True, slots=True)
class CatalogInfo:
    """What `catalog info` says; ``last_backup``: when the newest automatic one was made, ISO 8601, None if never."""

    location: str
    revision: str
    photos: int
    judged: int
    unreadable: int
    decisions: int
    models: tuple[str, ...]
    size_bytes: int | None
    last_backup: str | None = None

    @property
    def on_server(self) -> bool:
        """Whether it is no file; the server's own copies are not known here."""
        return "://" in self.location
