"""`score`, `top` and `overlay` as a person calls them."""

import os
import shutil
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.core.settings import folders
from photocull.core.types import Decision, DecodedPhoto
from tests.building import make_folder, make_photo
from tests.cli.conftest import ON_BOTH, Photocull, names
from tests.pixel_scorer import PixelScorer

pytestmark = ON_BOTH


def test_score_lists_every_photo_by_path(photocull: Photocull, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 5)
    answer = photocull("score", tmp_path / "photos", "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    assert [record["path"] for record in answer.records] == [str(path) for path in paths]
    assert {record["status"] for record in answer.records} == {"ok"}
    assert {record["model"] for record in answer.records} == {"pixels"}
    assert all(0 <= record[score] <= 10 for record in answer.records for score in ("aesthetic", "overall"))


def test_the_second_call_scores_nothing_and_says_the_same(
    photocull: Photocull, scorer: PixelScorer, tmp_path: Path
) -> None:
    make_folder(tmp_path / "photos", 3)
    first = photocull("score", tmp_path / "photos", "--format", "jsonl")
    again = photocull("score", tmp_path / "photos", "--format", "jsonl")
    assert (first.out, first.code) == (again.out, again.code)
    assert len(scorer.seen) == 3


def test_an_unreadable_photo_is_named_on_stderr_and_in_the_list_and_the_rest_is_done(
    photocull: Photocull, tmp_path: Path
) -> None:
    make_folder(tmp_path / "photos", 2)
    (tmp_path / "photos" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a photo" * 9)
    for _ in range(2):
        answer = photocull("score", tmp_path / "photos", "--format", "json")
        assert answer.code == 1
        (line,) = answer.err.splitlines()
        assert line.startswith(str(tmp_path / "photos" / "broken.jpg"))
        broken = next(record for record in answer.records if record["status"] == "unreadable")
        assert broken["error"]
        assert broken["overall"] is None
        assert len(answer.records) == 3


def test_no_photo_is_wrong_usage_said_in_one_line(photocull: Photocull, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    answer = photocull("score", tmp_path / "empty", "--format", "json")
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert str(tmp_path / "empty") in answer.err


@pytest.mark.skipif("os.name == 'nt'", reason="links need rights there")
def test_where_nothing_could_be_read_it_is_not_said_that_nothing_is_there(photocull: Photocull, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").symlink_to(tmp_path / "nowhere.jpg")
    answer = photocull("score", tmp_path / "photos", "--format", "json")
    assert (answer.code, answer.records) == (1, [])
    assert answer.err == f"{tmp_path / 'photos' / 'a.jpg'}: The link leads nowhere.\n"


def test_videos_are_counted_on_stderr(photocull: Photocull, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 1)
    for name in ("a.mp4", "b.mov"):
        (tmp_path / "photos" / name).write_bytes(b"x")
    answer = photocull("score", tmp_path / "photos", "--format", "json")
    assert (answer.code, answer.err) == (0, "2 videos left out.\n")


def test_a_path_that_does_not_exist_is_wrong_usage(photocull: Photocull, tmp_path: Path) -> None:
    answer = photocull("score", tmp_path / "nowhere")
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1
    assert "nowhere" in answer.err


def test_the_table_shows_the_best_first(photocull: Photocull, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 6)
    lines = photocull("score", tmp_path / "photos").out.splitlines()
    records = photocull("score", tmp_path / "photos", "--format", "json").records
    best = sorted(records, key=lambda record: -record["overall"])
    assert [line.split()[5] for line in lines[1:]] == names(best)
    assert max(map(len, lines)) <= 100


def test_csv_has_a_line_a_photo(photocull: Photocull, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 3)
    lines = photocull("score", tmp_path / "photos", "--format", "csv").out.splitlines()
    assert lines[0].startswith("path,status,error,width,height,")
    assert len(lines) == 4


@pytest.mark.skipif("sys.platform != 'linux'", reason="other systems' names are text")
def test_a_name_of_strange_bytes_is_scored_and_told(photocull: Photocull, tmp_path: Path) -> None:
    photo = make_photo(tmp_path / "photos" / "a.jpg")
    odd = os.fsdecode(os.fsencode(photo.parent) + b"/caf\xe9\n.jpg")
    photo.rename(odd)
    answer = photocull("score", photo.parent, "--format", "json")
    assert [record["path"] for record in answer.records] == [odd]
    for form in ("table", "csv", "jsonl"):
        assert photocull("score", photo.parent, "--format", form).code == 0


def test_a_catalogue_of_ones_own_is_used(photocull: Photocull, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 2)
    own = tmp_path / "own.sqlite"
    assert photocull("score", tmp_path / "photos", "--catalog", own).code == 0
    assert own.exists()
    assert not folders().catalog.exists()


def test_ctrl_c_keeps_what_was_scored(photocull: Photocull, scorer: PixelScorer, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 8)
    import signal

    def interrupt(batch: list[DecodedPhoto]) -> None:
        if len(scorer.seen) == 2:
            signal.raise_signal(signal.SIGINT)

    scorer._before = interrupt
    answer = photocull("score", tmp_path / "photos", "--format", "json", "--jobs", 1)
    assert (answer.code, answer.out) == (130, "")
    assert "kept" in answer.err
    assert len(answer.err.splitlines()) == 1
    scored = len(scorer.seen)
    assert photocull("score", tmp_path / "photos").code == 0
    assert len(scorer.seen) == 8
    assert scored < 8


def test_the_originals_are_untouched(photocull: Photocull, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 3)
    before = [(path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode) for path in paths]
    photocull("score", tmp_path / "photos")
    assert [(path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode) for path in paths] == before
    assert sorted((tmp_path / "photos").iterdir()) == paths


def test_top_scores_what_is_missing_and_lists_the_best(photocull: Photocull, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 12)
    best = photocull("top", tmp_path / "photos", "--count", 3, "--format", "json").records
    every = photocull("score", tmp_path / "photos", "--format", "json").records
    assert names(best) == names(sorted(every, key=lambda record: -record["overall"])[:3])
    assert len(photocull("top", tmp_path / "photos", "--format", "json").records) == 10
    assert len(photocull("top", tmp_path / "photos", "--percent", 25, "--format", "json").records) == 3


def test_top_by_theme_colour_and_sort(photocull: Photocull, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 8)
    every = photocull("score", tmp_path / "photos", "--format", "json").records
    sunsets = [record for record in every if record["themes"][0]["name"] == "sunset"]
    chosen = photocull("top", tmp_path / "photos", "--theme", "Sunset", "--count", 99, "--format", "json").records
    assert sorted(names(chosen)) == sorted(names(sunsets))
    by_colour = photocull("top", tmp_path / "photos", "--sort", "colour", "--count", 99, "--format", "json").records
    assert names(by_colour) == names(sorted(every, key=lambda record: (-record["colour"], record["path"])))
    colours = photocull("top", tmp_path / "photos", "--colour-scheme", "orange and blue", "--format", "json").records
    assert len(colours) == 8


def test_nothing_left_by_a_filter_is_no_error(photocull: Photocull, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 2)
    answer = photocull("top", tmp_path / "photos", "--theme", "cat", "--format", "json")
    assert (answer.code, answer.records, answer.err) == (0, [], "")


def test_top_by_stars(photocull: Photocull, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 4)
    photocull("score", tmp_path / "photos")
    with open_catalog(photocull.kept) as catalog:
        catalog.writer.decide([Decision(1, "rating", 4), Decision(2, "rating", 2)], initiator="test").result()
    chosen = photocull("top", tmp_path / "photos", "--rating", ">=3", "--format", "json").records
    assert [(record["rating"], record["rated_by"]) for record in chosen] == [(4, "photographer")]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--theme", "sunet"),
        ("--colour-scheme", "orange_bleu"),
        ("--rating", "many"),
        ("--count", "0"),
        ("--count", "3", "--percent", "3"),
        ("--percent", "0"),
        ("--percent", "200"),
        ("--sort", "beauty"),
        ("--format", "xml"),
    ],
)
def test_a_wrong_choice_is_one_line_and_scores_nothing(
    photocull: Photocull, scorer: PixelScorer, tmp_path: Path, wrong: tuple[str, ...]
) -> None:
    make_folder(tmp_path / "photos", 1)
    answer = photocull("top", tmp_path / "photos", *wrong)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert scorer.seen == []


def test_a_copy_in_another_folder_costs_no_scoring(photocull: Photocull, scorer: PixelScorer, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 2)
    photocull("score", tmp_path / "photos")
    shutil.copytree(tmp_path / "photos", tmp_path / "copy")
    records = photocull("score", tmp_path / "copy", "--format", "json").records
    assert len(records) == len(paths)
    assert len(scorer.seen) == 2
