"""What the bootstrap advises when something is missing: disk, pip, a package, a right."""

import shutil
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.packaging.conftest import ROOT

Modules = dict[str, ModuleType]


@pytest.fixture
def environment(modules: Modules, tmp_path: Path) -> Any:
    (tmp_path / "packaging" / "locks").mkdir(parents=True)
    for kind in ("run", "test", "torch"):
        (tmp_path / "packaging" / "locks" / f"{kind}.txt").write_text("")
    return modules["environment"].Environment(tmp_path)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "The disk is full.",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "is not the one that was recorded",
        ),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "cannot be trusted"),
        (
            "NewConnectionError('<pip...>: Failed: [Errno -3] Temporary failure in name resolution')",
            "cannot be reached",
        ),
        (
            "WARNING: Retrying after ReadTimeoutError: Read timed out.\nERROR: No matching distribution",
            "cannot be reached",
        ),
        ("ERROR: No matching distribution found for rawpy==0.28.0", "no package for this kind of machine"),
        ("PermissionError: [Errno 13] Permission denied: '.venv/lib'", "cannot be written"),
        ("ERROR: something new", "The packages could not be installed: the last line"),
    ],
)
def test_each_failure_of_pip_becomes_a_sentence(modules: Modules, environment: Any, output: str, sentence: str) -> None:
    said = modules["installing"]._explained(output, environment, "the last line")
    assert sentence in said
    assert "\n" not in said


@pytest.mark.parametrize("kind", ["run", "test", "torch"])
def test_a_disk_without_room_is_told_before_anything_is_downloaded(
    modules: Modules, environment: Any, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(ROOT / "packaging" / "locks" / f"{kind}.txt", environment.lock(kind))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=50_000_000))
    with pytest.raises(modules["installing"].BootstrapError, match=r"MB and .* has 50 MB left\. Free some space"):
        modules["installing"].install(environment, kind)


def test_a_python_without_ensurepip_and_pip_is_told_what_to_install(
    modules: Modules, environment: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(modules["installing"].importlib.util, "find_spec", lambda _: None)
    with pytest.raises(modules["installing"].BootstrapError, match="sudo apt install python3-venv"):
        modules["installing"].install(environment, "run")
    assert not environment.current("run")


def test_a_checkout_that_cannot_be_written_is_told_so(
    modules: Modules, environment: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", ".venv")

    monkeypatch.setattr(modules["environment"].Environment, "turn", refuse)
    with pytest.raises(modules["installing"].BootstrapError, match="cannot be written"):
        modules["installing"].install(environment, "run")


@pytest.mark.parametrize("arguments", [["-n", "0"], ["-n4"], ["--pdb"], ["--collect-only"]])
def test_tests_run_in_workers_unless_the_arguments_speak_against_it(modules: Modules, arguments: list[str]) -> None:
    assert modules["starting"]._workers(arguments) == []
