"""Whatever standard output and error are, and however odd a name is: one line, the right code, all work done."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from photocull.cli import output
from photocull.core.errors import OutputError
from photocull.core.settings import folders, load
from tests.building import make_folder, make_photo
from tests.cli.conftest import Photocull
from tests.conftest import ROOT

NAMELESS = "x" * 300
POSIX = pytest.mark.skipif(os.name == "nt", reason="shells close streams otherwise there")


class Gone:
    """A stream behind which nobody reads."""

    encoding = "utf-8"

    def write(self, _: str) -> int:
        raise BrokenPipeError

    def flush(self) -> None:
        raise BrokenPipeError

    def isatty(self) -> bool:
        return False


def test_the_list_is_complete_though_nobody_reads_the_remarks(
    photocull: Photocull, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_folder(tmp_path / "photos", 2)
    for name in "ab":
        (tmp_path / "photos" / f"{name}.jpg").write_bytes(name.encode())
    monkeypatch.setattr(sys, "stderr", Gone())
    answer = photocull("score", tmp_path / "photos", "--format", "json")
    sys.stderr.close()
    assert answer.code == 1
    assert [record["status"] for record in answer.records].count("ok") == 2
    assert len(answer.records) == 4


@POSIX
@pytest.mark.parametrize(("closed", "lines"), [("2>&-", 1), (">&-", 0)])
def test_closed_streams_are_no_fault(home: Path, closed: str, lines: int) -> None:
    command = f"{sys.executable} -m photocull doctor --format json {closed}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=800)
    assert (len(done.stdout.splitlines()), done.stderr) == (lines, "")


def test_a_folder_that_the_platforms_encoding_lacks_is_shown_all_the_same(tmp_path: Path) -> None:
    options = os.environ | {"PHOTOCULL_HOME": str(tmp_path / "写真"), "PYTHONIOENCODING": "latin-1"}
    command = [sys.executable, "-m", "photocull", "catalog", "info"]
    done = subprocess.run(command, cwd=ROOT, env=options, capture_output=True, timeout=800)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u5199" in done.stdout


def test_a_full_disk_behind_standard_output_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        class buffer:  # noqa: N801  as on standard output
            @staticmethod
            def write(_: bytes) -> int:
                raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(OutputError, match="No space left"):
        output.emit(["[]"])
    sys.stdout.close()


@pytest.mark.parametrize(
    "arguments",
    [
        (NAMELESS,),
        ("~no-such-user/photos",),
        ("score", NAMELESS),
        ("score", ".", "--catalog", "~no-such-user/c.sqlite"),
        ("score", ".", "--catalog", "sqlite://"),
        ("score", ".", "--catalog", "sqlite:///:memory:"),
        ("score", ".", "--catalog", "postgresql://host:port/photos"),
        ("catalog", "info", "--catalog", NAMELESS),
        ("overlay", NAMELESS, "--kind", "focus", "--output", "x.png"),
    ],
)
def test_an_odd_name_is_wrong_usage_in_one_line(photocull: Photocull, arguments: tuple[str, ...]) -> None:
    answer = photocull(*arguments)
    assert (answer.code, answer.out, len(answer.err.splitlines())) == (2, "", 1)
    assert "Details are in" not in answer.err


def test_a_catalogue_in_the_home_folder_is_found_by_every_command(
    photocull: Photocull, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    photo = make_photo(tmp_path / "a.jpg")
    assert photocull("score", photo, "--catalog", "~/own.sqlite").code == 0
    assert "own.sqlite" in photocull("catalog", "info", "--catalog", "~/own.sqlite").out


def test_settings_in_whose_place_a_folder_lies_are_one_line(photocull: Photocull, tmp_path: Path) -> None:
    folders().settings.mkdir(parents=True)
    answer: Any = photocull("score", tmp_path)
    assert (answer.code, len(answer.err.splitlines())) == (2, 1)
    with pytest.raises(Exception, match="cannot be read"):
        load(folders().settings)
