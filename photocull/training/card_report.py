"""What `photocull evaluate --card` tells: each figure of a card beside the one found now, for people and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from photocull.models.registry import ModelCard, ModelResult
from photocull.training.figures import ROUNDING, Held, Measured, hold, unstated
from photocull.training.pages import Section, Table, finite, number


@dataclass(frozen=True, slots=True)
class CardReport:
    """A card held against what was found now.

    Attributes:
        held: every figure of the card. new: what was found and the card does not tell. faults: what could not be
            measured, by the measure's name. limit: photos of each set, where not all were taken.
    """

    card: ModelCard
    fingerprint: str
    held: tuple[Held, ...]
    new: tuple[ModelResult, ...]
    faults: tuple[tuple[str, str], ...]
    limit: int | None = None

    @property
    def differing(self) -> tuple[Held, ...]:
        """Figures that are not the card's by more than rounding."""
        return tuple(one for one in self.held if one.state == "differs")


def card_report(card: ModelCard, fingerprint: str, measured: Sequence[Measured], limit: int | None) -> CardReport:
    """The report of one run."""
    faults = tuple((one.measure.name, one.fault) for one in measured if one.fault)
    held = hold(card.results, measured)
    return CardReport(card, fingerprint, held, unstated(card.results, measured), faults, limit)


def title(report: CardReport) -> str:
    """The first line."""
    return f"The card of {report.card.name}, measured again"


def sections(report: CardReport) -> list[Section]:
    """In the order in which they are read: the outcome, what differs, all figures, what is not there."""
    found = [one for one in report.held if one.found is not None]
    return [
        Section("Outcome", tuple(_outcome(report))),
        *_tabled("Figures that differ", report.differing),
        *_tabled("All figures that were found again", found),
        *_missing(report),
        *_new(report.new),
    ]


def _outcome(report: CardReport) -> Iterator[str]:
    counts = {state: sum(one.state == state for one in report.held) for state in ("same", "differs", "not measured")}
    yield (
        f"{counts['same']} of the card's {len(report.held)} figures are found again within {ROUNDING:g}, "
        f"{counts['differs']} differ, {counts['not measured']} were not measured here."
    )
    others = sum(one.state == "other photos" for one in report.held)
    if others:
        why = "only some photos were asked for" if report.limit is not None else "photos are missing, or there are more"
        yield f"{others} rest on other photos than the card's and cannot be held against it: {why}."


def _tabled(heading: str, held: Sequence[Held]) -> Iterator[Section]:
    if held:
        rows = tuple(_row(one) for one in held)
        yield Section(heading, (), Table(("score", "on", "measure", "card", "found", "difference"), rows, words=3))


def _row(held: Held) -> tuple[str, ...]:
    stated, found = held.stated, held.found
    counted = "" if found is None or found.photos == stated.photos else f" of {found.photos}"
    return (
        stated.score,
        stated.data,
        stated.measure,
        number(stated.value),
        f"{number(None if found is None else found.value)}{counted}",
        number(held.difference, 4),
    )


def _missing(report: CardReport) -> Iterator[Section]:
    reasons: dict[str, int] = {}
    for one in report.held:
        if one.found is None:
            reasons[one.why] = reasons.get(one.why, 0) + 1
    if reasons:
        lines = (f"{count} {'figure' if count == 1 else 'figures'}: {why}." for why, count in reasons.items())
        yield Section("Not measured here", tuple(lines))


def _new(results: Sequence[ModelResult]) -> Iterator[Section]:
    if results:
        rows = tuple((one.score, one.data, one.measure, number(one.value), f"{one.photos:,}") for one in results)
        yield Section(
            "Found and not on the card", (), Table(("score", "on", "measure", "found", "photos"), rows, words=3)
        )


def record(report: CardReport) -> dict[str, Any]:
    """The report as JSON; names stay as they are, more may be added."""
    return {
        "model": report.card.name,
        "fingerprint": report.fingerprint,
        "limit": report.limit,
        "tolerance": ROUNDING,
        "figures": [_held(one) for one in report.held],
        "not_on_the_card": [_plain(one) for one in report.new],
        "faults": [{"measure": name, "reason": fault} for name, fault in report.faults],
    }


def _held(held: Held) -> dict[str, Any]:
    difference = None if held.difference is None else finite(held.difference)
    return {
        "stated": _plain(held.stated),
        "found": None if held.found is None else _plain(held.found),
        "difference": difference,
        "state": held.state,
        "reason": held.why if held.found is None else None,
    }


def _plain(result: ModelResult) -> dict[str, Any]:
    fields = asdict(result)
    return {name: finite(value) if isinstance(value, float) else value for name, value in fields.items()}
