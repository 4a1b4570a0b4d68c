"""The record of a search: which values were tried and what came of them, in SQLite by Optuna; survives any kill."""

import itertools
import logging
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from photocull.core.errors import OutputError, TrainingError, one_line
from photocull.training.network_recipe import NetworkRecipe, Number

Values = Mapping[str, Number]
_NAME: Final = "photocull"
_LEAST: Final = -1.0
"""Stands for an SRCC that cannot be had."""
_REASON: Final = "reason"
_PATIENCE: Final = 30
"""Known values drawn one after the other, after which the next untried ones are taken."""
_BEFORE_PRUNING: Final = 4
_FIRST_TO_PRUNE: Final = 2
"""The first epoch says little of the others."""


class Study:
    """What was tried, what to try next, and whether a trial is worth going on with.

    Draws hang on the recipe's seed and the trials that ended, so that a search which was killed goes on as if not.
    """

    def __init__(self, optuna: Any, study: Any, recipe: NetworkRecipe) -> None:
        self._optuna = optuna
        self._study = study
        self._seed = recipe.seed
        self._space = recipe.search
        self._kinds = {
            name: optuna.distributions.CategoricalDistribution(choices) for name, choices in recipe.search.items()
        }

    @property
    def combinations(self) -> int:
        """How many different trials there can be."""
        return math.prod(len(choices) for choices in self._space.values())

    @property
    def ended(self) -> list[Any]:
        """Trials that were completed or pruned, each combination once, in order."""
        states = self._optuna.trial.TrialState
        found = self._study.get_trials(deepcopy=False, states=(states.COMPLETE, states.PRUNED))
        return list({tuple(sorted(trial.params.items())): trial for trial in reversed(found)}.values())[::-1]

    @property
    def best(self) -> Any | None:
        """The completed trial with the highest SRCC, the earliest of equal ones; None where none was completed."""
        complete = self._optuna.trial.TrialState.COMPLETE
        sound = [trial for trial in self.ended if trial.state == complete and _REASON not in trial.user_attrs]
        return max(sound, key=lambda trial: trial.value, default=None)

    def retry_stopped(self) -> int:
        """Mark trials of a process that is gone as failed, and put their values first in line again."""
        states = self._optuna.trial.TrialState
        stopped = self._study.get_trials(deepcopy=False, states=(states.RUNNING,))
        for trial in stopped:
            self._study.tell(trial.number, state=states.FAIL)
            if set(trial.params) == set(self._space):
                self._study.enqueue_trial(trial.params, skip_if_exists=False)
        return len(stopped)

    def next(self) -> Any:
        """A trial with values that have not been tried; at least one combination must be left.

        Values that come again are told what came of them, so that the sampler learns from its repetition.
        """
        known = {tuple(sorted(trial.params.items())): trial for trial in self.ended}
        for attempt in itertools.count():
            if attempt == _PATIENCE:
                self._study.enqueue_trial(self._untried(known))
            words = np.random.SeedSequence([self._seed, len(known), attempt]).generate_state(1)
            self._study.sampler = self._optuna.samplers.TPESampler(seed=int(words[0]))
            trial = self._study.ask(self._kinds)
            earlier = known.get(tuple(sorted(trial.params.items())))
            if earlier is None:
                return trial
            self._repeat(trial, earlier)
        raise AssertionError("unreachable")

    def report(self, trial: Any, srcc: float, epoch: int) -> bool:
        """Note an epoch's end; whether the trial is hopeless: below the median of the others at that epoch."""
        trial.report(_LEAST if math.isnan(srcc) else srcc, epoch)
        return bool(trial.should_prune())

    def complete(self, trial: Any, srcc: float) -> None:
        """End a trial with its best SRCC."""
        self._study.tell(trial, _LEAST if math.isnan(srcc) else srcc)

    def prune(self, trial: Any) -> None:
        """End a trial that is hopeless; its last report stands for it."""
        self._study.tell(trial, state=self._optuna.trial.TrialState.PRUNED)

    def fail(self, trial: Any, reason: str) -> None:
        """End a trial whose values cannot be trained with: it counts as the worst."""
        trial.set_user_attr(_REASON, reason)
        self._study.tell(trial, _LEAST)

    def _repeat(self, trial: Any, earlier: Any) -> None:
        for epoch, value in earlier.intermediate_values.items():
            trial.report(value, epoch)
        pruned = earlier.state == self._optuna.trial.TrialState.PRUNED
        self._study.tell(trial, None if pruned else earlier.value, state=earlier.state)

    def _untried(self, known: Mapping[tuple[Any, ...], Any]) -> dict[str, Number]:
        names = list(self._space)
        for values in itertools.product(*self._space.values()):
            found = dict(zip(names, values, strict=True))
            if tuple(sorted(found.items())) not in known:
                return found
        raise TrainingError("Every combination of the search was tried.")


@contextmanager
def open_study(path: Path, recipe: NetworkRecipe) -> Iterator[Study]:
    """The study in an SQLite file, made if absent.

    Raises:
        TrainingError: Optuna is not installed. OutputError: the file cannot be used.
    """
    optuna = _optuna()
    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(logging.ERROR)
    try:
        storage = _storage(optuna, path)
        try:
            yield Study(optuna, _opened(optuna, storage), recipe)
        finally:
            storage.remove_session()
            storage.engine.dispose()
    finally:
        optuna.logging.set_verbosity(level)


def _optuna() -> Any:
    try:
        import optuna
    except ImportError as error:
        remedy = "Install it: python3 packaging/bootstrap.py install torch"
        raise TrainingError("The search needs Optuna, which is not installed.", remedy=remedy) from error
    return optuna


def _storage(optuna: Any, path: Path) -> Any:
    url = f"sqlite:///{path.absolute()}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return optuna.storages.RDBStorage(url, engine_kwargs={"connect_args": {"timeout": 30}})
    except Exception as error:  # SQLAlchemy's own, which this room does not know
        raise OutputError(f"The study cannot be opened: {one_line(str(error), 160)}", path=path) from error


def _opened(optuna: Any, storage: Any) -> Any:
    pruner = optuna.pruners.MedianPruner(n_startup_trials=_BEFORE_PRUNING, n_warmup_steps=_FIRST_TO_PRUNE)
    return optuna.create_study(
        storage=storage, study_name=_NAME, direction="maximize", load_if_exists=True, pruner=pruner
    )
