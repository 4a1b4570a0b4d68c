"""The report of `photocull evaluate` for people: sentences and tables, in the order in which they are read."""

from collections.abc import Iterator, Sequence
from typing import Final

from photocull.core.errors import printable
from photocull.training.ablation import Ablated
from photocull.training.comparing import Comparison
from photocull.training.evaluation import Evaluation
from photocull.training.measures import Agreement
from photocull.training.pages import Section, Table, interval, number, published_table
from photocull.training.personal import Shots
from photocull.training.reports import Report, incomparable
from photocull.training.reproducing import Reproduced

_NAMED: Final = 20
"""How many unreadable photos are named; the JSON names all."""
_HEADINGS: Final = ("SRCC", "LCC", "MSE", "EMD", "accuracy", "R", "photos")
_MEASURED: Final = (
    "With 95 % bootstrap intervals over photos; R is SRCC / accuracy. SRCC asks for the order alone.",
    "MSE and accuracy take the shown score as it is, on the set's own scale: only a model that was trained on this set "
    "aims at it.",
)
_FEW: Final = "Themes, colour types or parts with fewer than five photos are left out."
_NO_VOTES: Final = "EMD is not given by this model: it gives a score and no distribution of votes."
_PAPERS: Final = "As their authors, or those who quote them, give them for the test photos."
_CARD: Final = (
    "Each figure and interval of the model's card on these photos, measured again through the whole product. The card "
    "was measured on the model's answers before they are brought to 0 to 10: the log odds of the shown scores are "
    "those answers up to slope and offset. The difference is the largest of figure and interval.",
)
_PERSONAL: Final = (
    "Ten draws a person; rank correlation (SRCC) on all their other photos, mean and 95 % interval over people.",
    "Not fitted is the general score on the same photos. Fitted adds a ridge regression of the person's deviation on "
    "the model's scores and embedding, its strength chosen on the drawn photos alone.",
)
_SILENCED: Final = (
    "One and the same network. A silenced branch's ten numbers are replaced by their mean over these photos; an open "
    "gate lets every interest point pass. A paper's ablation is of networks trained without the part, which costs "
    "them less: its SRCC stands beside for orientation.",
)


def title(report: Report) -> str:
    """The report's heading."""
    return f"{report.found.model} on {report.found.dataset}, {report.found.chosen.split} photos"


def sections(report: Report) -> tuple[Section, ...]:
    """The report for people: what was measured, by group, beside the papers, and what else was asked for."""
    return tuple(_sections(report))


def _sections(report: Report) -> Iterator[Section]:
    found = report.found
    yield Section("Photos", tuple(_photos(report)))
    yield Section("Agreement with people", tuple(_remarks(found)), _agreement_table(found.comparisons))
    if report.published:
        sentences = (_PAPERS, *incomparable(found))
        yield Section("The papers' figures on this set", sentences, published_table(report.published))
    for comparison in found.comparisons:
        if comparison.groups:
            yield _by_group(comparison)
    if report.card:
        yield _card(report.card)
    if found.personal is not None:
        yield _personal(found.personal)
    if report.ablated:
        yield _ablation(report.ablated)


def _photos(report: Report) -> Iterator[str]:
    found, chosen = report.found, report.found.chosen
    yield f"Model {found.model} ({found.fingerprint})."
    if len(chosen.photos) < chosen.available:
        yield f"{len(chosen.photos):,} of {chosen.available:,} {chosen.split} photos, drawn by chance, always the same."
    else:
        yield f"All {chosen.available:,} {chosen.split} photos that are here."
    if chosen.missing:
        photos = "photo is" if chosen.missing == 1 else "photos are"
        yield f"{chosen.missing:,} {chosen.split} {photos} missing and not measured."
    if found.problems:
        named = "; ".join(f"{printable(p.path.name)}: {p.sentence}" for p in found.problems[:_NAMED])
        more = len(found.problems) - _NAMED
        end = f"; and {more:,} more" if more > 0 else ""
        yield f"{len(found.problems):,} could not be read and are not measured: {named}{end}"
    yield from report.notes
    if found.rate is None:
        yield "All answers were known from an earlier call; speed was not measured."
    else:
        yield f"Speed: {found.rate:.1f} photos/s from file to judgement ({found.fresh:,} scored now)."


def _remarks(found: Evaluation) -> Iterator[str]:
    yield from _MEASURED
    if found.dataset == "ava" and all(comparison.agreement.emd is None for comparison in found.comparisons):
        yield _NO_VOTES


def _cells(agreement: Agreement) -> tuple[str, ...]:
    values = (agreement.srcc, agreement.lcc, agreement.mse, agreement.emd, agreement.accuracy, agreement.ratio)
    return (*(interval(value) for value in values), f"{agreement.photos:,}")


def _agreement_table(comparisons: Sequence[Comparison]) -> Table:
    rows = tuple((one.score, one.opinion, *_cells(one.agreement)) for one in comparisons)
    return _narrowed(Table(("score", "people's", *_HEADINGS), rows, words=2))


def _by_group(comparison: Comparison) -> Section:
    rows = tuple((part.group, *_cells(part.agreement)) for part in comparison.groups)
    heading = f"{comparison.score.capitalize()} against people's {comparison.opinion}, group by group"
    return Section(heading, (_FEW,), _narrowed(Table(("group", *_HEADINGS), rows)))


def _narrowed(table: Table) -> Table:
    """Without columns that have nothing to say in any row."""
    kept = [k for k in range(len(table.headings)) if k < table.words or any(row[k] != "–" for row in table.rows)]
    rows = tuple(tuple(row[k] for k in kept) for row in table.rows)
    return Table(tuple(table.headings[k] for k in kept), rows, table.words)


def _card(card: Sequence[Reproduced]) -> Section:
    headings = ("score", "on", "measure", "card", "here", "difference")
    rows = tuple(
        (
            *(one.card.score, one.card.data, one.card.measure),
            *(number(one.card.value, 6), number(one.found.value, 6), f"{one.difference:.0e}"),
        )
        for one in card
    )
    return Section("The model card, measured again", _CARD, Table(headings, rows, words=3))


def _personal(personal: Sequence[Shots]) -> Section:
    headings = (
        "photos drawn",
        "fitted",
        "not fitted",
        "gain",
        "spread over people",
        "better for",
        "people",
        "left out",
    )
    rows = tuple(
        (
            str(shots.photos),
            *(interval(figure) for figure in (shots.fitted, shots.general, shots.gain)),
            *(number(shots.spread), f"{shots.better:.0%}", f"{shots.people:,}", f"{shots.left_out:,}"),
        )
        for shots in personal
    )
    return Section("Fitted to one person", _PERSONAL, Table(headings, rows))


def _ablation(ablated: Sequence[Ablated]) -> Section:
    headings = ("kept", "people's", *_HEADINGS, "paper's SRCC")
    rows = tuple(
        (one.kept, one.comparison.opinion, *_cells(one.comparison.agreement), number(one.published)) for one in ablated
    )
    return Section("What each part brings", _SILENCED, _narrowed(Table(headings, rows, words=2)))
