"""A model against people's opinions on a rated set: what `photocull evaluate` measures, as one value.

Photos go the product's own way (`judging`); what was answered is kept (`answers`), so that a stopped call goes on.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from photocull.core.errors import TrainingError
from photocull.core.types import Judgement, Scorer
from photocull.core.work import CancelToken, Listener, Problem
from photocull.training.answers import Answer, AnswerStore
from photocull.training.comparing import SCORES, VOTES, Comparison, ScoreName, belonging, compare
from photocull.training.judging import Judge, Judged, judge_photos
from photocull.training.measures import mean_vote
from photocull.training.objectives import Values
from photocull.training.personal import Ratings, Seen, Shots, measure_people
from photocull.training.rated import RatedPhoto, RatedSet, Split

ANSWERS: Final = "evaluation.sqlite"
"""The file of kept answers, in the cache folder."""
_LAYOUT: Final = "scores-1"
_SAME: Final = 1e-4
"""Of several networks the first one gives the score; votes of another are not its votes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to evaluate of a set.

    Attributes:
        split: of the photos; None takes the test photos, or the validation photos of a set without such.
        score: compared with every opinion instead of the one that belongs to it.
        limit: this many photos, drawn once and for all by the set's name; None for all.
        personal: also the few-shot protocol on each person's own ratings.
        jobs, batch: decoding threads and photos at once, as in `judging.judge_photos`.
    """

    split: Split | None = None
    score: ScoreName | None = None
    limit: int | None = None
    personal: bool = False
    jobs: int = 0
    batch: int = 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which photos are looked at.

    Attributes:
        split: theirs. photos: in the order of the label file. available: of the split, before the draw.
        missing: photos of the split that the label file names and the folder lacks.
    """

    split: Split
    photos: tuple[RatedPhoto, ...]
    available: int
    missing: int

    @property
    def whole(self) -> bool:
        """Whether this is every photo that was published for the split."""
        return len(self.photos) == self.available and not self.missing


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What was measured.

    Attributes:
        dataset, columns: of the set. model, fingerprint: of the scorer. chosen: the photos. measured: those that could
            be read, with their answers' numbers in the same order: the four scores, then the votes where given.
        problems: those that could not be read. rate: photos a second from file to judgement; None where all were known.
        fresh: photos judged now. comparisons: of scores and opinions. personal: the few-shot protocol, if asked for.
    """

    dataset: str
    columns: tuple[str, ...]
    model: str
    fingerprint: str
    chosen: Chosen
    measured: tuple[RatedPhoto, ...]
    numbers: Values
    problems: tuple[Problem, ...]
    fresh: int
    rate: float | None
    comparisons: tuple[Comparison, ...]
    personal: tuple[Shots, ...] | None = None

    def score(self, name: ScoreName) -> Values:
        """(measured,) that score, 0 to 10."""
        return self.numbers[:, SCORES.index(name)]


def evaluate(
    rated: RatedSet,
    scorer: Scorer,
    store: Path,
    wanted: Wanted | None = None,
    *,
    token: CancelToken | None = None,
    listener: Listener | None = None,
) -> Evaluation:
    """Score a set's photos and compare.

    Args:
        store: the file of kept answers.

    Raises:
        TrainingError: the split has no photos, none could be read, or ratings by person are asked for and not there.
        CancelledError: stopped; a next call goes on. ModelError, OutputError: see `judging.judge_photos`.
    """
    wanted = wanted or Wanted()
    chosen = choose(rated, wanted.split, wanted.limit)
    if wanted.personal and not any(photo.workers for photo in chosen.photos):
        remedy = "Use FLICKR-AES, or leave --personal out."
        raise TrainingError("This set does not say who rated what.", remedy=remedy)
    judged = _judge(chosen, scorer_judge(scorer), store, f"{scorer.fingerprint}:{_LAYOUT}", wanted, token, listener)
    measured, numbers = _readable(chosen, judged)
    return Evaluation(
        dataset=rated.name,
        columns=rated.columns,
        model=scorer.name,
        fingerprint=scorer.fingerprint,
        chosen=chosen,
        measured=measured,
        numbers=numbers,
        problems=judged.problems,
        fresh=judged.fresh,
        rate=judged.rate,
        comparisons=compare(rated, measured, numbers, wanted.score),
        personal=_personal(rated, measured, judged, wanted) if wanted.personal else None,
    )


def choose(rated: RatedSet, split: Split | None, limit: int | None) -> Chosen:
    """The photos to look at.

    Raises:
        TrainingError: the split has none.
    """
    asked: Split = split or ("test" if rated.of("test") else "validation")
    photos = rated.of(asked)
    if not photos:
        there = ", ".join(
            name for name in ("train", "validation", "test") if any(p.split == name for p in rated.photos)
        )
        raise TrainingError(f"{rated.name} has no {asked} photos here.", remedy=f"Its photos are for: {there}.")
    missing = sum(photo.split == asked for photo in rated.absent)
    if limit is None or limit >= len(photos):
        return Chosen(asked, photos, len(photos), missing)
    rows = np.sort(np.random.default_rng(0).permutation(len(photos))[:limit])
    return Chosen(asked, tuple(photos[row] for row in rows), len(photos), missing)


def scorer_judge(scorer: Scorer) -> Judge:
    """A photo's four scores and, where the model gives them, ten votes; and its embedding."""
    return lambda batch: [_answer(judgement) for judgement in scorer.score(batch)]


