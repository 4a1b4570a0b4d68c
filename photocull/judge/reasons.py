"""Numbers into short sentences: why a photo scored as it did, strongest reason first. Measures nothing itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from photocull.core.types import ColourScheme, Reason, Theme
from photocull.core.vocabulary import COLOUR_THEMES, THEME_PRESENT, Harmony, OverlayKind, shown
from photocull.judge.colour_reasons import colour_fault
from photocull.judge.softness import SAID, native_penalty

MOST: Final = 6
FEWEST: Final = 2
LOW: Final = 5.0
"""An overall score under this always comes with at least one reason against the photo; half of the scale."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The four scores of a photo, each 0..10."""

    aesthetic: float
    colour: float
    technical: float
    overall: float


def reasons(
    scores: Scores,
    facts: Mapping[str, float],
    flags: Sequence[str],
    scheme: ColourScheme,
    themes: Sequence[Theme] = (),
) -> tuple[Reason, ...]:
    """Say in plain words what speaks for and against the photo.

    Args:
        scores: the photo's scores, 0..10.
        facts: the numbers of `colour.Colours.facts` and `technical.TechnicalFacts.facts`, in one mapping; a sentence
            whose number is missing is left out.
        flags: words of `vocabulary.FLAGS`.
        scheme: the photo's colours.
        themes: best first.

    Returns:
        two to six reasons, strongest first; each weight within -1..1. A photo whose overall score is below `LOW` has
        at least one reason of negative weight among them.
    """
    found = [
        *_flagged(facts, flags),
        *_clipped(facts, flags),
        *_sharp(facts, flags, scores.technical),
        *_rated(scores),
        *_coloured(scores, scheme, facts),
        *_themed(themes),
    ]
    found.sort(key=lambda reason: -abs(reason.weight))
    kept = _with_an_objection(found[:MOST], found, scores)
    if len(kept) < FEWEST:
        kept.append(_mild(scores, against=scores.overall < LOW))
    return tuple(sorted(kept, key=lambda reason: -abs(reason.weight)))


def _flagged(facts: Mapping[str, float], flags: Sequence[str]) -> Iterator[Reason]:
    for flag in flags:
        match flag:
            case "blurred" if facts.get("motion_blur", 0.0) >= 0.5:
                yield Reason("blurred by movement", -1.0, "focus")
            case "blurred":
                yield Reason("nothing is sharp", -1.0, "focus")
            case "misfocused":
                yield Reason("sharp in the wrong place", -0.8, "focus")
            case "underexposed":
                yield Reason(f"underexposed{_stops(-facts.get('exposure_stops', 0.0))}", -0.75)
            case "overexposed":
                yield Reason(f"overexposed{_stops(facts.get('exposure_stops', 0.0))}", -0.8, "clipping")
            case "noisy":
                yield Reason(_noise(facts), -0.6)
            case "colour-cast":
                yield Reason(_cast(facts), -0.55, "colour")
            case "tilted":
                yield Reason(f"tilted by about {abs(facts.get('tilt', 0.0)):.0f}°", -0.45)
            case "eyes-closed":
                yield Reason("closed eyes", -0.8)


def _stops(stops: float) -> str:
    half = round(stops * 2) / 2
    if half < 0.5:
        return ""
    return f" by about {half:g} {'stop' if half <= 1 else 'stops'}"


def _noise(facts: Mapping[str, float]) -> str:
    dark, rest = facts.get("noise_shadows", 0.0), facts.get("noise", 0.0)
    return "much noise in the shadows" if dark > 1.3 * rest > 0 else "much noise"


def _cast(facts: Mapping[str, float]) -> str:
    angle = facts.get("cast_hue")
    if angle is None:
        return "a colour cast"
    for limit, word in ((45, "reddish"), (105, "yellowish"), (165, "greenish"), (285, "bluish"), (345, "magenta")):
        if angle < limit:
            return f"a {word} cast"
    return "a reddish cast"


def _clipped(facts: Mapping[str, float], flags: Sequence[str]) -> Iterator[Reason]:
    blown, blocked = facts.get("blown_area", 0.0), facts.get("blocked_area", 0.0)
    if blown >= 0.02 and "overexposed" not in flags:
        yield Reason(f"blown highlights, {_percent(blown)} of the picture", -min(0.7, 0.25 + blown), "clipping")
    if blocked >= 0.25 and "underexposed" not in flags:
        yield Reason(f"shadows without detail, {_percent(blocked)} of the picture", -0.25, "clipping")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _sharp(facts: Mapping[str, float], flags: Sequence[str], technical: float) -> Iterator[Reason]:
    best, centre = facts.get("focus_best"), facts.get("focus_centre", 0.0)
    if best is None or {"blurred", "misfocused"} & set(flags):
        return
    lost = native_penalty(facts)
    if best < 0.4 and facts.get("focus_known", 0.0) >= 0.1:
        yield Reason("rather soft", -0.4, "focus")
    elif lost >= SAID:
        yield Reason("soft at full size", -0.15 - 0.3 * lost, "focus")
    elif best >= 0.6 and centre >= 0.5 and technical >= LOW and "noisy" not in flags:
        # Most photos are sharp there: it tells less of one than what is special to it. Nor is it praise for a photo
        # whose grain or blocks are what is crisp.
        yield Reason("sharp where it matters", 0.25 * best, "focus")


