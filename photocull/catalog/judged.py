"""What one model said of all contents, as columns in memory beside those of the photos (`columns`).

Each judgement has a slot; slot 0 says nothing and stands for contents that the model has not judged.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photocull.catalog.columns import Ints, Mask, Numbers, Rows, spread

GONE: Final = 0
"""The number of a word that a judgement had before it was made again."""


@dataclass(frozen=True, eq=False)
class Tags:
    """Words that a judgement has several of: themes with a confidence, flags.

    Attributes:
        owner, word, sure: of each, the judgements' slot, the word's number in `words`, and how sure it is.
        first, count: where each slot's lie.
    """

    owner: Ints
    word: NDArray[np.uint16]
    sure: Numbers
    first: Ints
    count: Ints
    words: tuple[str, ...]

    def any_of(self, names: Collection[str], least: float, slots: Ints) -> Mask:
        """Which of these slots have one of these words, sure enough."""
        wanted = np.array([number != GONE and word in names for number, word in enumerate(self.words)])
        if len(slots) * 8 > len(self.count):
            held = np.zeros(len(self.count), np.bool_)
            held[self.owner[wanted[self.word] & (self.sure >= least)]] = True
            return held[slots]
        held = np.zeros(len(slots), np.bool_)
        places, owner = spread(self.first[slots], self.count[slots])
        held[owner[wanted[self.word[places]] & (self.sure[places] >= least)]] = True
        return held

    def counts(self, slots: Ints, least: float) -> dict[str, int]:
        """How many of these slots, which may come several times, have each word."""
        if len(slots) * 8 > len(self.count):
            shown = np.bincount(slots, minlength=len(self.count)).astype(np.float64)
            shown[0] = 0
            weight = shown[self.owner] * (self.sure >= least)
            found = np.bincount(self.word, weights=weight, minlength=len(self.words))
        else:
            places, _ = spread(self.first[slots], self.count[slots])
            found = np.bincount(self.word[places][self.sure[places] >= least], minlength=len(self.words))
        return {name: int(n) for name, n in zip(self.words[1:], found[1:], strict=True) if n}

    def renewed(self, slots: Rows, size: int, fresh: "Tags") -> "Tags":
        """With what ``fresh`` says in these slots, of ``size`` by now; its own slots are places in ``slots``."""
        first, count = (np.concatenate([old, np.zeros(size - len(old), np.int32)]) for old in (self.first, self.count))
        old, _ = spread(first[slots], count[slots])
        word = self.word.copy()
        word[old] = GONE
        first[slots], count[slots] = fresh.first + len(word), fresh.count
        return Tags(
            np.concatenate([self.owner, slots[fresh.owner].astype(np.int32)]),
            np.concatenate([word, fresh.word]),
            np.concatenate([self.sure, fresh.sure]),
            first,
            count,
            fresh.words,
        )


_ZERO: Final = np.zeros(1, np.int32)
NO_TAGS: Final = Tags(_ZERO[:0], np.zeros(0, np.uint16), np.zeros(0), _ZERO, _ZERO, ("",))


@dataclass(frozen=True, eq=False)
class Judged:
    """One model's judgements by slot.

    Attributes:
        of_content: each content's slot. ids: of the catalogue.
        scores: rows as in `SCORE_NAMES`, not a number where nothing was said.
        scheme, harmony: numbers of what stands in `schemes` and `harmonies`, whose first word is None.
        themes, flags: None until they are asked for; there are several times as many as photos.
    """

    of_content: Ints
    ids: Ints
    scores: Numbers
    scheme: Ints
    harmony: Ints
    schemes: tuple[str | None, ...] = (None,)
    harmonies: tuple[str | None, ...] = (None,)
    themes: Tags | None = None
    flags: Tags | None = None

    @property
    def size(self) -> int:
        """How many slots there are, the one that says nothing included."""
        return len(self.scheme)

    def slots(self, contents: Ints) -> Ints:
        """The slots of contents."""
        return self.of_content[contents]

    def reaching(self, content: int) -> "Judged":
        """With room for contents up to this one."""
        more = content + 1 - len(self.of_content)
        if more <= 0:
            return self
        return replace(self, of_content=np.concatenate([self.of_content, np.zeros(more, np.int32)]))

    def renewed(self, contents: Ints, fresh: "Judged") -> "Judged":
        """With what ``fresh`` says of these contents, or nothing where it says nothing.

        ``fresh`` has numbers for words that go on from ours, and slots by place among the contents it speaks of.
        """
        of_content = self.reaching(int(contents.max(initial=0))).of_content.copy()
        kept = of_content[contents]
        of_content[contents] = 0
        spoken = contents[fresh.of_content[contents] > 0]
        place = fresh.of_content[spoken]
        slots = kept[fresh.of_content[contents] > 0].astype(np.intp)
        new = np.flatnonzero(slots == 0)
        size = self.size + len(new)
        slots[new] = np.arange(self.size, size)
        of_content[spoken] = slots
        target = np.zeros(fresh.size, np.intp)
        target[place] = slots

        def put(old: NDArray[Any], now: NDArray[Any]) -> NDArray[Any]:
            grown = np.concatenate([old, np.zeros((*old.shape[:-1], len(new)), old.dtype)], axis=-1)
            grown[..., target[1:]] = now[..., 1:]
            return grown

        return Judged(
            of_content,
            put(self.ids, fresh.ids),
            put(self.scores, fresh.scores),
            put(self.scheme, fresh.scheme),
            put(self.harmony, fresh.harmony),
            fresh.schemes,
            fresh.harmonies,
            _mixed(self.themes, fresh.themes, target, size),
            _mixed(self.flags, fresh.flags, target, size),
        )


def _mixed(old: Tags | None, fresh: Tags | None, slots: Rows, size: int) -> Tags | None:
    return None if old is None or fresh is None else old.renewed(slots, size, fresh)
