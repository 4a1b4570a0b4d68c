"""The curves for TensorBoard: all that happened, once, whatever stops lay between."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training networks needs PyTorch")
pytest.importorskip("tensorboard", reason="the training log needs TensorBoard")

import sys

from photocull.core.errors import OutputError, TrainingError
from photocull.training.network_progress import EpochResult
from photocull.training.training_log import TrainingLog
from tests.training.log_reading import curves

RATES = {"head": 1e-3, "trunk": 1e-5}


def _results(count: int, *, emd: float | None = None) -> list[EpochResult]:
    return [
        EpochResult(k, None if k == 0 else 1 / k, 0.1 * k, 0.2 * k, 0.3, 0.5, emd, 1_700_000_000.0 + k)
        for k in range(count)
    ]


def test_every_figure_has_its_curve(tmp_path: Path) -> None:
    with TrainingLog(tmp_path, RATES, []) as log:
        for result in _results(4, emd=0.25):
            log.epoch(result)
    found = curves(tmp_path)
    assert found["training/loss"] == [(1, 1.0), (2, 0.5), (3, pytest.approx(1 / 3))]
    assert [step for step, _ in found["validation/srcc"]] == [0, 1, 2, 3]
    assert found["learning rate/trunk"] == [(k, pytest.approx(1e-5)) for k in (1, 2, 3)]
    assert set(found) == {
        "training/loss", "validation/srcc", "validation/lcc", "validation/mse", "validation/emd",
        "validation/accuracy", "learning rate/head", "learning rate/trunk",
    }  # fmt: skip


def test_a_run_that_goes_on_continues_the_curves_without_a_double_step(tmp_path: Path) -> None:
    results = _results(5)
    with TrainingLog(tmp_path / "whole", RATES, []) as log:
        for result in results:
            log.epoch(result)
    log = TrainingLog(tmp_path / "cut", RATES, [])
    for result in results[:4]:
        log.epoch(result)
    log.close()  # the fourth epoch's checkpoint was never written
    with TrainingLog(tmp_path / "cut", RATES, results[:3]) as log:
        for result in results[3:]:
            log.epoch(result)
    assert curves(tmp_path / "cut") == curves(tmp_path / "whole")


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"no folder")
    with pytest.raises(OutputError, match="log cannot be written"):
        TrainingLog(tmp_path / "log", RATES, [])


def test_without_tensorboard_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(TrainingError, match=r"TensorBoard, which is not installed.*install torch"):
        TrainingLog(tmp_path, RATES, [])
