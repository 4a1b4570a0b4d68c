"""`doctor`, `catalog info` and `catalog check`: what is there, what is broken, what to do."""

import json
import os
import sqlite3
from pathlib import Path

import pytest

from photocull.cli import doctor
from photocull.core.settings import Settings, folders, save
from tests.building import make_folder
from tests.cli.conftest import Photocull
from tests.postgres_server import PostgresServer


@pytest.fixture
def scored(photocull: Photocull, tmp_path: Path) -> Path:
    make_folder(tmp_path / "photos", 3)
    assert photocull("score", tmp_path / "photos").code == 0
    return folders().catalog


def test_catalog_info_tells_where_it_lies_and_what_it_holds(photocull: Photocull, scored: Path) -> None:
    shown = photocull("catalog", "info")
    assert shown.code == 0
    assert str(scored) in shown.out
    assert "3, of which 3 judged" in shown.out
    told = photocull("catalog", "info", "--format", "json").records
    assert (told["photos"], told["judged"], told["unreadable"], told["models"]) == (3, 3, 0, ["pixels"])


def test_a_sound_catalogue_is_called_sound(photocull: Photocull, scored: Path) -> None:
    answer = photocull("catalog", "check")
    assert (answer.code, answer.err) == (0, "")
    assert "sound" in answer.out


def test_a_damaged_catalogue_ends_with_lines_and_a_code(photocull: Photocull, scored: Path) -> None:
    with sqlite3.connect(scored) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM contents")
    connection.close()
    answer = photocull("catalog", "check")
    assert answer.code in {1, 2}
    assert answer.err.strip()
    assert photocull("doctor").code == 1


def test_looking_at_a_catalogue_that_is_not_there_makes_none(photocull: Photocull, tmp_path: Path) -> None:
    for command in (("catalog", "info"), ("catalog", "check"), ("doctor",)):
        answer = photocull(*command, "--catalog", tmp_path / "none.sqlite")
        assert answer.code == 2
        assert len(answer.err.splitlines()) == 1
    assert not (tmp_path / "none.sqlite").exists()


def test_a_catalogue_on_a_server_is_looked_at_alike(
    photocull: Photocull, postgresql: PostgresServer, tmp_path: Path
) -> None:
    make_folder(tmp_path / "photos", 2)
    here = ("--catalog", postgresql.emptied())
    assert photocull("score", tmp_path / "photos", *here).code == 0
    told = photocull("catalog", "info", "--format", "json", *here).records
    assert (told["photos"], told["judged"], told["size_bytes"] > 0) == (2, 2, True)
    assert "sound" in photocull("catalog", "check", *here).out
    assert f"{told['location']}: 2 photos" in photocull("doctor", *here).out
    with postgresql.database() as empty:
        for command in (("catalog", "info"), ("catalog", "check")):
            answer = photocull(*command, "--catalog", empty)
            assert (answer.code, answer.err.count("There is no catalogue here."), answer.err.count("\n")) == (2, 1, 1)
        assert photocull("doctor", "--catalog", empty).code == 1


def findings(photocull: Photocull) -> dict[str, list[dict[str, str]]]:
    told: dict[str, list[dict[str, str]]] = {}
    for finding in photocull("doctor", "--format", "json").records:
        told.setdefault(finding["topic"], []).append(finding)
    return told


def test_doctor_looks_at_everything_and_makes_nothing(photocull: Photocull, home: Path) -> None:
    told = findings(photocull)
    topics = {
        "settings",
        "processor",
        "graphics card",
        "built-in model",
        "formats",
        "models",
        "folders",
        "catalogue",
        "previews",
        "window",
    }
    assert topics <= set(told)
    assert any("HEIC" in finding["text"] for finding in told["formats"])
    assert any("RAW" in finding["text"] for finding in told["formats"])
    assert not list(home.iterdir())


def test_doctor_is_content_with_this_machine(photocull: Photocull, scored: Path) -> None:
    answer = photocull("doctor")
    assert (answer.code, answer.err) == (0, "")
    assert "broken" not in answer.out


def test_every_fault_has_a_remedy_and_the_code_tells(
    photocull: Photocull, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders().settings.parent.mkdir(parents=True)
    folders().settings.write_text("jobs = 'many'")
    folders().catalog.parent.mkdir(parents=True)
    folders().catalog.write_bytes(b"no database at all" * 100)
    (home / "cache").write_text("a file where the folder should be")
    monkeypatch.setattr(doctor, "loads", lambda module: module != "pi_heif")
    told = findings(photocull)
    broken = [finding for found in told.values() for finding in found if finding["state"] == "broken"]
    assert {finding["topic"] for finding in broken} >= {"settings", "catalogue", "formats", "folders"}
    assert all(finding["remedy"] for finding in broken)
    assert photocull("doctor").code == 1


def test_doctor_tells_of_the_last_folders(photocull: Photocull, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    save(Settings(folders=(str(tmp_path / "photos"), str(tmp_path / "gone"))), folders().settings)
    there, gone = findings(photocull)["photo folders"]
    assert (there["state"], gone["state"]) == ("ok", "note")
    assert gone["remedy"]


def test_a_screen_is_not_needed_to_be_usable(photocull: Photocull, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    answer = photocull("doctor")
    assert answer.code == 0
    if os.name == "posix" and "linux" in os.sys.platform:
        assert "screen" in answer.out


def test_findings_are_plain_json(photocull: Photocull) -> None:
    assert all(
        set(finding) == {"topic", "state", "text", "remedy"}
        for finding in json.loads(photocull("doctor", "--format", "json").out)
    )
