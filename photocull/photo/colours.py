"""Colours that a file names by numbers instead of describing them by a profile: what the numbers stand for.

Transfer curves have the numbers of ITU-T H.273, which JPEG XL (ISO/IEC 18181-1, annex E) shares.
"""

from dataclasses import dataclass
from typing import Final

Point = tuple[float, float]
"""CIE x and y."""
Triangle = tuple[Point, Point, Point]
"""Of red, green and blue."""

GREY: Final = 1
"""The space of a picture without colours."""
UNKNOWN: Final = 2
LINEAR: Final = 8
SRGB_CURVE: Final = 13
PQ: Final = 16
DCI: Final = 17
HLG: Final = 18
SDR_NITS: Final = 255.0
"""How bright white is meant to be in a picture that is none of HDR, cd/m2."""
D65: Final[Point] = (0.3127, 0.3290)
DCI_WHITE: Final[Point] = (0.314, 0.351)
SRGB: Final[Triangle] = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
BT2020: Final[Triangle] = ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))
P3: Final[Triangle] = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))


@dataclass(frozen=True, slots=True)
class Colours:
    """The colour encoding that a picture's numbers are in; as it is, sRGB.

    Attributes:
        profiled: an ICC profile says all instead. space: 0 RGB, 1 grey.
        white: of white. primaries: of red, green and blue.
        gamma: the exponent from light to number, None where ``transfer`` says it.
        transfer: 1 BT.709, 2 unknown, 8 linear, 13 sRGB, 16 PQ, 17 DCI, 18 HLG.
    """

    profiled: bool = False
    space: int = 0
    white: Point = D65
    primaries: Triangle = SRGB
    gamma: float | None = None
    transfer: int = SRGB_CURVE
