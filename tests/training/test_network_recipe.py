"""Recipes of the published networks: the shipped ones are the authors', and a wrong one says what is wrong."""

import dataclasses
from pathlib import Path

import pytest

from photocull.core.errors import TrainingError
from photocull.training.network_recipe import (
    first_difference,
    read_network_recipe,
    recipe_text,
    shipped_recipe,
)

KINDS = ("tanet-tad66k", "tanet-ava", "delegate-icaa17k", "delegate-spaq")


@pytest.mark.parametrize("kind", KINDS)
def test_a_shipped_recipe_is_complete_and_explains_every_value(kind: str) -> None:
    recipe = read_network_recipe(shipped_recipe(kind))
    assert recipe.architecture == kind
    for line in shipped_recipe(kind).read_text("utf-8").partition("[learning_rates]")[0].splitlines():
        assert not line.strip() or "#" in line, line


def test_the_shipped_recipes_are_the_authors() -> None:
    tad66k, ava, icaa17k, spaq = (read_network_recipe(shipped_recipe(kind)) for kind in KINDS)
    assert (tad66k.batch, tad66k.epochs, tad66k.loss, ava.loss) == (40, 200, "squared", "emd")
    assert (tad66k.resize, tad66k.crop, tad66k.flip) == (256, 224, 0.5)
    assert tad66k.frozen == ("theme",)
    assert set(tad66k.learning_rates) == {"theme", "aesthetics", "head", "colour", "hyper", "query"}
    assert tad66k.search["learning_rates.hyper"] == (1e-6, 3e-7)
    assert (icaa17k.columns, icaa17k.watched, icaa17k.epochs) == (("MOS", "color"), "color", 40)
    assert set(icaa17k.learning_rates.values()) == {1e-5}
    assert icaa17k.search == {"batch": (24, 32, 40), "learning_rates": (1e-5, 3e-5, 1e-4)}
    assert (spaq.columns, spaq.batch, spaq.epochs) == (("Colorfulness",), 32, 20)


@pytest.mark.parametrize("kind", KINDS)
def test_a_written_recipe_reads_as_it_was(kind: str, tmp_path: Path) -> None:
    recipe = read_network_recipe(shipped_recipe(kind))
    (tmp_path / "copy.toml").write_text(recipe_text(recipe), "utf-8")
    assert read_network_recipe(tmp_path / "copy.toml") == recipe
    assert read_network_recipe(tmp_path / "copy.toml", seed=7).seed == 7


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("seed = 0", "", "'seed' is missing"),
        ("seed = 0", "seed = 0\nseeds = 1", "unknown name 'seeds'"),
        ("seed = 0", "seed = true", "'seed' is a whole number"),
        ("epochs = 200", "epochs = 0", "'epochs' is a whole number from 1"),
        ("flip = 0.5", "flip = 1.5", "'flip' is a number from 0 to 1"),
        ('loss = "squared"', 'loss = "huber"', "'loss' is one of squared, emd"),
        ('precision = "auto"', 'precision = "int8"', "'precision' is one of"),
        ('architecture = "tanet-tad66k"', "architecture = 1", "'architecture' is a word"),
        ('frozen = ["theme"]', "frozen = [1]", "'frozen' is a list of words"),
        ("betas = [0.9, 0.999]", "betas = [0.9]", "'betas' is two numbers"),
        ("head = 1e-6 ", 'head = "fast"', "'learning_rates.head' is a number"),
        ("batch = [40]", "batch = []", "'search.batch' is a list of numbers"),
        ("[shape]", '[shape]\nstem = "wide"', "'shape.stem' is a number or a list"),
        ("seed = 0", "seed = ", "not TOML"),
    ],
)
def test_a_wrong_recipe_says_what_is_wrong(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    text = shipped_recipe("tanet-tad66k").read_text("utf-8")
    assert old in text
    path = tmp_path / "recipe.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(TrainingError, match=sentence):
        read_network_recipe(path)


def test_a_missing_recipe_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"recipe cannot be read: No such file"):
        read_network_recipe(tmp_path / "none.toml")


def test_a_search_changes_one_value_one_rate_or_all_rates() -> None:
    recipe = read_network_recipe(shipped_recipe("tanet-ava"))
    changed = recipe.changed({"batch": 64, "learning_rates.head": 1e-7})
    assert (changed.batch, changed.learning_rates["head"], changed.learning_rates["hyper"]) == (64, 1e-7, 1e-5)
    assert set(recipe.changed({"learning_rates": 0.5}).learning_rates.values()) == {0.5}
    assert recipe.batch == 48
    assert first_difference(recipe, changed) == "batch"
    assert first_difference(recipe, changed, besides=("batch", "learning_rates")) is None
    assert first_difference(recipe, dataclasses.replace(recipe)) is None


@pytest.mark.parametrize("values", [{"batches": 1}, {"learning_rates.tail": 1e-3}, {"loss": 1}, {"batch": 0}])
def test_a_search_for_what_no_recipe_has_is_an_error(values: dict[str, float]) -> None:
    with pytest.raises(TrainingError):
        read_network_recipe(shipped_recipe("tanet-ava")).changed(values)
