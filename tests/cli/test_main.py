"""The door: commands, folders, one error line, exit codes, and what a start must not load."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from photocull import __version__
from photocull.cli import main as door
from photocull.cli import photos, screen
from photocull.core.errors import CatalogError
from photocull.core.settings import Settings, folders, save
from tests.building import make_folder
from tests.cli.conftest import Photocull
from tests.conftest import ROOT

COMMANDS = (
    ("score",), ("top",), ("overlay",), ("benchmark",), ("doctor",), ("train",), ("train", "builtin"), ("catalog",),
    ("catalog", "info"), ("catalog", "check"),
)  # fmt: skip


def program(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "photocull", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=800, **options)


def test_the_version_is_told(photocull: Photocull) -> None:
    answer = photocull("--version")
    assert (answer.code, answer.out) == (0, f"photocull {__version__}\n")


def test_the_help_names_every_command_and_the_window(photocull: Photocull) -> None:
    answer = photocull("--help")
    assert answer.code == 0
    assert all(command[0] in answer.out for command in COMMANDS)
    assert "window" in answer.out


@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in {("train",), ("catalog",)}])
def test_every_command_has_help_with_an_example_of_itself(photocull: Photocull, command: tuple[str, ...]) -> None:
    answer = photocull(*command, "--help")
    assert answer.code == 0
    example = " ".join(answer.out.split("Example:")[1].split())
    assert example.startswith(f"photocull {' '.join(command)}")


def test_help_loads_neither_torch_nor_qt_nor_the_network() -> None:
    heavy = ("torch", "torchvision", "PySide6", "onnxruntime", "onnx", "rawpy", "pi_heif", "imagecodecs")
    code = (
        "import sys; from photocull.cli.main import main\n"
        "try: main(['--help'])\n"
        f"finally: print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=800)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")


def test_the_module_and_the_program_are_the_same() -> None:
    done = program("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"photocull {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--unknown",), "--unknown"),
        (("score",), "PATH"),
        (("score", "x", "--jobs", "-1"), "jobs"),
        (("score", "x", "--format", "xml"), "format"),
        (("catalog", "mend"), "mend"),
        (("scroe",), "photocull score"),
        (("qqq",), "no command or folder"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(photocull: Photocull, arguments: tuple[str, ...], told: str) -> None:
    answer = photocull(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert told in answer.err


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
    asked: list[list[Path]] = []
    monkeypatch.setattr(door, "_open_window", lambda chosen: asked.append(chosen) or 0)
    return asked


def test_no_command_opens_the_window_and_folders_open_it_on_them(
    photocull: Photocull, opened: list[list[Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a", tmp_path / "-b"
    for folder in (first, second):
        folder.mkdir()
    (first / "IMG.jpg").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    for arguments in ((), (first, "-b"), ("a",), ("--", "-b"), (first / "IMG.jpg",)):
        assert photocull(*arguments).code == 0
    assert opened == [[], [first, second], [first], [second], [first]]


def test_a_folder_that_is_called_like_a_command_is_reached_with_its_path(
    photocull: Photocull, opened: list[list[Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "score").mkdir()
    monkeypatch.chdir(tmp_path)
    assert photocull(f".{os.sep}score").code == 0
    assert opened == [[tmp_path / "score"]]


@pytest.mark.skipif("sys.platform != 'linux'", reason="other systems bring the window's libraries along")
def test_without_a_screen_the_window_says_so_in_one_line(photocull: Photocull, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    answer = photocull()
    assert answer.code == 2
    assert "screen" in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.skipif("sys.platform != 'linux'", reason="other systems bring the window's libraries along")
def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "loads", lambda name: name != "libxcb-cursor.so.0")
    with pytest.raises(screen.ScreenError, match="libxcb-cursor0"):
        screen.require_screen({"DISPLAY": ":0"})
    screen.require_screen({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"})
    screen.require_screen({"QT_QPA_PLATFORM": "offscreen"})


@pytest.mark.parametrize(
    ("tool", "command"),
    [
        ("apt", "sudo apt install libegl1"),
        ("dnf", "sudo dnf install 'libEGL.so.1()(64bit)'"),
        ("pacman", "the packages that Debian calls libegl1"),
    ],
)
@pytest.mark.skipif("sys.platform != 'linux'", reason="other systems bring the window's libraries along")
def test_the_remedy_is_in_the_words_of_the_system(monkeypatch: pytest.MonkeyPatch, tool: str, command: str) -> None:
    monkeypatch.setattr(screen, "loads", lambda name: name != "libEGL.so.1")
    monkeypatch.setattr(screen.shutil, "which", lambda name: f"/usr/bin/{name}" if name == tool else None)
    with pytest.raises(screen.ScreenError) as caught:
        screen.require_screen({"DISPLAY": ":0"})
    assert caught.value.remedy == f"Install it: {command}"


@pytest.mark.expects_log
def test_a_fault_of_the_program_is_one_line_and_a_traceback_in_the_log(
    photocull: Photocull, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of all things")

    make_folder(tmp_path / "photos", 1)
    monkeypatch.setattr(photos, "write", broken)
    answer = photocull("score", tmp_path / "photos")
    assert answer.code == 1
    (line,) = answer.err.splitlines()
    log = folders().log / "photocull.log"
    assert "ZeroDivisionError: of all things" in line
    assert str(log) in line
    assert "Traceback" in log.read_text("utf-8")


@pytest.mark.expects_log
def test_a_log_folder_that_cannot_be_written_hides_no_error(
    photocull: Photocull, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    make_folder(tmp_path / "photos", 1)
    (home / "log").write_text("a file where the folder should be")
    monkeypatch.setattr(photos, "write", broken)
    answer = photocull("score", tmp_path / "photos")
    assert answer.code == 1
    assert len(answer.err.splitlines()) == 1


def test_an_expected_failure_ends_with_its_sentence_and_remedy(
    photocull: Photocull, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise CatalogError("The catalogue is damaged.", path="/c.sqlite", remedy="Restore a backup.")

    monkeypatch.setattr(photos, "opened", refuse)
    answer = photocull("score", tmp_path)
    assert (answer.code, answer.err) == (2, "/c.sqlite: The catalogue is damaged. Restore a backup.\n")


def test_settings_that_cannot_be_read_are_one_line(photocull: Photocull, tmp_path: Path) -> None:
    save(Settings(), folders().settings)
    folders().settings.write_text("model = [")
    answer = photocull("score", tmp_path)
    assert answer.code == 2
    assert str(folders().settings) in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.skipif("os.name == 'nt'", reason="a pipe breaks otherwise there")
def test_a_reader_that_goes_away_ends_it_quietly(home: Path) -> None:
    command = f"{sys.executable} -m photocull doctor --format json | true"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=800
    )
    assert done.stderr == ""


@pytest.mark.skipif("os.name == 'nt'", reason="signals are others there")
def test_an_interrupt_outside_a_run_is_130_as_well(
    photocull: Photocull, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_folder(tmp_path / "photos", 1)
    monkeypatch.setattr(photos, "write", lambda *_: signal.raise_signal(signal.SIGINT))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell runs tests behind itself
    try:
        answer = photocull("score", tmp_path / "photos")
    finally:
        signal.signal(signal.SIGINT, before)
    assert answer.code == 130
    assert "Traceback" not in answer.err
