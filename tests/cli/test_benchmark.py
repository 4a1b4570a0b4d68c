"""`benchmark`: figures measured in this run, in a folder that is gone afterwards."""

import importlib.util
import json
import multiprocessing
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from photocull.cli import benchmark
from photocull.cli.benchmark_parts import PATIENCE, allowed_rate, cold_start, company, parts
from photocull.cli.drawing import draw_photos, drawn, invented
from photocull.cli.network_figures import NetworkFigures, network_section
from photocull.core.errors import PhotocullError
from photocull.core.settings import folders
from photocull.models.store import cards, open_scorer
from photocull.training.published import tables
from tests.cli.conftest import Photocull
from tests.pixel_scorer import PixelScorer


@pytest.mark.slow
def test_it_measures_scoring_asking_and_memory_and_leaves_nothing(
    photocull: Photocull, scorer: PixelScorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benchmark, "scorer_of", lambda name, device: scorer)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = photocull(
        "benchmark", "--photos", 4, "--large", 1, "--entries", 300, "--browse", 0, "--library", 0, "--format", "json"
    )
    assert answer.code == 0
    assert all(figure["value"] > 0 for figure in answer.records if "fit)" not in figure["name"])
    units = {figure["unit"] for figure in answer.records}
    assert units >= {"photos/s", "times", "ms", "s", "%"}
    assert len(scorer.seen) == 2 + 4 + 1 + 2 * (4 + 1)  # the parts are measured once, and once in a profile
    assert not list(tmp_path.iterdir())
    assert not folders().catalog.exists()


def test_the_parts_of_a_photos_way_are_named_and_add_up_to_what_is_allowed(tmp_path: Path) -> None:
    draw_photos(tmp_path / "photos", (300, 200), 3)
    costs = parts(tmp_path / "photos", tmp_path / "parts", open_scorer("builtin-1", "cpu", threads=1))
    names = [part.name for part in costs]
    assert names[:2] == ["find, identify, register", "read and decode"]
    assert names[-2:] == ["previews", "storing"]
    assert {"resize for the network", "network", "technical facts", "colours"} < set(names)
    assert all(part.milliseconds > 0 for part in costs)
    total = sum(part.milliseconds for part in costs)
    assert allowed_rate(costs, 2) == pytest.approx(2000 / total)


def test_others_are_at_work_as_long_as_they_are_needed(tmp_path: Path) -> None:
    draw_photos(tmp_path / "photos", (300, 200), 2)
    began = time.monotonic()
    with company(tmp_path / "photos", "builtin-1", "cpu", 1):
        assert time.monotonic() - began < PATIENCE, "it never judged a photo"
        (other,) = multiprocessing.active_children()
        assert other.is_alive()
    assert not multiprocessing.active_children()


def test_a_model_of_ones_own_is_judging_as_a_whole(tmp_path: Path) -> None:
    draw_photos(tmp_path / "photos", (300, 200), 2)
    names = [part.name for part in parts(tmp_path / "photos", tmp_path / "parts", PixelScorer())]
    assert names == ["find, identify, register", "read and decode", "judging", "previews", "storing"]


def test_a_cold_start_that_fails_says_why(tmp_path: Path) -> None:
    draw_photos(tmp_path / "photos", (300, 200), 1)
    with pytest.raises(PhotocullError, match="no model 'nonsense'"):
        cold_start(tmp_path / "photos", tmp_path / "home", "nonsense")


def test_drawn_photos_differ_and_come_out_the_same_each_time() -> None:
    first = drawn((600, 520), 0)
    assert first.shape == (520, 600, 3)
    assert np.array_equal(first, drawn((600, 520), 0))
    assert not np.array_equal(first, drawn((600, 520), 1))
    assert first.std() > 20


