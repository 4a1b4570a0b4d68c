"""SPAQ: quality and five attributes."""

from collections import Counter
from pathlib import Path

import pytest

from photocull.core.errors import TrainingError
from photocull.training.rated import read_set
from tests.training.layouts import by_name, draw, write_csv

_HEADER = "image_id,MOS,Brightness,Colorfulness,Contrast,Noisiness,Sharpness"


def test_quality_and_attributes_are_read(tmp_path: Path) -> None:
    write_csv(tmp_path / "spaqTrain.csv", _HEADER, [("00001.jpg", 4.89, 4.74, 5.56, 5.57, 3.79, 4.26)])
    write_csv(tmp_path / "spaqTest.csv", _HEADER, [("10001.jpg", 6.1, 4.21, 6.16, 6.07, 7.24, 6.68)])
    draw(tmp_path / "TestImage", ("00001.jpg", "10001.jpg"))
    rated = read_set(tmp_path)
    assert (rated.name, rated.kind, rated.low, rated.high) == ("spaq", "score", 0, 10)
    assert rated.columns == ("MOS", "Brightness", "Colorfulness", "Contrast", "Noisiness", "Sharpness")
    photo = by_name(rated)["00001.jpg"]
    assert photo.opinion == 4.89
    assert photo.targets == pytest.approx((0.489, 0.474, 0.556, 0.557, 0.379, 0.426))
    assert by_name(rated)["10001.jpg"].split == "test"


def test_opinions_on_the_scale_of_a_hundred_are_refused(tmp_path: Path) -> None:
    write_csv(tmp_path / "spaqTest.csv", _HEADER, [("10001.jpg", 61, 42, 61, 60, 72, 66)])
    draw(tmp_path, ("10001.jpg",))
    with pytest.raises(TrainingError, match="Line 2: the MOS '61' is not a number from 0 to 10"):
        read_set(tmp_path)


def test_the_published_lists_have_their_counts(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "labels").symlink_to(shared / "labels" / "spaq", target_is_directory=True)
    draw(tmp_path, ("10001.jpg",))
    rated = read_set(tmp_path)
    splits = Counter(photo.split for photo in (*rated.photos, *rated.absent))
    assert (splits["train"] + splits["validation"], splits["test"]) == (10000, 1125)
    assert by_name(rated)["10001.jpg"].opinion == 6.1
