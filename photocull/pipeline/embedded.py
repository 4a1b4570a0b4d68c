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
    earlier = None if before is None else _stated(before.inside)
    words_of = dict(sidecars)
    for name, inner in ({} if now is None else _stated(now)).items():
        outer = sidecars.get(name)
        news = earlier is not None and _is_news(earlier.get(name), inner)
        if outer is None:
            if news or earlier is None or known.said.get(name, inner.key) == inner.key:
                words_of[name] = inner
        elif news or (earlier is None and _states_nothing(known, name, outer)):
            words_of[name] = _together(known, before, name, inner, outer)
    return words_of


def _stated(inside: Inside) -> dict[DecisionField, Saying]:
    sayings: dict[DecisionField, Saying] = {}
    if inside.rating is not None and inside.rating >= 0:
        value = str(inside.rating) if inside.rating else None
        sayings["rating"] = Saying(value, "sidecar", value or NONE, _PHOTO_FILE, weak=value is None)
    elif inside.rating is not None:
        sayings["pick"] = Saying("reject", "sidecar", "reject", _PHOTO_FILE)
    colour = colour_of(inside.label or "")
    if colour is not None:
        sayings["label"] = Saying(colour, "sidecar", colour, _PHOTO_FILE)
    return sayings


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
