"""What a network sees: each photo once an epoch, draws from seed, epoch and photo alone, squares as the product's."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.core.errors import CancelledError, UnreadablePhotoError
from photocull.core.work import CancelToken, Event, Problem
from photocull.judge.networks.squares import square_input
from photocull.training.material import product_pixels
from photocull.training.network_batches import Reader, epoch_batches, portions, step_seed, varied
from photocull.training.square_store import SquareStore, unreadable
from tests.building import make_folder, make_photo

torch = pytest.importorskip("torch", reason="the recipes of these tests need PyTorch")

from tests.training.network_runs import DrawnSquares, lessons, toy_recipe  # noqa: E402  needs PyTorch


@given(count=st.integers(2, 200), batch=st.integers(2, 50), step=st.integers(1, 60), epoch=st.integers(1, 9))
def test_an_epoch_shows_each_photo_once_and_none_alone(count: int, batch: int, step: int, epoch: int) -> None:
    recipe = toy_recipe(batch=batch, step=step)
    batches = epoch_batches(count, recipe, epoch)
    assert sorted(np.concatenate(batches)) == list(range(count))
    assert all(2 <= len(rows) <= batch + 1 for rows in batches)
    for rows in batches:
        parts = portions(rows, step)
        assert np.array_equal(np.concatenate(parts), rows)
        assert all(len(part) <= max(step, 1) + (step > 1) for part in parts)
        assert step == 1 or all(len(part) > 1 for part in parts)


def test_order_and_draws_differ_by_epoch_and_seed_and_come_again() -> None:
    recipe, other = toy_recipe(), toy_recipe(seed=1)
    orders = [np.concatenate(epoch_batches(50, *of)) for of in ((recipe, 1), (recipe, 2), (other, 1))]
    assert not any(np.array_equal(orders[a], orders[b]) for a, b in ((0, 1), (0, 2), (1, 2)))
    assert np.array_equal(orders[0], np.concatenate(epoch_batches(50, recipe, 1)))
    assert (
        len({step_seed(seed, epoch, (b, p)) for seed in (0, 1) for epoch in (1, 2) for b in (0, 1) for p in (0, 1)})
        == 16
    )


def test_a_photo_is_mirrored_and_cut_at_random_but_the_same_in_the_same_epoch() -> None:
    square = np.arange(24 * 24 * 3, dtype=np.uint32).reshape(24, 24, 3).astype(np.uint8)
    recipe = toy_recipe()
    seen = [varied(square, recipe, epoch, 5) for epoch in range(40)]
    assert all(values.shape == (3, 20, 20) and values.dtype == np.float32 for values in seen)
    assert len({values.tobytes() for values in seen}) > 20
    assert np.array_equal(seen[3], varied(square, recipe, 3, 5))
    whole = dataclasses.replace(recipe, resize=20, flip=0.0)
    plain = {varied(square[:20, :20], whole, epoch, 5).tobytes() for epoch in range(10)}
    assert len(plain) == 1


def test_draws_do_not_hang_on_where_reading_begins() -> None:
    recipe, drawn = toy_recipe(batch=4, step=2), lessons(13)
    reader = Reader(DrawnSquares(), recipe, lambda event: None)
    whole = list(reader.training(drawn, 2))
    rest = list(reader.training(drawn, 2, first=2))
    assert [portion.place for portion in whole][-len(rest) :] == [portion.place for portion in rest]
    for one, other in zip(whole[-len(rest) :], rest, strict=True):
        assert np.array_equal(one.inputs, other.inputs)
        assert np.array_equal(one.wanted, other.wanted)
        assert (one.share, one.last) == (other.share, other.last)
    assert sum(portion.share for portion in whole if portion.place[0] == 1) == pytest.approx(1)


def test_measured_photos_look_as_when_they_are_scored(tmp_path: Path) -> None:
    path = make_photo(tmp_path / "a.jpg", size=(640, 400), seed=2)
    recipe = toy_recipe(resize=256, crop=224)
    store = SquareStore(tmp_path / "squares", limit_bytes=10**9, load=product_pixels)
    lesson = dataclasses.replace(lessons(1)[0], path=path)
    for _ in range(2):  # decoded, then from the disk
        (portion,) = Reader(store, recipe, lambda event: None).measuring([lesson])
        assert np.array_equal(portion.inputs[0], square_input(product_pixels(path)))


def test_a_photo_that_vanishes_costs_one_line_and_not_the_batch() -> None:
    squares, heard = DrawnSquares(), list[Event]()
    squares.gone.add("3")
    portions_read = list(Reader(squares, toy_recipe(), heard.append).training(lessons(13), 1))
    assert sum(len(portion.inputs) for portion in portions_read) == 12
    assert [event.path.name for event in heard if isinstance(event, Problem)] == ["3"]


def test_a_photo_is_decoded_once_and_a_changed_one_again(tmp_path: Path) -> None:
    decoded: list[Path] = []

    def load(path: Path) -> np.ndarray:
        decoded.append(path)
        return product_pixels(path)

    path = make_photo(tmp_path / "a.jpg", size=(90, 60), seed=1)
    folder = tmp_path / "squares"
    first = SquareStore(folder, limit_bytes=10**6, load=load).square(path, 32)
    again = SquareStore(folder, limit_bytes=10**6, load=load)
    assert np.array_equal(again.square(path, 32), first)
    assert len(decoded) == 1
    make_photo(path, size=(90, 60), seed=2)
    assert not np.array_equal(SquareStore(folder, limit_bytes=10**6, load=load).square(path, 32), first)


@pytest.mark.parametrize("damage", [b"", b"x" * 40, None])
def test_a_damaged_square_is_made_anew(damage: bytes | None, tmp_path: Path) -> None:
    path = make_photo(tmp_path / "a.jpg", size=(90, 60))
    store = SquareStore(tmp_path / "squares", limit_bytes=10**6, load=product_pixels)
    first = store.square(path, 32)
    (file,) = (tmp_path / "squares").glob("*/*")
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]) if damage is None else damage)
    assert np.array_equal(store.square(path, 32), first)
    assert file.read_bytes() == content


def test_squares_keep_within_their_bound_and_survive_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 4, size=(60, 40))
    one = 32 * 32 * 3 + 16
    store = SquareStore(tmp_path / "squares", limit_bytes=2 * one, load=product_pixels)
    seen = [store.square(path, 32) for path in paths]
    assert len(list((tmp_path / "squares").glob("*/*"))) == 2
    full = SquareStore(tmp_path / "squares", limit_bytes=2 * one, load=product_pixels)
    assert np.array_equal(full.square(paths[3], 32), seen[3])
    blocked = SquareStore(tmp_path / "blocked", limit_bytes=10**6, load=product_pixels)
    (tmp_path / "blocked").rmdir()
    (tmp_path / "blocked").write_bytes(b"no folder")
    assert np.array_equal(blocked.square(paths[0], 32), seen[0])


def test_every_photo_that_cannot_be_read_is_named_in_order(tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 5, size=(60, 40))
    paths[1].write_bytes(b"no photo")
    paths[3].unlink()
    store, steps = SquareStore(tmp_path / "squares", limit_bytes=10**6, load=product_pixels), list[int]()
    found = list(unreadable(store, paths, 32, CancelToken(), lambda: steps.append(1)))
    assert [error.path for error in found] == [paths[1], paths[3]]
    assert all(isinstance(error, UnreadablePhotoError) for error in found)
    assert len(steps) == 5


def test_reading_stops_when_asked(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    store = SquareStore(tmp_path / "squares", limit_bytes=10**6, load=product_pixels)
    with pytest.raises(CancelledError):
        list(unreadable(store, make_folder(tmp_path / "photos", 1), 32, token, lambda: None))
