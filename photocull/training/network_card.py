"""The card of a network that was trained here: what it learnt from, by which recipe, and what it reaches."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from photocull.models.registry import ModelCard, ModelFile, ModelResult, published_card
from photocull.training.measures import Agreement
from photocull.training.network_material import NetworkMaterial
from photocull.training.network_progress import Progress, rank
from photocull.training.network_recipe import NetworkRecipe
from photocull.training.objectives import Interval
from photocull.training.starting import Beginning

_SCORES: Final = {"score": "aesthetic", "MOS": "aesthetic", "mean vote": "aesthetic"}
_COLOURS: Final = {"color": "colour", "Colorfulness": "colour"}


def network_card(
    name: str,
    recipe: NetworkRecipe,
    material: NetworkMaterial,
    beginning: Beginning,
    progress: Progress,
    found: Mapping[str, Agreement],
    weights: Path,
    arithmetic: str,
) -> ModelCard:
    """The card of freshly written weights.

    Args:
        found: the best epoch's figures on the validation photos, by column.
        arithmetic: the device and number format that it was trained in.
    """
    known = published_card(recipe.architecture)
    place = f"{material.rated.name}, validation"
    return replace(
        known,
        name=name,
        title=f"{known.title.partition(',')[0]}, trained on {material.rated.name} on this machine",
        licence="yours; the terms of the training photos and of the weights it started from may bind you",
        data=tuple(_data(material, beginning)),
        limits=(*known.limits, *_limits(progress)),
        files=(_file(weights),),
        results=tuple(result for column, agreement in found.items() for result in _results(column, place, agreement)),
        training={**_training(recipe, material, beginning, progress), "arithmetic": arithmetic},
        source=None,
        published=(),
        origin=None,
    )


def worse(progress: Progress) -> bool:
    """Whether the best epoch follows people less than the weights did that the run started from."""
    best = progress.best
    return best is not None and rank(progress.result(best)) < rank(progress.history[0])


def _data(material: NetworkMaterial, beginning: Beginning) -> Iterator[str]:
    counts = f"{len(material.lessons)} photos for training, {len(material.yardstick.lessons)} for validation"
    lost = f"{len(material.rated.missing)} missing, {len(material.broken)} unreadable"
    withheld = len(material.rated.withheld)
    held = f", {withheld} withheld as they are test photos too" if withheld else ""
    yield f"{material.rated.name}: {counts}, {lost}{held}"
    yield from beginning.lines()


def _limits(progress: Progress) -> Iterator[str]:
    if worse(progress):
        yield (
            f"Worse than the weights it started from: SRCC {_best(progress).srcc:.3f} on the validation photos, "
            f"{progress.history[0].srcc:.3f} before training."
        )


def _best(progress: Progress) -> Any:
    return progress.result(progress.best or 0)


def _training(
    recipe: NetworkRecipe, material: NetworkMaterial, beginning: Beginning, progress: Progress
) -> dict[str, Any]:
    photos = {"training": len(material.lessons), "validation": len(material.yardstick.lessons)}
    lost = {"missing": len(material.rated.missing), "unreadable": len(material.broken)}
    return {
        "seed": recipe.seed,
        "recipe": asdict(recipe),
        "set": material.rated.name,
        "photos": photos | lost | {"withheld": len(material.rated.withheld)},
        "start": asdict(beginning),
        "threads": progress.threads,
        "best_epoch": progress.best,
        "epochs": [{k: None if v != v else v for k, v in asdict(result).items()} for result in progress.history],
    }


def _results(column: str, place: str, found: Agreement) -> Iterator[ModelResult]:
    score = _SCORES.get(column) or _COLOURS.get(column, column)
    rows: dict[str, Interval | None] = {"SRCC": found.srcc, "LCC": found.lcc, "MSE": found.mse, "EMD": found.emd}
    rows |= {"accuracy": found.accuracy, "R": found.ratio}
    for measure, interval in rows.items():
        if interval is not None and interval.value == interval.value:
            low, high = (None if bound != bound else bound for bound in (interval.low, interval.high))
            yield ModelResult(score, place, measure, interval.value, low, high, found.photos)


def _file(path: Path) -> ModelFile:
    with path.open("rb") as file:
        return ModelFile(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def card_page(card: ModelCard) -> str:
    """The card as Markdown."""
    return "\n".join(_lines(card)) + "\n"


def _lines(card: ModelCard) -> Iterator[str]:
    yield from (f"# {card.title} ({card.name})", "", card.summary, "", f"Licence: {card.licence}.", "")
    yield from (f"Network: {card.paper}.", "", f"Input: {card.preprocessing}.", "")
    yield from ("## Trained on", "", *(f"- {line}" for line in card.data), "")
    yield from ("## What it reaches", "", f"Epoch {card.training['best_epoch']}, chosen on these validation photos; ")
    yield from ("95 % bootstrap intervals.", "", "| score | data | measure | value | interval | photos |")
    yield from ("| --- | --- | --- | --- | --- | --- |", *map(_row, card.results), "")
    yield from ("## Limits", "", *(f"- {line}" for line in card.limits), "")
    yield from ("## Recipe", "", *(f"- {name}: {_plain(value)}" for name, value in card.training["recipe"].items()), "")
    yield from ("## Files", "", *(f"- `{f.name}`, {f.size} bytes, SHA-256 `{f.sha256}`" for f in card.files))


def _row(result: ModelResult) -> str:
    interval = "" if result.low is None or result.high is None else f"{result.low:.3f} to {result.high:.3f}"
    return f"| {result.score} | {result.data} | {result.measure} | {result.value:.3f} | {interval} | {result.photos} |"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(entry)}" for name, entry in value.items()) or "none"
    if isinstance(value, tuple | list):
        return ", ".join(map(_plain, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
