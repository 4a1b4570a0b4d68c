"""The marks in the photo file itself beside those of its sidecars: they count where no sidecar speaks, or as news.

A sidecar goes on saying what it said before another program changed the marks in the file; what changed last wins.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from photocull.catalog.outside import Standing
from photocull.catalog.records import Saying
from photocull.core.types import DecisionField
from photocull.pipeline.stamps import Inside, Opened, inside_of, opened_before
from photocull.sidecar.dialects import NONE, colour_of
from photocull.sidecar.merge import words

_PHOTO_FILE: Final = "the photo's file"
Sayings = Mapping[DecisionField, Saying]


def joined(known: Standing, sidecars: Sayings) -> dict[DecisionField, Saying]:
    """What file and sidecars say together, by field."""
    now, before = inside_of(known), opened_before(known.stamp)
    words_of = dict(sidecars)
    for name, inner in ({} if now is None else _stated(now)).items():
        outer = sidecars.get(name)
        first = before is None or (name == "pick" and before.inside.pick is None)
        news = before is not None and not first and _is_news(_stated(before.inside).get(name), inner)
        if outer is None:
            if news or first or known.said.get(name, inner.key) == inner.key:
                words_of[name] = inner
        elif news or (first and _states_nothing(known, name, outer)):
            words_of[name] = _together(known, before, name, inner, outer)
    return words_of


def _stated(inside: Inside) -> dict[DecisionField, Saying]:
    stars = None if inside.rating is None or inside.rating < 0 else str(inside.rating)
    flags = {"reject" if (inside.rating or 0) < 0 else NONE, inside.pick or NONE} - {NONE}
    flag = inside.pick or None
    if flags:
        flag = flags.pop() if len(flags) == 1 else None  # picked and rejected: nothing is guessed
    found: dict[DecisionField, str | None] = {
        "rating": NONE if stars == "0" else stars,
        "pick": flag,
        "label": colour_of(inside.label or ""),
    }
    return {name: _saying(word) for name, word in found.items() if word is not None}


def _saying(word: str) -> Saying:
    return Saying(None if word == NONE else word, "sidecar", word, _PHOTO_FILE, weak=word == NONE)


def _is_news(before: Saying | None, inner: Saying) -> bool:
    """Whether the file's mark is another one than when it was read last; "no stars" of a file without any is none."""
    if before is None or before.weak:
        return not inner.weak
    return before.key != inner.key


def _states_nothing(known: Standing, name: DecisionField, outer: Saying) -> bool:
    """Whether a sidecar never had this mark: only then counts one that is met in the file for the first time."""
    return outer.weak and known.said.get(name, NONE) == NONE and known.marks[name].by != "photographer"


def _together(known: Standing, before: Opened | None, name: DecisionField, inner: Saying, outer: Saying) -> Saying:
    """News of the file beside a sidecar's word, which is remembered too, for it stands there the next time."""
    if outer.sentence:
        return outer
    if outer.weak or outer.value == inner.value or _is_as_known(known, before, name, outer):
        return replace(inner, kept=outer.key)
    sentence = ", ".join(f"{one.place} says {words(one.value)}" for one in (outer, inner))
    return Saying(None, "sidecar", f"{outer.key}|{inner.key}", outer.place, sentence=sentence, kept=outer.key)


def _is_as_known(known: Standing, before: Opened | None, name: DecisionField, outer: Saying) -> bool:
    """Whether the sidecar says what it said before, or what stands here and was written before a kill."""
    if before is not None and before.said is not None:
        return outer.key == before.said.get(name)
    return outer.key == known.said.get(name) or (outer.recorded and outer.value == known.marks[name].value)
