"""The content of a small file: here, or by a helper process where its drive may fall silent."""

import os
from pathlib import Path

import pytest

from photocull.core.errors import UnreadablePhotoError
from photocull.photo import content
from photocull.photo.content import content_of


@pytest.mark.parametrize("far", [False, True], ids=["here", "by a helper"])
def test_as_much_as_is_asked_for_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, far: bool) -> None:
    if far:
        monkeypatch.setattr(content, "silent_drive", lambda _path: tmp_path)
        monkeypatch.setattr(content, "content_here", lambda *_: pytest.fail("it was read in this process"))
    path = tmp_path / "a.xmp"
    path.write_bytes(bytes(range(256)) * 40)
    assert content_of(path, 100_000) == path.read_bytes()
    assert content_of(path, 10) == bytes(range(10))
    with pytest.raises(FileNotFoundError):
        content_of(tmp_path / "none.xmp", 10)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.xmp")
    with pytest.raises(UnreadablePhotoError, match="pipe"):
        content_of(tmp_path / "a.xmp", 10)
