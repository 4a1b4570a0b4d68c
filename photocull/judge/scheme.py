"""Names a picture's colour scheme: the classical harmony on the artist's wheel, and ICAA17K's type where it has one."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import ColourScheme, Swatch
from photocull.core.vocabulary import COMPLEMENTARY_TYPES, Harmony
from photocull.judge.spaces import Floats

GREY_CHROMA: Final = 0.028
"""OKLCh chroma under which a colour counts as grey, and `COLOUR_CHROMA` from which it counts fully as coloured."""
COLOUR_CHROMA: Final = 0.11
_LEAST_COLOUR: Final = 0.035
"""Mean colour weight of a picture under which it is achromatic: 3.5 % of it fully coloured, or the same spread thin."""

_OKLCH_HUES: Final = (27, 42, 58, 80, 106, 125, 147, 195, 252, 280, 307, 345)
"""OKLCh hues of Itten's twelve (red, red-orange, orange ... red-violet): 30 degrees apart on the artist's wheel."""
_WHEEL: Final = np.interp(
    np.arange(360),
    [hue - 360 for hue in _OKLCH_HUES[-1:]] + list(_OKLCH_HUES) + [_OKLCH_HUES[0] + 360],
    [-30, *range(0, 360, 30), 360],
).astype(np.float32)

FAMILIES: Final = ("red", "orange", "yellow", "green", "blue", "violet", "pink")
"""Families of hue, in the order of `family_of`'s numbers."""
_FAMILY_ENDS: Final = (39, 76, 115, 172, 281, 327)
"""OKLCh hues where red, orange, yellow, green, blue and violet end; pink runs from the last one back to red."""
_PINK_STARTS_LIGHT: Final = 0.66
_RED_STARTS: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Tones:
    """A picture's pixels as the scheme reads them, each (n,) float32.

    Attributes:
        light: OKLab lightness, 0..1. chroma: OKLCh chroma. hue: OKLCh degrees, 0..360.
        weight: 0 (grey) to 1 (fully coloured).
        family: index into `FAMILIES`; meaningless where the weight is 0.
    """

    light: Floats
    chroma: Floats
    hue: Floats
    weight: Floats
    family: NDArray[np.int64]


def read_tones(lab: Floats) -> Tones:
    """Split (..., 3) OKLab into lightness, chroma, hue, colour weight and family of hue."""
    flat = lab.reshape(-1, 3)
    light, chroma = flat[:, 0], np.hypot(flat[:, 1], flat[:, 2])
    hue = np.degrees(np.arctan2(flat[:, 2], flat[:, 1])) % 360
    # Dark and bright pixels carry less chroma by nature; near black and white even noise turns into hue.
    room = np.clip(np.minimum(light / 0.25, (1.02 - light) / 0.06), 0, 1)
    weight = np.clip((chroma - GREY_CHROMA) / (COLOUR_CHROMA - GREY_CHROMA), 0, 1) * room
    return Tones(light, chroma, hue, weight, family_of(light, hue))


def family_of(light: Floats, hue: Floats) -> NDArray[np.int64]:
    """The family of each hue, an index into `FAMILIES`: people's words for colours, which depend on lightness too."""
    # What is yellow in the light is brown in the dark: orange reaches further there.
    darker = np.where((hue > 70) & (hue < 110), np.clip((0.75 - light) / 0.3, 0, 1) * 16, 0)
    family = np.searchsorted(_FAMILY_ENDS, hue - darker).astype(np.int64)
    pink = FAMILIES.index("pink")
    light_red = (hue < _FAMILY_ENDS[0]) & (light > _PINK_STARTS_LIGHT) & (hue < 35)
    family[light_red | ((family == 0) & (hue < _RED_STARTS) & (light > 0.5))] = pink
    family[(family == pink) & (hue > 180) & (light < 0.5)] = FAMILIES.index("violet")
    # A yellow loses its name when dark only towards green; a dark orange is brown and stays with orange.
    family[(family == 2) & (hue > 108) & (light < 0.6)] = FAMILIES.index("green")
    return family


def name_scheme(tones: Tones, palette: tuple[Swatch, ...]) -> ColourScheme:
    """The scheme of a whole picture from all its pixels; ``palette`` is handed on."""
    harmony = classical_harmony(tones)
    kind, name = _type(tones, harmony)
    if kind == "complementary":
        return ColourScheme("complementary", name, harmony, palette)
    return ColourScheme("monochromatic" if kind else None, name, harmony, palette)


# -- the classical harmony -------------------------------------------------------------------------------------------


def wheel_angle(hue: Floats) -> Floats:
    """OKLCh hue to the artist's wheel (Itten 1961): red 0, yellow 120, blue 240 degrees; green faces red at 180."""
    return np.asarray(_WHEEL[np.asarray(hue, dtype=np.int64) % 360])


def classical_harmony(tones: Tones) -> Harmony:
    """The classical harmony of area- and chroma-weighted hues; near-grey has no say."""
    if float(tones.weight.mean()) < _LEAST_COLOUR:
        return "achromatic"
    groups = _hue_groups(tones)
    if len(groups) == 1:
        return "monochromatic" if _spread(tones) < 22 else "analogous"
    angles = np.sort(groups)
    gaps = np.diff(np.append(angles, angles[0] + 360))
    return _of_gaps(np.sort(gaps))


