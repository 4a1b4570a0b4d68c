"""Models in words for a terminal: the table of `models list`, the page of `models show`."""

import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence

import typer

from photocull.core.amounts import bytes_words
from photocull.judge.naming import Part
from photocull.models.charting import curve_rows, sets_of, text_chart
from photocull.models.grouping import EACH_THEME, STEADY, UNITS, grouped, notes_of, tabled
from photocull.models.registry import BUILT_IN, REINSTALL, CurvePoint, ModelCard, ModelResult, SeedSpread
from photocull.models.store import Listed

_NO_TERMINAL = 100
_WORDS = {
    "installed": "installed",
    "downloadable": "can be downloaded",
    "needs a file": "needs a file",
    "damaged": "damaged",
}


def listing_lines(models: Iterable[Listed]) -> Iterator[str]:
    """A line a model: name, state, what it gives, title."""
    rows = [(model.name, _WORDS[model.state], _gives(model), _title(model)) for model in models]
    head = ("Name", "State", "Gives", "Model")
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(3)]
    for number, row in enumerate((head, *rows)):
        line = "  ".join(f"{text:{width}}" for text, width in zip(row, widths, strict=False)) + f"  {row[3]}"
        yield line.rstrip() if number else _bold(line.rstrip())


def card_lines(model: Listed) -> Iterator[str]:
    """Everything that is known of a model, a paragraph a fact."""
    card = model.card
    yield _bold(_title(model))
    if model.problem:
        yield from _paragraph("Damaged", model.problem)
    if card is None:
        yield from _next_step(model)
        return
    yield from (*_wrapped(card.summary, 0), "")
    yield from _paragraph("Name", f"{model.name} ({_WORDS[model.state]})")
    yield from _paragraph("Gives", _gives(model) + _one_of(card))
    yield from _paragraph("Licence", card.licence)
    yield from _paragraph("Paper", card.paper)
    yield from _paragraph("Input", card.preprocessing)
    yield from _origin(card)
    for title, lines in (("Trained on", card.data), ("Limits", card.limits), ("Not for", card.not_for)):
        yield from _list(title, lines)
    yield from _measured(card)
    yield from _list("Over the seeds " + ", ".join(map(str, card.seeds)), map(_over_seeds, card.over_seeds))
    yield from _list("As its authors publish", [figure(result) for result in card.published])
    yield from _recipe(card)
    yield from _list("Files", [f"{f.name}, {bytes_words(f.size)}, SHA-256 {f.sha256}" for f in card.files])
    yield from _next_step(model)


def figure(result: ModelResult) -> str:
    """``technical, BIQ2021, validation: SRCC 0.876 (0.853 to 0.895), 636 photos``."""
    if result.measure in UNITS:
        return f"{result.score}, {result.data}: {result.value:.1f} {result.measure}"
    text = f"{result.score}, {result.data}: {result.measure} {result.value:.3f}"
    if result.low is not None and result.high is not None:
        text += f" ({result.low:.3f} to {result.high:.3f})"
    return text + (f", {result.photos} photos" if result.photos else "")


def _measured(card: ModelCard) -> Iterator[str]:
    """A heading a group, so that the figures of one thing stand together; a table where there is a row a theme."""
    if card.results:
        yield from ("", _bold("Measured by us, 95 % intervals"))
    for group in grouped(card.results):
        if group.title == EACH_THEME:
            yield from (
                "",
                f"  {group.title}",
                *(f"    {line}" for line in table_lines(tabled(group.results), words=1)),
            )
        else:
            yield from _list(f"  {group.title}", map(figure, group.results), bold=False)
        for note in notes_of(card, group):
            yield from _wrapped(note, 4)
    if card.curve:
        yield from ("", f"What other views would cost and bring: photocull models show {card.name} --curve")


def curve_lines(points: Sequence[CurvePoint]) -> Iterator[str]:
    """The curve of agreement against time: a chart a set, and all points as a table."""
    if not points:
        yield "This model's card tells of no other views."
        return
    for data in sets_of(points):
        yield from (*text_chart(points, data), "")
    yield from table_lines(curve_rows(points), words=2)


def table_lines(rows: Sequence[Sequence[str]], *, words: int) -> Iterator[str]:
    """A table as lines; the first columns are words, the others are figures."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            f"{text:{'<' if place < words else '>'}{width}}"
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def _over_seeds(spread: SeedSpread) -> str:
    name = f"{spread.score}, {spread.data}: {spread.measure}"
    if spread.steady:
        return f"{name} {spread.mean:.3f}, {STEADY}"
    low, high = spread.mean - spread.margin, spread.mean + spread.margin
    each = ", ".join(f"{value:.3f}" for value in spread.values)
    return f"{name} {spread.mean:.3f} on average ({low:.3f} to {high:.3f}); {each}"


def _recipe(card: ModelCard) -> Iterator[str]:
    if card.recipe:
        named = dict(card.recipe)
        where = named.pop("file", "")
        yield from ("", _bold(f"Recipe{f', {where}' if where else ''}"))
        yield from _wrapped("; ".join(f"{name} {value}" for name, value in named.items()), 4)


def _origin(card: ModelCard) -> Iterator[str]:
    if card.origin is not None:
        proof = "the published file, unchanged" if card.origin.as_published else "your own file"
        yield from _paragraph("Made from", f"{card.origin.file_name} ({proof}), git blob {card.origin.git_blob}")
    if card.source is not None:
        called = card.source.path or card.source.file_name
        blob = f", git blob {card.source.git_blob}" if card.source.git_blob else ""
        file = f": {called}" if called else ""
        yield from _paragraph("Published", f"github.com/{card.source.repository}{file}{blob}")


def _next_step(model: Listed) -> Iterator[str]:
    step = {
        "downloadable": f"Get it: photocull models download {model.name}",
        "needs a file": "Get its file from its authors, then: photocull models import FILE",
        "damaged": REINSTALL if model.name in BUILT_IN else _add_again(model),
    }.get(model.state)
    if step is not None:
        yield from ("", step)


def _add_again(model: Listed) -> str:
    return f"Remove it and add it again: photocull models remove {model.name} --yes"


def _gives(model: Listed) -> str:
    if model.card is None:
        return ""
    return ", ".join(model.card.judges) or "no scores"


def _one_of(card: ModelCard) -> str:
    """How to have one score without the others, where a model gives several."""
    if card.name in BUILT_IN or len(card.judges) < 2:
        return ""
    return f"; one alone: --model {Part(card.name, card.judges[-1:])}"


def _title(model: Listed) -> str:
    return model.name if model.card is None else model.card.title


def _paragraph(title: str, text: str) -> Iterator[str]:
    first, *rest = _wrapped(text, 12) or [""]
    yield f"{title:<10}  {first.strip()}"
    yield from rest


def _list(title: str, lines: Iterable[str], *, bold: bool = True) -> Iterator[str]:
    entries = list(lines)
    if entries:
        yield from ("", _bold(title) if bold else title)
    for entry in entries:
        first, *rest = _wrapped(entry, 4)
        yield from (f"  - {first.strip()}", *rest)


def _bold(text: str) -> str:
    return typer.style(text, bold=True) if sys.stdout.isatty() else text


def _wrapped(text: str, indent: int) -> list[str]:
    width = shutil.get_terminal_size((_NO_TERMINAL, 24)).columns if sys.stdout.isatty() else _NO_TERMINAL
    pad = " " * indent
    return textwrap.wrap(
        text, max(40, width), initial_indent=pad, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False
    )
