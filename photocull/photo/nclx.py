"""Colours that a HEIF or AVIF file names by numbers, and pictures in them: HDR toned down, wide colours with a profile.

Format: ISO/IEC 14496-12, 12.1.5 (colr, nclx); the numbers are those of ITU-T H.273. Pillow and pi-heif hand on neither.
"""

from typing import Final

from PIL import Image

from photocull.photo.colours import (
    BT2020,
    D65,
    DCI,
    DCI_WHITE,
    HLG,
    LINEAR,
    P3,
    PQ,
    SRGB,
    SRGB_CURVE,
    Colours,
    Point,
    Triangle,
)
from photocull.photo.deep import Decode, DeepImage
from photocull.photo.items import Property, main_properties, part_properties
from photocull.photo.primaries import profile_of
from photocull.photo.tones import has_curve

_PRIMARIES: Final[dict[int, tuple[Triangle, Point]]] = {
    5: (((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)), D65),
    6: (((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)), D65),
    7: (((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)), D65),
    9: (BT2020, D65),
    11: (P3, DCI_WHITE),
    12: (P3, D65),
}
"""All others count as sRGB's."""
_GAMMAS: Final = {4: 1 / 2.2, 5: 1 / 2.8}
_CURVES: Final = (LINEAR, PQ, DCI, HLG)
"""All others count as sRGB's: screens show what video's curves (1, 6, 14, 15) encode much as they show sRGB."""
_PROFILES: Final = (b"prof", b"rICC")


def in_named_colours(image: Image.Image, data: bytes, decode: Decode) -> Image.Image:
    """The picture with a profile for the colours that its file names, and toned down if they are those of HDR.

    A profile in the file holds, but not for HDR: none can say that there is something above white.

    Args:
        image: as a library opened it, its pixels not asked for yet. data: the file.
        decode: gives the pixels with all their bits.
    """
    colours = named_colours(data)
    if colours is None or (image.info.get("icc_profile") and colours.transfer not in (PQ, HLG)):
        return image
    profile = profile_of(colours)
    if has_curve(colours):
        image = DeepImage(image, colours, decode)
        image.info.pop("icc_profile", None)
    if profile is not None:
        image.info["icc_profile"] = profile
    return image


def named_colours(data: bytes) -> Colours | None:
    """The colours that the main picture of a file is said to have; None where no numbers say it. Never raises."""
    own = main_properties(data) or []
    if not any(kind == b"colr" for kind, _ in own):
        own = part_properties(data)
    numbers = next((content for kind, content in own if kind == b"colr" and content[:4] == b"nclx"), b"")
    if len(numbers) < 10:
        return None
    primaries, white = _PRIMARIES.get(int.from_bytes(numbers[4:6]), (SRGB, D65))
    curve = int.from_bytes(numbers[6:8])
    transfer = curve if curve in _CURVES else SRGB_CURVE
    return Colours(white=white, primaries=primaries, gamma=_GAMMAS.get(curve), transfer=transfer)


def bits_of(data: bytes) -> int:
    """How many bits a sample of the main picture has (ISO/IEC 23008-12, 6.5.6; AV1 in ISOBMFF, 2.3). Never raises."""
    own, parts = main_properties(data) or [], part_properties(data)
    return _bits_in(own) or _bits_in(parts) or 8


def _bits_in(properties: list[Property]) -> int | None:
    for kind, content in properties:
        if kind == b"pixi" and len(content) > 5:
            return content[5]
        if kind == b"av1C" and len(content) > 2:
            return (12 if content[2] & 0x20 else 10) if content[2] & 0x40 else 8
    return None
