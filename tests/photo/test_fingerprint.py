"""A fingerprint follows the content, not the name."""

from pathlib import Path

import pytest

from photocull.core.errors import UnreadablePhotoError
from photocull.photo.fingerprint import fingerprint


def test_a_moved_file_keeps_its_fingerprint(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jpg", tmp_path / "b.nef"
    first.write_bytes(bytes(range(256)) * 4000)
    before = fingerprint(first)
    first.rename(second)
    assert fingerprint(second) == before
    assert len(before) == 32


@pytest.mark.parametrize("place", [0, 30_000, 512_000, 1_023_999])
def test_an_edit_at_start_middle_or_end_is_seen(tmp_path: Path, place: int) -> None:
    content = bytearray(bytes(range(256)) * 4000)
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    before = fingerprint(path)
    content[place] ^= 1
    path.write_bytes(content)
    assert fingerprint(path) != before


def test_a_longer_file_of_the_same_parts_differs(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    found = set()
    for size in (0, 1, 255 * 1024, 256 * 1024, 256 * 1024 + 1, 300 * 1024):
        path.write_bytes(bytes(size))
        found.add(fingerprint(path))
    assert len(found) == 6


def test_a_vanished_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePhotoError, match="no longer there"):
        fingerprint(tmp_path / "gone.jpg")
