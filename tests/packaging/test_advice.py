"""What the bootstrap advises when something is missing: disk, pip, packages, libraries, a screen."""

import shutil
import struct
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import PySide6
import pytest

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


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bring the libraries along")
@pytest.mark.parametrize(
    ("variables", "table"), [({"DISPLAY": ":0"}, "X11"), ({"WAYLAND_DISPLAY": "wayland-0"}, "WAYLAND")]
)
def test_a_missing_library_is_named_with_its_package(
    modules: Modules, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], table: str
) -> None:
    machine = modules["machine"]
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    absent, (debian, _) = next(iter(getattr(machine, table).items()))
    monkeypatch.setattr(machine, "_loads", lambda name: name != absent)
    monkeypatch.setattr(machine.shutil, "which", lambda name: "/usr/bin/apt" if name == "apt" else None)
    assert machine.window_hints() == [
        f"The window needs parts of the system that are missing. Install them: sudo apt install {debian}"
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_a_machine_without_a_screen_is_told_what_works_there(modules: Modules, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    [hint] = modules["machine"].window_hints()
    assert "no screen" in hint


def test_hints_on_the_window_come_only_where_a_window_is_wanted(modules: Modules, tmp_path: Path) -> None:
    wants = modules["starting"]._wants_window
    assert wants([])
    assert wants([str(tmp_path)])
    assert not wants(["score", str(tmp_path)])
    assert not wants(["--help"])


@pytest.mark.parametrize("arguments", [["-n", "0"], ["-n4"], ["--pdb"], ["--collect-only"]])
def test_tests_run_in_workers_unless_the_arguments_speak_against_it(modules: Modules, arguments: list[str]) -> None:
    assert modules["starting"]._workers(arguments) == []


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("ldd"), reason="ldd tells what a library loads")
def test_every_system_library_that_qt_loads_is_in_the_tables(modules: Modules) -> None:
    machine = modules["machine"]
    plugins = Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms"
    always = {
        "libc.so.6",
        "libm.so.6",
        "libgcc_s.so.1",
        "libstdc++.so.6",
        "libpthread.so.0",
        "libdl.so.2",
        "librt.so.1",
    }
    for plugin, table in (("libqoffscreen.so", {}), ("libqxcb.so", machine.X11), ("libqwayland.so", machine.WAYLAND)):
        needed = _loaded_directly(plugins / plugin)
        needed = {name for name in needed if not name.startswith("ld-linux")}
        assert needed - always <= set(machine.WINDOW | table), plugin


def _loaded_directly(library: Path) -> set[str]:
    """System libraries that this one, or one of the wheel's own that it loads, asks for by itself."""
    text = subprocess.run(["ldd", str(library)], capture_output=True, text=True, check=True).stdout
    found = {line.split()[0]: line.split()[2] for line in text.splitlines() if "=>" in line and "not" not in line}
    own = {name for name, place in found.items() if "PySide6" in place}
    asked: set[str] = set()
    for path in (library, *(Path(found[name]) for name in own)):
        asked |= _needed(path)
    return asked - own


def _needed(library: Path) -> set[str]:
    """The DT_NEEDED names of an ELF file, read from its string table."""
    data = library.read_bytes()
    (offset,), (size, count) = struct.unpack_from("<Q", data, 0x20), struct.unpack_from("<HH", data, 0x36)
    segments = [struct.unpack_from("<IIQQQQQQ", data, offset + i * size) for i in range(count)]
    loads = [(s[3], s[2], s[5]) for s in segments if s[0] == 1]
    [(start, length)] = [(s[2], s[5]) for s in segments if s[0] == 2]
    entries = [struct.unpack_from("<qQ", data, start + i) for i in range(0, length, 16)]
    [table] = [value for tag, value in entries if tag == 5]
    base = next(table - address + at for address, at, span in loads if address <= table < address + span)
    names = (data[base + value : data.index(b"\0", base + value)] for tag, value in entries if tag == 1)
    return {name.decode() for name in names}
