"""The properties by which programs mark photos in XMP, and what their values mean; for photo files and sidecars alike.

Names are written as expat gives them: ``namespace local``. A reader is what gives a property's text, None without it.
"""

from collections.abc import Callable, Iterator
from typing import Final

_XMP: Final = "http://ns.adobe.com/xap/1.0/"
_DM: Final = "http://ns.adobe.com/xmp/1.0/DynamicMedia/"
_DIGIKAM: Final = "http://www.digikam.org/ns/1.0/"
_MICROSOFT: Final = "http://ns.microsoft.com/photo/1.0/"
_ACDSEE: Final = "http://ns.acdsee.com/iptc/1.0/"
_CAMERA_BITS: Final = "http://ns.camerabits.com/photomechanic/1.0/"

# XMP specification part 2 (2022), 2.2.1 (xmp), 3.3 (xmpDM).
RATING: Final = f"{_XMP} Rating"
LABEL: Final = f"{_XMP} Label"
PICK: Final = f"{_DM} pick"
GOOD: Final = f"{_DM} good"
DIGIKAM_PICK: Final = f"{_DIGIKAM} PickLabel"
DIGIKAM_COLOUR: Final = f"{_DIGIKAM} ColorLabel"
MICROSOFT_RATING: Final = f"{_MICROSOFT} Rating"
MICROSOFT_RATING_BARE: Final = f"{_MICROSOFT.rstrip('/')} Rating"
"""As exiftool writes it: without the namespace's last stroke."""
ACDSEE_RATING: Final = f"{_ACDSEE} rating"
TAGGED: Final = f"{_CAMERA_BITS} Tagged"
PROPERTIES: Final = frozenset(
    (RATING, LABEL, PICK, GOOD, DIGIKAM_PICK, DIGIKAM_COLOUR, MICROSOFT_RATING, MICROSOFT_RATING_BARE, ACDSEE_RATING)
) | {TAGGED}

NONE: Final = "none"
"""No flag, no label, said outright."""
DIGIKAM_PENDING: Final = "2"
"""Looked at, and no verdict yet: no flag here, and digiKam's own to keep."""
DIGIKAM_COLOURS: Final = {"0": NONE, "1": "red", "3": "yellow", "4": "green", "5": "blue", "6": "purple"}
DIGIKAM_OTHERS: Final = {"2": "orange", "7": "grey", "8": "black", "9": "white"}
"""No labels here, and digiKam's own to keep."""
_DIGIKAM_PICKS: Final = {"0": NONE, "1": "reject", DIGIKAM_PENDING: NONE, "3": "pick"}
_MICROSOFT_STARS: Final = {"0": 0, "1": 1, "25": 2, "50": 3, "75": 4, "99": 5}
_LIGHTROOM_PICKS: Final[dict[int | None, str]] = {1: "pick", 0: NONE, -1: "reject"}

Reader = Callable[[str], str | None]


def stars_beside(text_of: Reader) -> tuple[int, str] | None:
    """Stars where ``xmp:Rating`` is absent, 0 to 5, and the property that tells them; in digiKam's order."""
    acdsee = whole_number(text_of(ACDSEE_RATING), 0, 5)
    if acdsee is not None:
        return acdsee, "acdsee:rating"
    for name in (MICROSOFT_RATING, MICROSOFT_RATING_BARE):
        stars = _MICROSOFT_STARS.get(text_of(name) or "")
        if stars is not None:
            return stars, "MicrosoftPhoto:Rating"
    return None


def flags(text_of: Reader) -> Iterator[tuple[str, str]]:
    """Each property's word, "pick", "reject" or `NONE`, and the property; ``xmp:Rating`` -1 is not among them."""
    words = (
        (_LIGHTROOM_PICKS.get(whole_number(text_of(PICK), -10, 10)), "xmpDM:pick"),
        ({"true": "pick", "false": "reject"}.get((text_of(GOOD) or "").lower()), "xmpDM:good"),
        (_DIGIKAM_PICKS.get(text_of(DIGIKAM_PICK) or ""), "digiKam:PickLabel"),
        ({"true": "pick", "false": NONE}.get((text_of(TAGGED) or "").lower()), "photomechanic:Tagged"),
    )
    for word, source in words:
        if word is not None:
            yield word, source


def whole_number(written: str | None, least: int, most: int) -> int | None:
    """A property as a whole number, also where it is written as a decimal; None for anything outside these bounds."""
    try:
        number = float(written or "")
    except ValueError:
        return None
    return round(number) if least <= number <= most else None
