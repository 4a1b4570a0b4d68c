"""What `benchmark` says beside its own figures: the model card's and the papers'; and all of it as a saved report."""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from photocull.cli.network_figures import NetworkFigures, network_section
from photocull.judge.naming import parts
from photocull.models.grouping import EACH_THEME, counted, grouped, tabled
from photocull.models.registry import BUILT_IN, ModelCard, ModelResult
from photocull.models.store import cards
from photocull.training.figures import data_lines, needed
from photocull.training.pages import Section, Table, markdown, number, published_table, save
from photocull.training.published import PublishedFigure, tables

_NAME: Final = "benchmark"
_OWN: Final = "Measured when the model was made, on photos that it was not trained on; 95 % intervals over photos."
_THEIRS: Final = "As its authors state them; their scoring differs from this program's where the card's limits say so."
_AGAIN: Final = "To measure them again on your own copy of a set: photocull evaluate --data DIR"
_PAPERS: Final = (
    "As their authors, or those who quote them, give them for the test photos of each set. The card's figures above "
    "are of other photos: only what `photocull evaluate` measures on the same test photos may be held against these."
)


class Measured(Protocol):
    """One figure of this run."""

    @property
    def name(self) -> str:
        """What was measured."""

    @property
    def value(self) -> float:
        """How much."""

    @property
    def unit(self) -> str:
        """Of what."""


def own_cards(model: str) -> tuple[ModelCard, ...]:
    """The cards of a model, or of the models that are joined in its name."""
    names = [part.name for part in parts(model)]
    return tuple(card for card in cards() if card.name in names)


def beside(model: str, networks: NetworkFigures) -> tuple[Section, ...]:
    """Networks, the card's figures, the papers' tables."""
    return (network_section(networks), *(part for card in own_cards(model) for part in _card(card)), *_papers(tables()))


def _card(card: ModelCard) -> Iterator[Section]:
    """The card's figures, group by group, and which data each would need to be found again."""
    if card.results:
        yield Section(f"The card of {card.name}", (_OWN, *_again(card)))
    for group in grouped(card.results):
        table = _themes(group.results) if group.title == EACH_THEME else _results(group.results)
        yield Section(f"The card of {card.name}: {group.title.lower()}", (), table)
    if card.published:
        yield Section(f"The card of {card.name}, its authors' figures", (_THEIRS,), _results(card.published))


def _again(card: ModelCard) -> Iterator[str]:
    if card.name not in BUILT_IN:
        yield _AGAIN
        return
    yield "What each needs to be found again:"
    yield from (f"  {line}" for line in data_lines(card.results))
    yield f"To measure them again: photocull evaluate --card --model {card.name} --data DIR"


def _results(results: Sequence[ModelResult]) -> Table:
    rows = tuple((one.score, one.data, one.measure, _figure(one), counted(one.photos) or "–") for one in results)
    return Table(("score", "on", "measure", "figure", "photos"), rows, words=3)


def _figure(result: ModelResult) -> str:
    if result.low is None or result.high is None:
        return number(result.value)
    return f"{number(result.value)} ({number(result.low)} to {number(result.high)})"


def _themes(results: Sequence[ModelResult]) -> Table:
    """A row a theme: a column a measure, photos that show it."""
    headings, *rows = tabled(results)
    return Table(headings, tuple(tuple(cell or "–" for cell in row) for row in rows))


def _papers(figures: Sequence[PublishedFigure]) -> Iterator[Section]:
    for number_of, dataset in enumerate(dict.fromkeys(figure.dataset for figure in figures)):
        own = [figure for figure in figures if figure.dataset == dataset]
        yield Section(f"The papers' figures on {dataset}", () if number_of else (_PAPERS,), published_table(own))


def save_benchmark(folder: Path, model: str, measured: Sequence[Measured], networks: NetworkFigures) -> None:
    """Write benchmark.json and benchmark.md.

    Raises:
        OutputError: the folder cannot be written.
    """
    save(folder, _NAME, _record(model, measured, networks), _text(model, measured, networks))


def _record(model: str, measured: Sequence[Measured], networks: NetworkFigures) -> dict[str, Any]:
    return {
        "model": model,
        "figures": [{"name": one.name, "value": one.value, "unit": one.unit} for one in measured],
        "networks": [dataclasses.asdict(speed) for speed in networks.speeds],
        "network_remarks": list(networks.remarks),
        "cards": {
            card.name: [_noted(result) for result in (*card.results, *card.published)] for card in own_cards(model)
        },
        "published": [dataclasses.asdict(figure) for figure in tables()],
    }


def _noted(result: ModelResult) -> dict[str, Any]:
    """A figure of a card, with the data that it needs to be found again; null where nothing finds it again."""
    wants = needed(result)
    return {**dataclasses.asdict(result), "needs": None if wants is None else list(wants)}


def _text(model: str, measured: Sequence[Measured], networks: NetworkFigures) -> str:
    rows = tuple((one.name, number(one.value, 1), one.unit) for one in measured)
    here = Section("This machine", (f"Model {model}.",), Table(("measured", "figure", "unit"), rows))
    return markdown("Photocull's benchmark", [here, *beside(model, networks)])
