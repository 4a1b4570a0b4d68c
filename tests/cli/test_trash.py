"""`trash` as a person calls it: rejects and what belongs to them go and come back; nothing else is touched."""

import json
import os
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.core.types import Decision
from photocull.picks import system_trash
from photocull.picks.system_trash import find_in_trash
from tests.building import make_folder
from tests.cli.conftest import ON_BOTH, Photocull
from tests.cli.marking import mark, rows
from tests.picks.shoot import content, own_trash
from tests.sidecar.packets import packet

pytestmark = ON_BOTH


@pytest.fixture
def shoot(photocull: Photocull, tmp_path: Path) -> Path:
    """Four photos, of which the second, with a sidecar, and the third are rejected."""
    make_folder(tmp_path / "shoot", 4)
    (tmp_path / "shoot" / "IMG_0002.xmp").write_bytes(packet())
    mark(photocull, tmp_path / "shoot", IMG_0002="reject", IMG_0003="reject", IMG_0004="pick")
    return tmp_path / "shoot"


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's trash, in a folder of the test's own."""
    return own_trash(tmp_path, monkeypatch)


def test_rejects_go_to_the_system_s_trash_and_come_back(photocull: Photocull, shoot: Path, system: Path) -> None:
    before = content(shoot)
    answer = photocull("trash", shoot, "--rejected", "--yes")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("2 photos (3 files, ")
    assert sorted(content(shoot)) == ["IMG_0001.jpg", "IMG_0004.jpg"]
    assert sorted(content(system / "files")) == ["IMG_0002.jpg", "IMG_0002.xmp", "IMG_0003.jpg"]
    assert len(rows(photocull, shoot)) == 2
    back = photocull("trash", "--undo")
    assert (back.code, back.out[:27]) == (0, "Undone: 2 photos (3 files, ")
    assert content(shoot) == before
    assert content(system) == {}
    assert [row.pick for row in rows(photocull, shoot)] == [None, "reject", "reject", "pick"]


def test_what_was_in_the_trash_under_the_same_name_stays_there(photocull: Photocull, shoot: Path, system: Path) -> None:
    for part in ("files", "info"):
        (system / part).mkdir(parents=True)
    (system / "files" / "IMG_0002.jpg").write_bytes(b"older")
    note = f"[Trash Info]\nPath={shoot / 'IMG_0002.jpg'}\nDeletionDate=2020-01-01T00:00:00\n"
    (system / "info" / "IMG_0002.jpg.trashinfo").write_text(note)
    before = content(shoot)
    photocull("trash", shoot, "--rejected", "--yes")
    assert photocull("trash", "--undo").code == 0
    assert content(shoot) == before
    assert content(system / "files") == {"IMG_0002.jpg": b"older"}


def test_an_emptied_trash_is_told_and_the_rest_comes_back(photocull: Photocull, shoot: Path, system: Path) -> None:
    photocull("trash", shoot, "--rejected", "--yes")
    (system / "files" / "IMG_0003.jpg").unlink()
    back = photocull("trash", "--undo")
    assert back.code == 1
    assert back.err.splitlines()[0].endswith(
        "It is no longer where it was moved to. Look for it in the system's trash."
    )
    assert sorted(content(shoot)) == ["IMG_0001.jpg", "IMG_0002.jpg", "IMG_0002.xmp", "IMG_0004.jpg"]


def test_a_kill_between_the_trash_and_the_journal_loses_nothing(
    photocull: Photocull, shoot: Path, system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(shoot)

    def cut_off(path: Path) -> None:
        system_trash.discard(path)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("photocull.picks.export.discard", cut_off)
        assert photocull("trash", shoot, "--rejected", "--yes").code == 130
    assert len(content(system / "files")) == 1
    assert photocull("trash", shoot, "--rejected", "--yes").code == 0
    assert sorted(content(system / "files")) == ["IMG_0002.jpg", "IMG_0002.xmp", "IMG_0003.jpg"]
    assert photocull("trash", "--undo").code == 0
    assert content(shoot) == before


def test_a_folder_of_one_s_own_takes_them_too(photocull: Photocull, shoot: Path, tmp_path: Path) -> None:
    before = content(shoot)
    assert photocull("trash", shoot, "--rejected", "--to", tmp_path / "bin", "--yes").code == 0
    assert sorted(content(tmp_path / "bin")) == ["IMG_0002.jpg", "IMG_0002.xmp", "IMG_0003.jpg"]
    assert photocull("export", "--undo").code == 2
    assert photocull("trash", "--undo", "--to", tmp_path / "bin").code == 0
    assert content(shoot) == before


def test_it_asks_and_a_dry_run_only_shows(photocull: Photocull, shoot: Path) -> None:
    before = content(shoot)
    assert "--yes" in photocull("trash", shoot, "--rejected").err
    shown = photocull("trash", shoot, "--rejected", "--dry-run")
    assert shown.code == 0
    assert f"{shoot / 'IMG_0002.xmp'} -> the system's trash" in shown.out.splitlines()
    assert content(shoot) == before


def test_nothing_but_rejects_goes(photocull: Photocull, shoot: Path) -> None:
    assert photocull("trash", shoot, "--yes").code == 2
    assert photocull("trash", "--rejected", "--yes").code == 2
    mark(photocull, shoot, IMG_0002="pick", IMG_0003="pick")
    answer = photocull("trash", shoot, "--rejected", "--yes")
    assert (answer.code, answer.out) == (0, f"Nothing to do: no photo under {shoot} fits the choice.\n")


@pytest.mark.skipif(os.name == "nt", reason="that is where the names of the notes come from")
def test_the_recycle_bin_s_notes_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "$Recycle.Bin" / "S-1-5-21"
    own.mkdir(parents=True)
    (own / "$RABCDEF.jpg").write_bytes(b"pixels")
    where = "C:\\Photos\\a.jpg"
    head = (2).to_bytes(8, "little") + (6).to_bytes(8, "little") + (7).to_bytes(8, "little")
    (own / "$IABCDEF.jpg").write_bytes(head + len(where).to_bytes(4, "little") + f"{where}\0".encode("utf-16-le"))
    found = list(system_trash._recycled(tmp_path / "$Recycle.Bin", Path(where)))
    assert found == [own / "$RABCDEF.jpg"]
    system_trash.forget(found[0])
    assert not (own / "$IABCDEF.jpg").exists()


def test_a_file_of_another_time_is_not_taken_for_it(shoot: Path, system: Path) -> None:
    path = shoot / "IMG_0001.jpg"
    state = path.stat()
    system_trash.discard(path)
    assert find_in_trash(path, state.st_size, state.st_mtime_ns) == system / "files" / "IMG_0001.jpg"
    assert find_in_trash(path, state.st_size, state.st_mtime_ns + 10**10) is None


def test_rejects_that_only_a_policy_made_are_told_before_they_go(photocull: Photocull, shoot: Path) -> None:
    own = photocull("trash", shoot, "--rejected", "--dry-run")
    assert own.err == ""
    with open_catalog(photocull.kept) as catalog:
        first = next(row.id for row in rows(photocull, shoot) if row.path.stem == "IMG_0001")
        catalog.writer.decide([Decision(first, "pick", "reject", "policy", "blurred")], initiator="policy:x").result()
    mixed = photocull("trash", shoot, "--rejected", "--dry-run")
    assert mixed.err == "1 of 3 rejected by a rating policy, not by you.\n"
    assert "IMG_0001.jpg" in mixed.out


def test_only_what_goes_is_counted_and_where_nothing_can_it_says_no_more(photocull: Photocull, shoot: Path) -> None:
    mark(photocull, shoot, IMG_0002="pick", IMG_0003="pick")
    with open_catalog(photocull.kept) as catalog:
        first = next(row.id for row in rows(photocull, shoot) if row.path.stem == "IMG_0001")
        catalog.writer.decide([Decision(first, "pick", "reject", "policy", "blurred")], initiator="policy:x").result()
    (shoot / "IMG_0001.jpg").rename(shoot.parent / "elsewhere.jpg")
    (shoot / "IMG_0001.jpg").symlink_to(shoot.parent / "elsewhere.jpg")
    answer = photocull("trash", shoot, "--rejected", "--yes")
    assert (answer.code, answer.out) == (
        1,
        "Nothing to do: every photo that fits the choice has to stay where it is.\n",
    )
    (line,) = answer.err.splitlines()
    assert line.endswith("IMG_0001.jpg cannot go: it is a link, and only files themselves are moved.")
    assert (
        json.loads(photocull("trash", shoot, "--rejected", "--yes", "--format", "json").out)[0]["status"] == "left out"
    )


def test_an_export_tells_of_flags_that_only_a_policy_gave_too(
    photocull: Photocull, shoot: Path, tmp_path: Path
) -> None:
    mark(photocull, shoot, IMG_0002="pick", IMG_0003="reject", IMG_0004="pick")
    call = ("export", shoot, "--to", tmp_path / "out", "--dry-run")
    assert photocull(*call).err == ""
    with open_catalog(photocull.kept) as catalog:
        ids = {row.path.stem: row.id for row in rows(photocull, shoot)}
        decisions = [Decision(ids["IMG_0001"], "pick", "pick", "policy", "best")]
        catalog.writer.decide(decisions, initiator="policy:strict").result()
    assert photocull(*call).err == "1 of 3 picked by a rating policy, not by you.\n"
    with open_catalog(photocull.kept) as catalog:
        decisions = [Decision(ids["IMG_0001"], "pick", "reject", "policy", "blurred")]
        catalog.writer.decide(decisions, initiator="policy:strict").result()
    assert photocull(*call, "--rejected", "--move").err == "1 of 2 rejected by a rating policy, not by you.\n"
    assert photocull(*call, "--count", 4).err == "", "those were not chosen by a flag"
