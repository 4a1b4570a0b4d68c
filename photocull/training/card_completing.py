"""What stands on the cards beside one training's figures: other seeds, the curve of other views, and speeds."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from photocull.core.errors import TrainingError
from photocull.models.grouping import UNITS
from photocull.models.registry import BUILT_IN, CurvePoint, ModelCard, ModelResult, SeedSpread, built_in, read_card
from photocull.training.builtin import write_card

_OVER: Final = ("SRCC", "PLCC", "macro F1")
"""Measures that are told of every seed: agreement with people, which is what seeds move."""


_COUNT: Final = re.compile(r"^\d+ (?=photos |JPEGs )")
_CORES: Final = re.compile(r"what that allows on (\d+) processors$")
_SPEEDS: Final = ("photos of ", "JPEGs of ", "cold start ", "peak memory", "512 px: reached", "24 MP: reached")
"""Beginnings of the benchmark's figures that a card tells."""


def complete_cards(
    folder: Path,
    *,
    beside: Sequence[Path] = (),
    curve: Sequence[CurvePoint] = (),
    speeds: Mapping[str, Sequence[ModelResult]] = MappingProxyType({}),
) -> tuple[ModelCard, ...]:
    """Write more into the cards of a finished training; what is not given stays as it is.

    Args:
        folder: of the training whose model is shipped.
        beside: folders of trainings by the same recipe with other seeds; one without a card of a model's views is
            passed over for that model. curve: as `curve.read_curve` gives it. speeds: by model, see `read_speeds`.

    Returns:
        the cards as they were written.

    Raises:
        ModelError: a card is damaged.
        TrainingError: there is no card, a training beside it is of another recipe, or none differs by its seed.
    """
    cards = []
    if not (folder / f"{built_in(folder)[0]}.json").is_file():
        remedy = "Train first: photocull train builtin"
        raise TrainingError("There is no finished training in this folder.", path=folder, remedy=remedy)
    for name in built_in(folder):
        card = read_card(folder / f"{name}.json")
        others = [one for place in beside for one in _cards_in(place) if one.views == card.views]
        if others:
            card = _over_seeds(card, others)
        if curve:
            card = replace(card, curve=tuple(curve))
        if name in speeds:
            rest = [result for result in card.results if result.measure not in UNITS]
            card = replace(card, results=(*rest, *speeds[name]))
        write_card(folder, card)
        cards.append(card)
    return tuple(cards)


def _cards_in(folder: Path) -> list[ModelCard]:
    """A training by a recipe of one view calls its model as another calls the one that looks twice."""
    return [read_card(path) for name in BUILT_IN if (path := folder / f"{name}.json").is_file()]


def read_speeds(path: Path) -> tuple[str, tuple[ModelResult, ...]]:
    """A model's name, and the figures of its benchmark that a card tells.

    Args:
        path: benchmark.json, as `photocull benchmark --output` writes it.

    Raises:
        TrainingError: the file is missing or is no benchmark.
    """
    try:
        table = json.loads(path.read_text("utf-8"))
        named = [(_COUNT.sub("", one["name"]), float(one["value"]), str(one["unit"])) for one in table["figures"]]
        cores = next(found[1] for name, _, _ in named if (found := _CORES.search(name)))
        told = [one for one in named if one[0].startswith(_SPEEDS)]
        results = (
            ModelResult("speed", f"{name}, {cores} processor cores", unit, value, None, None, 0)
            for name, value, unit in told
        )
        return str(table["model"]), tuple(results)
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        remedy = "Write it with: photocull benchmark --output FOLDER"
        raise TrainingError("The benchmark cannot be read.", path=path, remedy=remedy) from error


def _over_seeds(card: ModelCard, others: Sequence[ModelCard]) -> ModelCard:
    by_seed = {int(one.training["seed"]): one for one in (*others, card)}
    for one in others:
        if _choices(one) != _choices(card):
            sentence = f"The training of seed {one.training['seed']} followed another recipe."
            raise TrainingError(sentence, remedy="Train with the same recipe and --seed alone.")
    if len(by_seed) < 2:
        raise TrainingError("All these trainings have the same seed.", remedy="Train again with --seed.")
    trained = [by_seed[seed] for seed in sorted(by_seed)]
    return replace(card, seeds=tuple(sorted(by_seed)), over_seeds=tuple(_spreads(card, trained)))


def _spreads(card: ModelCard, trained: Sequence[ModelCard]) -> list[SeedSpread]:
    found = [{(r.score, r.data, r.measure): r.value for r in one.results} for one in trained]
    told = [(result.score, result.data, result.measure) for result in card.results if result.measure in _OVER]
    return [SeedSpread(*key, tuple(each[key] for each in found)) for key in told if all(key in each for each in found)]


def _choices(card: ModelCard) -> dict[str, Any]:
    """The recipe without seeds, and without views: a model's figures rest on its own, which the card's name tells."""
    recipe = {name: value for name, value in card.recipe if not name.endswith("seed") and name != "views"}
    return {**recipe, "views": card.views}
