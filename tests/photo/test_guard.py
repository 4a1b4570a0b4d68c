"""What a decoder dies of, hangs in or wants too much memory for costs that one file a sentence, and nobody else."""

import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from PIL import Image

from photocull.core.errors import CancelledError, UnreadablePhotoError
from photocull.core.types import DecodedPhoto
from photocull.core.work import CancelToken
from photocull.photo import decode as decoding
from photocull.photo import guard, helper, keeper
from photocull.photo.decode import decode, decode_here, full_here, load_full, load_preview, preview_here
from photocull.photo.exif import exif_here, read_exif
from tests.building import make_photo
from tests.photo import faulty
from tests.photo.reading import large, opened, oriented, photo, reason, save
from tests.photo.test_raw import dng, jpeg_of

KINDS = ("a.tif", "b.avif", "c.jp2", "d.dng", "e.nef")
"""One file of each guarded format that can be written here; HEIC and JPEG XL are of the shared photos."""


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> Iterator[keeper.Helpers]:
    """Helpers of this test alone, so that the first file meets a fresh one."""
    own = keeper.Helpers()
    monkeypatch.setattr(guard, "helpers", own)
    yield own
    own.close()


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch, helpers: keeper.Helpers) -> keeper.Helpers:
    """Helpers whose decoder fails on files that are named so."""
    monkeypatch.setattr(keeper, "_BEGIN", faulty.BEGIN)
    return helpers


def photos(folder: Path) -> list[Path]:
    make_photo(folder / "a.tif", size=(900, 700), orientation=6)
    make_photo(folder / "b.avif", size=(900, 700), seed=2)
    save(folder / "c.jp2", large(600, 400), exif=oriented(8))
    (folder / "d.dng").write_bytes(dng((1200, 800), jpeg_of(1200, 800), 8))
    (folder / "e.nef").write_bytes(dng())
    return [folder / name for name in KINDS]


def same(one: DecodedPhoto, other: DecodedPhoto) -> bool:
    facts = [(d.photo, d.width, d.height, d.exif, d.fingerprint, d.notes) for d in (one, other)]
    places = [[(c.x, c.y, c.width, c.height) for c in d.crops] for d in (one, other)]
    pictures = [(d.preview, *(c.pixels for c in d.crops)) for d in (one, other)]
    return facts[0] == facts[1] and places[0] == places[1] and all(map(np.array_equal, *pictures))


def test_what_a_helper_reads_is_what_this_process_would_read_to_the_last_bit(tmp_path: Path) -> None:
    for path in photos(tmp_path):
        assert guard.guarded(path)
        assert same(decode(photo(path)), decode_here(photo(path), path, None)), path
        assert np.array_equal(load_preview(path, 300), preview_here(path, 300))
        assert np.array_equal(load_full(path), full_here(path))
        assert read_exif(path) == exif_here(path)


def test_pixels_of_a_helper_can_be_written_to_as_any(tmp_path: Path) -> None:
    path, *_ = photos(tmp_path)
    load_preview(path, 300)[:] = 0


@pytest.mark.slow
def test_every_guarded_file_of_the_shared_photos_is_the_same_either_way(shared: Path) -> None:
    files = [path for path in sorted((shared / "data" / "photos").rglob("*")) if path.is_file()]
    checked = 0
    for path in (path for path in files if guard.guarded(path)):
        outcomes: list[DecodedPhoto | str] = []
        for way in (lambda p: decode(photo(p)), lambda p: decode_here(photo(p), p, None)):
            try:
                outcomes.append(way(path))
            except UnreadablePhotoError as error:
                outcomes.append(error.sentence)
        one, other = outcomes
        assert one == other if isinstance(one, str) or isinstance(other, str) else same(one, other), path
        checked += 1
    assert checked > 80


def test_the_decoders_that_are_guarded_never_run_in_this_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = photos(tmp_path)
    shutil.copy(made[1], tmp_path / "seems_harmless.jpg")

    def here(*_: object, **__: object) -> None:
        raise AssertionError("decoded in this process")

    monkeypatch.setattr(decoding, "open_view", here)
    for path in (*made, tmp_path / "seems_harmless.jpg"):
        assert opened(path).preview.any()
    with pytest.raises(UnreadablePhotoError):
        opened(make_photo(tmp_path / "plain.jpg"))


def test_a_decoder_that_dies_costs_one_sentence(tmp_path: Path, faults: keeper.Helpers) -> None:
    good, bad = make_photo(tmp_path / "good.tif"), make_photo(tmp_path / "dies.tif")
    assert opened(good).width == 640
    assert reason(bad) == guard.GAVE_UP
    assert opened(good).width == 640


