"""Which file is a catalogue: what never was one is not replaced, and a link is what it leads to."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from photocull.catalog import kept, restore, soundness
from photocull.catalog.database import open_catalog
from photocull.core.errors import CatalogBusyError, CatalogDamagedError, CatalogError
from photocull.core.settings import folders
from tests.catalog.restoring import BEFORE, NOW, ratings
from tests.catalog.spoiling import spoil_head


@pytest.fixture
def location(file: Path) -> Path:
    """Backups are of files: a server has its own."""
    return file


def test_on_a_machine_without_a_catalogue_a_backup_becomes_the_persons_own(saved: Path, home: Path) -> None:
    assert restore.restore(folders().catalog, saved).aside is None
    assert ratings(folders().catalog) == BEFORE


@pytest.mark.parametrize("end", [{}, {"-wal": b"a log"}], ids=["alone", "a file named as a log beside it"])
@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0" + bytes(9000), b"GIF", b"SQLite format 2\0" + bytes(5000)])
def test_a_file_that_never_was_a_catalogue_is_not_damaged_and_nothing_replaces_it(
    saved: Path, tmp_path: Path, content: bytes, end: dict[str, bytes]
) -> None:
    photo = tmp_path / "photos" / "photo.jpg"
    photo.parent.mkdir()
    there = {"photo.jpg": content, **{photo.name + name: log for name, log in end.items()}}
    for name, data in there.items():
        (photo.parent / name).write_bytes(data)
    for act in (open_catalog, restore.start_anew, lambda place: restore.restore(place, saved)):
        with pytest.raises(CatalogError, match=r"not a catalogue\. Choose another file") as caught:
            act(photo)
        assert not isinstance(caught.value, CatalogDamagedError)
        assert {path.name: path.read_bytes() for path in photo.parent.iterdir()} == there


def test_at_its_usual_place_a_catalogue_of_which_nothing_is_left_can_be_begun_anew(home: Path) -> None:
    usual = folders().catalog
    usual.parent.mkdir(parents=True, exist_ok=True)
    usual.write_bytes(b"nonsense" * 1000)
    with pytest.raises(CatalogDamagedError):
        open_catalog(usual)
    aside = restore.start_anew(usual)
    assert aside is not None
    assert aside.read_bytes() == b"nonsense" * 1000
    assert ratings(usual) == {}


@pytest.mark.skipif("os.name == 'nt'", reason="links need a right there")
def test_a_link_to_the_catalogue_is_the_catalogue_and_stays_a_link(location: Path, saved: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.sqlite"
    link.parent.mkdir()
    link.symlink_to(location)
    for opened, replaced in ((link, location), (location, link)):
        with open_catalog(opened), pytest.raises(CatalogBusyError, match="open"):
            restore.restore(replaced, saved)
        with open_catalog(opened), pytest.raises(CatalogBusyError, match="open"):
            restore.start_anew(replaced)
    assert ratings(link) == NOW
    done = restore.restore(link, saved)
    assert done.aside is not None
    assert done.aside.parent == kept.folder_of(location)
    assert link.is_symlink()
    assert ratings(location) == BEFORE
    shutil.copyfile(saved, kept.new_name(location, kept.AUTOMATIC, datetime(2026, 11, 23, 14, 2).astimezone()))
    spoil_head(location)
    with pytest.raises(CatalogDamagedError, match="Put back the backup"):
        open_catalog(link)
    assert soundness.newest_sound(link) is not None
    restore.start_anew(link)
    assert (link.is_symlink(), location.exists()) == (True, False)
    assert [path.name for path in link.parent.iterdir()] == ["link.sqlite"]
