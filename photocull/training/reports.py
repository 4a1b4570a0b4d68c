"""What `photocull evaluate` tells: an evaluation with all that belongs beside it, as one value and as JSON."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from photocull.core.errors import printable
from photocull.training.ablation import Ablated
from photocull.training.comparing import Comparison
from photocull.training.evaluation import Evaluation
from photocull.training.measures import Agreement
from photocull.training.pages import finite, interval_record
from photocull.training.personal import Shots
from photocull.training.published import PublishedFigure
from photocull.training.reproducing import Reproduced


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """One evaluation with what it is read beside.

    Attributes:
        found: what was measured. notes: on the set, from its loader.
        published: the papers' figures on this set. card: the model card's own figures, measured again.
        ablated: the network with parts silenced; empty where that was not asked for.
    """

    found: Evaluation
    notes: tuple[str, ...] = ()
    published: tuple[PublishedFigure, ...] = ()
    card: tuple[Reproduced, ...] = ()
    ablated: tuple[Ablated, ...] = ()


def record(report: Report) -> dict[str, Any]:
    """The report as JSON; names stay as they are, more may be added."""
    found = report.found
    return {
        "dataset": found.dataset,
        "split": found.chosen.split,
        "model": found.model,
        "fingerprint": found.fingerprint,
        "photos": len(found.measured),
        "available": found.chosen.available,
        "drawn": len(found.chosen.photos) if len(found.chosen.photos) < found.chosen.available else None,
        "missing": found.chosen.missing,
        "unreadable": [{"path": printable(p.path), "error": p.sentence} for p in found.problems],
        "scored_now": found.fresh,
        "photos_per_second": None if found.rate is None else finite(found.rate),
        "comparisons": [_comparison(comparison) for comparison in found.comparisons],
        "personal": None if found.personal is None else [_shots(shots) for shots in found.personal],
        "ablation": [
            {"kept": one.kept, "published_srcc": one.published, **_comparison(one.comparison)} for one in report.ablated
        ]
        or None,
        "card": [_reproduced(one) for one in report.card],
        "published": [asdict(figure) for figure in report.published],
        "incomparable": list(incomparable(found)),
        "notes": list(report.notes),
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "score": comparison.score,
        "opinion": comparison.opinion,
        **_figures(comparison.agreement),
        "groups": [{"group": part.group, **_figures(part.agreement)} for part in comparison.groups],
    }


def _figures(agreement: Agreement) -> dict[str, Any]:
    named = {name: getattr(agreement, name) for name in ("srcc", "lcc", "mse", "emd", "accuracy")}
    return {
        "photos": agreement.photos,
        **{name: interval_record(value) for name, value in named.items()},
        "r": interval_record(agreement.ratio),
    }


def _shots(shots: Shots) -> dict[str, Any]:
    return {
        "photos": shots.photos,
        "people": shots.people,
        "left_out": shots.left_out,
        "srcc": interval_record(shots.fitted),
        "general_srcc": interval_record(shots.general),
        "gain": interval_record(shots.gain),
        "spread": shots.spread,
        "better": shots.better,
    }


def _reproduced(one: Reproduced) -> dict[str, Any]:
    return {"stated": asdict(one.card), "found": interval_record(one.found), "difference": finite(one.difference)}


def incomparable(found: Evaluation) -> Iterator[str]:
    """Why the papers' figures must not be held against these; nothing where they may."""
    if found.chosen.split != "test":
        yield f"These are {found.chosen.split} photos; the papers' figures are of the test photos."
    elif not found.chosen.whole or found.problems:
        yield "These are not all of the published test photos."
    if "tanet" in found.model:
        yield (
            "TANet's authors scored each photo together with others of its batch; here photos are scored alone, so "
            "that the same weights give other figures."
        )
