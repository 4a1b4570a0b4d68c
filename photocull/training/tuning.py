"""`photocull tune`: tries the values of a recipe's search, each in a run of its own that goes on after a kill."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from photocull.core.errors import TrainingError
from photocull.core.work import CancelToken
from photocull.training.network_batches import Reader
from photocull.training.network_checkpoints import Checkpoints, write_durably
from photocull.training.network_device import Place, choose_place
from photocull.training.network_material import NetworkMaterial, gather_material
from photocull.training.network_progress import EpochResult, Progress, Reporting
from photocull.training.network_recipe import (
    NetworkRecipe,
    Number,
    first_difference,
    read_network_recipe,
    recipe_text,
)
from photocull.training.network_training import TrainingRun, open_squares
from photocull.training.rated import RatedSet, report
from photocull.training.run_lock import sole_run
from photocull.training.square_store import SquareStore
from photocull.training.starting import begin, build, outputs
from photocull.training.study import Study, open_study

STUDY: Final = "study.sqlite"
BEST: Final = "best.toml"
RECIPE: Final = "recipe.toml"
_MAY_CHANGE: Final = ("save_minutes", "cache_gb")


@dataclass(frozen=True, slots=True)
class Search:
    """What is to be searched; names as in `network_training.Request`.

    Attributes:
        recipe: its ``search`` says what is tried; everything else is the same in all trials.
        trials: how many different trials there are to be in all, those of earlier calls included.
    """

    rated: RatedSet
    recipe: NetworkRecipe
    output: Path
    shelf: Path
    trials: int
    starts: tuple[str, ...] = ()
    device: str = "auto"
    resume: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to.

    Attributes:
        recipe: file of the best values, for ``train --config``; None where every trial failed.
        srcc: of the best trial on the validation photos. values: its values. trials: how many there were.
    """

    recipe: Path | None
    srcc: float | None
    values: Mapping[str, Number]
    trials: int


class _Pruned(Exception):  # noqa: N818  a way out of a run, no error
    """The trial is hopeless."""


def tune_network(search: Search, *, token: CancelToken, reporting: Reporting) -> Found:
    """Try values until there have been ``trials`` trials, or every combination was tried.

    Raises:
        TrainingError: data or recipe do not fit, or a search lies there already. OutputError: something cannot be
            written. ModelError: a file to start from is damaged. CancelledError: stopped; goes on with ``resume``.
    """
    with sole_run(search.output):
        _require_room(search)
        text = recipe_text(search.recipe)
        write_durably(search.output / RECIPE, partial(Path.write_text, data=text, encoding="utf-8"))
        place = choose_place(search.device, search.recipe.precision)
        store = open_squares(search.output, search.recipe)
        for line in report(search.rated):
            reporting.say(line)
        reporting.doing("Reading photos")
        count = outputs(search.recipe.architecture)
        material = gather_material(search.rated, search.recipe, store, count, token=token, listener=reporting.listener)
        with open_study(search.output / STUDY, search.recipe) as study:
            return _Tuning(search, study, material, store, place, token, reporting).run()


def _require_room(search: Search) -> None:
    if not search.recipe.search:
        raise TrainingError("The recipe names nothing to search for.", remedy="Fill its table [search].")
    for values in _each_alone(search.recipe):
        search.recipe.changed(values)
    known = search.output / RECIPE
    if not known.is_file():
        return
    remedy = "Use --resume to go on with it, or another --output."
    if not search.resume:
        raise TrainingError("This folder holds an earlier search.", path=search.output, remedy=remedy)
    other = first_difference(read_network_recipe(known), search.recipe, besides=_MAY_CHANGE)
    if other is not None:
        sentence = f"The search in this folder began by another recipe: '{other}' differs."
        remedy = "Leave out --config, --epochs and --seed to go on by its recipe, or use another --output."
        raise TrainingError(sentence, path=search.output, remedy=remedy)


