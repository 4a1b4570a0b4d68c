"""Words typed and told: names with near matches, ratings such as ``>=3``, and how long ago a backup was made."""

import re
from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Final

from photocull.catalog.kept import moment
from photocull.catalog.records import CatalogInfo
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


def backed_up(found: CatalogInfo, now: datetime | None = None) -> str:
    """When the last automatic backup was made and how long ago, in words; ``now``: an aware moment."""
    if found.last_backup is None:
        return "none yet; the next run that scores makes one"
    then = datetime.fromisoformat(found.last_backup)
    days = ((now or datetime.now().astimezone()).date() - then.date()).days
    return f"{moment(then)}, {('today', 'yesterday')[days] if 0 <= days < 2 else f'{days:,} days ago'}"


def _plain(word: str) -> str:
    return re.sub(r"[\W_]+", " ", word.casefold()).replace(" and ", " ").strip()
