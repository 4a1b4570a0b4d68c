"""`evaluate` as a person calls it: a table, JSON, a saved report, and one line for what cannot be done."""

import json
from pathlib import Path

import pytest

from tests.building import make_photo
from tests.cli.conftest import Photocull
from tests.pixel_scorer import PixelScorer


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """BIQ2021 in its own layout: ten validation photos in two parts, one for training, and two that are missing."""
    folder = tmp_path / "biq2021"
    rows = ["file,mos,split"]
    for k in range(10):
        make_photo(folder / "photos" / f"ss0{1 + k % 2}_{k}.jpg", size=(64, 48), seed=k)
        rows.append(f"ss0{1 + k % 2}_{k}.jpg,{0.1 * k:.2f},validation")
    make_photo(folder / "photos" / "ss01_20.jpg", size=(64, 48))
    rows += ["ss01_20.jpg,0.5,train", "ss02_77.jpg,0.5,validation", "ss02_78.jpg,0.5,train"]
    (folder / "labels.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def test_it_measures_prints_and_saves_the_same(
    photocull: Photocull, scorer: PixelScorer, data: Path, tmp_path: Path
) -> None:
    output = tmp_path / "report"
    answer = photocull("evaluate", "--data", data, "--output", output)
    assert answer.code == 0
    assert "pixels on biq2021, validation photos" in answer.out
    assert "technical  mos" in answer.out
    assert "1 validation photo is missing" in answer.out
    assert "BRISQUE" in answer.out
    assert "ss02_77.jpg" in answer.err
    assert len(scorer.seen) == 10
    saved = json.loads((output / "evaluation.json").read_text("utf-8"))
    assert (saved["photos"], saved["missing"], saved["scored_now"]) == (10, 1, 10)
    assert {group["group"]: group["photos"] for group in saved["comparisons"][0]["groups"]} == {"ss01": 5, "ss02": 5}
    figure = saved["comparisons"][0]["srcc"]["value"]
    assert f"{figure:.3f}" in answer.out
    assert f"{figure:.3f}" in (output / "evaluation.md").read_text("utf-8")
    assert max(map(len, answer.out.splitlines())) <= 100


def test_a_second_call_scores_nothing_and_json_goes_to_standard_output_alone(
    photocull: Photocull, scorer: PixelScorer, data: Path
) -> None:
    first = photocull("evaluate", "--data", data, "--format", "json").records
    again = photocull("evaluate", "--data", data, "--format", "json").records
    assert len(scorer.seen) == 10
    assert again == {**first, "scored_now": 0, "photos_per_second": None}
    assert (
        photocull("evaluate", "--data", data, "--score", "aesthetic", "--format", "json").records["comparisons"]
        != (first["comparisons"])
    )


def test_a_limit_is_kept_and_said(photocull: Photocull, scorer: PixelScorer, data: Path) -> None:
    answer = photocull("evaluate", "--data", data, "--limit", 6)
    assert "6 of 10 validation photos, drawn by chance, always the same." in answer.out
    assert len(scorer.seen) == 6
    assert photocull("evaluate", "--data", data, "--limit", 1).code == 2


def test_an_unreadable_photo_is_named_and_the_call_ends_with_1(photocull: Photocull, data: Path) -> None:
    (data / "photos" / "ss01_4.jpg").write_bytes(b"no photo at all")
    answer = photocull("evaluate", "--data", data, "--format", "json")
    assert answer.code == 1
    assert "ss01_4.jpg" in answer.err
    assert [Path(one["path"]).name for one in answer.records["unreadable"]] == ["ss01_4.jpg"]
    assert answer.records["photos"] == 9


def test_the_sets_of_the_built_in_model_can_be_named(photocull: Photocull, tmp_path: Path) -> None:
    folder = tmp_path / "beauty"
    rows = ["file,category,beauty,sd,raters,valence,split"]
    for k in range(6):
        make_photo(folder / "photos" / f"Lake{k}.jpg", size=(64, 48), seed=k)
        rows.append(f"Lake{k}.jpg,Scene,{1 + k},1,100,5,validation")
    (folder / "labels.csv").write_text("\n".join(rows) + "\n", "utf-8")
    for named in (folder, tmp_path):
        record = photocull("evaluate", "--data", named, "--dataset", "beauty", "--format", "json").records
        assert record["comparisons"][0]["score"] == "aesthetic"
        assert [group["group"] for group in record["comparisons"][0]["groups"]] == ["Scene"]
        assert "within a category" in record["notes"][0]
    answer = photocull("evaluate", "--data", tmp_path, "--dataset", "snapshots")
    assert (answer.code, "No label file of 'snapshots'" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--dataset", "imagenet"), "There is no set 'imagenet'. Known sets: tad66k"),
        (("--split", "test"), "biq2021 has no test photos here."),
        (("--personal",), "This set does not say who rated what. Use FLICKR-AES"),
        (("--ablation",), "has no parts to silence. Name one of these kinds with --model: tanet-tad66k"),
    ],
)
def test_what_cannot_be_measured_is_one_line_and_wrong_usage(
    photocull: Photocull, data: Path, arguments: tuple[str, ...], said: str
) -> None:
    answer = photocull("evaluate", "--data", data, *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert not answer.out
    assert "Traceback" not in answer.err


def test_a_folder_without_a_set_says_what_is_expected(photocull: Photocull, tmp_path: Path) -> None:
    answer = photocull("evaluate", "--data", tmp_path)
    assert answer.code == 2
    assert "No label file of a known set lies here." in answer.err
    assert all(f"--dataset {name}: " in answer.err for name in ("snapshots", "beauty"))
