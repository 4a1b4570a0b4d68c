"""The model's card: what it is, what it was trained on, what it reaches; for programs (JSON) and people (Markdown)."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from photocull.judge.networks.inputs import AREA_SIDE
from photocull.judge.scorer import OVERALL
from photocull.models.grouping import STEADY, grouped, notes_of, tabled
from photocull.models.registry import CurvePoint, ModelCard, ModelFile, ModelResult, SeedSpread
from photocull.training.datasets import LabelledSet
from photocull.training.fitting import LookHeads
from photocull.training.recipe import Recipe

_SOURCES: Final = {
    "biq2021": "BIQ2021 (Ahmed and Asif, J. Electronic Imaging 31(5), 2022): mean opinions of quality",
    "snapshots": "snapshots of LIVE in the Wild (Ghadiyaram and Bovik, IEEE TIP 25(1), 2016): mean opinions of quality",
    "beauty": "OASIS (Kurdi, Lozano and Banaji, Behavior Research Methods 49, 2017) with beauty ratings by Brielmann "
    "and Pelli (Frontiers in Psychology 10, 2019)",
    "themes": "photos labelled with themes of TAD66K (He et al., IJCAI 2022)",
}
_TERMS: Final = {
    "biq2021": 'no licence is stated; its authors call photos and opinions "freely available for use and benchmarking"',
    "snapshots": "(c) 2015 The University of Texas at Austin, which permits to use, copy, modify and distribute them "
    "for any purpose without fee, if its notice stays with all copies and the source is acknowledged",
    "beauty": "no licence is stated; OASIS's authors allow free use of the photos in research studies",
    "themes": "1,561 of the photos are BIQ2021's and 144 ImageNet's; for the others no source and no licence is stated",
}
"""On what terms each set is given out, as far as its authors say."""
_IMAGENET: Final = (
    "ImageNet (Russakovsky et al., IJCV 115, 2015), by those who made the trunk's weights: its terms allow "
    "non-commercial research and education, and the weights are given out under Apache-2.0"
)
_NOTES: Final = (
    (
        "Branches of the aesthetic score",
        "Of TANet's three branches the theme branch is here as the class logits; its theme prototypes and the colour "
        'distribution were left out: beside the stages they bring no more than chance ("gain in SRCC"; '
        "docs/decisions/0014-aesthetic.md).",
    ),
)
_PAPERS: Final = (
    "Tan and Le, EfficientNet, ICML 2019 (trunk); the ideas of He et al., TANet, IJCAI 2022 (themes beside aesthetics) "
    "and Delegate Transformer, ICCV 2023 (gated colour points)"
)
_LIMITS: Final = (
    "Sees the whole photo reduced: fine focus is measured apart, on crops at full or half size.",
    "Looking once, it often misses that a photo hangs, and now and then a visible colour cast; looking twice, seldom.",
    "Blur is taught, and measured above, up to 0.6 % of the longer side, darkness up to two stops. A wider blur is "
    "told by its width alone, from about 1.5 % on; a photo darkened further loses about a quarter of a point a stop.",
    "Shown scores lie close together, most between 4.4 and 6.8: what counts is their order.",
    "People's opinions on everyday snapshots differ much, and the score follows them less closely there (ss02).",
    "Beauty of animals is followed least; people's faces and expressions are not read.",
    "Means by theme differ: lakes and landscapes stand about half a point above the average of all photos in the "
    "aesthetic score, cats, cars and stages almost a point below. Part of it may be the photos, part is not fair.",
    "Strong colours that are meant, such as stage light or neon, get a low colour score.",
    "The theme moon rests on four photos, and garden, park, holiday, art and bridge on fewer than twenty-five each.",
)

_NOT_FOR: Final = (
    "Deciding alone what is deleted: it sorts, and a person decides.",
    "Judging people, their looks or their work: it was never shown what is fair there.",
    "Grading photos for a contest, a purchase or a contract, where a wrong order harms someone.",
    "Documents, screenshots, drawings, medical or scientific pictures: it has learnt from photographs alone.",
    "Telling whether a photo is real, edited or made by a machine.",
)


@dataclass(frozen=True, slots=True)
class Making:
    """What a card tells beside one training's figures; see `ModelCard`.

    Attributes:
        recipe_file: name of the recipe's file, seen from the folder of resources.
        views: sides of the areas that are looked at. seeds, over_seeds: trainings that differ by their seed alone.
        curve: what other views would cost and bring.
    """

    recipe_file: str = "recipes/builtin-1.toml"
    views: tuple[int, ...] = ()
    seeds: tuple[int, ...] = ()
    over_seeds: tuple[SeedSpread, ...] = ()
    curve: tuple[CurvePoint, ...] = ()


def builtin_card(
    name: str,
    recipe: Recipe,
    fitted: LookHeads,
    results: tuple[ModelResult, ...],
    files: tuple[Path, ...],
    sets: tuple[LabelledSet, ...],
    making: Making | None = None,
) -> ModelCard:
    """The card of a freshly written model."""
    made = making or Making()
    return ModelCard(
        name=name,
        title=_title(made.views, recipe),
        summary=_summary(recipe),
        licence="Apache-2.0; trunk (c) 2020 ML Illustrated, heads (c) the Photocull developers",
        paper=_PAPERS,
        preprocessing=_preprocessing(made.views),
        data=(*(_described(labelled) for labelled in sets), _IMAGENET),
        limits=_LIMITS,
        files=tuple(_file(path) for path in files),
        results=results,
        training=_training(recipe, fitted),
        views=made.views,
        recipe=(("file", made.recipe_file), *named_values(asdict(recipe))),
        seeds=made.seeds,
        over_seeds=made.over_seeds,
        not_for=_NOT_FOR,
        curve=made.curve,
        notes=_NOTES,
    )


def _summary(recipe: Recipe) -> str:
    trunk = "as ImageNet made it" if recipe.trunk is None else "with its later stages fine-tuned on all tasks at once"
    colour = "" if recipe.colour is None else ", colour"
    return (
        f"Perceived quality, beauty{colour}, themes and an embedding from one pass of EfficientNet-Lite0 {trunk}, and "
        "small heads on its stages."
    )


def _title(views: tuple[int, ...], recipe: Recipe) -> str:
    return "Photocull's built-in model" + (", looking once" if 0 < len(views) < len(recipe.views) else "")


def _preprocessing(views: tuple[int, ...]) -> str:
    areas = " and ".join(f"about {side} x {side}" for side in views or (AREA_SIDE,))
    again = ", the second of which only the heads of quality and beauty read" if len(views) > 1 else ""
    return (
        "whole photo in sRGB, aspect kept up to 3:1, resized (bicubic, antialiased) to the multiples of 32 nearest to "
        f"its aspect with {areas} pixels in area{again}; (x - 127) / 128"
    )


def named_values(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Every value of nested tables by its dotted name: ``("quality.members", "5")``."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from named_values(value, f"{before}{name}.")
        elif isinstance(value, list | tuple):
            yield f"{before}{name}", ", ".join(map(str, value))
        else:
            yield f"{before}{name}", str(value)


def _described(labelled: LabelledSet) -> str:
    train = sum(example.split == "train" for example in labelled.examples)
    validation = len(labelled.examples) - train
    missing = f", {len(labelled.missing)} missing" if labelled.missing else ""
    counts = f"{train} for training, {validation} for validation{missing}"
    return f"{_SOURCES[labelled.name]}; {counts}; {_TERMS[labelled.name]}"


def _file(path: Path) -> ModelFile:
    content = path.read_bytes()
    return ModelFile(path.name, len(content), hashlib.sha256(content).hexdigest())


def _training(recipe: Recipe, fitted: LookHeads) -> dict[str, Any]:
    return {
        "seed": recipe.seed,
        "recipe": asdict(recipe),
        "quality_share_of_aesthetic": fitted.quality_share,
        "shown": "10 / (1 + exp(-(offset + slope * value))), set so that the 10th and 90th percentile of ordinary "
        f"training photos are shown as {_ends(recipe.technical_spread)} (technical) and "
        f"{_ends(recipe.aesthetic_spread)} (aesthetic)",
        "technical_calibration": list(fitted.technical),
        "aesthetic_calibration": list(fitted.aesthetic),
        "overall": dict(zip(("aesthetic", "colour", "technical"), OVERALL, strict=True)),
    }


def _ends(spread: tuple[float, float]) -> str:
    return f"{spread[0]:g} and {spread[1]:g}"


def headline(card: ModelCard) -> list[str]:
    """The agreement with people in a few lines, as a command shows it after training."""
    return [
        f"{result.score}, {result.data}: SRCC {result.value:.3f} ({result.low:.3f} to {result.high:.3f})"
        for result in card.results
        if result.measure == "SRCC"
    ]


def card_text(card: ModelCard) -> str:
    """The card as Markdown."""
    return "\n".join(_lines(card)) + "\n"


def _lines(card: ModelCard) -> Iterator[str]:
    yield from (f"# {card.title} ({card.name})", "", card.summary, "")
    yield from (f"Licence: {card.licence}.", "", f"Source: {card.paper}.", "", f"Input: {card.preprocessing}.", "")
    yield from (*_listed("Must not be used for", card.not_for), *_listed("Trained on", card.data))
    yield from ("## What it reaches", "", "On validation photos, which it was not trained on; 95 % intervals.")
    for group in grouped(card.results):
        yield from ("", f"### {group.title}", "", *_table(group.results))
        yield from (line for note in notes_of(card, group) for line in ("", note))
    yield from _over_seeds(card)
    yield from _curve(card.curve)
    yield from ("", "## How the scores come about", "", *_mixtures(card), "")
    yield from (*_recipe(card), *_listed("Limits", card.limits), "## Files", "")
    yield from (f"- `{file.name}`, {file.size} bytes, SHA-256 `{file.sha256}`" for file in card.files)


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from (f"## {title}", "", *(f"- {line}" for line in lines), "")


def _recipe(card: ModelCard) -> Iterator[str]:
    named = dict(card.recipe)
    where = named.pop("file", "")
    if named:
        values = "; ".join(f"{name} {value}" for name, value in named.items())
        yield from ("## Recipe", "", f"`{where}`, by `photocull train builtin`: {values}.", "")


def _table(results: Sequence[ModelResult]) -> Iterator[str]:
    headings, *rows = tabled(results)
    yield f"| {' | '.join(headings)} |"
    yield f"|{' --- |' * len(headings)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _over_seeds(card: ModelCard) -> Iterator[str]:
    if card.over_seeds:
        yield from ("", f"### Over the seeds {', '.join(map(str, card.seeds))}", "")
        yield "Mean of all trainings with the 95 % interval of that mean (Student), and each training."
        yield from ("", "| score | data | measure | mean | interval | each |", "| --- | --- | --- | --- | --- | --- |")
    for one in card.over_seeds:
        interval = STEADY if one.steady else f"{one.mean - one.margin:.3f} to {one.mean + one.margin:.3f}"
        each = ", ".join(f"{value:.3f}" for value in one.values)
        yield f"| {one.score} | {one.data} | {one.measure} | {one.mean:.3f} | {interval} | {each} |"


def _curve(points: Sequence[CurvePoint]) -> Iterator[str]:
    if not points:
        return
    sets = list(points[0].srcc)
    yield from ("", "### What other views would cost and bring", "")
    yield "Time of the network on one processor thread, as a ratio to one view of 224; SRCC on validation photos."
    yield from ("", f"| views | heads | time | ms | {' | '.join(sets)} |", f"|{' --- |' * (4 + len(sets))}")
    for point in points:
        views = " + ".join(map(str, point.views))
        reached = " | ".join(f"{point.srcc[name]:.3f}" for name in sets)
        yield f"| {views} | {point.heads} | {point.ratio:.2f} | {point.milliseconds:.1f} | {reached} |"


def _mixtures(card: ModelCard) -> Iterator[str]:
    share = card.training["quality_share_of_aesthetic"]
    overall = card.training["overall"]
    yield "- technical: the quality head."
    yield f"- aesthetic: {share:g} quality and {1 - share:g} beauty, both in the spread of ordinary photos."
    yield "- overall: " + ", ".join(f"{weight:g} {name}" for name, weight in overall.items()) + "."
    yield f"- shown: {card.training['shown']}."
