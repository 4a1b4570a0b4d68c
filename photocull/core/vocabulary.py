"""The words that judgements and decisions are made of, and how they are shown; the lowest shelf of the house.

Themes: TAD66K (He et al., IJCAI 2022, table of themes). Colour types: ICAA17K (He et al., ICCV 2023).
"""

from typing import Final, Literal, get_args

Pick = Literal["pick", "reject"]
Label = Literal["red", "yellow", "green", "blue", "purple"]
Harmony = Literal[
    "achromatic", "monochromatic", "analogous", "complementary", "split-complementary", "triadic", "tetradic"
]
OverlayKind = Literal["aesthetic", "theme", "colour", "focus", "clipping", "similarity", "points", "gates"]

THEMES: Final[tuple[str, ...]] = (
    "art", "beach", "bird", "black", "blue", "bridge", "car", "cat", "city", "citysky", "clouds", "dog",
    "family", "flower", "food", "garden", "green", "grey", "holiday", "house", "lake", "light", "macro", "moon",
    "music", "nature", "night", "old", "orange", "park", "people", "pink", "portrait", "river", "scene", "sea",
    "sky", "snow", "street", "summer", "sun", "sunset", "tree", "water", "white", "winter", "yellow",
)  # fmt: skip

COLOUR_THEMES: Final[tuple[str, ...]] = ("black", "blue", "green", "grey", "orange", "pink", "white", "yellow")
"""The themes that are a colour and say nothing of what is shown."""
THEME_PRESENT: Final = 0.5
"""Confidence from which a photo shows a theme, everywhere; a photo in which none reaches it shows none of them."""

COMPLEMENTARY_TYPES: Final[tuple[str, ...]] = (
    "blue_violet", "green_blue", "green_violet", "orange_blue", "orange_green", "orange_violet", "orange_yellow",
    "red_blue", "red_green", "red_orange", "red_violet", "red_yellow", "yellow_blue", "yellow_green",
    "yellow_violet",
)  # fmt: skip
MONOCHROMATIC_TYPES: Final[tuple[str, ...]] = (
    "black", "blue", "darkgreen", "darkorange", "darkyellow", "gray", "green", "lightblue", "lightpink", "orange",
    "pink", "red", "violet", "white", "yellow",
)  # fmt: skip
COLOUR_TYPES: Final[tuple[str, ...]] = COMPLEMENTARY_TYPES + MONOCHROMATIC_TYPES

HARMONIES: Final[tuple[Harmony, ...]] = (
    "achromatic",
    "monochromatic",
    "analogous",
    "complementary",
    "split-complementary",
    "triadic",
    "tetradic",
)
FLAGS: Final[tuple[str, ...]] = (
    "blurred",
    "misfocused",
    "underexposed",
    "overexposed",
    "noisy",
    "colour-cast",
    "tilted",
    "eyes-closed",
)
LABELS: Final[tuple[Label, ...]] = ("red", "yellow", "green", "blue", "purple")
OVERLAY_KINDS: Final[tuple[OverlayKind, ...]] = get_args(OverlayKind)
"""The points where colours were looked at come from the built-in model and the Delegate Transformer. Of published
networks alone come TANet's similarity of the colour distribution to one cell, and the Delegate Transformer's gates."""

_SHOWN: Final[dict[str, str]] = {
    "citysky": "city sky",
    "darkgreen": "dark green",
    "darkorange": "dark orange",
    "darkyellow": "dark yellow",
    "gray": "grey",
    "lightblue": "light blue",
    "lightpink": "light pink",
    "colour-cast": "colour cast",
    "eyes-closed": "eyes closed",
}


def shown(word: str) -> str:
    """A vocabulary word as people read it: ``orange_blue`` becomes ``orange and blue``."""
    if word in _SHOWN:
        return _SHOWN[word]
    return " and ".join(_SHOWN.get(part, part) for part in word.split("_"))
