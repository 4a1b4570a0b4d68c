"""Which files and folders are watched: hidden ones, links, circles, folders in each other, names that change little."""

import shutil
from pathlib import Path

import pytest

from tests.building import make_folder, make_photo
from tests.watch.conftest import Watch, rate


@pytest.mark.slow
def test_hidden_files_copies_in_progress_and_other_files_are_left_alone(watch: Watch, inbox: Path) -> None:
    watch.begin(inbox)
    for name in (".IMG_1.jpg.Xy12", "IMG_2.jpg.part", "notes.txt", ".hidden.jpg", "clip.mp4"):
        shutil.copy(make_photo(inbox.parent / "one.jpg"), inbox / name)
    (inbox / "@eaDir").mkdir()
    make_photo(inbox / "@eaDir" / "thumb.jpg", seed=5)
    make_photo(inbox / ".trash" / "old.jpg", seed=6)
    make_photo(inbox / "real.jpg", seed=7)
    watch.until(lambda: "real.jpg" in watch.scored())
    watch.quiet()
    assert set(watch.rows()) == {"real.jpg"}
    (inbox / ".IMG_1.jpg.Xy12").rename(inbox / "IMG_1.jpg")
    (inbox / "IMG_2.jpg.part").rename(inbox / "IMG_2.jpg")
    watch.until(lambda: {"IMG_1.jpg", "IMG_2.jpg"} <= watch.scored())


def test_the_catalogue_may_lie_in_the_watched_folder(watch: Watch, tmp_path: Path) -> None:
    folder = tmp_path
    make_photo(folder / "a.jpg", seed=1)
    watch.begin(folder)
    watch.until(lambda: "a.jpg" in watch.scored())
    watch.quiet()
    assert watch.looks == 1


@pytest.mark.slow
def test_linked_folders_are_heard_and_circles_end(watch: Watch, inbox: Path, tmp_path: Path) -> None:
    make_photo(tmp_path / "archive" / "old.jpg", seed=1)
    (inbox / "archive").symlink_to(tmp_path / "archive")
    (inbox / "circle").symlink_to(inbox)
    (tmp_path / "entry").symlink_to(inbox)
    watch.begin(tmp_path / "entry")
    watch.until(lambda: watch.scored() == {"old.jpg"})
    make_photo(tmp_path / "archive" / "new.jpg", seed=2)
    watch.until(lambda: "new.jpg" in watch.scored())
    make_photo(tmp_path / "second" / "late.jpg", seed=3)
    (inbox / "second").symlink_to(tmp_path / "second")
    watch.until(lambda: "late.jpg" in watch.scored())
    make_photo(tmp_path / "second" / "later.jpg", seed=4)
    watch.until(lambda: "later.jpg" in watch.scored())
    assert set(watch.seen.values()) == {1}
    assert {row.path.parts[-3] for row in watch.rows().values()} == {"entry"}


def test_folders_inside_each_other_are_watched_once(watch: Watch, inbox: Path) -> None:
    make_folder(inbox / "inner", 2)
    watch.begin(inbox / "inner", inbox, inbox)
    watch.until(lambda: len(watch.scored()) == 2)
    make_photo(inbox / "inner" / "new.jpg", seed=8)
    watch.until(lambda: "new.jpg" in watch.scored())
    watch.quiet()
    assert (set(watch.seen.values()), watch.looks) == ({1}, 1)


def test_a_name_that_changes_its_case_alone_is_the_same_photo(watch: Watch, inbox: Path) -> None:
    make_photo(inbox / "IMG.JPG", seed=1, format="JPEG")
    watch.begin(inbox)
    watch.until(lambda: watch.scored() == {"IMG.JPG"})
    rate(watch, "IMG.JPG", 3)
    (inbox / "IMG.JPG").rename(inbox / "img.jpg")
    watch.until(lambda: set(watch.rows()) == {"img.jpg"})
    assert watch.rows()["img.jpg"].rating == 3
