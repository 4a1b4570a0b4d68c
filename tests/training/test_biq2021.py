"""BIQ2021 as published and as one list with splits."""

from pathlib import Path

import pytest

from photocull.core.errors import TrainingError
from photocull.training.datasets import read_biq2021
from photocull.training.rated import read_set
from tests.training.layouts import by_name, draw, write_csv


def test_the_published_lists_are_read(tmp_path: Path) -> None:
    write_csv(tmp_path / "Train (Images and MOS).csv", "Image Name,MOS", [("ss01 (10).jpg", 0.25)])
    write_csv(tmp_path / "Test (Images and MOS).csv", "Image Name,MOS", [("ss03 (7805).jpg", 0.7321)])
    draw(tmp_path / "Images", ("ss01 (10).jpg", "ss03 (7805).jpg"))
    rated = read_set(tmp_path)
    assert (rated.name, rated.kind, rated.low, rated.high) == ("biq2021", "score", 0, 1)
    photo = by_name(rated)["ss03 (7805).jpg"]
    assert (photo.split, photo.opinion, photo.targets) == ("test", 0.7321, (0.7321,))
    assert by_name(rated)["ss01 (10).jpg"].split == "train"


def test_one_list_with_splits_is_taken_as_it_is(tmp_path: Path) -> None:
    rows = [(f"{k}.jpg", k / 40, "validation" if k % 4 == 0 else "train") for k in range(40)]
    write_csv(tmp_path / "biq2021" / "labels.csv", "file,mos,split", rows)
    draw(tmp_path / "biq2021" / "photos", (f"{k}.jpg" for k in range(40)))
    rated = read_set(tmp_path)
    assert {photo.name for photo in rated.of("validation")} == {f"{k}.jpg" for k in range(0, 40, 4)}
    assert len(rated.of("train")) == 30


def test_an_unknown_split_is_told_with_its_line(tmp_path: Path) -> None:
    write_csv(tmp_path / "labels.csv", "file,mos,split", [("a.jpg", 0.5, "train"), ("b.jpg", 0.5, "trial")])
    with pytest.raises(TrainingError, match="Line 3: the split 'trial' is none of train, validation, test"):
        read_set(tmp_path)


def test_both_readers_agree_on_the_photos_beside_the_repository(shared: Path) -> None:
    rated = read_set(shared / "data")
    examples = read_biq2021(shared / "data").examples
    assert [(photo.path, photo.split, photo.opinion) for photo in rated.photos] == [
        (example.path, example.split, example.opinion) for example in examples
    ]
    assert len(rated.photos) == 3820
