"""In a few words why a photo's colours score low, from measured facts; the sentence beside a low learnt score."""

from collections.abc import Mapping
from typing import Final

from photocull.core.vocabulary import Harmony

_FADED_FROM: Final = 0.3
"""OKLab lightness of the darkest fiftieth from which nothing looks black: 79 % of photos of good colour lie below."""
_FADED_RANGE: Final = 0.55
"""Lightness from the darkest to the lightest fiftieth; three quarters of photos of good colour have more."""
_FLAT_RANGE: Final = 0.05
"""The same for one tone throughout, which has no black to lose; every validation photo but a blank one has more."""
_STRONG: Final = 0.18
"""OKLab chroma of the strongest fiftieth: 94 % of photos of good colour stay below."""
_COLOURFUL: Final = 100.0
"""Between "highly" (82) and "extremely colourful" (109) on Hasler and Süsstrunk's scale."""
_DULL: Final = 22.0
_CAST_STOPS: Final = 0.35
_CAST_AGREEMENT: Final = 0.75
_ONE_SIDED: Final[frozenset[Harmony]] = frozenset({"achromatic", "monochromatic", "analogous"})


def colour_fault(facts: Mapping[str, float], harmony: Harmony) -> str:
    """The likeliest fault, the surest to be seen first; "colours rated low" where none of the facts stands out.

    Args:
        facts: the photo's, of `colour`, `cast` and `ColourReading.facts`; one that is missing explains nothing.
        harmony: the photo's classical harmony.
    """
    if harmony == "achromatic":
        return "faded tones, nothing is black" if _is_faded(facts) else "tones rated low"
    if facts.get("cast", 0.0) >= _CAST_STOPS and facts.get("cast_agreement", 0.0) >= _CAST_AGREEMENT:
        return "the light leans to one colour"
    if _is_faded(facts):
        return "faded colours, nothing is black"
    if facts.get("colour_strongest", 0.0) >= _STRONG or facts.get("colourfulness", 0.0) >= _COLOURFUL:
        return "colours too strong"
    if facts.get("colourfulness", _DULL) < _DULL:
        return "dull colours"
    # One hue, or its neighbours, cannot compete.
    if facts.get("harmony", 0.0) < 0 and harmony not in _ONE_SIDED:
        return "colours that compete"
    return "colours rated low"


def _is_faded(facts: Mapping[str, float]) -> bool:
    darkest, lightest = facts.get("colour_darkest", 0.0), facts.get("colour_lightest", 1.0)
    return darkest >= _FADED_FROM and _FLAT_RANGE < lightest - darkest <= _FADED_RANGE
