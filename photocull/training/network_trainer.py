"""The loop that trains any network of named parts: epochs, early stopping, and checkpoints it goes on from exactly."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from photocull.core.errors import CancelledError, TrainingError
from photocull.core.work import CancelToken, Pace
from photocull.training.measures import emd_loss
from photocull.training.network_batches import Lesson, Portion, Reader, epoch_batches, step_seed
from photocull.training.network_checkpoints import Checkpoints, packed, unpack
from photocull.training.network_device import Place, repeatable
from photocull.training.network_measuring import Yardstick, answer_all
from photocull.training.network_progress import EpochResult, Progress, Reporting, rank
from photocull.training.network_recipe import NetworkRecipe

LOSSES: Final[Mapping[str, Callable[[Tensor, Tensor], Tensor]]] = {"squared": functional.mse_loss, "emd": emd_loss}


def optimizer_for(parts: Mapping[str, nn.Module], recipe: NetworkRecipe) -> torch.optim.Adam:
    """Adam with the recipe's learning rate for each part; frozen parts and weights that never learn are left out.

    Raises:
        TrainingError: the recipe names other parts than the network has, or leaves nothing to learn.
    """
    named = set(recipe.learning_rates) | set(recipe.frozen)
    if set(recipe.learning_rates) != set(parts) or not named <= set(parts):
        raise TrainingError(f"The recipe's learning rates and frozen parts must name: {', '.join(parts)}.")
    groups = [
        {"params": [w for w in part.parameters() if w.requires_grad], "lr": recipe.learning_rates[name], "name": name}
        for name, part in parts.items()
        if name not in recipe.frozen
    ]
    if not any(group["params"] for group in groups):
        raise TrainingError("The recipe freezes every part, so there is nothing to learn.")
    beta1, beta2 = recipe.betas
    return torch.optim.Adam(groups, betas=(beta1, beta2), eps=recipe.epsilon, weight_decay=recipe.weight_decay)


def least_photos(parts: Mapping[str, nn.Module], recipe: NetworkRecipe) -> int:
    """How many photos must go through the network at once: two where a batch normalisation learns, else one.

    Raises:
        TrainingError: the recipe's step is smaller.
    """
    learning = [module for name, part in parts.items() if name not in recipe.frozen for module in part.modules()]
    least = 2 if any(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in learning) else 1
    if recipe.step < least:
        raise TrainingError(f"This network learns from {least} photos at once or more: set step to {least} or more.")
    return least


class NetworkTrainer:
    """One run over lessons, from its last checkpoint or from the start.

    Args:
        network: its answers (n, outputs) lie in 0 to 1. parts: its parts by name, together all that learns.
        lessons: what it learns from. yardstick: what decides how good it is.
        checkpoints: the run's folder. token: stops it between two steps, after a checkpoint.
    """

    def __init__(
        self,
        network: nn.Module,
        parts: Mapping[str, nn.Module],
        recipe: NetworkRecipe,
        *,
        lessons: Sequence[Lesson],
        yardstick: Yardstick,
        reader: Reader,
        checkpoints: Checkpoints,
        place: Place,
        token: CancelToken,
        reporting: Reporting,
    ) -> None:
        self._network, self._parts, self._recipe = network.to(place.device), parts, recipe
        self._lessons, self._yardstick, self._reader = lessons, yardstick, reader
        self._checkpoints, self._place, self._token, self._reporting = checkpoints, place, token, reporting
        for name in recipe.frozen:
            parts[name].requires_grad_(False)
        self._optimizer = optimizer_for(parts, recipe)
        self._scaler = torch.amp.GradScaler(place.device.type, enabled=place.scaled)
        self._progress = Progress(torch.get_num_threads())
        self._objective = LOSSES[recipe.loss]
        self._least = least_photos(parts, recipe)
        self._saved = time.monotonic()
        self._sound = 0.0, 0  # loss and photos at the last step: what a stop within a batch goes back to

    def run(self) -> Progress:
        """Train until the last epoch or until patience ends; the best epoch's weights lie in the checkpoints.

        Raises:
            CancelledError: stopped; the run is saved and goes on from there.
            TrainingError: the loss is no number any more. OutputError: a checkpoint cannot be written.
        """
        self._restore()
        self._pace = self._new_pace()
        try:
            with repeatable(self._place, self._progress.threads):
                if not self._progress.history:
                    self._measure(None)
                while not self.finished:
                    self._epoch()
        except CancelledError as error:
            if self._progress.history:
                self._save()
            raise CancelledError("Training was stopped; the same command with --resume goes on from here.") from error
        return self._progress

    @property
    def finished(self) -> bool:
        """Whether the last epoch was reached, or too many have passed since the best one."""
        done, best = len(self._progress.history) - 1, self._progress.best
        return done >= self._recipe.epochs or (best is not None and done - best >= self._recipe.patience)

    def _restore(self) -> None:
        found = self._checkpoints.last()
        if found is None:
            return
        tensors, state = found
        try:
            self._progress = Progress.of(state)
        except (TypeError, KeyError, ValueError) as error:
            raise TrainingError("The checkpoint is of another version.", path=self._checkpoints.folder) from error
        unpack(tensors, self._network, self._optimizer)
        self._sound = self._progress.loss, self._progress.photos
        if self._place.scaled and self._progress.scaler:
            self._scaler.load_state_dict(self._progress.scaler)

    def _save(self) -> None:
        self._progress.scaler = self._scaler.state_dict()
        self._checkpoints.save(packed(self._network, self._optimizer), asdict(self._progress))
        self._checkpoints.forget_but(self._progress.best)
        self._saved = time.monotonic()

    def _epoch(self) -> None:
        number = len(self._progress.history)
        self._reporting.doing(f"Epoch {number} of {self._recipe.epochs}")
        self._network.train()
        for name in self._recipe.frozen:
            self._parts[name].eval()
        self._optimizer.zero_grad(set_to_none=True)
        for portion in self._reader.training(self._lessons, number, self._progress.batch):
            self._learn(portion, number)
            if portion.last:
                self._step(number)
        self._measure(self._progress.loss / max(1, self._progress.photos))

    def _learn(self, portion: Portion, epoch: int) -> None:
        count = len(portion.inputs)
        if count < self._least:
            return
        if self._least == 1 and self._token.cancelled:  # no running statistics have changed since the last step
            self._progress.loss, self._progress.photos = self._sound
            self._token.check()
        torch.manual_seed(step_seed(self._recipe.seed, epoch, portion.place))
        device = self._place.device
        with self._place.arithmetic():
            answers = self._network(torch.from_numpy(portion.inputs).to(device))
        loss = self._objective(answers.float(), torch.from_numpy(portion.wanted).to(device))
        torch.autograd.backward(self._scaler.scale(loss * portion.share))
        self._progress.loss += float(loss.detach()) * count
        self._progress.photos += count
        self._reporting.listener(self._pace.step(count))

    def _step(self, epoch: int) -> None:
        if not math.isfinite(self._progress.loss):
            raise _diverged(epoch)
        if any(weight.grad is not None for weight in self._network.parameters()):  # not if all photos vanished
            self._optimise()
        self._progress.batch += 1
        self._sound = self._progress.loss, self._progress.photos
        mean = self._progress.loss / max(1, self._progress.photos)
        self._reporting.doing(f"Epoch {epoch} of {self._recipe.epochs}, loss {mean:.4f}")
        if time.monotonic() - self._saved >= 60 * self._recipe.save_minutes:
            self._save()
        self._token.check()

    def _optimise(self) -> None:
        if self._recipe.clip:
            self._scaler.unscale_(self._optimizer)
            nn.utils.clip_grad_norm_(self._network.parameters(), self._recipe.clip)
        self._scaler.step(self._optimizer)
        self._scaler.update()
        self._optimizer.zero_grad(set_to_none=True)

    def _measure(self, loss: float | None) -> None:
        """End an epoch: measure it, keep its weights if it is the best, write the checkpoint, tell of it."""
        answers = answer_all(
            self._network, self._reader, self._yardstick.lessons, self._place, self._token, self._passed
        )
        if not np.isfinite(answers.given).all():
            raise _diverged(len(self._progress.history))
        found = self._yardstick.agreement(answers, self._yardstick.watched, rounds=0)
        figures = found.srcc.value, found.lcc.value, found.mse.value, found.accuracy.value
        emd = None if found.emd is None else found.emd.value
        progress, epoch = self._progress, len(self._progress.history)
        result = EpochResult(epoch, loss, *figures, emd, time.time())
        progress.history.append(result)
        if epoch and (progress.best is None or rank(result) > rank(progress.result(progress.best))):
            progress.best = epoch
            self._checkpoints.save_best(epoch, self._network.state_dict())
        progress.batch, progress.loss, progress.photos = 0, 0.0, 0
        self._sound = 0.0, 0
        self._save()
        self._reporting.epoch(result, progress)

    def _passed(self, count: int) -> None:
        self._reporting.listener(self._pace.step(count))

    def _new_pace(self) -> Pace:
        """Photos to pass through the network in the whole run, less those of the epochs that are done."""
        learned, measured = len(self._lessons), len(self._yardstick.lessons)
        done, total = len(self._progress.history), self._recipe.epochs * (learned + measured) + measured
        pace = Pace(total)
        batches = epoch_batches(learned, self._recipe, done)[: self._progress.batch]
        before = max(0, done - 1) * (learned + measured) + measured * (done > 0) + sum(map(len, batches))
        self._reporting.listener(pace.step(0, cached=before))
        return pace


def _diverged(epoch: int) -> TrainingError:
    remedy = "Lower the learning rates or set clip in the recipe, and start again in another --output."
    return TrainingError(f"The network gives no numbers any more in epoch {epoch}.", remedy=remedy)
