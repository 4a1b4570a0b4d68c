"""The command `evaluate`: how well a model's scores agree with people, on a published set of rated photos."""

import shutil
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from photocull.cli import session
from photocull.cli.card_check import Check, check_card, check_curve
from photocull.cli.failing import UNREADABLE
from photocull.cli.options import DatasetOption, DeviceOption, JobsOption, ModelOption, RatedData, a_path
from photocull.cli.output import as_json, emit
from photocull.cli.reporting import page
from photocull.cli.upkeep import Short
from photocull.cli.watching import watched
from photocull.core.errors import UsageError, printable
from photocull.core.settings import folders, load
from photocull.core.types import Scorer
from photocull.models.registry import DEFAULT
from photocull.models.store import cards
from photocull.training.ablation import Ablated, ablate, open_subject
from photocull.training.comparing import ScoreName
from photocull.training.evaluation import ANSWERS, Wanted, evaluate
from photocull.training.own_sets import EVALUATED, read_rated
from photocull.training.pages import markdown, save
from photocull.training.published import figures
from photocull.training.rated import RatedSet, report
from photocull.training.report_words import sections, title
from photocull.training.reports import Report, record
from photocull.training.reproducing import reproduce

EvaluatedSplit = Annotated[
    Literal["test", "validation", "train"] | None,
    typer.Option("--split", help="Which photos; those for testing if left out, or else those for validation."),
]
_NAME: Final = "evaluation"
_AT_ONCE: Final = 8


def evaluate_command(
    data: RatedData,
    dataset: DatasetOption = None,
    split: EvaluatedSplit = None,
    model: ModelOption = None,
    score: Annotated[
        ScoreName | None, typer.Option("--score", help="Which score is compared; the set's own choice if left out.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", parser=a_path, metavar="FOLDER", help="Save evaluation.json and evaluation.md there."),
    ] = None,
    personal: Annotated[
        bool, typer.Option("--personal", help="Also fit each person of FLICKR-AES from 10 and 100 of their ratings.")
    ] = False,
    ablation: Annotated[
        bool, typer.Option("--ablation", help="Also measure what each branch of TANet, or the gates, bring.")
    ] = False,
    card: Annotated[
        bool,
        typer.Option(
            "--card", help="Measure all figures of the built-in model's card again, on the data in the folder."
        ),
    ] = False,
    curve: Annotated[
        bool,
        typer.Option("--curve", help="Measure what other sets of views would cost and bring on the model's own trunk."),
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=2, metavar="N", help="Only N photos, drawn once and for all.")
    ] = None,
    form: Short = "table",
    device: DeviceOption = None,
    jobs: JobsOption = None,
) -> None:
    """Score the photos of TAD66K, AVA, ICAA17K, SPAQ, FLICKR-AES or BIQ2021 and compare with people's opinions.

    A call that was stopped goes on where it was. --dataset also takes snapshots and beauty, which the built-in model
    learns from; their validation photos are measured. --card measures every figure of the built-in model's card again
    on the data in the folder, and ends with 1 if one differs by more than rounding.
    """
    _check(dataset)
    settings = load(folders().settings)
    if card or curve:
        _check_alone(dataset, split, score, personal, ablation, card and curve)
        asked = Check(data, model or DEFAULT, device or settings.device, limit, output)
        if curve:
            check_curve(asked, form)
        elif not check_card(asked, form):
            raise typer.Exit(UNREADABLE)
        return
    chosen = model or settings.model, device or settings.device
    rated = read_rated(data, dataset)
    scorer = session.scorer_of(*chosen)
    wanted = Wanted(split, score, limit, personal, settings.jobs if jobs is None else jobs, _batch(chosen[1]))
    told = _report(rated, scorer, wanted, chosen if ablation else None)
    if output is not None:
        save(output, _NAME, record(told), markdown(title(told), sections(told)))
    emit([as_json(record(told)), "\n"] if form == "json" else page(title(told), sections(told)))
    if told.found.problems:
        raise typer.Exit(UNREADABLE)


def _check(dataset: str | None) -> None:
    if dataset is not None and dataset not in EVALUATED:
        raise UsageError(f"There is no set '{printable(dataset)}'.", remedy=f"Known sets: {', '.join(EVALUATED)}.")


def _check_alone(*others: object) -> None:
    if any(others):
        remedy = "They take --model, --limit, --output, --device and --format."
        raise UsageError("--card and --curve have their own sets and stand alone.", remedy=remedy)


def _batch(device: str) -> int:
    """A graphics card takes several photos in the time of one."""
    card = device in ("cuda", "mps") or (device == "auto" and shutil.which("nvidia-smi") is not None)
    return _AT_ONCE if card else 1


def _report(rated: RatedSet, scorer: Scorer, wanted: Wanted, ablated: tuple[str, str] | None) -> Report:
    store = folders().cache / ANSWERS
    # Opened first: what cannot be silenced is said before an hour's work.
    subject = None if ablated is None else open_subject(*ablated)
    with watched("Scoring") as watch:
        for sentence in report(rated):
            watch.line.say(sentence)
        found = evaluate(rated, scorer, store, wanted, token=watch.token, listener=watch.hear)
    parts: tuple[Ablated, ...] = ()
    if subject is not None:
        with watched("Silencing parts") as watch:
            parts = ablate(
                rated, found.measured, subject, store, jobs=wanted.jobs, token=watch.token, listener=watch.hear
            )
    card = tuple(again for card in cards() if card.name == found.model for again in reproduce(found, card))
    return Report(found, rated.notes, figures(rated.name), card, parts)
