"""`evaluate --card` and `--curve`: a built-in model's figures measured again, and what other views would bring."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photocull.cli.model_words import curve_lines
from photocull.cli.output import as_json, emit
from photocull.cli.reporting import page
from photocull.cli.watching import watched
from photocull.core.errors import TrainingError, UsageError, one_line
from photocull.core.settings import folders
from photocull.models.registry import built_in
from photocull.models.store import cards, open_builtin, open_scorer
from photocull.training.card_measures import MEASURES
from photocull.training.card_report import CardReport, card_report, record, sections, title
from photocull.training.curve import measure_curve, save_curve, written
from photocull.training.figures import lacking, measure_card
from photocull.training.pages import markdown, save
from photocull.training.subject import DATA

_NAME: Final = "card"
_VIEWS: Final = "views"
"""The folder in the cache where the trunk's numbers of all views are kept."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was asked: the folder of data, a built-in model, its device, photos of each set at most, where to save."""

    data: Path
    model: str
    device: str
    limit: int | None = None
    output: Path | None = None


def check_card(check: Check, form: str) -> bool:
    """Measure, print and save; whether no figure differs from the card's by more than rounding.

    Raises:
        UsageError: not a built-in model. TrainingError: no data of the card is in the folder.
    """
    report = _report(check)
    if check.output is not None:
        save(check.output, _NAME, record(report), markdown(title(report), sections(report)))
    emit([as_json(record(report)), "\n"] if form == "json" else page(title(report), sections(report)))
    return not report.differing


def check_curve(check: Check, form: str) -> None:
    """Measure the curve of views on the model's own trunk, print and save it.

    Raises:
        UsageError: not a built-in model. TrainingError: data or PyTorch is missing.
    """
    _check_model(check.model)
    model = open_builtin(check.model)
    with watched("Measuring views") as watch:
        points = measure_curve(
            model, check.data, folders().cache / _VIEWS, limit=check.limit, token=watch.token, listener=watch.hear
        )
    if check.output is not None:
        save_curve(check.output, points)
    emit([written(points)] if form == "json" else (f"{line}\n" for line in curve_lines(points)))


def _check_model(name: str) -> None:
    if name not in built_in():
        remedy = f"Name one with --model: {', '.join(built_in())}. Other models: evaluate --data DIR alone."
        raise UsageError(f"'{one_line(name, 80)}' is no built-in model.", remedy=remedy)


def _report(check: Check) -> CardReport:
    _check_model(check.model)
    if len(lacking(check.data)) == len({name for one in MEASURES for name in one.needs}):
        remedy = f"Name the folder of these with --data: {', '.join(DATA)}."
        raise TrainingError("No data that the card was measured on lies here.", path=check.data, remedy=remedy)
    card = next(card for card in cards() if card.name == check.model)
    scorer = open_scorer(check.model, check.device)
    with watched("Measuring") as watch:
        found = measure_card(scorer, check.data, limit=check.limit, token=watch.token, listener=watch.hear)
    return card_report(card, scorer.fingerprint, found, check.limit)
