"""`evaluate --card`: the card's figures beside those found now, and 1 where one of them is not true."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from photocull.cli import card_check
from photocull.models.registry import ModelResult
from photocull.models.store import cards
from photocull.training.card_measures import MEASURES, CardMeasure
from photocull.training.figures import found_results, measure_card
from tests.cli.conftest import Photocull
from tests.pixel_scorer import PixelScorer
from tests.training.building import make_sets

Stating = Callable[[float], None]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sets(tmp_path_factory.mktemp("data"), count=24)


@pytest.fixture
def stating(data: Path, monkeypatch: pytest.MonkeyPatch) -> Stating:
    """The built-in model's place taken by a scorer of pixels, whose card is off by what is said."""
    few = tuple(one for one in MEASURES if one.name.startswith("quality"))
    found = found_results(measure_card(PixelScorer(), data, measures=few))

    def measure(scorer: PixelScorer, folder: Path, **options: object) -> object:
        return measure_card(scorer, folder, measures=few, **options)  # type: ignore[arg-type]  # passed on

    def state(off: float) -> None:
        wrong: tuple[ModelResult, ...] = (replace(found[0], value=found[0].value + off), *found[1:])
        monkeypatch.setattr(card_check, "cards", lambda: (replace(cards()[0], results=wrong),))

    monkeypatch.setattr(card_check, "open_scorer", lambda name, device: PixelScorer())
    monkeypatch.setattr(card_check, "measure_card", measure)
    return state


def test_a_true_card_ends_with_0(photocull: Photocull, data: Path, stating: Stating, tmp_path: Path) -> None:
    stating(0.0)
    answer = photocull("evaluate", "--card", "--data", data, "--output", tmp_path / "out")
    assert answer.code == 0
    assert "0 differ, 0 were not measured here" in " ".join(answer.out.split())
    saved = json.loads((tmp_path / "out" / "card.json").read_text("utf-8"))
    assert {one["state"] for one in saved["figures"]} == {"same"}
    assert "| technical | BIQ2021, validation | SRCC |" in (tmp_path / "out" / "card.md").read_text("utf-8")


def test_a_figure_that_is_not_true_ends_with_1_and_is_named(photocull: Photocull, data: Path, stating: Stating) -> None:
    stating(0.01)
    answer = photocull("evaluate", "--card", "--data", data, "--format", "json")
    assert answer.code == 1
    (wrong,) = (one for one in answer.records["figures"] if one["state"] == "differs")
    assert wrong["stated"]["data"] == "BIQ2021, validation"
    assert wrong["difference"] == pytest.approx(0.01)
    assert "Figures that differ" in photocull("evaluate", "--card", "--data", data).out


def test_a_limit_says_nothing_against_the_card(photocull: Photocull, data: Path, stating: Stating) -> None:
    stating(0.5)
    answer = photocull("evaluate", "--card", "--data", data, "--limit", 3)
    assert answer.code == 0
    assert "only some photos were asked for" in " ".join(answer.out.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--card", "--model", "tanet-ava"), "'tanet-ava' is no built-in model. Name one with --model: builtin-1"),
        (("--card", "--curve"), "stand alone"),
        (("--card", "--dataset", "beauty"), "stand alone"),
        (("--curve", "--model", "nope"), "'nope' is no built-in model"),
    ],
)
def test_what_cannot_be_measured_is_one_line(
    arguments: tuple[str, ...], said: str, photocull: Photocull, data: Path
) -> None:
    answer = photocull("evaluate", "--data", data, *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_folder_without_any_of_the_data_says_what_is_expected(
    photocull: Photocull, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rated: tuple[CardMeasure, ...] = tuple(one for one in MEASURES if "wallpapers" not in one.needs)
    monkeypatch.setattr(card_check, "MEASURES", rated)
    monkeypatch.setattr(card_check, "lacking", lambda folder: tuple({name for one in rated for name in one.needs}))
    answer = photocull("evaluate", "--card", "--data", tmp_path)
    assert answer.code == 2
    assert "No data that the card was measured on lies here" in answer.err