def test_a_file_that_a_decoder_dies_of_ends_two_helpers_and_not_all_that_are_free(
    tmp_path: Path, faults: keeper.Helpers
) -> None:
    bad, good = make_photo(tmp_path / "dies.tif"), [make_photo(tmp_path / f"{n}.tif", seed=n) for n in range(4)]
    with ThreadPoolExecutor(4) as threads:
        together = Barrier(4)
        list(threads.map(lambda path: (together.wait(60), opened(path)), good))
    free = len(faults._idle)
    assert reason(bad) == guard.GAVE_UP
    assert len(faults._idle) == free - 1


def test_who_was_hurt_by_the_file_before_is_read_again(tmp_path: Path, faults: keeper.Helpers) -> None:
    hurting, hurt = make_photo(tmp_path / "hurts.tif"), make_photo(tmp_path / "hurt.tif", seed=1)
    assert opened(hurting).width == 640
    assert opened(hurt).width == 640


@pytest.mark.slow
@pytest.mark.skipif("os.name == 'nt'", reason="processor time is limited by Unix")
def test_a_decoder_that_spins_is_ended(tmp_path: Path, faults: keeper.Helpers) -> None:
    begun = time.monotonic()
    assert reason(make_photo(tmp_path / "spins.tif")) == guard.TOOK_TOO_LONG
    assert time.monotonic() - begun < 5 * helper.SPARE_SECONDS  # by the clock of a busy machine


def test_a_decoder_that_waits_for_ever_is_ended(
    tmp_path: Path, faults: keeper.Helpers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened(make_photo(tmp_path / "warm.tif")).width == 640
    monkeypatch.setattr(guard, "_DECODING_SECONDS", 0.5)
    assert reason(make_photo(tmp_path / "sleeps.tif", size=(64, 48))) == guard.TOOK_TOO_LONG


@pytest.mark.skipif("sys.platform != 'linux'", reason="memory is limited on Linux")
def test_a_decoder_that_wants_a_gigabyte_for_a_small_file_does_not_get_it(
    tmp_path: Path, faults: keeper.Helpers
) -> None:
    with pytest.raises(UnreadablePhotoError, match="memory") as caught:
        opened(make_photo(tmp_path / "eats.tif", size=(64, 48)))
    assert isinstance(caught.value.__cause__, MemoryError)


@pytest.mark.skipif("os.name == 'nt'", reason="no such signal there")
def test_a_helper_that_the_system_ends_for_want_of_memory_does_not_make_a_file_bad(
    tmp_path: Path, faults: keeper.Helpers
) -> None:
    with pytest.raises(UnreadablePhotoError, match="want of memory") as caught:
        opened(make_photo(tmp_path / "shot.tif"))
    assert isinstance(caught.value.__cause__, MemoryError)


def test_who_stops_the_run_does_not_wait_for_a_decoder(tmp_path: Path, faults: keeper.Helpers) -> None:
    token = CancelToken()
    token.cancel()
    begun = time.monotonic()
    with pytest.raises(CancelledError):
        decode(photo(make_photo(tmp_path / "sleeps.tif")), token=token)
    assert time.monotonic() - begun < 20


def test_a_system_without_room_for_another_process_is_told_and_no_fault_of_the_file(
    tmp_path: Path, helpers: keeper.Helpers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(keeper.subprocess, "Popen", refuse)
    with pytest.raises(UnreadablePhotoError, match="could not start") as caught:
        opened(make_photo(tmp_path / "a.tif"))
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno


def test_a_file_that_is_not_there_or_no_picture_reads_the_same_from_a_helper(tmp_path: Path) -> None:
    (tmp_path / "folder.heic").mkdir()
    (tmp_path / "empty.tif").write_bytes(b"")
    (tmp_path / "text.cr3").write_text("no picture at all")
    for name, words in {
        "gone.heic": "no longer",
        "folder.heic": "folder",
        "empty.tif": "empty",
        "text.cr3": "cut off",
    }.items():
        assert words in reason(tmp_path / name), name


@pytest.mark.skipif("os.name == 'nt'", reason="names are text on Windows")
def test_names_of_any_bytes_reach_a_helper(tmp_path: Path) -> None:
    made = make_photo(tmp_path / "a.tif")
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n\xf0\x9f\x93\xb7\xe2\x80\xae.tif"))
    made.rename(odd)
    assert opened(odd).width == 640


def test_a_picture_of_a_pixel_travels_too(tmp_path: Path) -> None:
    assert opened(save(tmp_path / "a.tif", Image.new("L", (1, 1), 7))).preview.tolist() == [[[7, 7, 7]]]
