"""The card of a model in the window: figures in groups that unfold, the curve, the recipe, the seeds."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from photocull.core.settings import resources
from photocull.models.registry import CurvePoint, ModelCard, SeedSpread, published_card, read_card
from photocull.ui.fold import Fold
from photocull.ui.model_card_view import ModelCardView
from photocull.ui.model_words import ModelEntry
from tests.ui.fake_models import OWN


@pytest.fixture
def card() -> ModelCard:
    """The shipped card with all that a card may tell."""
    return replace(
        read_card(resources() / "models" / f"{OWN}.json"),
        recipe=(("file", "recipes/builtin-1.toml"), ("seed", "0")),
        seeds=(0, 1),
        over_seeds=(SeedSpread("technical", "BIQ2021, validation", "SRCC", (0.88, 0.89)),),
        not_for=("Deciding alone.",),
        curve=(CurvePoint((288, 448), "ridge", 60.0, 4.0, {"BIQ2021": 0.871}),),
    )


def shown(qtbot: QtBot, card: ModelCard) -> tuple[ModelCardView, dict[str, Fold]]:
    view = ModelCardView()
    qtbot.addWidget(view)
    view.show_entry(ModelEntry(card, "built-in"))
    return view, {fold.button.text().partition(",")[0]: fold for fold in view.findChildren(Fold)}


def test_many_figures_are_folded_by_what_they_tell(qtbot: QtBot, card: ModelCard) -> None:
    view, folds = shown(qtbot, card)
    assert {"Quality", "Beauty", "Each theme"} <= set(folds)
    assert [heading for heading, fold in folds.items() if fold.unfolded] == ["Quality"]
    folds["Each theme"].button.click()
    assert "sunset" in view.text()
    folds["Themes"].button.click()
    folds["Branches of the aesthetic score"].button.click()
    assert all(said in view.text() for _, said in card.notes)
    folds["Quality"].button.click()
    assert "PLCC" not in view.text()


def test_curve_recipe_and_seeds_are_told(qtbot: QtBot, card: ModelCard) -> None:
    view, folds = shown(qtbot, card)
    assert "on average over 2 trainings" in view.text()
    assert "Deciding alone." in view.text()
    assert "288 + 448" not in view.text()
    folds["What other views would cost and bring"].button.click()
    assert "288 + 448" in view.text()
    assert "0.871" in view.text()
    folds["The recipe that made it"].button.click()
    assert "recipes/builtin-1.toml" in view.text()


def test_many_figures_over_seeds_are_folded(qtbot: QtBot, card: ModelCard) -> None:
    spreads = tuple(SeedSpread("technical", f"set {place}", "SRCC", (0.88, 0.89)) for place in range(21))
    view, folds = shown(qtbot, replace(card, over_seeds=spreads))
    assert "on average over 2 trainings" not in view.text()
    folds["Over trainings with the seeds 0"].button.click()
    assert view.text().count("on average over 2 trainings") == 21


def test_the_text_is_of_the_card_that_is_shown_now(qtbot: QtBot, card: ModelCard) -> None:
    view, _ = shown(qtbot, card)
    view.show_entry(ModelEntry(published_card("tanet-tad66k"), "download"))
    assert card.title not in view.text()


def test_a_card_of_few_figures_has_nothing_to_unfold(qtbot: QtBot) -> None:
    view, folds = shown(qtbot, published_card("tanet-tad66k"))
    assert not folds
    assert "Stated by its authors in the paper" in view.text()
