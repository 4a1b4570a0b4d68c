"""The card's figures measured again through a whole scorer: found, differing, or missing for want of data."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photocull.core.errors import CancelledError
from photocull.core.types import DecodedPhoto, Judgement
from photocull.core.work import CancelToken, Progressed
from photocull.models.registry import ModelResult
from photocull.training.agreeing import measure_beauty, measure_biq2021, measure_snapshots
from photocull.training.card_measures import MEASURES, CardMeasure
from photocull.training.card_report import card_report, record, sections
from photocull.training.figures import (
    ROUNDING,
    Measured,
    data_lines,
    found_results,
    hold,
    measure_card,
    needed,
    unstated,
)
from photocull.training.subject import DESCRIBED, Subject, remembering, spread
from tests.pixel_scorer import PixelScorer
from tests.training.building import make_sets

RATED = tuple(one for one in MEASURES if one.run in (measure_biq2021, measure_snapshots, measure_beauty))
"""The measures that a scorer of pixels can stand."""
TOLD = ("BIQ2021, validation", "snapshots, validation", "beauty within category, validation")


class Telling(PixelScorer):
    """Tells its beauty head's answer as the built-in scorer does."""

    def score(self, batch: list[DecodedPhoto]) -> list[Judgement]:
        return [replace(one, facts={**one.facts, "beauty": one.aesthetic}) for one in super().score(batch)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sets(tmp_path_factory.mktemp("data"), count=24)


def results(data: Path, **options: Any) -> tuple[ModelResult, ...]:
    return found_results(measured(data, **options))


def measured(data: Path, scorer: PixelScorer | None = None, **options: Any) -> tuple[Measured, ...]:
    return measure_card(scorer or Telling(), data, **{"measures": RATED, **options})


def test_every_set_that_is_here_gives_figures_with_intervals(data: Path) -> None:
    found = {(one.score, one.data): one for one in results(data) if one.measure == "SRCC"}
    assert {place for _, place in found} >= set(TOLD)
    assert {score for score, _ in found} == {"technical", "aesthetic", "beauty head"}
    for one in found.values():
        assert one.low is not None
        assert one.high is not None
        assert one.low <= one.value <= one.high
    assert found["technical", "BIQ2021, validation"].photos == 6


def test_a_picture_is_judged_once_however_many_measures_ask(data: Path) -> None:
    scorer = Telling()
    twice = (*RATED, *RATED)
    measured(data, scorer, measures=twice)
    asked = len(scorer.seen)
    measured(data)
    assert asked == 18
    once = Telling()
    judge = remembering(lambda pixels: once.score([_decoded(pixels)])[0])
    black, wide = np.zeros((4, 6, 3), np.uint8), np.zeros((6, 4, 3), np.uint8)
    assert judge(black) is judge(black.copy())
    judge(wide)
    assert len(once.seen) == 2


def _decoded(pixels: np.ndarray) -> DecodedPhoto:
    from photocull.photo.decode import decode_pixels

    return decode_pixels(pixels)


def test_a_card_written_by_the_measures_is_found_again(data: Path) -> None:
    stated = results(data)
    held = hold(stated, measured(data))
    assert {one.state for one in held} == {"same"}
    assert all(one.difference == 0 for one in held)


def test_a_figure_that_differs_by_more_than_rounding_is_told(data: Path) -> None:
    run = measured(data)
    first, second, *rest = found_results(run)
    wrong = replace(first, value=first.value + 2 * ROUNDING)
    near = replace(second, value=second.value + ROUNDING / 2)
    held = hold((wrong, near, *rest), run)
    assert [one.state for one in held[:2]] == ["differs", "same"]
    assert unstated((wrong, near), run) == tuple(rest)


def test_a_wrong_bound_is_a_wrong_figure(data: Path) -> None:
    run = measured(data)
    first = found_results(run)[0]
    assert first.low is not None
    (held,) = hold((replace(first, low=first.low - 0.1),), run)
    assert held.state == "differs"


def test_what_is_missing_says_which_data_it_needs(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data / "beauty", tmp_path / "beauty")
    held = hold(results(data), measured(tmp_path))
    missing = {one.stated.data: one.why for one in held if one.found is None}
    assert missing["BIQ2021, validation"] == "needs biq2021, which is not here"
    assert {one.state for one in held if "beauty" in one.stated.data} == {"same"}


def test_a_limit_takes_photos_spread_over_the_list_and_claims_no_difference(data: Path) -> None:
    held = hold(results(data), measured(data, limit=4))
    whole = [one for one in held if one.stated.data in TOLD]
    assert {one.state for one in whole} == {"other photos"}
    assert all(one.found is not None and one.found.photos == 4 for one in whole)
    assert spread(list(range(10)), 3) == (0, 3, 6)


def test_times_of_another_machine_are_not_compared(data: Path) -> None:
    speed = ModelResult("speed", "one thread", "photos/s", 20.0, None, None, 0)
    (held,) = hold((speed,), measured(data))
    assert (held.state, held.why) == ("not measured", "a time of the machine that the card was written on")


def test_a_faulty_set_costs_its_own_figures_alone(data: Path, tmp_path: Path) -> None:
    for name in ("snapshots", "beauty"):
        shutil.copytree(data / name, tmp_path / name)
    (tmp_path / "snapshots" / "labels.csv").write_text("nothing", "utf-8")
    run = measured(tmp_path)
    faults = {one.measure.name: one.fault for one in run if one.fault}
    assert "quality on snapshots" in faults
    assert any(one.data.startswith("beauty") for one in found_results(run))


def test_progress_ends_where_it_said_and_a_stop_is_heard(data: Path) -> None:
    heard: list[Progressed] = []
    measured(data, limit=3, listener=lambda event: heard.append(event))  # type: ignore[arg-type]
    assert heard[-1].done == heard[-1].total
    assert [one.done for one in heard] == sorted(one.done for one in heard)
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        measured(data, token=token)


def test_every_need_is_described_and_each_figure_has_one_owner(data: Path) -> None:
    for measure in MEASURES:
        assert set(measure.needs) <= set(DESCRIBED)
        assert measure.covers
    for result in results(data):
        owners = [one.name for one in MEASURES if one.owns(result)]
        assert len(owners) == 1, (result, owners)
        assert needed(result)


def test_the_data_of_a_card_is_told_in_a_line_a_set(data: Path) -> None:
    old = ModelResult("old score", "somewhere", "SRCC", 0.5, None, None, 9)
    lines = list(data_lines((*results(data), old)))
    assert any("BIQ2021" in line for line in lines)
    assert lines[-1] == "1 figure: found while the model was trained; nothing here measures them again."
    assert sum(int(line.split()[0]) for line in lines) == len(results(data)) + 1


def test_the_report_tells_the_outcome_and_json_has_every_figure(data: Path) -> None:
    from photocull.models.store import cards

    run = measured(data)
    stated = found_results(run)
    card = replace(cards()[0], results=(replace(stated[0], value=0.0), *stated[1:]))
    report = card_report(card, "print", run, None)
    assert [one.stated.value for one in report.differing] == [0.0]
    told = sections(report)
    assert f"{len(stated) - 1} of the card's {len(stated)} figures are found again" in told[0].sentences[0]
    assert told[1].title == "Figures that differ"
    written = record(report)
    assert len(written["figures"]) == len(stated)
    assert written["figures"][0]["state"] == "differs"
    assert written["not_on_the_card"] == []


def test_a_measure_may_need_nothing(tmp_path: Path) -> None:
    def run(subject: Subject) -> tuple[ModelResult, ...]:
        return (ModelResult("plain", "nothing", "count", 1.0, None, None, 1),)

    run = measured(tmp_path, measures=(CardMeasure("plain", (), (("plain", ""),), run, 0),))
    assert [one.score for one in found_results(run)] == ["plain"]
