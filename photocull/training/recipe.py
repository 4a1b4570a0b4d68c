"""Everything about a training run that may be chosen, as values read from a TOML file; no default hides in the code."""

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from photocull.core.errors import TrainingError
from photocull.core.settings import resources


@dataclass(frozen=True, slots=True)
class HeadRecipe:
    """How one ensemble of perceptrons is fitted.

    Attributes:
        members: perceptrons in the ensemble, each with a seed of its own. width: hidden units of each.
        epochs, batch: passes and photos a step. learning_rate: highest one of a one-cycle schedule.
        weight_decay: of AdamW. input_dropout, hidden_dropout: shares that are dropped.
        correlation: weight of the correlation term beside the squared error.
        logits: whether the head reads the class logits beside the pooled numbers.
    """

    members: int
    width: int
    epochs: int
    batch: int
    learning_rate: float
    weight_decay: float
    input_dropout: float
    hidden_dropout: float
    correlation: float
    logits: bool


@dataclass(frozen=True, slots=True)
class ThemeRecipe:
    """How the themes' regressions are fitted; names as in `HeadRecipe`. ``absent``: weight of an absent label."""

    epochs: int
    batch: int
    learning_rate: float
    weight_decay: float
    input_dropout: float
    absent: float


_T = TypeVar("_T", HeadRecipe, ThemeRecipe)


@dataclass(frozen=True, slots=True)
class Recipe:
    """One run.

    Attributes:
        seed: of everything that is drawn.
        precision: "float16" or "float32", of the trunk as stored; its features are taken after rounding.
        group_weights: weight of a photo by its group in BIQ2021; 1 where not named.
        quality_shares: shares of quality in the aesthetic score to choose from on validation.
        spread: the shown scores at the 10th and 90th percentile of ordinary training photos.
        quality, beauty, themes: the heads.
    """

    seed: int
    precision: str
    group_weights: dict[str, float]
    quality_shares: tuple[float, ...]
    spread: tuple[float, float]
    quality: HeadRecipe
    beauty: HeadRecipe
    themes: ThemeRecipe


def shipped_recipe() -> Path:
    """The recipe of the model that is shipped."""
    return resources() / "recipes" / "builtin-1.toml"


def read_recipe(path: Path, *, seed: int | None = None) -> Recipe:
    """A recipe from a TOML file; ``seed`` replaces the file's.

    Raises:
        TrainingError: the file is missing, is not TOML, or lacks a value.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        recipe = _recipe(table)
    except OSError as error:
        raise TrainingError("The recipe cannot be read.", path=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrainingError(f"The recipe is not TOML: {error}.", path=path) from error
    except (KeyError, TypeError, ValueError) as error:
        remedy = "Start from the shipped recipe, resources/recipes/builtin-1.toml."
        raise TrainingError(f"The recipe lacks or misnames a value: {error}.", path=path, remedy=remedy) from error
    return recipe if seed is None else replace(recipe, seed=seed)


_PRECISIONS: Final = ("float16", "float32")


def _recipe(table: dict[str, Any]) -> Recipe:
    low, high = map(float, table["spread"])
    if table["precision"] not in _PRECISIONS:
        raise ValueError(f"precision is one of {', '.join(_PRECISIONS)}")
    if not 0 < low < high < 10:
        raise ValueError("spread is two rising scores between 0 and 10")
    return Recipe(
        seed=int(table["seed"]),
        precision=table["precision"],
        group_weights={str(group): float(weight) for group, weight in table["group_weights"].items()},
        quality_shares=tuple(map(float, table["quality_shares"])),
        spread=(low, high),
        quality=_part(HeadRecipe, table["quality"]),
        beauty=_part(HeadRecipe, table["beauty"]),
        themes=_part(ThemeRecipe, table["themes"]),
    )


def _part(kind: type[_T], table: dict[str, Any]) -> _T:
    unknown = sorted(set(table) - {field.name for field in fields(kind)})
    if unknown:
        raise ValueError(f"unknown name '{unknown[0]}'")
    for name, value in table.items():
        if isinstance(value, bool) != (name == "logits") or not isinstance(value, int | float) or value < 0:
            raise ValueError(f"'{name}' has the wrong kind")
    return kind(**table)
