"""The preview store: bounded, for all threads, never a reason to fail."""

import io
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photocull.core.types import Pixels
from photocull.photo.previews import PreviewStore

GENEROUS = 100_000_000


def picture(width: int, height: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


def size_of(jpeg: bytes | None) -> tuple[int, int]:
    assert jpeg is not None
    return Image.open(io.BytesIO(jpeg)).size


def test_the_smallest_picture_that_is_large_enough_comes_back(tmp_path: Path) -> None:
    with PreviewStore(tmp_path / "p.sqlite", limit_bytes=GENEROUS) as store:
        store.put("a", picture(1440, 960))
        assert size_of(store.get("a", 200)) == (512, 341)
        assert size_of(store.get("a", 512)) == (512, 341)
        assert size_of(store.get("a", 513)) == (1440, 960)
        assert size_of(store.get("a", 5000)) == (1440, 960)
        assert store.get("b", 200) is None


def test_a_small_photo_is_not_enlarged_and_a_large_one_is_reduced(tmp_path: Path) -> None:
    with PreviewStore(tmp_path / "p.sqlite", limit_bytes=GENEROUS) as store:
        store.put("small", picture(100, 40))
        store.put("large", picture(1000, 3000))
        assert size_of(store.get("small", 1440)) == (100, 40)
        assert size_of(store.get("large", 1440)) == (480, 1440)


def test_previews_outlive_the_program(tmp_path: Path) -> None:
    with PreviewStore(tmp_path / "p.sqlite", limit_bytes=GENEROUS) as store:
        store.put("a", picture(600, 400))
    with PreviewStore(tmp_path / "p.sqlite", limit_bytes=GENEROUS) as store:
        assert store.get("a", 512) is not None


def test_an_edited_photo_replaces_its_previews(tmp_path: Path) -> None:
    with PreviewStore(tmp_path / "p.sqlite", limit_bytes=GENEROUS) as store:
        store.put("a", picture(1440, 960))
        store.put("a", picture(300, 200))
        assert size_of(store.get("a", 1440)) == (300, 200)


def test_the_least_recently_used_go_when_the_limit_is_reached(tmp_path: Path) -> None:
    with PreviewStore(tmp_path / "p.sqlite", limit_bytes=600_000) as store:
        for number in range(4):
            store.put(str(number), picture(400, 300, number))
        for number in range(4, 30):
            assert store.get("0", 100) is not None
            store.put(str(number), picture(400, 300, number))
        assert store.get("1", 100) is None
        assert store.get("29", 100) is not None
    connection = sqlite3.connect(tmp_path / "p.sqlite")
    total = connection.execute("SELECT sum(length(jpeg)) FROM previews").fetchone()[0]
    connection.close()
    assert 300_000 < total <= 600_000


def test_a_lowered_limit_shrinks_the_file(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    with PreviewStore(path, limit_bytes=GENEROUS) as store:
        for number in range(20):
            store.put(str(number), picture(400, 300, number))
    before = path.stat().st_size
    with PreviewStore(path, limit_bytes=200_000):
        pass
    assert path.stat().st_size < before / 4


@pytest.mark.parametrize("rubbish", [b"", b"not a database", b"SQLite format 3\x00" + bytes(5000)])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "p.sqlite"
    path.write_bytes(rubbish)
    with PreviewStore(path, limit_bytes=GENEROUS) as store:
        store.put("a", picture(600, 400))
        assert store.get("a", 512) is not None


def test_damage_in_the_middle_of_a_run_loses_previews_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    with PreviewStore(path, limit_bytes=GENEROUS) as store:
        for number in range(30):
            store.put(str(number), picture(400, 300, number))
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(len(content) - 4096))
    with PreviewStore(path, limit_bytes=GENEROUS) as store:
        for number in range(30):
            store.get(str(number), 100)
            store.put(str(number), picture(400, 300, number))
        assert store.get("29", 100) is not None


def test_a_file_deleted_while_in_use_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    with PreviewStore(path, limit_bytes=GENEROUS) as store:
        store.put("a", picture(600, 400))
        for each in tmp_path.iterdir():
            each.unlink()
        assert store.get("a", 512) is None
        store.put("b", picture(600, 400))
        assert store.get("b", 512) is not None
    assert path.exists()


def test_a_full_disk_stores_nothing_and_fails_nothing(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    with PreviewStore(path, limit_bytes=GENEROUS) as store:
        store.put("a", picture(200, 100))
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[union-attr]
        store._connection.execute(f"PRAGMA max_page_count = {pages + 4}")  # type: ignore[union-attr]
        store.put("b", picture(1440, 1000))
        assert store.get("b", 100) is None
        assert store.get("a", 100) is not None


def test_a_folder_that_cannot_be_written_gives_an_empty_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with PreviewStore(tmp_path / "file" / "p.sqlite", limit_bytes=GENEROUS) as store:
        store.put("a", picture(100, 100))
        assert store.get("a", 100) is None


def test_a_closed_store_is_silent(tmp_path: Path) -> None:
    store = PreviewStore(tmp_path / "p.sqlite", limit_bytes=GENEROUS)
    store.close()
    store.close()
    store.put("a", picture(100, 100))
    assert store.get("a", 100) is None


def test_a_store_of_another_version_is_emptied(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE previews (other TEXT); PRAGMA user_version = 99;")
    connection.close()
    with PreviewStore(path, limit_bytes=GENEROUS) as store:
        store.put("a", picture(100, 100))
        assert store.get("a", 100) is not None


def test_many_threads_share_a_store(tmp_path: Path) -> None:
    missing: list[str] = []
    with PreviewStore(tmp_path / "p.sqlite", limit_bytes=GENEROUS) as store:

        def work(name: str) -> None:
            for number in range(10):
                store.put(f"{name}{number}", picture(120, 80, number))
                if store.get(f"{name}{number}", 100) is None:
                    missing.append(f"{name}{number}")

        threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not missing
