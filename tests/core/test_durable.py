"""Names that last: a folder is synced by itself, and one that is gone is no fault."""

import os
import stat
from pathlib import Path

import pytest

from photocull.core.durable import sync_folder


@pytest.mark.skipif(os.name != "posix", reason="other systems sync a folder's names by themselves")
def test_the_folder_itself_is_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle)))
    sync_folder(tmp_path)
    assert [(one.st_ino, stat.S_ISDIR(one.st_mode)) for one in synced] == [(tmp_path.stat().st_ino, True)]


def test_a_folder_that_is_gone_is_no_fault(tmp_path: Path) -> None:
    sync_folder(tmp_path / "gone")
