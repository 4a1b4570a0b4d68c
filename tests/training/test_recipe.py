"""Recipes: the shipped one is complete, and a wrong one says what is wrong."""

from pathlib import Path

import pytest

from photocull.core.errors import TrainingError
from photocull.training.recipe import read_recipe, shipped_recipe


def test_the_shipped_recipe_is_complete() -> None:
    recipe = read_recipe(shipped_recipe())
    assert recipe.quality.members >= 1
    assert recipe.group_weights == {"ss02": 0.3}
    assert read_recipe(shipped_recipe(), seed=7).seed == 7


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("seed = 0", "", "seed"),
        ("members = 5", 'members = "five"', "'members' has the wrong kind"),
        ("width = 96", "width = 96\nwidht = 1", "unknown name 'widht'"),
        ('precision = "float16"', 'precision = "int8"', "precision is one of"),
        ("spread = [4.58, 6.52]", "spread = [8.0, 3.0]", "two rising scores"),
        ("views = [288, 512]", "views = [288, 448, 512]", "views is one or two"),
        ('"light"]', '"lihgt"]', "reads is a list of"),
        ("memory = 1.0", "memory = true", "'memory' has the wrong kind"),
        ("seed = 0", "seed = ", "not TOML"),
    ],
)
def test_a_wrong_recipe_says_what_is_wrong(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    text = shipped_recipe().read_text("utf-8")
    assert old in text
    changed = tmp_path / "recipe.toml"
    changed.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(TrainingError, match=sentence):
        read_recipe(changed)


def test_a_missing_recipe_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        read_recipe(tmp_path / "none.toml")
