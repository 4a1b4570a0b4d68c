"""A run's curves for TensorBoard; written anew from the run's history when it goes on, so that no step comes twice."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from photocull.core.errors import OutputError, TrainingError
from photocull.training.network_progress import EpochResult

_PATTERN = "events.out.tfevents.*"


class TrainingLog:
    """The curves by epoch: loss and learning rates of training, figures on the validation photos.

    Args:
        folder: of TensorBoard's files; made if absent.
        rates: the learning rate of each part.

    Raises:
        TrainingError: TensorBoard is not installed. OutputError: the folder cannot be written.
    """

    def __init__(self, folder: Path, rates: Mapping[str, float], history: Iterable[EpochResult]) -> None:
        self._rates = rates
        try:
            for older in folder.glob(_PATTERN):
                older.unlink()
            self._writer: Any = _opened(folder)
        except OSError as error:
            raise OutputError(f"The training log cannot be written: {error.strerror}.", path=folder) from error
        for result in history:
            self.epoch(result)

    def epoch(self, result: EpochResult) -> None:
        """Add the end of an epoch."""
        values = {"validation/srcc": result.srcc, "validation/lcc": result.lcc, "validation/mse": result.mse}
        values |= {"validation/accuracy": result.accuracy}
        if result.emd is not None:
            values["validation/emd"] = result.emd
        if result.loss is not None:
            values["training/loss"] = result.loss
            values |= {f"learning rate/{part}": rate for part, rate in self._rates.items()}
        for name, value in values.items():
            self._writer.add_scalar(name, value, result.epoch, walltime=result.finished)
        self._writer.flush()

    def close(self) -> None:
        """End the writing thread."""
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _opened(folder: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        remedy = "Install it: python3 packaging/bootstrap.py install torch"
        raise TrainingError("Training keeps its curves with TensorBoard, which is not installed.", remedy=remedy) from (
            error
        )
    writer: Any = SummaryWriter(str(folder), filename_suffix=f".{time.time_ns()}")
    return writer
