"""Photos by the names of their labels, wherever they lie below one folder."""

import os
from pathlib import Path

import pytest

from photocull.core.errors import TrainingError
from photocull.training.photos_on_disk import scan_data


def _photo(path: Path, content: bytes = b"a photo") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _found(folder: Path, *names: str, base: Path | None = None) -> list[Path | None]:
    return scan_data(folder).locate(names, base or folder)


def test_a_photo_is_found_by_its_name_wherever_it_lies(tmp_path: Path) -> None:
    photo = _photo(tmp_path / "deep" / "down" / "a.jpg")
    assert _found(tmp_path, "a.jpg", "b.jpg") == [photo, None]


def test_the_case_of_a_suffix_does_not_matter_that_of_the_name_does(tmp_path: Path) -> None:
    photo = _photo(tmp_path / "a.JPG")
    assert _found(tmp_path, "a.jpg", "A.jpg") == [photo, None]


def test_one_name_written_in_two_unicode_forms_is_one_name(tmp_path: Path) -> None:
    photo = _photo(tmp_path / "cafe\u0301.jpg")
    assert _found(tmp_path, "caf\u00e9.jpg") == [photo]


def test_a_label_with_folders_finds_the_photo_in_those_folders(tmp_path: Path) -> None:
    first = _photo(tmp_path / "photos" / "warm" / "red" / "1.jpg", b"1")
    second = _photo(tmp_path / "photos" / "cold" / "blue" / "1.jpg", b"2")
    assert _found(tmp_path, "warm/red/1.jpg", "cold/blue/1.jpg") == [first, second]


def test_a_label_with_folders_finds_a_photo_that_lies_flat(tmp_path: Path) -> None:
    photo = _photo(tmp_path / "all" / "1.jpg")
    assert _found(tmp_path, "warm/red/1.jpg", "cold/blue/1.jpg") == [photo, photo]


def test_a_photo_named_by_its_folder_is_not_given_to_another_label(tmp_path: Path) -> None:
    photo = _photo(tmp_path / "warm" / "red" / "1.jpg")
    assert _found(tmp_path, "warm/red/1.jpg", "cold/blue/1.jpg") == [photo, None]


def test_of_two_photos_of_one_name_the_one_beside_the_labels_is_taken(tmp_path: Path) -> None:
    near = _photo(tmp_path / "one" / "photos" / "a.jpg", b"1")
    _photo(tmp_path / "two" / "photos" / "a.jpg", b"2")
    assert _found(tmp_path, "a.jpg", base=tmp_path / "one" / "labels") == [near]


def test_two_different_photos_of_one_name_are_told(tmp_path: Path) -> None:
    _photo(tmp_path / "one" / "a.jpg", b"1")
    _photo(tmp_path / "two" / "a.jpg", b"2")
    with pytest.raises(TrainingError, match=r"Two different photos are called 'a.jpg'.*one.*two.*--data"):
        _found(tmp_path, "a.jpg")


def test_equal_copies_count_as_one_photo(tmp_path: Path) -> None:
    first = _photo(tmp_path / "one" / "a.jpg")
    _photo(tmp_path / "two" / "a.jpg")
    assert _found(tmp_path, "a.jpg") == [first]


def test_hidden_folders_and_those_of_systems_are_left_out(tmp_path: Path) -> None:
    photo = _photo(tmp_path / "a.jpg", b"1")
    _photo(tmp_path / ".thumbnails" / "a.jpg", b"2")
    _photo(tmp_path / "@eaDir" / "a.jpg", b"3")
    assert _found(tmp_path, "a.jpg") == [photo]


def test_links_that_lead_back_end(tmp_path: Path) -> None:
    photo = _photo(tmp_path / "photos" / "a.jpg")
    (tmp_path / "photos" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert _found(tmp_path, "a.jpg") == [photo]


def test_a_linked_folder_is_followed(tmp_path: Path) -> None:
    _photo(tmp_path / "elsewhere" / "a.jpg")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "photos").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert _found(tmp_path / "data", "a.jpg") == [tmp_path / "data" / "photos" / "a.jpg"]


def test_a_name_cannot_reach_outside_the_folder(tmp_path: Path) -> None:
    _photo(tmp_path / "secret.jpg")
    (tmp_path / "data").mkdir()
    assert _found(tmp_path / "data", "../secret.jpg", str(tmp_path / "secret.jpg")) == [None, None]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"cannot be read: No such file.*--data"):
        scan_data(tmp_path / "absent")


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        scan_data(_photo(tmp_path / "a.jpg"))


def test_a_folder_below_that_cannot_be_read_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = _photo(tmp_path / "open" / "a.jpg")
    closed = _photo(tmp_path / "closed" / "b.jpg").parent
    real = os.scandir

    def scandir(path: Path) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    folder = scan_data(tmp_path)
    assert folder.unread == (str(closed),)
    assert folder.locate(("a.jpg", "b.jpg"), tmp_path) == [photo, None]


def test_label_files_are_listed(tmp_path: Path) -> None:
    for name in ("b.csv", "a.txt", "c.jpgl", "d.json", "photo.jpg"):
        _photo(tmp_path / name)
    assert [path.name for path in scan_data(tmp_path).labels] == ["a.txt", "b.csv", "c.jpgl"]
