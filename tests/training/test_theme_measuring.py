"""Theme figures through the product: counted at one half, honest about what is not reported."""

from pathlib import Path

import numpy as np
import pytest

from photocull.core.types import ColourScheme, Judgement, Pixels, Theme
from photocull.judge.themes import NETWORK_THEMES
from photocull.models.registry import ModelResult
from photocull.training.datasets import read_themes
from photocull.training.material import product_pixels
from photocull.training.subject import Subject
from photocull.training.theme_measuring import calibration_error, confidences_of, labels_of, measure_themes
from tests.training.building import make_sets


def _judgement(*themes: tuple[str, float]) -> Judgement:
    found = tuple(Theme(name, confidence) for name, confidence in themes)
    return Judgement("test", "0", 5, 5, 5, 5, found, ColourScheme(None, None, "achromatic", ()), (), ())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_sets(tmp_path / "data", count=60)


def _knowing(data: Path, share: float) -> Subject:
    """A judge that knows the labels of the first part of the photos and sees nothing in the others."""
    examples = [one for one in read_themes(data).examples if one.split == "validation"]
    answers = {product_pixels(one.path).tobytes(): one.themes for one in examples[: round(share * len(examples))]}

    def judge(pixels: Pixels) -> Judgement:
        return _judgement(*((name, 0.9) for name in answers.get(pixels.tobytes(), ())))

    return Subject(judge, data)


def _value(results: tuple[ModelResult, ...], score: str, measure: str) -> float:
    return next(r.value for r in results if r.score == score and r.measure == measure)


def test_a_judge_that_knows_all_is_perfect(data: Path) -> None:
    results = measure_themes(_knowing(data, 1.0))
    for measure in ("macro F1", "macro precision", "macro recall", "mean AP", "best theme is labelled"):
        assert _value(results, "themes", measure) == 1
    assert _value(results, "themes", "none of these") == 0
    assert _value(results, "themes", "calibration error") == pytest.approx(0.1)


def test_what_is_not_found_costs_recall_and_not_precision(data: Path) -> None:
    results = measure_themes(_knowing(data, 0.6))
    assert _value(results, "theme nature", "precision") == 1
    assert _value(results, "theme nature", "recall") == pytest.approx(0.6)
    assert _value(results, "themes", "none of these") == pytest.approx(0.4)


def test_a_theme_that_is_never_said_has_no_precision(data: Path) -> None:
    results = measure_themes(Subject(lambda pixels: _judgement(("nature", 0.49)), data))
    assert not [r for r in results if r.score == "theme nature" and r.measure == "precision"]
    assert _value(results, "theme nature", "recall") == 0
    assert _value(results, "theme nature", "AP") == 1


def test_only_themes_of_enough_photos_are_averaged(data: Path) -> None:
    results = measure_themes(_knowing(data, 1.0))
    assert (
        next(r for r in results if r.measure == "macro F1").data == "themes, validation, 1 themes of 10 photos or more"
    )
    assert {r.score for r in results if r.measure == "F1"} > {"theme nature", "theme sunset"}


def test_themes_that_are_not_reported_count_as_zero() -> None:
    found = confidences_of(_judgement(("sea", 0.7), ("blue", 0.9)))
    assert found[NETWORK_THEMES.index("sea")] == 0.7
    assert found.sum() == 0.7


def test_labels_of_colour_themes_are_left_out(data: Path) -> None:
    examples = read_themes(data).examples
    assert labels_of(examples).sum() == sum(len(one.themes) for one in examples)


def test_confidences_that_come_true_have_no_calibration_error() -> None:
    confidences = np.full((100, 1), 0.3)
    labels = np.arange(100)[:, None] < 30
    assert calibration_error(confidences, labels) == pytest.approx(0)
    assert calibration_error(confidences, ~labels) == pytest.approx(0.4)
    assert np.isnan(calibration_error(np.zeros((3, 1)), labels[:3]))
