"""Ten thousand files at once: all are scored, each once, and what waits to be looked at stays bounded."""

import os
import shutil
import sys
import threading
import time
from pathlib import Path

import pytest

from photocull.watch import settling
from tests.watch.conftest import Watch
from tests.watch.storm import tiny_photos

COUNT = 10_000


@pytest.mark.slow
@pytest.mark.parametrize("way", ["copied", "moved in"])
def test_ten_thousand_files_at_once(watch: Watch, inbox: Path, tmp_path: Path, way: str) -> None:
    pouring = tmp_path / "card" if way == "moved in" else inbox / "card"
    waiting = [0]

    def pour() -> None:
        for number, content in enumerate(tiny_photos(COUNT)):
            folder = pouring / f"{number // 500:03}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"IMG_{number:05}.jpg").write_bytes(content)

    if way == "moved in":
        pour()
    watch.begin(inbox)
    assert watch.watching is not None
    files = watch.watching._settling._files
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.01):
            waiting[0] = max(waiting[0], len(files))

    looking = threading.Thread(target=look)
    looking.start()
    begun = time.monotonic()
    if way == "moved in":
        pouring.rename(inbox / "card")
    else:
        pour()
    try:
        watch.until(lambda: len(watch.scorer.seen) >= COUNT, "all judged", seconds=600)
        watch.quiet()
    finally:
        ended.set()
        looking.join()
    print(f"\n{way}: {COUNT} files, {time.monotonic() - begun:.0f} s, at most {waiting[0]} waiting")  # noqa: T201
    assert len(watch.scored()) == COUNT
    assert set(watch.seen.values()) == {1}
    assert waiting[0] <= settling.MOST_FILES + 1
    shutil.rmtree(inbox / "card")
    watch.until(lambda: not watch.rows(), "all gone", seconds=200)
    assert watch.catalog.check() == ()
    if sys.platform.startswith("linux"):
        assert len(os.listdir("/proc/self/fd")) < 200  # noqa: PTH208
