"""ICAA17K: colour types from the folders of the IDs, and photos that stand under several of them."""

from collections import Counter
from pathlib import Path

import pytest

from photocull.core.errors import TrainingError
from photocull.core.vocabulary import COLOUR_TYPES
from photocull.training.rated import read_set, report
from tests.training.layouts import by_name, draw, make_icaa17k

_SMALL = [
    ("train", "complementary/orange_blue/a.jpg", 6.4, 4.6),
    ("train", "complementary/red_blue/b.jpg", 5.0, 5.5),
    ("train", "monochromatic/white/c.jpg", 3.0, 2.5),
    ("test", "monochromatic/lightblue/d.jpg", 8.0, 7.5),
]


def test_both_scores_and_the_colour_type_are_read(tmp_path: Path) -> None:
    rated = read_set(make_icaa17k(tmp_path, _SMALL))
    assert (rated.name, rated.kind, rated.low, rated.high) == ("icaa17k", "score", 0, 10)
    assert rated.columns == ("MOS", "color")
    photo = by_name(rated)["complementary/orange_blue/a.jpg"]
    assert photo.opinion == 4.6
    assert photo.targets == pytest.approx((0.46, 0.64))
    assert (photo.colour_type, photo.groups) == ("orange_blue", ("orange_blue",))
    assert photo.path == tmp_path / "complementary" / "orange_blue" / "a.jpg"


def test_a_photo_of_the_test_split_is_never_trained_on_under_another_colour_type(tmp_path: Path) -> None:
    rows = [*_SMALL, ("train", "monochromatic/blue/d.jpg", 8.0, 7.5)]
    rated = read_set(make_icaa17k(tmp_path, rows))
    assert rated.withheld == ("monochromatic/blue/d.jpg",)
    assert "monochromatic/blue/d.jpg" not in by_name(rated)
    assert rated.missing == ()
    assert any("1 training rows show a photo of the test split" in line for line in report(rated))


def test_another_photo_of_the_same_name_is_kept(tmp_path: Path) -> None:
    rows = [*_SMALL, ("train", "monochromatic/blue/d.jpg", 2.0, 1.5)]
    rated = read_set(make_icaa17k(tmp_path, rows))
    assert by_name(rated)["monochromatic/blue/d.jpg"].opinion == 1.5
    assert rated.withheld == ()


def test_validation_shares_no_photo_with_training(tmp_path: Path) -> None:
    types = ("monochromatic/blue", "monochromatic/lightblue", "complementary/green_blue")
    rows = [("train", f"{kind}/{k}.jpg", 5.0, 1 + k / 10) for k in range(40) for kind in types]
    rated = read_set(make_icaa17k(tmp_path, rows))
    names = {split: {photo.path.name for photo in rated.of(split)} for split in ("train", "validation")}
    assert names["validation"]
    assert not names["train"] & names["validation"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("complementary/blue_orange/a.jpg", "'complementary/blue_orange' is not a colour type"),
        ("monochromatic/orange_blue/a.jpg", "'monochromatic/orange_blue' is not a colour type"),
        ("a.jpg", "'a.jpg' is not a path of two folders and a photo"),
        ("monochromatic/blue/", "'monochromatic/blue/' is not a path of two folders and a photo"),
    ],
)
def test_an_unknown_colour_type_is_told_with_its_line(tmp_path: Path, name: str, reason: str) -> None:
    make_icaa17k(tmp_path, _SMALL)
    with (tmp_path / "1train.csv").open("a", encoding="utf-8") as file:
        file.write(f"{name},5,5,0.7\n")
    with pytest.raises(TrainingError, match=f"Line 5: {reason}"):
        read_set(tmp_path)


def test_a_colour_type_without_any_photo_is_told(tmp_path: Path) -> None:
    make_icaa17k(tmp_path, _SMALL)
    (tmp_path / "monochromatic" / "white" / "c.jpg").unlink()
    assert "The only photo of the colour type 'white' is missing." in report(read_set(tmp_path))


def test_the_published_lists_have_their_counts(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "labels").symlink_to(shared / "labels" / "icaa17k", target_is_directory=True)
    name = "complementary/orange_blue/juiedesai19391601268.jpg"
    draw(tmp_path / "photos", (name,))
    rated = read_set(tmp_path)
    everything = (*rated.photos, *rated.absent)
    splits = Counter(photo.split for photo in everything)
    assert splits["test"] == 1617
    assert len(rated.withheld) == 1331
    assert splits["train"] + splits["validation"] == 15734 - 1331
    assert {group for photo in everything for group in photo.groups} == set(COLOUR_TYPES)
    photo = by_name(rated)[name]
    assert (photo.split, photo.opinion) == ("test", pytest.approx(6.720342636108398))
    assert photo.targets[1] == pytest.approx(0.5637041)
    names = {split: {photo.name.rpartition("/")[2] for photo in everything if photo.split == split} for split in splits}
    assert not names["train"] & names["validation"]
    assert not names["test"] & (names["train"] | names["validation"])
