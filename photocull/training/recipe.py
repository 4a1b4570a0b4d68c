"""Everything about a training run that may be chosen, as values read from a TOML file; no default hides in the code."""

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from photocull.core.errors import TrainingError
from photocull.core.settings import resources
from photocull.judge.networks.heads import BLOCKS
from photocull.training.colour_recipe import ColourRecipe
from photocull.training.finetune_recipe import FinetuneRecipe


@dataclass(frozen=True, slots=True)
class HeadRecipe:
    """How one ensemble of perceptrons is fitted.

    Attributes:
        members: perceptrons in the ensemble, each with a seed of its own. width: hidden units of each.
        epochs, batch: passes and photos a step. learning_rate: highest one of a one-cycle schedule.
        weight_decay: of AdamW. input_dropout, hidden_dropout: shares that are dropped.
        correlation, rank: weights of the correlation and the order term beside the squared error.
        pairs: pairs a step. pair_weight: weight of their order. steadiness: weight of the squared difference between
            the answers to a photo and to its mirror image.
        reads: names of `judge.networks.heads.BLOCKS` that the head of a model that looks once reads.
        reads_twice: those that the head of one that looks twice reads; of no use where there is one view.
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
    rank: float
    pairs: int
    pair_weight: float
    steadiness: float
    reads: tuple[str, ...]
    reads_twice: tuple[str, ...]


_T = TypeVar("_T", HeadRecipe, ColourRecipe, FinetuneRecipe)


@dataclass(frozen=True, slots=True)
class Recipe:
    """One run.

    Attributes:
        seed: of everything that is drawn.
        precision: "float16" or "float32", of the trunk as stored; its features are taken after rounding.
        views: sides of the areas that are looked at; all heads read the first, a model that looks twice both.
        group_weights: weight of a photo by its group in BIQ2021; 1 where not named.
        quality_shares: shares of quality in the aesthetic score to choose from on validation.
        technical_spread, aesthetic_spread: shown scores at the 10th and 90th percentile of ordinary training photos.
        quality, beauty: the heads. colour: how the colour head learns; with None the colour score is the published
            one. trunk: how its later stages learn; None leaves it as ImageNet made it.
    """

    seed: int
    precision: str
    views: tuple[int, ...]
    group_weights: dict[str, float]
    quality_shares: tuple[float, ...]
    technical_spread: tuple[float, float]
    aesthetic_spread: tuple[float, float]
    quality: HeadRecipe
    beauty: HeadRecipe
    colour: ColourRecipe | None
    trunk: FinetuneRecipe | None


def shipped_recipe() -> Path:
    """The recipe of the model that is shipped."""
    return resources() / "recipes" / "builtin-1.toml"


def read_recipe(path: Path, *, seed: int | None = None) -> Recipe:
    """A recipe from a TOML file; ``seed`` replaces the file's, of the trunk as of the heads.

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
    if seed is None:
        return recipe
    return replace(recipe, seed=seed, trunk=recipe.trunk and replace(recipe.trunk, seed=seed))


_PRECISIONS: Final = ("float16", "float32")
_SMALLEST, _LARGEST = 96, 768
_READS: Final = ("reads", "reads_twice")
_LISTS: Final = (*_READS, "spread")


def _recipe(table: dict[str, Any]) -> Recipe:
    if table["precision"] not in _PRECISIONS:
        raise ValueError(f"precision is one of {', '.join(_PRECISIONS)}")
    views = tuple(map(int, table["views"]))
    if not 1 <= len(views) <= 2 or not all(_SMALLEST <= view <= _LARGEST for view in views):
        raise ValueError(f"views is one or two sides of {_SMALLEST} to {_LARGEST} pixels")
    return Recipe(
        seed=int(table["seed"]),
        precision=table["precision"],
        views=views,
        group_weights={str(group): float(weight) for group, weight in table["group_weights"].items()},
        quality_shares=tuple(map(float, table["quality_shares"])),
        technical_spread=_spread(table["technical_spread"]),
        aesthetic_spread=_spread(table["aesthetic_spread"]),
        quality=_part(HeadRecipe, table["quality"]),
        beauty=_part(HeadRecipe, table["beauty"]),
        colour=_part(ColourRecipe, table["colour"]) if "colour" in table else None,
        trunk=_part(FinetuneRecipe, table["trunk"]) if "trunk" in table else None,
    )


def _part(kind: type[_T], table: dict[str, Any]) -> _T:
    unknown = sorted(set(table) - {field.name for field in fields(kind)})
    if unknown:
        raise ValueError(f"unknown name '{unknown[0]}'")
    wrong = next((name for name, value in table.items() if name not in _LISTS and not _counts(value)), None)
    if wrong is not None:
        raise ValueError(f"'{wrong}' has the wrong kind")
    table = {name: _blocks(name, value) if name in _READS else value for name, value in table.items()}
    if "spread" in table:
        table = {**table, "spread": _spread(table["spread"])}
    return kind(**table)


def _spread(scores: object) -> tuple[float, float]:
    low, high = map(float, scores) if isinstance(scores, list) else (0.0, 0.0)
    if not 0 < low < high < 10:
        raise ValueError("spread is two rising scores between 0 and 10")
    return low, high


def _counts(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _blocks(what: str, names: object) -> tuple[str, ...]:
    known = [name for name in BLOCKS if what == "reads_twice" or name != "fine"]
    if not isinstance(names, list) or not names or any(name not in known for name in names):
        raise ValueError(f"{what} is a list of {', '.join(known)}")
    return tuple(names)
