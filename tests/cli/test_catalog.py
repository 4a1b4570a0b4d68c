"""`catalog backup`, `restore` and `forget`, and what a damaged catalogue is answered with, as a person types them."""

import io
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from photocull.catalog import kept
from photocull.catalog.database import open_catalog
from photocull.catalog.query import found
from photocull.core.settings import folders
from photocull.core.types import Decision
from tests.building import make_folder
from tests.catalog.spoiling import spoil_head, spoil_table
from tests.cli.conftest import Photocull, names
from tests.journeys.program import command, environment


@pytest.fixture
def photos(photocull: Photocull, tmp_path: Path) -> Path:
    make_folder(tmp_path / "photos", 3)
    assert photocull("score", tmp_path / "photos").code == 0
    with open_catalog(folders().catalog) as catalog:
        catalog.writer.decide([Decision(1, "rating", 4)], initiator="test").result(10)
    return tmp_path / "photos"


@pytest.fixture
def backup(photocull: Photocull, photos: Path, tmp_path: Path) -> Path:
    file = tmp_path / "a copy.sqlite"
    answer = photocull("catalog", "backup", file)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == f"{file}: 3 photos, 1 decision.\n"
    return file


def stars(photocull: Photocull, photos: Path) -> list[int | None]:
    return [record["rating"] for record in photocull("score", photos, "--format", "json").records]


def test_a_backup_is_put_back_by_its_name(photocull: Photocull, photos: Path, backup: Path) -> None:
    assert photocull("catalog", "forget", photos, "--yes").code == 0
    assert photocull("catalog", "info", "--format", "json").records["photos"] == 0
    answer = photocull("catalog", "restore", backup)
    assert (answer.code, answer.err) == (0, "")
    assert "3 photos, 1 decision." in answer.out
    assert "What was there before is kept" in answer.out
    assert sorted(stars(photocull, photos), key=str) == [4, None, None]


def test_without_a_name_the_newest_sound_backup_is_put_back(photocull: Photocull, photos: Path, backup: Path) -> None:
    assert photocull("catalog", "restore").code == 2
    good, bad = (
        kept.new_name(folders().catalog, kept.AUTOMATIC, datetime(2026, 11, day, 9).astimezone()) for day in (1, 8)
    )
    shutil.copyfile(backup, good)
    shutil.copyfile(backup, bad)
    spoil_table(bad, "judgements", "attention")
    told = photocull("catalog", "restore", "--format", "json").records
    assert (told["backup"], told["photos"], told["decisions"], told["salvaged"]) == (str(good), 3, 1, 0)


def test_the_kept_backups_are_listed_newest_first(photocull: Photocull, photos: Path, backup: Path) -> None:
    assert "no backup" in photocull("catalog", "restore", "--list").err
    for day in (1, 8):
        at = datetime(2026, 11, day, 9).astimezone()
        shutil.copyfile(backup, kept.new_name(folders().catalog, kept.AUTOMATIC, at))
    spoil_head(kept.backups(folders().catalog)[1].file)
    lines = photocull("catalog", "restore", "--list").out.splitlines()
    assert lines[0].startswith("2026-11-08 09:00  automatic         3 photos, 1 decision  ")
    assert "cannot be read" in lines[1]
    told = photocull("catalog", "restore", "--list", "--format", "json").records
    assert [(one["photos"], bool(one["fault"])) for one in told] == [(3, False), (None, True)]


def test_a_backup_is_not_written_over_the_catalogue_itself(photocull: Photocull, photos: Path) -> None:
    assert photocull("catalog", "backup", folders().catalog).code == 2
    assert photocull("catalog", "info", "--format", "json").records["photos"] == 3


def test_a_backup_is_never_written_over_a_photo(photocull: Photocull, photos: Path) -> None:
    photocull("score", photos)
    photo = next(iter(photos.glob("*.jpg")))
    before = photo.read_bytes()
    answer = photocull("catalog", "backup", photo)
    assert (answer.code, len(answer.err.splitlines())) == (2, 1)
    assert photo.read_bytes() == before


def test_scoring_makes_the_weekly_backup_and_info_and_doctor_tell_of_it(photocull: Photocull, photos: Path) -> None:
    assert "none yet" in photocull("catalog", "info").out
    assert photocull("catalog", "info", "--format", "json").records["last_backup"] is None
    answer = photocull("score", photos)
    assert (answer.code, answer.err) == (0, "")
    (made,) = kept.backups(folders().catalog)
    assert made.kind == "automatic"
    assert "today" in photocull("catalog", "info").out
    assert photocull("catalog", "info", "--format", "json").records["last_backup"] == made.at.isoformat()
    assert "last backup" in photocull("doctor").out
    photocull("score", photos)
    assert len(kept.backups(folders().catalog)) == 1


