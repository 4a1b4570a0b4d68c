"""Scores against people's opinions: which score, which photos, what is counted, and the model card's own figures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from photocull.core.errors import TrainingError
from photocull.models.registry import ModelResult
from photocull.models.store import cards, open_scorer
from photocull.training.evaluation import Evaluation, Wanted, choose, evaluate, votes_of
from photocull.training.rated import MissingPhoto, RatedPhoto, RatedSet, read_set
from photocull.training.reproducing import log_odds, reproduce
from tests.pixel_scorer import PixelScorer
from tests.training.rating import EmbeddingScorer, rated_set


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "evaluation.sqlite"


def test_a_score_that_rises_with_the_opinion_agrees_fully(tmp_path: Path, kept: Path) -> None:
    found = evaluate(rated_set(tmp_path), PixelScorer(), kept)
    (comparison,) = found.comparisons
    assert (comparison.score, comparison.opinion) == ("aesthetic", "score")
    assert comparison.agreement.srcc.value == pytest.approx(1)
    assert comparison.agreement.photos == 12
    assert comparison.agreement.emd is None
    assert {group.group: group.agreement.photos for group in comparison.groups} == {"sea": 6, "sky": 6}
    mse = np.mean([(s / 10 - p.targets[0]) ** 2 for s, p in zip(found.score("aesthetic"), found.measured, strict=True)])
    assert comparison.agreement.mse.value == pytest.approx(float(mse))
    assert (found.dataset, found.model, found.fresh, found.chosen.split) == ("tad66k", "pixels", 12, "test")
    assert found.rate is not None
    assert found.rate > 0


def test_a_second_call_asks_the_model_nothing_and_says_the_same(tmp_path: Path, kept: Path) -> None:
    rated, again = rated_set(tmp_path), PixelScorer()
    first = evaluate(rated, PixelScorer(), kept)
    second = evaluate(rated, again, kept)
    assert not again.seen
    assert second.comparisons == first.comparisons
    assert (second.fresh, second.rate) == (0, None)


@pytest.mark.parametrize(
    ("name", "columns", "scores"),
    [
        ("icaa17k", ("MOS", "color"), ["aesthetic", "colour"]),
        ("spaq", ("MOS", "Brightness", "Colorfulness", "Contrast", "Noisiness", "Sharpness"), ["technical", "colour"]),
        ("biq2021", ("mos",), ["technical"]),
        ("flickr-aes", ("score",), ["aesthetic"]),
    ],
)
def test_each_question_is_answered_by_the_score_that_is_about_it(
    tmp_path: Path, kept: Path, name: str, columns: tuple[str, ...], scores: list[str]
) -> None:
    rated = rated_set(tmp_path, 6, decorate=lambda k, photo: replace(photo, targets=photo.targets * len(columns)))
    rated = replace(rated, name=name, columns=columns)
    found = evaluate(rated, PixelScorer(), kept)
    assert [comparison.score for comparison in found.comparisons] == scores
    other = evaluate(rated, PixelScorer(), kept, Wanted(score="overall"))
    assert {comparison.score for comparison in other.comparisons} == {"overall"}


def _voted(folder: Path) -> RatedSet:
    def votes(k: int, photo: RatedPhoto) -> RatedPhoto:
        shares = np.roll([0.6, 0.4, 0, 0, 0, 0, 0, 0, 0, 0], k)
        return replace(photo, opinion=float(shares @ np.arange(1, 11)), targets=tuple(shares))

    rated = rated_set(folder, 8, name="ava", decorate=votes)
    return replace(rated, kind="votes", columns=tuple(map(str, range(1, 11))))


def test_votes_are_compared_where_the_model_gives_them_and_never_made_up(tmp_path: Path, kept: Path) -> None:
    (with_votes,) = evaluate(_voted(tmp_path), EmbeddingScorer(votes=True), kept).comparisons
    (without,) = evaluate(_voted(tmp_path), PixelScorer(), kept).comparisons
    assert with_votes.agreement.emd is not None
    assert 0 < with_votes.agreement.emd.value < 1
    assert without.agreement.emd is None
    assert without.agreement.srcc.value == pytest.approx(1)


def test_votes_of_a_network_that_does_not_give_the_score_are_not_its_votes() -> None:
    pixels = PixelScorer()._judge(np.full((4, 4, 3), 100, np.uint8))
    shares = {f"tanet.votes_{vote}": 0.1 for vote in range(1, 11)}
    assert votes_of(replace(pixels, aesthetic=5.5, facts=shares)) == (0.1,) * 10
    assert votes_of(replace(pixels, aesthetic=6.0, facts=shares)) == ()
    assert votes_of(replace(pixels, aesthetic=5.5, facts={"tanet.votes_1": 1.0})) == ()
    assert votes_of(pixels) == ()


def test_missing_and_unreadable_photos_are_counted_and_left_out(tmp_path: Path, kept: Path) -> None:
    rated = rated_set(tmp_path)
    rated.photos[4].path.write_bytes(b"not a photo")
    gone = (MissingPhoto("gone.jpg", "test"), MissingPhoto("other.jpg", "train"))
    found = evaluate(replace(rated, absent=gone, missing=("gone.jpg", "other.jpg")), PixelScorer(), kept)
    assert [problem.path.name for problem in found.problems] == ["photo_04.jpg"]
    assert found.chosen.missing == 1
    assert not found.chosen.whole
    assert len(found.measured) == found.comparisons[0].agreement.photos == 11


def test_a_limit_draws_the_same_photos_each_time_in_the_order_of_the_labels(tmp_path: Path) -> None:
    rated = rated_set(tmp_path, 30)
    few = choose(rated, None, 7)
    assert few == choose(rated, "test", 7)
    assert (len(few.photos), few.available) == (7, 30)
    assert not few.whole
    places = [rated.photos.index(photo) for photo in few.photos]
    assert places == sorted(places)
    assert places != list(range(7))
    assert set(choose(rated, None, 3).photos) < set(few.photos)
    assert choose(rated, None, 1000).whole


def test_without_test_photos_validation_is_measured_and_an_absent_split_is_said(tmp_path: Path) -> None:
    rated = rated_set(tmp_path, 6, split="validation")
    assert choose(rated, None, None).split == "validation"
    with pytest.raises(TrainingError, match="no test photos") as raised:
        choose(rated, "test", None)
    assert raised.value.remedy == "Its photos are for: validation."


def test_when_next_to_nothing_can_be_read_it_says_so(tmp_path: Path, kept: Path) -> None:
    rated = rated_set(tmp_path, 3)
    for photo in rated.photos[:2]:
        photo.path.write_bytes(b"x")
    with pytest.raises(TrainingError, match="Fewer than two"):
        evaluate(rated, PixelScorer(), kept)


def _by_worker(k: int, photo: RatedPhoto) -> RatedPhoto:
    own = tuple((f"w{w}", float(1 + (k + w) % 5)) for w in range(3))
    return replace(photo, workers=(*own, ("trained on", 3.0)))


def test_the_personal_protocol_runs_over_the_test_workers_alone(tmp_path: Path, kept: Path) -> None:
    rated = replace(rated_set(tmp_path, 20, decorate=_by_worker), test_workers=("w0", "w1", "w2"))
    found = evaluate(rated, EmbeddingScorer(), kept, Wanted(personal=True))
    assert found.personal is not None
    assert [(shots.photos, shots.people) for shots in found.personal] == [(10, 3)]


def test_the_personal_protocol_needs_to_know_who_rated_what(tmp_path: Path, kept: Path) -> None:
    with pytest.raises(TrainingError, match="who rated what"):
        evaluate(rated_set(tmp_path, 4), PixelScorer(), kept, Wanted(personal=True))
    few = rated_set(tmp_path, 6, decorate=_by_worker)
    with pytest.raises(TrainingError, match="No person rated enough"):
        evaluate(few, PixelScorer(), kept, Wanted(personal=True))


def test_log_odds_undo_the_shown_score_up_to_slope_and_offset() -> None:
    answers = np.array([-3.0, -0.5, 0.0, 0.2, 4.0])
    shown = 10 / (1 + np.exp(-(0.3 + 1.7 * answers)))
    assert log_odds(shown) == pytest.approx(0.3 + 1.7 * answers, abs=1e-12)
    assert np.isfinite(log_odds(np.array([0.0, 10.0]))).all()


def test_only_figures_of_the_same_photos_are_held_against_the_card(tmp_path: Path, kept: Path) -> None:
    found = evaluate(rated_set(tmp_path, 12, name="biq2021", split="validation"), PixelScorer(), kept)

    def stated(**changes: object) -> ModelResult:
        plain = ModelResult("technical", "BIQ2021, validation", "SRCC", 0.5, 0.4, 0.6, 12)
        return replace(plain, **changes)  # type: ignore[arg-type]

    results = (
        stated(),
        stated(photos=11),
        stated(score="beauty head"),
        stated(measure="AP"),
        stated(data="BIQ2021, test"),
        stated(data="snapshots, validation"),
        stated(data="BIQ2021 ss09, validation"),
        stated(data="BIQ2021 sky, validation", photos=6),
        stated(data="BIQ2021 within category, validation"),
    )
    again = reproduce(found, replace(cards()[0], results=results))
    assert [one.card.data for one in again] == [results[k].data for k in (0, 7, 8)]
    assert again[0].difference > 0.01


def _of_biq2021(shared: Path, kept: Path, limit: int | None) -> Evaluation:
    return evaluate(read_set(shared / "data" / "biq2021"), open_scorer("builtin-1", "cpu"), kept, Wanted(limit=limit))


def test_a_handful_of_biq2021_is_judged_well(shared: Path, kept: Path) -> None:
    found = _of_biq2021(shared, kept, 24)
    assert found.chosen.available == 636
    assert found.comparisons[0].agreement.srcc.value > 0.7
    assert not reproduce(found, cards()[0])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_biq2021_gives_every_figure_of_the_shipped_models_card(shared: Path, kept: Path) -> None:
    again = reproduce(_of_biq2021(shared, kept, None), cards()[0])
    ours = [result for result in cards()[0].results if result.data.startswith("BIQ2021")]
    stated = [result for result in ours if "near twin" not in result.data]
    assert [one.card for one in again] == stated
    assert len(stated) == 5
    assert max(one.difference for one in again) < 1e-6
