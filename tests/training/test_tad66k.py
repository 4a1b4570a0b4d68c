"""TAD66K as it is published: merged and by theme."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from photocull.core.errors import TrainingError
from photocull.core.vocabulary import THEMES
from photocull.training.rated import read_set, report
from tests.training.layouts import by_name, draw, make_tad66k

_SMALL = {
    "sea": [("train", "a.jpg", 2.5), ("train", "b.jpg", 7.0), ("test", "c.jpg", 5.0)],
    "sunset": [("train", "a.jpg", 2.5), ("test", "d.jpg", 9.0)],
}


def test_scores_splits_and_themes_come_together(tmp_path: Path) -> None:
    rated = read_set(make_tad66k(tmp_path, _SMALL))
    photos = by_name(rated)
    assert (rated.name, rated.kind, rated.low, rated.high, rated.columns) == ("tad66k", "score", 0, 10, ("score",))
    assert (photos["a.jpg"].opinion, photos["a.jpg"].targets) == (2.5, (0.25,))
    assert photos["a.jpg"].themes == ("sea", "sunset")
    assert photos["a.jpg"].theme == "sea"
    assert {name for name, photo in photos.items() if photo.split == "test"} == {"c.jpg", "d.jpg"}
    assert photos["d.jpg"].path == tmp_path / "photos" / "d.jpg"


def test_the_set_may_lie_below_the_folder(tmp_path: Path) -> None:
    make_tad66k(tmp_path / "TAD66K" / "dataset", _SMALL)
    assert len(read_set(tmp_path).photos) == 4


def test_it_is_read_by_theme_alone(tmp_path: Path) -> None:
    make_tad66k(tmp_path, _SMALL)
    shutil.rmtree(tmp_path / "merge")
    photos = by_name(read_set(tmp_path))
    assert sorted(photos) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    assert photos["a.jpg"].themes == ("sea", "sunset")
    assert photos["c.jpg"].split == "test"


def test_it_is_read_merged_alone_without_themes(tmp_path: Path) -> None:
    make_tad66k(tmp_path, _SMALL)
    shutil.rmtree(tmp_path / "unmerge")
    rated = read_set(tmp_path)
    assert len(rated.photos) == 4
    assert all(photo.groups == () for photo in rated.photos)


def test_where_the_two_forms_disagree_the_merged_split_holds(tmp_path: Path) -> None:
    make_tad66k(tmp_path, _SMALL)
    moved = tmp_path / "unmerge" / "test" / "sunset.csv"
    (tmp_path / "unmerge" / "train" / "sunset.csv").write_text("image,score\na.jpg,2.5\nd.jpg,9.0\n", "utf-8")
    moved.write_text("image,score\n", "utf-8")
    photo = by_name(read_set(tmp_path))["d.jpg"]
    assert (photo.split, photo.theme) == ("test", "sunset")


def test_a_theme_that_is_not_published_is_told(tmp_path: Path) -> None:
    make_tad66k(tmp_path, {"spaceship": [("train", "a.jpg", 5.0)]})
    with pytest.raises(TrainingError, match=r"'spaceship' is not a theme of TAD66K"):
        read_set(tmp_path)


@pytest.mark.parametrize("score", ["nan", "inf", "-1", "11", "", "good"])
def test_a_score_out_of_the_scale_is_told_with_its_line(tmp_path: Path, score: str) -> None:
    make_tad66k(tmp_path, _SMALL)
    (tmp_path / "merge" / "train.csv").write_text(f"image,score\nb.jpg,7\na.jpg,{score}\n", "utf-8")
    with pytest.raises(TrainingError, match=r"train\.csv: Line 3: the score"):
        read_set(tmp_path)


def test_a_row_that_repeats_counts_once_and_one_that_contradicts_is_told(tmp_path: Path) -> None:
    make_tad66k(tmp_path, _SMALL)
    labels = tmp_path / "merge" / "train.csv"
    labels.write_text("image,score\na.jpg,2.5\nb.jpg,7\na.jpg,2.50\n", "utf-8")
    assert len(read_set(tmp_path).photos) == 4
    labels.write_text("image,score\na.jpg,2.5\nb.jpg,7\na.jpg,2.6\n", "utf-8")
    with pytest.raises(TrainingError, match=r"Line 4: 'a\.jpg' has other values in line 2"):
        read_set(tmp_path)


def test_missing_photos_are_told_by_split_and_theme(tmp_path: Path) -> None:
    make_tad66k(tmp_path, _SMALL)
    for name in ("c.jpg", "d.jpg"):
        (tmp_path / "photos" / name).unlink()
    rated = read_set(tmp_path)
    assert rated.missing == ("c.jpg", "d.jpg")
    assert report(rated) == [
        "tad66k: 2 photos (1 train, 1 validation); 2 missing.",
        "Missing: c.jpg, d.jpg (2 test).",
        "All 2 photos of the split 'test' are missing.",
    ]
    (tmp_path / "photos" / "a.jpg").unlink()
    assert "All 2 photos of the theme 'sunset' are missing." in report(read_set(tmp_path))


def test_the_published_lists_have_the_counts_of_the_paper(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "labels").symlink_to(shared / "labels" / "tad66k", target_is_directory=True)
    draw(tmp_path / "photos", ("lanphere54810922.jpg", "hs_yin152947873.jpg"))
    rated = read_set(tmp_path)
    splits = Counter(photo.split for photo in (*rated.photos, *rated.absent))
    assert (splits["train"] + splits["validation"], splits["test"]) == (52248, 14079)
    assert 0.09 < splits["validation"] / 52248 < 0.11
    groups = [photo.groups for photo in (*rated.photos, *rated.absent)]
    assert {len(names) for names in groups} == {1}
    assert {name for names in groups for name in names} == set(THEMES)
    photo = by_name(rated)["hs_yin152947873.jpg"]
    assert (photo.split, photo.opinion, photo.theme) == ("test", 1.9, "art")
    assert len(rated.missing) == 52248 + 14079 - 2