def _rated(scores: Scores) -> Iterator[Reason]:
    aesthetic, technical = (scores.aesthetic - 5) / 5, (scores.technical - 5) / 5
    if aesthetic >= 0.2:
        # Said of every good photo, so it stands behind what is special to this one unless it is outstanding.
        yield Reason("composition and light rated high", _bounded(0.8 * aesthetic), "aesthetic")
    elif aesthetic <= -0.1:
        yield Reason("composition and light rated low", _bounded(-0.25 + aesthetic), "aesthetic")
    if technical >= 0.3:
        yield Reason("technically clean", _bounded(technical))
    elif technical <= -0.1:
        yield Reason("technical quality rated low", _bounded(-0.2 + technical))


def _coloured(scores: Scores, scheme: ColourScheme, facts: Mapping[str, float]) -> Iterator[Reason]:
    rated = (scores.colour - 5) / 5
    text = describe_scheme(scheme, grey=facts.get("grey_share", 0.0) >= 0.5)
    yield Reason(text, _bounded(0.15 + 0.5 * max(0.0, rated)), "colour")
    if rated <= -0.2:
        yield Reason(colour_fault(facts, scheme.harmony), _bounded(-0.15 + rated), "colour")


_HARMONY_TEXT: Final[dict[Harmony, str]] = {
    "achromatic": "black and white tones",
    "monochromatic": "one hue throughout",
    "analogous": "neighbouring hues",
    "complementary": "complementary colours",
    "split-complementary": "one hue against two opposite it",
    "triadic": "three hues in balance",
    "tetradic": "four hues in two pairs",
}


def describe_scheme(scheme: ColourScheme, *, grey: bool = False) -> str:
    """A colour scheme in a few words, as in ``orange against blue, complementary``; ``grey``: the photo mostly is."""
    if scheme.name is None or scheme.harmony == "achromatic":
        return _HARMONY_TEXT[scheme.harmony]
    if scheme.kind == "complementary":
        first, second = scheme.name.split("_")
        return f"{first} {'with' if scheme.harmony == 'analogous' else 'against'} {second}, {scheme.harmony}"
    return f"{shown(scheme.name)} {'among greys' if grey else 'throughout'}"


# fmt: off
_THINGS: Final = frozenset({
    "beach", "bird", "bridge", "car", "cat", "city", "dog", "flower", "garden", "house", "lake", "park", "portrait",
    "river", "street", "sunset", "tree",
})
# fmt: on


def _themed(themes: Sequence[Theme]) -> Iterator[Reason]:
    if not themes or themes[0].confidence < THEME_PRESENT:
        return
    name = themes[0].name
    if name in COLOUR_THEMES:
        text = f"mostly {name}"
    else:
        text = f"looks like a {name}" if name in _THINGS else f"theme: {shown(name)}"
    yield Reason(text, 0.1 + 0.1 * themes[0].confidence, None if name in COLOUR_THEMES else "theme")


def _bounded(weight: float) -> float:
    return max(-1.0, min(1.0, weight))


def _with_an_objection(kept: list[Reason], found: list[Reason], scores: Scores) -> list[Reason]:
    if scores.overall >= LOW or any(reason.weight < 0 for reason in kept):
        return kept
    against = next((reason for reason in found if reason.weight < 0), None) or _mild(scores, against=True)
    return [*kept[: MOST - 1], against]


def _mild(scores: Scores, *, against: bool) -> Reason:
    """The least or the most of the three scores in words, for a photo of which nothing stronger can be said."""
    named: tuple[tuple[str, float, OverlayKind | None], ...] = (
        ("composition and light", scores.aesthetic, "aesthetic"),
        ("colours", scores.colour, "colour"),
        ("technical quality", scores.technical, None),
    )
    text, value, overlay = (min if against else max)(named, key=lambda entry: entry[1])
    distance = abs(value - 5) / 5
    if against:
        return Reason(f"{text} rated a little low", -_bounded(0.1 + distance), overlay)
    return Reason(f"{text} rated a little high", _bounded(0.1 + distance), overlay)