def _each_alone(recipe: NetworkRecipe) -> list[dict[str, Number]]:
    return [{name: value} for name, choices in recipe.search.items() for value in choices]


@dataclass(frozen=True, slots=True)
class _Tuning:
    """A search under way."""

    search: Search
    study: Study
    material: NetworkMaterial
    store: SquareStore
    place: Place
    token: CancelToken
    reporting: Reporting

    def run(self) -> Found:
        retried = self.study.retry_stopped()
        if retried:
            self.reporting.say("The trial that was under way goes on where it was.")
        wanted = min(self.search.trials, self.study.combinations)
        while (done := len(self.study.ended)) < wanted:
            self._try(self.study.next(), done + 1, wanted)
            self._keep_best()
        if wanted < self.search.trials:
            self.reporting.say(f"All {wanted} combinations were tried.")
        return self._found()

    def _try(self, trial: Any, number: int, wanted: int) -> None:
        title = f"Trial {number} of {wanted}"
        recipe = self.search.recipe.changed(trial.params)
        folder = self.search.output / "trials" / _name(trial.params)
        network = build(recipe)
        begin(network, recipe, self.search.starts, self.search.shelf)
        checkpoints = Checkpoints(folder / "run")
        checkpoints.begin(recipe, {"values": dict(trial.params)})
        reader = Reader(self.store, recipe, self.reporting.listener)
        run = TrainingRun(recipe, self.material, reader, checkpoints, self.place, self.token)
        told = replace(self.reporting, epoch=self._watch(trial), doing=self._titled(title))
        try:
            self._report_known(trial, checkpoints)
            progress = run.run(network, told, folder / "log")
        except _Pruned:
            self.study.prune(trial)
            ending = "given up, as most others were better by then"
        except TrainingError as error:
            self.study.fail(trial, error.sentence)
            ending = error.sentence
        else:
            srcc = progress.result(progress.best or 0).srcc
            self.study.complete(trial, srcc)
            ending = f"validation SRCC {srcc:.4f}"
        shutil.rmtree(folder / "run", ignore_errors=True)  # a gigabyte each; the study has what came of it
        self.reporting.say(f"{title} ({_words(trial.params)}): {ending}{self._so_far()}.")

    def _watch(self, trial: Any) -> Callable[[EpochResult, Progress], None]:
        def ended(result: EpochResult, progress: Progress) -> None:
            if result.epoch and self.study.report(trial, result.srcc, result.epoch):
                raise _Pruned

        return ended

    def _titled(self, title: str) -> Callable[[str], None]:
        return lambda words: self.reporting.doing(f"{title}, {words[:1].lower()}{words[1:]}")

    def _report_known(self, trial: Any, checkpoints: Checkpoints) -> None:
        """Tell a trial that goes on of the epochs that it had before."""
        state = checkpoints.state()
        if state is not None:
            progress = Progress.of(state)
            for result in progress.history:
                self._watch(trial)(result, progress)

    def _so_far(self) -> str:
        best = self.study.best
        return "" if best is None else f"; the best so far is {best.value:.4f} ({_words(best.params)})"

    def _keep_best(self) -> None:
        best = self.study.best
        if best is not None:
            heading = f"# The best of {len(self.study.ended)} trials: validation SRCC {best.value:.4f}\n\n"
            text = heading + recipe_text(self.search.recipe.changed(best.params))
            write_durably(self.search.output / BEST, partial(Path.write_text, data=text, encoding="utf-8"))

    def _found(self) -> Found:
        best, done = self.study.best, len(self.study.ended)
        if best is None:
            return Found(None, None, {}, done)
        self._keep_best()
        return Found(self.search.output / BEST, best.value, dict(best.params), done)


def _name(values: Mapping[str, Number]) -> str:
    """A folder's name for these values: a trial that goes on finds its own checkpoints by it."""
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:16]


def _words(values: Mapping[str, Number]) -> str:
    return ", ".join(
        f"{name.removeprefix('learning_rates.').replace('_', ' ')} {value:g}" for name, value in values.items()
    )