def test_a_catalogue_that_cannot_be_opened_is_one_line_with_the_command_that_mends_it(
    photocull: Photocull, photos: Path
) -> None:
    photocull("score", photos)
    (made,) = kept.backups(folders().catalog)
    spoil_head(folders().catalog)
    answer = photocull("score", photos)
    assert answer.code == 2
    (line,) = answer.err.splitlines()
    assert "damaged" in line
    assert f"{kept.moment(made.at)} (3 photos, 1 decision): photocull catalog restore {made.file}" in line
    _told, command = line.split("photocull catalog restore ")
    assert photocull("catalog", "restore", *command.split(" ")).code == 0
    assert sorted(stars(photocull, photos), key=str) == [4, None, None]


def test_damage_that_a_check_finds_comes_with_the_command_that_mends_it(photocull: Photocull, photos: Path) -> None:
    photocull("score", photos)
    (made,) = kept.backups(folders().catalog)
    spoil_table(folders().catalog, "judgements", "attention")
    answer = photocull("catalog", "check")
    assert answer.code == 1
    assert answer.err.splitlines()[-1].endswith(f"photocull catalog restore {made.file}")
    assert photocull("catalog", "restore").code == 0
    assert photocull("catalog", "check").code == 0


def test_what_is_salvaged_and_what_is_left_out_is_said(
    photocull: Photocull, photos: Path, backup: Path, tmp_path: Path
) -> None:
    make_folder(tmp_path / "late", 1, seed=9)
    assert photocull("score", tmp_path / "late").code == 0
    with open_catalog(folders().catalog) as catalog:
        late = [Decision(4, "rating", 5), Decision(4, "pick", "pick")]
        catalog.writer.decide([Decision(2, "rating", 2), *late], initiator="test").result(10)
    spoil_table(folders().catalog, "judgements", "attention")
    answer = photocull("catalog", "restore", backup)
    assert "Saved out of the damaged catalogue: 1 mark decided since.\n" in answer.out
    assert "Left out: 2 marks, such as those of photos that came after the backup;" in answer.out


def test_a_catalogue_that_is_named_by_a_url_or_by_a_link_is_put_back_too(
    photocull: Photocull, photos: Path, backup: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.sqlite"
    link.symlink_to(folders().catalog)
    for name in (f"sqlite:///{folders().catalog}", str(link)):
        assert photocull("catalog", "forget", photos, "--yes").code == 0
        told = photocull("catalog", "restore", backup, "--format", "json", "--catalog", name).records
        assert (told["catalog"], told["photos"]) == (str(folders().catalog), 3)
        listed = photocull("catalog", "restore", "--list", "--format", "json", "--catalog", name).records
        assert listed[0]["kind"] == "before-restore"
    assert link.is_symlink()
    answer = photocull("catalog", "restore", backup, "--catalog", "postgresql://me:secret@server/photos")
    assert (answer.code, "backup tool of that server" in answer.err, "secret" in answer.err) == (2, True, False)


def test_a_command_on_a_catalogue_that_is_open_elsewhere_replaces_nothing(
    photocull: Photocull, photos: Path, backup: Path
) -> None:
    with open_catalog(folders().catalog):
        answer = photocull("catalog", "restore", backup)
    assert answer.code == 2
    assert "Another Photocull has this catalogue open" in answer.err


class Terminal(io.StringIO):
    """A person who types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))


def test_forgetting_says_how_much_goes_and_asks(photocull: Photocull, photos: Path, typed: None) -> None:
    answer = photocull("catalog", "forget", photos)
    assert answer.code == 130
    assert f"Forget 3 photos and 1 decision under {photos}?" in answer.err
    assert photocull("catalog", "info", "--format", "json").records["photos"] == 3


def test_forgetting_without_anybody_to_ask_needs_a_word(
    photocull: Photocull, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert photocull("catalog", "forget", photos).code == 2
    with open_catalog(folders().catalog) as catalog:
        one = found(catalog, [1])[0][1].photo.path
    answer = photocull("catalog", "forget", one, "--yes")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "1 photo and 1 decision forgotten.\n"
    assert one.exists()
    assert photocull("catalog", "info", "--format", "json").records["photos"] == 2
    assert one.name in names(photocull("score", photos, "--format", "json").records)


def test_forgetting_what_is_not_known_is_wrong_usage(photocull: Photocull, photos: Path) -> None:
    answer = photocull("catalog", "forget", photos.parent / "elsewhere", "--yes")
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="needs a terminal of Unix")
def test_a_person_at_a_terminal_sees_that_the_catalogue_is_being_checked_and_a_script_does_not(photos: Path) -> None:
    import pty

    screen, terminal = pty.openpty()
    try:
        done = subprocess.run(
            command("catalog", "check"), env=environment(), stdout=subprocess.PIPE, stderr=terminal, check=True
        )
        os.close(terminal)
        shown = os.read(screen, 1 << 16)
    finally:
        os.close(screen)
    assert b"Checking the catalogue" in shown
    assert done.stdout.endswith(b"the catalogue is sound.\n")
    plain = subprocess.run(command("catalog", "check"), env=environment(), capture_output=True, check=True)
    assert plain.stderr == b""
