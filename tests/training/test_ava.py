"""AVA in the lists of TANet's authors and in its first form."""

from collections import Counter
from pathlib import Path

import pytest

from photocull.core.errors import TrainingError
from photocull.training.rated import read_set, report
from tests.training.layouts import by_name, draw, write_csv

_HEADER = "image_id,score2,score3,score4,score5,score6,score7,score8,score9,score10,score11,tag1,tag2,tag3"


def _make(folder: Path, **splits: list[tuple[int, list[int]]]) -> Path:
    for split, rows in splits.items():
        write_csv(folder / f"{split}.csv", _HEADER, [(image, *votes, 1, 2, 3) for image, votes in rows])
        draw(folder / "images", (f"{image}.jpg" for image, _ in rows))
    return folder


def _votes(**counts: int) -> list[int]:
    return [counts.get(f"v{vote}", 0) for vote in range(1, 11)]


def test_votes_become_shares_and_their_mean(tmp_path: Path) -> None:
    _make(tmp_path, train=[(7, _votes(v1=1, v10=3))], test=[(8, _votes(v5=4))])
    rated = read_set(tmp_path)
    assert (rated.name, rated.kind, rated.low, rated.high) == ("ava", "votes", 0, 10)
    assert rated.columns == ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10")
    photo = by_name(rated)["7.jpg"]
    assert photo.targets == (0.25, 0, 0, 0, 0, 0, 0, 0, 0, 0.75)
    assert photo.opinion == 7.75
    assert by_name(rated)["8.jpg"].opinion == 5


def test_the_published_validation_split_is_taken_as_it_is(tmp_path: Path) -> None:
    rows = [(image, _votes(v5=1)) for image in range(40)]
    _make(tmp_path, train=rows[:20], val=rows[20:30], test=rows[30:])
    assert Counter(photo.split for photo in read_set(tmp_path).photos) == {"train": 20, "validation": 10, "test": 10}


def test_a_single_list_is_enough_to_evaluate_on(tmp_path: Path) -> None:
    rated = read_set(_make(tmp_path, test=[(8, _votes(v5=4))]))
    assert [photo.split for photo in rated.photos] == ["test"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("9,0,0,0,0,0,0,0,0,0,0,1,2,3", "image 9 has no votes"),
        ("9,1,2,-3,0,0,0,0,0,0,0,1,2,3", "the number of votes '-3'"),
        ("9,1,nan,0,0,0,0,0,0,0,0,1,2,3", "the number of votes 'nan'"),
        ("9,1,inf,0,0,0,0,0,0,0,0,1,2,3", "the number of votes 'inf'"),
        ("../9,1,2,0,0,0,0,0,0,0,0,1,2,3", "'../9' is not the number of an image"),
        ("9,1,2", "it has 3 entries instead of 14"),
    ],
)
def test_a_hostile_row_is_told_with_its_line(tmp_path: Path, row: str, reason: str) -> None:
    _make(tmp_path, test=[(8, _votes(v5=4))])
    with (tmp_path / "test.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    with pytest.raises(TrainingError, match=f"Line 3: {reason}"):
        read_set(tmp_path)


def _classic(folder: Path, lines: list[str], tested: str | None) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "AVA.txt").write_text("\n".join(lines) + "\n", "utf-8")
    if tested is not None:
        (folder / "aesthetics_image_lists").mkdir()
        (folder / "aesthetics_image_lists" / "generic_test.jpgl").write_text(tested, "utf-8")
    draw(folder / "images", (f"{line.split()[1]}.jpg" for line in lines))
    return folder


def test_the_first_form_is_read_with_its_list_of_test_photos(tmp_path: Path) -> None:
    lines = [f"{k + 1} {100 + k} 0 0 0 0 1 1 0 0 0 0 1 22 1396" for k in range(6)]
    photos = by_name(read_set(_classic(tmp_path, lines, "103\n104\n")))
    assert {name for name, photo in photos.items() if photo.split == "test"} == {"103.jpg", "104.jpg"}
    assert photos["100.jpg"].opinion == 5.5
    assert "validation" in {photo.split for photo in photos.values()}


def test_the_first_form_is_refused_without_its_list_of_test_photos(tmp_path: Path) -> None:
    _classic(tmp_path, ["1 100 0 0 0 0 1 1 0 0 0 0 1 22 1396"], None)
    with pytest.raises(TrainingError, match="list of test photos is missing"):
        read_set(tmp_path)


def test_a_short_line_of_the_first_form_is_told(tmp_path: Path) -> None:
    _classic(tmp_path, ["1 100 0 0 0 0 1 1 0 0 0 0 1 22 1396", "2 101 1 2"], "100\n")
    with pytest.raises(TrainingError, match=r"AVA\.txt: Line 2: it has 4 entries instead of 15"):
        read_set(tmp_path)


def test_the_published_lists_have_their_counts(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "labels").symlink_to(shared / "labels" / "ava", target_is_directory=True)
    draw(tmp_path, ("687050.jpg", "591979.jpg"))
    rated = read_set(tmp_path)
    assert Counter(photo.split for photo in (*rated.photos, *rated.absent)) == {"validation": 12775, "test": 12776}
    photo = by_name(rated)["687050.jpg"]
    assert photo.opinion == pytest.approx((1 + 10 + 18 + 204 + 585 + 468 + 203 + 80 + 54 + 10) / 304)
    assert sum(photo.targets) == pytest.approx(1)
    assert report(rated)[0] == "ava: 2 photos (1 validation, 1 test); 25,549 missing."
