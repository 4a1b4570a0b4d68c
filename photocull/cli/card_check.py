"""`evaluate --card`: every figure of a built-in model's card measured again through the whole product."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photocull.cli.output import as_json, emit
from photocull.cli.reporting import page
from photocull.cli.watching import watched
from photocull.core.errors import TrainingError, UsageError, one_line
from photocull.core.types import Scorer
from photocull.models.registry import built_in
from photocull.models.store import look_up, open_scorer
from photocull.training.card_report import CardReport, card_report, record, sections, title
from photocull.training.figures import MEASURES, lacking, measure_card
from photocull.training.pages import markdown, save
from photocull.training.subject import DATA

_NAME: Final = "card"


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


def _report(check: Check) -> CardReport:
    if check.model not in built_in():
        remedy = f"Name one with --model: {', '.join(built_in())}. Other models: evaluate --data DIR without --card."
        raise UsageError(f"'{one_line(check.model, 80)}' has no card of figures measured here.", remedy=remedy)
    if len(lacking(check.data)) == len({name for one in MEASURES for name in one.needs}):
        remedy = f"Name the folder of these with --data: {', '.join(DATA)}."
        raise TrainingError("No data that the card was measured on lies here.", path=check.data, remedy=remedy)
    card = look_up(check.model).card
    assert card is not None
    scorer: Scorer = open_scorer(check.model, check.device)
    with watched("Measuring") as watch:
        found = measure_card(scorer, check.data, limit=check.limit, token=watch.token, listener=watch.hear)
    return card_report(card, scorer.fingerprint, found, check.limit)
