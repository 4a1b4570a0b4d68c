"""The labelled sets in their published layout, drawn by the tests under those names."""

from pathlib import Path

import pytest

from photocull.core.errors import TrainingError
from photocull.training.datasets import read_beauty, read_biq2021, read_snapshots, read_themes


def _labels(data: Path, name: str, text: str, photos: tuple[str, ...]) -> None:
    folder = data / name
    folder.mkdir()
    (folder / "labels.csv").write_text(text, "utf-8")
    for photo in photos:
        path = folder / photo
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a photo")


def test_quality_photos_come_with_opinion_split_and_subset(tmp_path: Path) -> None:
    text = "file,mos,split\nss01_1.jpg,0.25,train\nss03_2.jpg,0.75,validation\n"
    _labels(tmp_path, "biq2021", text, ("photos/ss01_1.jpg", "photos/ss03_2.jpg"))
    first, second = read_biq2021(tmp_path).examples
    assert (first.opinion, first.split, first.group) == (0.25, "train", "ss01")
    assert (second.opinion, second.split, second.group) == (0.75, "validation", "ss03")
    assert first.path == tmp_path / "biq2021" / "photos" / "ss01_1.jpg"


def test_missing_photos_are_counted_not_fatal(tmp_path: Path) -> None:
    text = "file,mos,sd,split\na.jpg,0.5,0.1,train\nb.jpg,0.5,0.1,train\n"
    _labels(tmp_path, "snapshots", text, ("photos/a.jpg",))
    labelled = read_snapshots(tmp_path)
    assert len(labelled.examples) == 1
    assert labelled.missing == (tmp_path / "snapshots" / "photos" / "b.jpg",)


def test_a_set_without_any_photo_is_an_error(tmp_path: Path) -> None:
    _labels(tmp_path, "snapshots", "file,mos,sd,split\na.jpg,0.5,0.1,train\n", ())
    with pytest.raises(TrainingError, match="None of the photos of snapshots"):
        read_snapshots(tmp_path)


def test_beauty_is_grouped_by_category(tmp_path: Path) -> None:
    text = "file,category,beauty,sd,raters,valence,split\nLake.jpg,Scene,5.5,1,100,5,train\n"
    _labels(tmp_path, "beauty", text, ("photos/Lake.jpg",))
    (example,) = read_beauty(tmp_path).examples
    assert (example.opinion, example.group) == (5.5, "Scene")


def test_a_photo_has_several_themes_and_unknown_ones_are_left_out(tmp_path: Path) -> None:
    text = "file,themes,split\nsea/a.jpg,sea;sunset;spaceship,train\n"
    _labels(tmp_path, "themes", text, ("sea/a.jpg",))
    assert read_themes(tmp_path).examples[0].themes == ("sea", "sunset")


def test_a_missing_label_file_says_what_the_folder_should_hold(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"label file is missing.*--data"):
        read_biq2021(tmp_path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("file,split\na.jpg,train\n", "lacks the column 'mos'"),
        ("file,mos,split\na.jpg,good,train\n", "Line 2: could not convert string to float: 'good'"),
        ("file,mos,split\na.jpg,0.5,test\n", "unknown split 'test'"),
        ("file,mos,split\na.jpg\n", "Line 2: it has 1 entries instead of 3"),
    ],
)
def test_a_malformed_label_file_is_one_line(text: str, sentence: str, tmp_path: Path) -> None:
    _labels(tmp_path, "biq2021", text, ("photos/a.jpg",))
    with pytest.raises(TrainingError, match=sentence):
        read_biq2021(tmp_path)


def test_a_label_file_in_another_encoding_is_an_error(tmp_path: Path) -> None:
    _labels(tmp_path, "biq2021", "", ())
    (tmp_path / "biq2021" / "labels.csv").write_bytes(b"file,mos,split\n\xff\xfe,0.5,train\n")
    with pytest.raises(TrainingError, match="not UTF-8"):
        read_biq2021(tmp_path)


def test_the_published_sets_are_read_whole(shared: Path) -> None:
    data = shared / "data"
    counts = {s.name: (len(s.examples), len(s.missing)) for s in (read_biq2021(data), read_snapshots(data))}
    assert counts == {"biq2021": (3820, 0), "snapshots": (620, 0)}
    assert len(read_beauty(data).examples) == 715
    assert len({theme for e in read_themes(data).examples for theme in e.themes}) == 39
