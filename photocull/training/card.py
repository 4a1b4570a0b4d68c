"""The model's card: what it is, what it was trained on, what it reaches; for programs (JSON) and people (Markdown)."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from photocull.judge.scorer import OVERALL
from photocull.models.registry import ModelCard, ModelFile, ModelResult
from photocull.training.datasets import LabelledSet
from photocull.training.fitting import FittedHeads
from photocull.training.recipe import Recipe

_SOURCES: Final = {
    "biq2021": "BIQ2021 (Ahmed and Asif, J. Electronic Imaging 31(5), 2022): mean opinions of quality",
    "snapshots": "snapshots of LIVE in the Wild (Ghadiyaram and Bovik, IEEE TIP 25(1), 2016): mean opinions of quality",
    "beauty": "OASIS (Kurdi, Lozano and Banaji, Behavior Research Methods 49, 2017) with beauty ratings by Brielmann "
    "and Pelli (Frontiers in Psychology 10, 2019)",
    "themes": "photos labelled with themes of TAD66K (He et al., IJCAI 2022)",
}
_LIMITS: Final = (
    "Sees the whole photo at about 384 x 384 pixels: fine focus is measured apart, on native-resolution crops.",
    "Quality hardly reacts to an exposure one stop off; clipping and exposure are measured apart.",
    "People's opinions on everyday snapshots differ much, and the score follows them less closely there (ss02).",
    "Beauty of animals is followed least; people's faces and expressions are not read.",
    "The theme moon rests on four photos, and garden, park, holiday, art and bridge on fewer than twenty-five each.",
)


def builtin_card(
    name: str,
    recipe: Recipe,
    fitted: FittedHeads,
    results: tuple[ModelResult, ...],
    files: tuple[Path, ...],
    sets: tuple[LabelledSet, ...],
) -> ModelCard:
    """The card of a freshly written model."""
    return ModelCard(
        name=name,
        title="Photocull's built-in model",
        summary="Perceived quality, beauty and themes from one frozen EfficientNet-Lite0 and small heads on its "
        "stages' means and deviations.",
        licence="Apache-2.0; trunk (c) 2020 ML Illustrated, heads (c) the Photocull developers",
        paper="Tan and Le, EfficientNet, ICML 2019 (trunk)",
        preprocessing="whole photo in sRGB, aspect kept up to 3:1, resized (bicubic, antialiased) to the multiples of "
        "32 nearest to its aspect with about 384 x 384 pixels in area; (x - 127) / 128",
        data=tuple(_described(labelled) for labelled in sets),
        limits=_LIMITS,
        files=tuple(_file(path) for path in files),
        results=results,
        training=_training(recipe, fitted),
    )


def _described(labelled: LabelledSet) -> str:
    train = sum(example.split == "train" for example in labelled.examples)
    validation = len(labelled.examples) - train
    missing = f", {len(labelled.missing)} missing" if labelled.missing else ""
    return f"{_SOURCES[labelled.name]}; {train} for training, {validation} for validation{missing}"


def _file(path: Path) -> ModelFile:
    content = path.read_bytes()
    return ModelFile(path.name, len(content), hashlib.sha256(content).hexdigest())


def _training(recipe: Recipe, fitted: FittedHeads) -> dict[str, Any]:
    return {
        "seed": recipe.seed,
        "recipe": asdict(recipe),
        "quality_share_of_aesthetic": fitted.quality_share,
        "shown": "10 / (1 + exp(-(offset + slope * value))), set so that the 10th and 90th percentile of ordinary "
        f"training photos are shown as {recipe.spread[0]:g} and {recipe.spread[1]:g}",
        "technical_calibration": list(fitted.technical),
        "aesthetic_calibration": list(fitted.aesthetic),
        "overall": dict(zip(("aesthetic", "colour", "technical"), OVERALL, strict=True)),
    }


def headline(card: ModelCard) -> list[str]:
    """The agreement with people in a few lines, as a command shows it after training."""
    return [
        f"{result.score}, {result.data}: SRCC {result.value:.3f} ({result.low:.3f} to {result.high:.3f})"
        for result in card.results
        if result.measure == "SRCC"
    ]


def card_json(card: ModelCard) -> str:
    """The card as `models.registry.read_card` reads it."""
    return json.dumps(asdict(card), indent=1, ensure_ascii=False) + "\n"


def card_text(card: ModelCard) -> str:
    """The card as Markdown."""
    return "\n".join(_lines(card)) + "\n"


def _lines(card: ModelCard) -> Iterator[str]:
    yield from (f"# {card.title} ({card.name})", "", card.summary, "")
    yield from (f"Licence: {card.licence}.", "", f"Source: {card.paper}.", "", f"Input: {card.preprocessing}.", "")
    yield from ("## Trained on", "", *(f"- {line}" for line in card.data), "")
    yield from (
        "## What it reaches",
        "",
        "On validation photos, which it was not trained on; 95 % bootstrap intervals.",
        "",
    )
    yield from ("| score | data | measure | value | interval | photos |", "| --- | --- | --- | --- | --- | --- |")
    yield from (_row(result) for result in card.results)
    yield from ("", "## How the scores come about", "", *_mixtures(card), "")
    yield from ("## Limits", "", *(f"- {line}" for line in card.limits), "", "## Files", "")
    yield from (f"- `{file.name}`, {file.size} bytes, SHA-256 `{file.sha256}`" for file in card.files)


def _row(result: ModelResult) -> str:
    interval = "" if result.low is None or result.high is None else f"{result.low:.3f} to {result.high:.3f}"
    figure = f"{result.measure} | {result.value:.3f} | {interval} | {result.photos}"
    return f"| {result.score} | {result.data} | {figure} |"


def _mixtures(card: ModelCard) -> Iterator[str]:
    share = card.training["quality_share_of_aesthetic"]
    overall = card.training["overall"]
    yield "- technical: the quality head."
    yield f"- aesthetic: {share:g} quality and {1 - share:g} beauty, both in the spread of ordinary photos."
    yield "- overall: " + ", ".join(f"{weight:g} {name}" for name, weight in overall.items()) + "."
    yield f"- shown: {card.training['shown']}."
