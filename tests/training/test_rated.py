"""Which set lies in a folder, what is told when that is not clear, and what is kept for validation."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.core.errors import TrainingError
from photocull.training.assembling import held_out
from photocull.training.rated import DATASETS, read_set, report
from tests.training.layouts import draw, make_icaa17k, make_tad66k, write_csv

_SEA = {"sea": [("train", "a.jpg", 2.5), ("train", "b.jpg", 7.0), ("test", "c.jpg", 5.0)]}
_COLOUR = [("train", "monochromatic/white/x.jpg", 3.0, 2.5), ("test", "monochromatic/blue/y.jpg", 8.0, 7.5)]


def test_several_sets_in_one_folder_are_listed_and_one_can_be_chosen(tmp_path: Path) -> None:
    make_tad66k(tmp_path / "one", _SEA)
    make_icaa17k(tmp_path / "two", _COLOUR)
    with pytest.raises(TrainingError, match=r"Several sets lie here: icaa17k, tad66k\. Choose one with --dataset"):
        read_set(tmp_path)
    assert [read_set(tmp_path, name).name for name in ("tad66k", "icaa17k")] == ["tad66k", "icaa17k"]


def test_one_set_in_two_places_is_told(tmp_path: Path) -> None:
    make_tad66k(tmp_path / "one", _SEA)
    make_tad66k(tmp_path / "two", _SEA)
    with pytest.raises(TrainingError, match=r"labels of tad66k lie in 2 places: .*one.*two.*--data"):
        read_set(tmp_path)


def test_a_folder_without_labels_says_what_they_look_like(tmp_path: Path) -> None:
    draw(tmp_path, ("a.jpg",))
    write_csv(tmp_path / "notes.csv", "what,when", [("nothing", "never")])
    with pytest.raises(TrainingError, match=r"No label file of a known set lies here.*merge/train\.csv"):
        read_set(tmp_path)
    with pytest.raises(TrainingError, match=r"No label file of 'spaq'.*spaqTrain\.csv"):
        read_set(tmp_path, "spaq")


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"'coco' is not a known set\. Known sets: tad66k, ava, icaa17k"):
        read_set(tmp_path, "coco")


def test_labels_without_any_photo_are_an_error_with_a_remedy(tmp_path: Path) -> None:
    make_tad66k(tmp_path, _SEA)
    for photo in (tmp_path / "photos").iterdir():
        photo.unlink()
    with pytest.raises(TrainingError, match=r"None of the 3 photos of tad66k is there.*--data"):
        read_set(tmp_path)


def test_a_set_that_labels_no_photo_is_an_error(tmp_path: Path) -> None:
    make_tad66k(tmp_path, {"sea": []})
    with pytest.raises(TrainingError, match="No photo is labelled"):
        read_set(tmp_path)


def test_only_the_first_missing_photos_are_named(tmp_path: Path) -> None:
    entries = [("train", f"{k}.jpg", 5.0) for k in range(9)] + [("test", "t.jpg", 5.0)]
    make_tad66k(tmp_path, {"sea": entries})
    for k in range(8):
        (tmp_path / "photos" / f"{k}.jpg").unlink()
    lines = report(read_set(tmp_path))
    assert lines[1].startswith("Missing: 0.jpg, 1.jpg, 2.jpg and 5 more (")
    assert len(lines[1]) < 100


def test_a_relative_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_tad66k(tmp_path / "sets", _SEA)
    monkeypatch.chdir(tmp_path)
    assert all(photo.path.is_absolute() for photo in read_set(Path("sets")).photos)


def test_reading_twice_gives_the_same_set(tmp_path: Path) -> None:
    make_tad66k(tmp_path, {"sea": [("train", f"{k}.jpg", 5.0) for k in range(30)] + [("test", "t.jpg", 5.0)]})
    assert read_set(tmp_path) == read_set(tmp_path)


def test_about_a_tenth_is_kept_for_validation() -> None:
    names = [f"photo{k}.jpg" for k in range(20000)]
    assert 0.095 < len(held_out(names)) / len(names) < 0.105


def test_these_photos_are_kept_for_validation_for_good() -> None:
    names = ["lanphere54810922.jpg", *(f"{k}.jpg" for k in range(30))]
    assert sorted(held_out(names)) == ["11.jpg", "12.jpg", "lanphere54810922.jpg"]


@given(st.lists(st.text(min_size=1, max_size=8), min_size=2, unique=True), st.randoms())
def test_what_is_kept_hangs_on_the_names_alone(names: list[str], random: object) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)
    kept = held_out(names)
    assert kept == held_out(shuffled)
    assert kept
    assert kept <= set(names)


def test_a_lone_photo_is_trained_on() -> None:
    assert held_out(["a.jpg"]) == frozenset()


@pytest.mark.parametrize("name", DATASETS)
def test_every_known_set_says_what_its_labels_look_like(tmp_path: Path, name: str) -> None:
    with pytest.raises(TrainingError) as told:
        read_set(tmp_path, name)
    assert told.value.sentence == f"No label file of '{name}' lies here."
    assert f"Expected {name}: " in str(told.value)
