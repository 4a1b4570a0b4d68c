"""Every figure of the built-in model's card found through the product: training writes the card by it, evaluate checks.

The list of measures is in `card_measures`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from photocull.core.errors import TrainingError
from photocull.core.types import Judgement, Pixels, Scorer
from photocull.core.work import CancelToken, Listener, Pace
from photocull.models.grouping import UNITS
from photocull.models.registry import ModelResult
from photocull.training.card_measures import MEASURES, CardMeasure
from photocull.training.looking import Judge, judge_of
from photocull.training.subject import DESCRIBED, Subject, place_of, remembering

ROUNDING: Final = 1e-3
"""How far a figure may lie from the card's: another processor's last bits can turn two photos' order."""
State = Literal["same", "differs", "other photos", "not measured"]


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of one measure: its results, or why there are none."""

    measure: CardMeasure
    results: tuple[ModelResult, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A figure of the card held against what was found now.

    Attributes:
        stated: the card's. found: this run's; None where there is none, and ``why`` says so.
    """

    stated: ModelResult
    found: ModelResult | None = None
    why: str = ""

    @property
    def difference(self) -> float | None:
        """How far apart they are, bounds included; None where nothing can be compared."""
        if self.found is None:
            return None
        pairs = zip(_numbers(self.stated), _numbers(self.found), strict=True)
        return max((abs(a - b) for a, b in pairs if a is not None and b is not None), default=0.0)

    @property
    def state(self) -> State:
        """How they stand to each other."""
        if self.found is None:
            return "not measured"
        if self.found.photos != self.stated.photos:
            return "other photos"
        return "same" if self.difference is not None and self.difference <= ROUNDING else "differs"


def measure_card(
    scorer: Scorer,
    data: Path,
    *,
    limit: int | None = None,
    token: CancelToken | None = None,
    listener: Listener | None = None,
    measures: Sequence[CardMeasure] = MEASURES,
) -> tuple[Measured, ...]:
    """Run every measure whose data is here, through the whole product; one photo is judged once.

    Args:
        data: the folder of biq2021, snapshots, beauty and themes. limit: photos of each set at most.

    Raises:
        CancelledError: stopped. ModelError: the model fails. UnreadablePhotoError: a photo cannot be read.
    """
    token = token or CancelToken()
    steps = _Steps([_load(one, limit) for one in measures], listener)
    subject = Subject(remembering(_stoppable(judge_of(scorer), token), steps.judged), data, limit, token)
    found = []
    for measure in measures:
        token.check()
        found.append(_run(measure, subject))
        steps.finished()
    return tuple(found)


def _stoppable(judge: Judge, token: CancelToken) -> Judge:
    def ask(pixels: Pixels) -> Judgement:
        token.check()
        return judge(pixels)

    return ask


def _run(measure: CardMeasure, subject: Subject) -> Measured:
    lacking = [name for name in measure.needs if subject.place(name) is None]
    if lacking:
        return Measured(
            measure, fault=f"needs {' and '.join(lacking)}, which {'is' if len(lacking) == 1 else 'are'} not here"
        )
    try:
        return Measured(measure, measure.run(subject))
    except TrainingError as error:
        return Measured(measure, fault=error.sentence)


def found_results(measured: Sequence[Measured]) -> tuple[ModelResult, ...]:
    """All figures, in the order of the card."""
    return tuple(result for one in measured for result in one.results)


def hold(stated: Sequence[ModelResult], measured: Sequence[Measured]) -> tuple[Held, ...]:
    """Each figure of a card against what was found."""
    found = {_key(result): result for result in found_results(measured) if result.measure not in UNITS}
    return tuple(Held(result, found.get(_key(result)), _why(result, measured)) for result in stated)


def unstated(stated: Sequence[ModelResult], measured: Sequence[Measured]) -> tuple[ModelResult, ...]:
    """What was found and the card does not tell."""
    told = {_key(result) for result in stated}
    return tuple(result for result in found_results(measured) if _key(result) not in told)


def needed(result: ModelResult, measures: Sequence[CardMeasure] = MEASURES) -> tuple[str, ...] | None:
    """The data that a figure of a card needs to be found again; None where no measure of this version finds it."""
    owner = next((one for one in measures if one.owns(result)), None)
    return None if owner is None else owner.needs


def data_lines(results: Sequence[ModelResult]) -> Iterator[str]:
    """Which data the figures of a card need, a line each."""
    counts: dict[str, int] = {}
    for result in results:
        line = _needs_line(result)
        counts[line] = counts.get(line, 0) + 1
    for line, count in counts.items():
        yield f"{count} {'figure' if count == 1 else 'figures'}: {line}."


def _needs_line(result: ModelResult) -> str:
    if result.measure in UNITS:
        return "no data; the speeds of this benchmark stand for this machine"
    wants = needed(result)
    if wants is None:
        return "found while the model was trained; nothing here measures them again"
    return "; ".join(DESCRIBED[name] for name in wants) or "no data"


def lacking(data: Path, measures: Sequence[CardMeasure] = MEASURES) -> tuple[str, ...]:
    """Names of the data that measures need and that does not lie here."""
    wanted = dict.fromkeys(name for one in measures for name in one.needs)
    return tuple(name for name in wanted if place_of(data, name) is None)


class _Steps:
    """Progress in judgements: each measure has its share, and is full once it is done."""

    def __init__(self, loads: Sequence[int], listener: Listener | None) -> None:
        self._loads, self._listener = loads, listener
        self._pace = Pace(sum(loads))
        self._measure = 0
        self._left = loads[0] if loads else 0

    def judged(self, fresh: bool) -> None:
        if self._left > 0:
            self._left -= 1
            self._tell(1 if fresh else 0, 0 if fresh else 1)

    def finished(self) -> None:
        self._tell(0, self._left)
        self._measure += 1
        self._left = self._loads[self._measure] if self._measure < len(self._loads) else 0

    def _tell(self, count: int, cached: int) -> None:
        progress = self._pace.step(count, cached=cached)
        if self._listener is not None:
            self._listener(progress)


def _load(measure: CardMeasure, limit: int | None) -> int:
    return measure.judgements if limit is None else min(measure.judgements, limit * max(1, len(measure.needs)))


def _key(result: ModelResult) -> tuple[str, str, str]:
    return result.score, result.data, result.measure


def _why(result: ModelResult, measured: Sequence[Measured]) -> str:
    if result.measure in UNITS:
        return "a time of the machine that the card was written on"
    owner = next((one for one in measured if one.measure.owns(result)), None)
    if owner is None:
        return "found while the model was trained"
    return owner.fault or "not found again"


def _numbers(result: ModelResult) -> tuple[float, float | None, float | None]:
    return result.value, result.low, result.high