def _hue_groups(tones: Tones) -> Floats:
    """Angles on the wheel of the picture's main groups of hue, at most four, each at least a twelfth of the colour."""
    histogram = np.bincount(wheel_angle(tones.hue).astype(np.int64) % 360 // 5, tones.weight, 72)
    reach = np.minimum(np.arange(72), 72 - np.arange(72)) * 5.0
    kernel = np.exp(-0.5 * (reach / 14) ** 2)
    smooth = np.fft.irfft(np.fft.rfft(histogram) * np.fft.rfft(kernel), 72)
    peaks = np.flatnonzero((smooth > np.roll(smooth, 1)) & (smooth >= np.roll(smooth, -1)))
    owner = np.argmin(_apart(np.arange(72)[:, None] * 5.0, peaks[None, :] * 5.0), axis=1)
    mass = np.bincount(owner, histogram, len(peaks))
    best = [k for k in np.argsort(-mass, kind="stable")[:4] if mass[k] >= mass.sum() / 12]
    return _joined([(float(peaks[k]) * 5 + 2.5, float(mass[k])) for k in best])


def _joined(groups: list[tuple[float, float]]) -> Floats:
    kept: list[float] = []
    for angle, _ in groups:
        if all(_apart(np.float32(angle), np.float32(other)) >= 30 for other in kept):
            kept.append(angle)
    return np.array(kept, dtype=np.float32)


def _apart(first: Floats | np.float32, second: Floats | np.float32) -> Floats:
    return np.abs((np.asarray(first) - np.asarray(second) + 180) % 360 - 180)


def _spread(tones: Tones) -> float:
    turned = np.exp(1j * np.radians(wheel_angle(tones.hue)))
    length = abs((turned * tones.weight).sum()) / tones.weight.sum()
    return float(np.degrees(np.sqrt(-2 * np.log(np.clip(length, 1e-6, 1)))))


def _of_gaps(gaps: Floats) -> Harmony:
    """Classify 2 to 4 groups by the sorted gaps between them round the wheel (they sum to 360)."""
    if gaps[-1] >= 255:
        return "analogous"
    if len(gaps) == 2:
        return "complementary" if gaps[0] >= 138 else "triadic"
    if len(gaps) == 3:
        if gaps[0] >= 85:
            return "triadic"
        return "split-complementary" if gaps[1] >= 105 else "analogous" if gaps[-1] >= 215 else "tetradic"
    return "tetradic" if gaps[-1] < 200 else "analogous"


# -- ICAA17K's thirty types ------------------------------------------------------------------------------------------


def _type(tones: Tones, harmony: Harmony) -> tuple[str | None, str | None]:
    if harmony == "achromatic":
        return "monochromatic", _grey_name(tones)
    shares = family_shares(tones)
    leading = int(np.argmax(shares))
    opposed = harmony in ("complementary", "split-complementary") and shares[leading] < 0.9
    if harmony == "monochromatic" or (shares[leading] >= 0.8 and not opposed):
        return "monochromatic", _shade_name(tones, leading)
    name = _pair_name(tones, shares, 0.08 if opposed else 0.12)
    if name:
        return "complementary", name
    return ("monochromatic", _shade_name(tones, leading)) if shares[leading] >= 0.6 else (None, None)


def family_shares(tones: Tones) -> Floats:
    """Each family's share of the picture's colour weight, (7,), summing to 1."""
    sums = np.bincount(tones.family, tones.weight, len(FAMILIES))
    return np.asarray(sums / max(float(sums.sum()), 1e-9), dtype=np.float32)


def _grey_name(tones: Tones) -> str:
    middle = float(np.median(tones.light))
    return "black" if middle < 0.33 else "white" if middle > 0.86 else "gray"


def _shade_name(tones: Tones, family: int) -> str:
    ours = tones.family == family
    weight = tones.weight[ours]
    light = float(np.average(tones.light[ours], weights=weight))
    chroma = float(np.average(tones.chroma[ours], weights=weight))
    match FAMILIES[family]:
        case "orange":
            return "darkorange" if light < 0.62 else "orange"
        case "yellow":
            return "darkyellow" if light < 0.74 else "yellow"
        case "green":
            return "darkgreen" if light < 0.47 else "green"
        case "blue":
            return "lightblue" if light > 0.7 or (light > 0.62 and chroma < 0.08) else "blue"
        case "pink":
            return "lightpink" if light > 0.83 else "pink"
        case word:
            return word


def _pair_name(tones: Tones, shares: Floats, least: float) -> str | None:
    """The type of two families that hold most of the colour between them; the vocabulary fixes their order."""
    merged = dict(zip(FAMILIES, (float(share) for share in shares), strict=True))
    pink = merged.pop("pink")
    # ICAA17K has no pair with pink: it goes with the neighbour its hues lie nearer to.
    merged["violet" if _pink_is_cool(tones) else "red"] += pink
    first, second, third = sorted(merged, key=lambda word: -merged[word])[:3]
    if _neighbours(first, second) and not _neighbours(first, third) and merged[third] >= least:
        # Orange and yellow against blue is orange against blue: neighbours stand for one side of the pair.
        second, third = third, second
    covered = merged[first] + merged[second] + merged[third] * (_neighbours(first, third) or _neighbours(second, third))
    if merged[second] < least or covered < 0.75:
        return None
    return next(name for name in COMPLEMENTARY_TYPES if set(name.split("_")) == {first, second})


def _neighbours(first: str, second: str) -> bool:
    around = FAMILIES[:-1]
    return (around.index(first) - around.index(second)) % len(around) in (1, len(around) - 1)


def _pink_is_cool(tones: Tones) -> bool:
    pink = tones.family == FAMILIES.index("pink")
    cool = tones.weight[pink & (tones.hue > 180) & (tones.hue < 350)].sum()
    return bool(cool > tones.weight[pink].sum() / 2)