def _answer(judgement: Judgement) -> Answer:
    scores = [judgement.aesthetic, judgement.colour, judgement.technical, judgement.overall]
    embedding = np.zeros(0, np.float16) if judgement.embedding is None else judgement.embedding
    return Answer(np.array([*scores, *votes_of(judgement)], dtype=np.float64), embedding)


def votes_of(judgement: Judgement) -> tuple[float, ...]:
    """The distribution over the votes 1 to 10 whose mean the aesthetic score is; empty where the model gives none."""
    first = next((name for name in judgement.facts if name.endswith("votes_1")), None)
    if first is None:
        return ()
    votes = np.array([judgement.facts.get(f"{first[:-1]}{vote}", np.nan) for vote in range(1, VOTES + 1)])
    return tuple(votes.tolist()) if abs(mean_vote(votes) - judgement.aesthetic) < _SAME else ()


def _judge(
    chosen: Chosen,
    judge: Judge,
    path: Path,
    key: str,
    wanted: Wanted,
    token: CancelToken | None,
    listener: Listener | None,
) -> Judged:
    paths = [photo.path for photo in chosen.photos]
    with AnswerStore(path, key) as store:
        return judge_photos(
            paths,
            judge,
            store,
            jobs=wanted.jobs,
            batch=wanted.batch,
            token=token,
            listener=listener,
            embeddings=wanted.personal,
        )


def _readable(chosen: Chosen, judged: Judged) -> tuple[tuple[RatedPhoto, ...], Values]:
    pairs = [
        (photo, answer.numbers)
        for photo, answer in zip(chosen.photos, judged.answers, strict=True)
        if answer is not None
    ]
    if len(pairs) < 2:
        first = judged.problems[0].sentence if judged.problems else "One photo has no order."
        raise TrainingError(f"Fewer than two of the photos could be read. {first}")
    return tuple(photo for photo, _ in pairs), np.stack([numbers for _, numbers in pairs])


def _personal(rated: RatedSet, photos: Sequence[RatedPhoto], judged: Judged, wanted: Wanted) -> tuple[Shots, ...]:
    answers = [answer for answer in judged.answers if answer is not None]
    scores = np.stack([answer.numbers[: len(SCORES)] for answer in answers])
    general = scores[:, SCORES.index(wanted.score or belonging(rated.name))]
    embedding = np.stack([answer.embedding for answer in answers]).astype(np.float64)
    found = measure_people(Seen(general, scores, embedding), people_of(photos, rated.test_workers))
    if not found:
        raise TrainingError("No person rated enough of these photos.", remedy="Evaluate more photos: raise --limit.")
    return found


def people_of(photos: Sequence[RatedPhoto], among: Collection[str] = ()) -> Ratings:
    """Who rated which of these photos how, by person; ``among`` these alone, where it names any."""
    rows: dict[str, list[tuple[int, float]]] = {}
    for row, photo in enumerate(photos):
        for worker, rating in photo.workers:
            if not among or worker in among:
                rows.setdefault(worker, []).append((row, rating))
    return {
        worker: (np.array([row for row, _ in pairs], dtype=np.intp), np.array([rating for _, rating in pairs]))
        for worker, pairs in rows.items()
    }