def test_invented_photos_are_all_different() -> None:
    found, scored, model = invented(300)
    results = scored(range(1, 301))
    assert len({photo.photo.path for photo in found}) == len({photo.fingerprint for photo in found}) == 300
    assert [result.fingerprint for result in results] == [photo.fingerprint for photo in found]
    assert {result.judgement.model_fingerprint for result in results} == {model}


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, scorer: PixelScorer) -> benchmark.Figure:
    """The benchmark with its own measurements left out."""
    figure = benchmark.Figure("photos of a kind", 12.5, "photos/s")
    monkeypatch.setattr(benchmark, "scorer_of", lambda name, device: scorer)
    monkeypatch.setattr(benchmark, "_scoring", lambda *arguments: [figure])
    monkeypatch.setattr(benchmark, "_parts", lambda *arguments: [])
    monkeypatch.setattr(benchmark, "_asking", lambda *arguments: [])
    monkeypatch.setattr(benchmark, "library_figures", lambda *arguments: [])
    monkeypatch.setattr(benchmark, "_browsing", lambda *arguments: [])
    monkeypatch.setattr(benchmark, "_memory", list)
    return figure


def test_the_cards_figures_stand_beside_the_papers(photocull: Photocull, measured: benchmark.Figure) -> None:
    answer = photocull("benchmark")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0] == f"{measured.name:54}{measured.value:>12} {measured.unit}"
    assert "Not measured: that takes a minute or two. Ask with --networks." in answer.out
    for result in cards()[0].results:
        if result.measure == "SRCC":
            assert f"{result.value:.3f} ({result.low:.3f} to {result.high:.3f})" in answer.out
    assert any("sunset" in line for line in lines)
    assert "What each needs to be found again:" in answer.out
    assert any("figures: BIQ2021 (Ahmed and Asif 2022)" in line for line in lines)
    assert "photocull evaluate --card --model builtin-1 --data DIR" in answer.out
    for figure in tables():
        assert figure.model.split()[0] in answer.out
    assert max(map(len, lines)) <= 100


def test_json_holds_what_was_measured_alone_and_a_report_can_be_saved(
    photocull: Photocull, measured: benchmark.Figure, tmp_path: Path
) -> None:
    output = tmp_path / "report"
    answer = photocull("benchmark", "--format", "json", "--output", output)
    assert answer.records == [{"name": "photos of a kind", "value": 12.5, "unit": "photos/s"}]
    saved = json.loads((output / "benchmark.json").read_text("utf-8"))
    assert saved["figures"] == answer.records
    assert saved["networks"] == []
    assert len(saved["cards"]["builtin-1"]) == len(cards()[0].results)
    needs = {one["data"]: one["needs"] for one in saved["cards"]["builtin-1"]}
    assert needs["BIQ2021, validation"] == ["biq2021"]
    assert len(saved["published"]) == len(tables())
    text = (output / "benchmark.md").read_text("utf-8")
    assert "| photos of a kind | 12.5 | photos/s |" in text
    first = cards()[0].results[0]
    figure = f"{first.value:.3f} ({first.low:.3f} to {first.high:.3f})"
    assert f"| technical | BIQ2021, validation | SRCC | {figure} | 636 |" in text


def test_without_torch_the_networks_are_not_measured_and_it_says_why(
    photocull: Photocull, measured: benchmark.Figure, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "torch" else real(name, *more))
    answer = photocull("benchmark", "--networks")
    assert answer.code == 0
    assert "Not measured: PyTorch is not installed." in " ".join(answer.out.split())


def test_the_networks_speeds_are_a_table_with_what_went_wrong() -> None:
    pytest.importorskip("torch", reason="the published networks need torch")
    from photocull.training.network_speed import NetworkSpeed

    speeds = (
        NetworkSpeed("TANet", "plain", 12.0, 1.0, 0.0),
        NetworkSpeed("TANet", "fast", 24.0, 2.0, 1.5e-6, effort=0.08),
        NetworkSpeed("TANet", "other", None, fault="It cannot be made."),
    )
    table = network_section(NetworkFigures(speeds, ("A remark.",))).table
    assert table is not None
    assert table.rows[1] == ("TANet", "fast", "24.00", "2.00", "80.0", "2e-06", "")
    assert table.rows[2] == ("TANet", "other", "–", "–", "–", "–", "It cannot be made.")
    shorter = network_section(NetworkFigures(speeds[:2], ())).table
    assert shorter is not None
    assert shorter.headings[-1] == "difference"
