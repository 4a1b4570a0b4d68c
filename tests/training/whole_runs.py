"""Whole runs of network training, in this process and in one of their own that is killed."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from photocull.core.work import CancelToken, Event
from photocull.training.network_progress import EpochResult, Progress, Reporting
from photocull.training.network_recipe import NetworkRecipe
from photocull.training.network_training import Request, TrainedNetwork, train_network
from photocull.training.rated import read_set


class Told:
    """Hears a run."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.ends: list[EpochResult] = []
        self.lines: list[str] = []
        self.reporting = Reporting(self.events.append, self._ended, lambda words: None, self.lines.append)

    def _ended(self, result: EpochResult, progress: Progress) -> None:
        self.ends.append(result)


def train(data: Path, recipe: NetworkRecipe, output: Path, told: Told | None = None, **more: object) -> TrainedNetwork:
    request = replace(Request(read_set(data), recipe, "drawn", output, output / "shelf", device="cpu"), **more)
    return train_network(request, token=CancelToken(), reporting=(told or Told()).reporting)


def kill_while_training(command: list[str], data: Path, recipe: Path, output: Path, *, longest: float = 0.6) -> None:
    """Start a command, let it reach its first epoch, and kill it at some moment after that."""
    arguments = ["--data", str(data), "--config", str(recipe), "--output", str(output), "--device", "cpu"]
    process = subprocess.Popen(
        [sys.executable, "-m", "photocull", *command, *arguments],
        stderr=subprocess.PIPE, env={**os.environ, "OMP_NUM_THREADS": "1"}, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    with process, process.stderr as lines:
        said = next((line for line in lines if line.startswith(("Epoch 1", "Trial 1"))), None)
        assert said is not None, "the run ended before its first epoch"
        time.sleep(random.SystemRandom().uniform(0, longest))
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
