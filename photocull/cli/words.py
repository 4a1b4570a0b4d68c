"""What a person types, read kindly: theme and colour names with near matches, and star ratings such as ``>=3``."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from photocull.core.errors import UsageError, one_line
from photocull.core.vocabulary import shown

_STARS: Final = re.compile(r"\s*(>=|<=|==|=|>|<|≥|≤|)\s*([0-5])\s*")


def one_of(words: Sequence[str], typed: str, what: str) -> str:
    """The word of the vocabulary that was typed, as stored or as shown, in any case.

    Raises:
        UsageError: there is no such word; names the nearest ones.
    """
    known = {_plain(form): word for word in words for form in (word, shown(word))}
    found = known.get(_plain(typed))
    if found is not None:
        return found
    near = list(dict.fromkeys(known[form] for form in get_close_matches(_plain(typed), known, n=4, cutoff=0.55)))
    listed = near or list(words)
    remedy = f"{'Near it' if near else 'Choose one of'}: {', '.join(listed)}."
    raise UsageError(f"There is no {what} '{one_line(typed, 40)}'.", remedy=remedy)


def stars_between(typed: str) -> tuple[int | None, int | None]:
    """Least and most stars of a condition such as ``>=3``, ``<2`` or ``4``; None leaves that side open.

    Raises:
        UsageError: it is no such condition, or nothing can fulfil it.
    """
    match = _STARS.fullmatch(typed)
    remedy = 'Write for example --rating ">=3", "<=2", or "4"; stars go from 0 to 5.'
    if match is None:
        raise UsageError(f"'{one_line(typed, 40)}' is no rating.", remedy=remedy)
    sign, stars = match[1], int(match[2])
    least = {">=": stars, "≥": stars, ">": stars + 1}.get(sign)
    most = {"<=": stars, "≤": stars, "<": stars - 1}.get(sign)
    if sign in {"", "=", "=="}:
        least = most = stars
    if (least is not None and least > 5) or (most is not None and most < 0):
        raise UsageError(f"No photo can have a rating {one_line(typed, 40)}.", remedy=remedy)
    return least, most


def _plain(word: str) -> str:
    return re.sub(r"[\W_]+", " ", word.casefold()).replace(" and ", " ").strip()
