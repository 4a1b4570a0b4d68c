"""`doctor` on engines: which one the built-in model uses here and why, and what would make it faster."""

import importlib.util
import platform
import shutil
import sys
import warnings
from typing import Any

import pytest

from photocull.cli import engine
from photocull.cli.engine import engines
from photocull.cli.finding import Finding
from photocull.core.settings import Settings
from photocull.judge.networks.runtime import choose, open_runtime
from photocull.models.store import open_builtin


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Pretends a machine with or without a card and PyTorch."""

    def pretend(*, card: bool = False, torch: bool = False, apple: bool = False) -> None:
        which, find = shutil.which, importlib.util.find_spec
        monkeypatch.setattr(
            shutil, "which", lambda name, *more: ("/bin/smi" if card else None) if name == "nvidia-smi" else which(name)
        )
        if not torch:
            monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else find(name))
        monkeypatch.setattr(sys, "platform", "darwin" if apple else "linux")
        monkeypatch.setattr(platform, "machine", lambda: "arm64" if apple else "x86_64")

    return pretend


def built_in(settings: Settings | None = None) -> Finding:
    (found,) = (one for one in engines(settings or Settings()) if one.topic == "built-in model")
    return found


def test_the_processor_is_chosen_where_there_is_no_card_and_the_way_to_more_is_told(machine: Any) -> None:
    machine()
    found = built_in()
    assert found.state == "ok"
    assert found.text.startswith("ONNX Runtime ")
    assert "on the processor" in found.text
    assert "because no NVIDIA card was found; the network of builtin-1 takes " in found.text
    assert found.text.endswith(" ms a photo now")
    assert found.remedy is not None
    assert "install torch" in found.remedy


@pytest.mark.parametrize("torch", [False, True])
def test_pytorch_is_advised_only_where_it_is_missing(torch: bool, machine: Any) -> None:
    if torch:
        pytest.importorskip("torch", reason="torch is an extra")
    machine(torch=torch)
    remedy = built_in().remedy
    assert remedy is not None
    assert ("install torch" in remedy) is not torch
    assert "NVIDIA card" in remedy


@pytest.mark.parametrize(
    ("chosen", "opened"),
    [
        ("builtin-1", "builtin-1"),
        ("builtin-1-fast", "builtin-1-fast"),
        ("tanet-ava+builtin-1-fast", "builtin-1-fast"),
        ("tanet-ava", "builtin-1"),
        ("nope", "builtin-1"),
    ],
)
def test_the_built_in_model_that_judges_is_the_one_that_is_timed(chosen: str, opened: str, machine: Any) -> None:
    machine()
    assert f"the network of {opened} takes " in built_in(Settings(model=chosen)).text


def test_a_card_that_is_not_used_is_a_note_with_the_way(machine: Any) -> None:
    machine(card=True)
    found = built_in()
    assert found.state == "note"
    assert "PyTorch is not installed" in found.text
    assert found.remedy is not None
    assert "packaging/bootstrap.py install torch" in found.remedy


def test_a_slow_processor_is_told(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    machine()
    monkeypatch.setattr(engine, "_milliseconds", lambda opened, model: 400.0)
    found = built_in()
    assert (found.state, found.text.endswith("400 ms a photo now, which is slow")) == ("note", True)


def test_a_device_of_the_settings_that_is_not_here_is_broken_with_a_remedy(machine: Any) -> None:
    machine(torch=importlib.util.find_spec("torch") is not None)
    found = built_in(Settings(device="cuda"))
    assert found.state == "broken"
    assert found.remedy is not None
    assert "--device cpu" in found.remedy


def test_an_apple_gpu_is_left_alone_until_it_is_asked_for(machine: Any) -> None:
    machine(apple=True)
    chosen = choose("auto")
    assert (chosen.device, chosen.engine) == ("cpu", "ONNX Runtime")
    assert "nobody has measured it" in chosen.reason
    assert "photocull benchmark --device mps" in chosen.way
    assert choose("mps").engine == "PyTorch"


@pytest.mark.parametrize(
    ("warning", "built", "reason"),
    [
        ("The NVIDIA driver on your system is too old (found version 11000).", "12.8", "driver is too old"),
        ("", "12.8", "finds no NVIDIA card that it can use"),
        ("", None, "built without support for NVIDIA cards"),
    ],
)
def test_why_a_card_cannot_be_used_is_told_apart(
    warning: str, built: str | None, reason: str, machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch", reason="torch is an extra")
    machine(card=True, torch=True)

    def unusable() -> bool:
        if warning:
            warnings.warn(warning, stacklevel=1)
        return False

    monkeypatch.setattr(torch.cuda, "is_available", unusable)
    monkeypatch.setattr(torch.version, "cuda", built)
    chosen = choose("auto")
    assert chosen.device == "cpu"
    assert reason in chosen.reason
    assert chosen.way


def test_a_card_that_pytorch_can_use_is_chosen(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch", reason="torch is an extra")
    machine(card=True, torch=True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert (choose().device, choose().engine, choose().way) == ("cuda", "PyTorch", "")


def test_what_is_chosen_is_what_opens(machine: Any) -> None:
    machine()
    model = open_builtin("builtin-1")
    assert open_runtime(model.graph, model.tensors).device == choose("auto").device
