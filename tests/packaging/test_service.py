"""The files by which systems start the watch: each can be parsed, and the program knows what they ask of it."""

import configparser
import os
import plistlib
import shlex
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import typer

from photocull.cli.main import application

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICE = ROOT / "packaging" / "service"
UNIT = SERVICE / "linux" / "photocull-watch@.service"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def check_watch(words: list[str]) -> None:
    """The program takes these words, which begin with the command's name, as a watch of one folder."""
    assert words[0] == "watch"
    group = typer.main.get_command(application("watch"))
    command = group.commands["watch"]  # type: ignore[attr-defined]
    context = command.make_context("watch", words[1:])
    assert context.params["watched"] == [Path(words[-1])]


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[method-assign, assignment]
    parser.read_string(UNIT.read_text("utf-8"))
    return parser


def test_the_systemd_unit_starts_a_watch_and_ends_it_softly() -> None:
    service = unit()["Service"]
    words = shlex.split(service["ExecStart"])
    assert words[:4] == ["%h/photocull/.venv/bin/python", "-P", "-m", "photocull"]
    check_watch(words[4:])
    assert (service["Type"], service["KillSignal"], service["Restart"]) == ("notify", "SIGTERM", "on-failure")
    assert unit()["Install"]["WantedBy"] == "default.target"
    assert "UMask" not in service, "others may read the sidecars as they may the photos"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_itself_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    program = Path(shutil.which("true") or "/bin/true")
    text = UNIT.read_text("utf-8").replace("%h/photocull/.venv/bin/python", str(program))
    place = tmp_path / "photocull-watch@srv-photos.service"
    place.write_text(text)
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    command = ["systemd-analyze", "--user", "verify", "--man=no", str(place)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "photocull" in line]
    assert (done.returncode, ours) == (0, []), done.stderr
    wrong = place.with_name("photocull-watch@wrong.service")
    wrong.write_text(text.replace("Restart=on-failure", "Restart=now and then"))
    said = subprocess.run([*command[:-1], str(wrong)], env=environment, capture_output=True, text=True, check=False)
    assert "now and then" in said.stderr, "a fault would be seen"


def test_the_launchd_file_starts_a_watch() -> None:
    job = plistlib.loads((SERVICE / "macos" / "photocull-watch.plist").read_bytes())
    words = job["ProgramArguments"]
    assert words[:4] == ["@CHECKOUT@/.venv/bin/python", "-P", "-m", "photocull"]
    check_watch(words[4:])
    assert job["KeepAlive"] == {"SuccessfulExit": False}
    assert job["ExitTimeOut"] >= 60
    assert job["StandardErrorPath"].startswith("@CHECKOUT@/.venv/.bootstrap/"), "what git and updates leave alone"
    assert "Umask" not in job


def test_the_task_of_windows_starts_a_watch_and_never_ends_it_by_itself() -> None:
    text = (SERVICE / "windows" / "photocull-watch.xml").read_text("utf-8")
    assert "encoding=" not in text, "PowerShell hands it on as a string of UTF-16, which no declaration may deny"
    task = ElementTree.fromstring(text)
    arguments = task.findtext(f"{TASK}Actions/{TASK}Exec/{TASK}Arguments")
    words = shlex.split(arguments or "")
    assert words[:2] == ["-m", "photocull"]
    check_watch(words[2:])
    assert task.findtext(f"{TASK}Settings/{TASK}ExecutionTimeLimit") == "PT0S"
    assert task.findtext(f"{TASK}Settings/{TASK}MultipleInstancesPolicy") == "IgnoreNew"


def test_every_file_is_named_in_the_guide_beside_them() -> None:
    guide = (SERVICE / "README.md").read_text("utf-8")
    files = [path for path in SERVICE.rglob("*") if path.is_file() and path.name != "README.md"]
    assert len(files) == 3
    assert all(path.name in guide for path in files)
