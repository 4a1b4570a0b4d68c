"""FLICKR-AES: everyone's ratings, the published scores, and whose photos are for testing."""

from pathlib import Path

import pytest

from photocull.core.errors import TrainingError
from photocull.training.rated import read_set, report
from tests.training.layouts import by_name, draw

_HEADER = "worker, imagePair, score"


def _make(folder: Path, rows: list[str], scores: list[str] | None = None, *, photos: list[str] | None = None) -> Path:
    labels = folder / "FLICKR-AES_image_labeled_by_each_worker.csv"
    labels.write_text("\n".join([_HEADER, *rows]) + "\n", "utf-8")
    if scores is not None:
        (folder / "FLICKR-AES_image_score.txt").write_text("\n".join(scores) + "\n", "utf-8")
    names = dict.fromkeys(row.split(",")[1].strip() for row in rows) if photos is None else photos
    draw(folder / "40K", names)
    return folder


def test_ratings_of_each_person_and_the_published_score_are_kept(tmp_path: Path) -> None:
    _make(tmp_path, ["A1, a.jpg, 4", "A2, a.jpg, 2", "A1, b.jpg, 5"], ["a.jpg 0.55", "b.jpg 0.9"])
    rated = read_set(tmp_path)
    assert (rated.name, rated.low, rated.high, rated.ratings) == ("flickr-aes", 0, 1, (1, 5))
    photo = by_name(rated)["a.jpg"]
    assert (photo.opinion, photo.targets) == (0.55, (0.55,))
    assert photo.workers == (("A1", 4.0), ("A2", 2.0))
    assert photo.path == tmp_path / "40K" / "a.jpg"


def test_without_published_scores_the_mean_rating_stands_and_is_told(tmp_path: Path) -> None:
    rated = read_set(_make(tmp_path, ["A1, a.jpg, 4", "A2, a.jpg, 2", "A1, b.jpg, 5"]))
    assert by_name(rated)["a.jpg"].opinion == 0.5
    assert by_name(rated)["b.jpg"].opinion == 1.0
    assert report(rated)[-1] == "2 photos have no published score; the mean of their ratings stands for it."


def test_a_scored_photo_that_nobody_is_known_to_have_rated_is_kept(tmp_path: Path) -> None:
    _make(tmp_path, ["A1, a.jpg, 4"], ["a.jpg 0.5", "b.jpg 0.25"], photos=["a.jpg", "b.jpg"])
    photo = by_name(read_set(tmp_path))["b.jpg"]
    assert (photo.opinion, photo.workers) == (0.25, ())


@pytest.mark.parametrize(("count", "tested"), [(104, False), (105, True), (171, True), (172, False)])
def test_photos_of_people_with_105_to_171_ratings_are_for_testing(tmp_path: Path, count: int, tested: bool) -> None:
    rows = [f"A1, {k}.jpg, {k % 5 + 1}" for k in range(count)]
    rows += ["A2, 0.jpg, 3", "A2, other.jpg, 3"]
    rated = read_set(_make(tmp_path, rows, photos=["0.jpg", "1.jpg", "other.jpg"]))
    photos = by_name(rated)
    assert rated.test_workers == (("A1",) if tested else ())
    assert (photos["0.jpg"].split == "test") is tested
    assert photos["other.jpg"].split != "test"


def test_a_person_who_rated_a_photo_twice_counts_once(tmp_path: Path) -> None:
    rated = read_set(_make(tmp_path, ["A1, a.jpg, 4", "A1, a.jpg, 2", "A2, a.jpg, 5"]))
    assert by_name(rated)["a.jpg"].workers == (("A1", 3.0), ("A2", 5.0))


@pytest.mark.parametrize("rating", ["0", "6", "nan", "good", ""])
def test_a_rating_out_of_the_scale_is_told_with_its_line(tmp_path: Path, rating: str) -> None:
    _make(tmp_path, ["A1, a.jpg, 4", f"A2, a.jpg, {rating}"])
    with pytest.raises(TrainingError, match="Line 3: the rating"):
        read_set(tmp_path)


def test_contradictory_and_malformed_scores_are_told_with_their_line(tmp_path: Path) -> None:
    _make(tmp_path, ["A1, a.jpg, 4"], ["a.jpg 0.5", "a.jpg 0.6"])
    with pytest.raises(TrainingError, match=r"Line 2: 'a\.jpg' has another score further up"):
        read_set(tmp_path)
    (tmp_path / "FLICKR-AES_image_score.txt").write_text("a.jpg 0.5 3\n", "utf-8")
    with pytest.raises(TrainingError, match="Line 1: it has 3 entries instead of 2"):
        read_set(tmp_path)
