"""The report of an evaluation: the same figures in JSON, in Markdown, and nothing made up."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from photocull.core.errors import OutputError
from photocull.models.registry import ModelResult
from photocull.training.ablation import Ablated
from photocull.training.evaluation import Evaluation, Wanted, evaluate
from photocull.training.objectives import Interval
from photocull.training.pages import Section, Table, interval, markdown, number, published_table, save
from photocull.training.published import PublishedFigure, figures
from photocull.training.rated import MissingPhoto
from photocull.training.report_words import sections, title
from photocull.training.reports import Report, incomparable, record
from photocull.training.reproducing import Reproduced
from tests.pixel_scorer import PixelScorer
from tests.training.rating import EmbeddingScorer, rated_set


@pytest.fixture
def found(tmp_path: Path) -> Evaluation:
    return evaluate(rated_set(tmp_path / "photos"), PixelScorer(), tmp_path / "kept.sqlite")


def _said(report: Report) -> str:
    return markdown(title(report), sections(report))


def test_json_has_every_figure_in_full_under_stable_names(found: Evaluation) -> None:
    written = json.loads(json.dumps(record(Report(found, published=figures("tad66k"))), allow_nan=False))
    assert set(written) == {
        *("dataset", "split", "model", "fingerprint", "photos", "available", "drawn", "missing", "unreadable"),
        *("scored_now", "photos_per_second", "comparisons", "personal", "ablation", "card", "published"),
        *("incomparable", "notes"),
    }
    (comparison,) = written["comparisons"]
    agreement = found.comparisons[0].agreement
    for name, figure in (("srcc", agreement.srcc), ("mse", agreement.mse), ("r", agreement.ratio)):
        assert comparison[name] == {"value": figure.value, "low": figure.low, "high": figure.high}
    assert comparison["emd"] is None
    assert [group["group"] for group in comparison["groups"]] == ["sea", "sky"]
    assert (written["photos"], written["drawn"], written["personal"], written["ablation"]) == (12, None, None, None)
    assert {"model": "TANet", "measure": "SRCC", "value": 0.513, "variant": ""}.items() <= written["published"][
        0
    ].items()


def test_markdown_puts_the_papers_figures_and_their_source_beside(found: Evaluation) -> None:
    text = _said(Report(found, published=figures("tad66k")))
    assert text.startswith("# pixels on tad66k, test photos\n")
    assert "| aesthetic | score | 1.000 (1.000 to 1.000) |" in text
    assert "| TANet | all | 0.513 | 0.531 | 0.016 | He et al." in text
    assert "| sea |" in text
    assert "Speed: " in text
    assert "not given by this model" not in text
    for line in text.splitlines():
        assert not line.startswith("| ") or line.endswith(" |")


def test_what_must_not_be_compared_is_said(found: Evaluation, tmp_path: Path) -> None:
    assert not list(incomparable(found))
    other = rated_set(tmp_path / "v", 4, split="validation")
    validation = evaluate(other, PixelScorer(), tmp_path / "kept.sqlite")
    (sentence,) = incomparable(validation)
    assert "validation photos" in sentence
    few = evaluate(rated_set(tmp_path / "t", 9), PixelScorer(), tmp_path / "kept.sqlite", Wanted(limit=5))
    assert "not all of the published test photos" in next(incomparable(few))
    assert "5 of 9 test photos, drawn by chance" in _said(Report(few))
    assert "scored alone" in next(incomparable(replace(found, model="tanet-tad66k")))


def test_missing_and_unreadable_photos_stand_in_the_report(tmp_path: Path) -> None:
    rated = replace(rated_set(tmp_path), absent=(MissingPhoto("x.jpg", "test"),), notes=("A remark on the labels.",))
    rated.photos[0].path.write_bytes(b"no photo")
    report = Report(evaluate(rated, PixelScorer(), tmp_path / "kept.sqlite"), notes=rated.notes)
    text = _said(report)
    assert "1 test photo is missing" in text
    assert "1 could not be read and are not measured: photo\\_00.jpg: " in text
    assert "A remark on the labels." in text
    (unreadable,) = record(report)["unreadable"]
    assert unreadable["path"].endswith("photo_00.jpg")


def test_a_second_report_does_not_make_up_a_speed(found: Evaluation) -> None:
    report = Report(replace(found, fresh=0, rate=None))
    assert "speed was not measured" in _said(report)
    assert record(report)["photos_per_second"] is None


def test_a_model_without_votes_is_said_to_give_no_emd(found: Evaluation) -> None:
    assert "EMD is not given by this model" in _said(Report(replace(found, dataset="ava")))


def test_what_cannot_be_measured_is_null_and_a_dash(found: Evaluation) -> None:
    nan = Interval(float("nan"), float("nan"), float("nan"))
    comparison = found.comparisons[0]
    flat = replace(found, comparisons=(replace(comparison, agreement=replace(comparison.agreement, srcc=nan)),))
    assert record(Report(flat))["comparisons"][0]["srcc"] == {"value": None, "low": None, "high": None}
    assert interval(nan) == interval(None) == number(None) == "–"


def test_personal_ablation_and_card_have_sections_of_their_own(tmp_path: Path, found: Evaluation) -> None:
    workers = rated_set(
        tmp_path / "w", 20, decorate=lambda k, p: replace(p, workers=tuple((f"w{w}", k % 5 + w) for w in range(3)))
    )
    personal = evaluate(workers, EmbeddingScorer(), tmp_path / "kept.sqlite", Wanted(personal=True)).personal
    stated = ModelResult("technical", "BIQ2021, validation", "SRCC", 0.5, 0.4, 0.6, 12)
    report = Report(
        replace(found, personal=personal),
        card=(Reproduced(stated, Interval(0.5, 0.4, 0.61)),),
        ablated=(Ablated("aesthetics branch alone", found.comparisons[0], 0.44),),
    )
    text = _said(report)
    assert "## Fitted to one person" in text
    assert "| technical | BIQ2021, validation | SRCC | 0.500000 | 0.500000 | 1e-02 |" in text
    assert "| aesthetics branch alone | score | 1.000" in text
    assert "| 0.440 |" in text
    written = record(report)
    assert written["card"][0]["difference"] == pytest.approx(0.01)
    assert written["personal"][0]["people"] == 3
    assert written["ablation"][0]["published_srcc"] == 0.44


def test_hostile_names_cannot_break_a_table() -> None:
    section = Section("s", ("a | b <script>",), Table(("name", "value"), (("x | y`", "1"),)))
    text = markdown("t", [section])
    assert "| x \\| y\\` | 1 |" in text
    assert "<script" not in text.replace("\\<script", "")


def test_published_figures_of_one_row_share_it() -> None:
    source = "A paper"
    rows = [PublishedFigure("M", "d", measure, value, source) for measure, value in (("SRCC", 0.5), ("MSE", 0.1))]
    table = published_table([*rows, PublishedFigure("M", "d", "SRCC", 0.4, source, "a part")])
    assert table.headings == ("model", "of", "SRCC", "MSE", "source")
    assert table.rows == (("M", "all", "0.500", "0.100", source), ("M", "a part", "0.400", "–", source))


def test_saving_replaces_both_files_and_says_where_it_cannot(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "report"
    save(folder, "evaluation", {"a": 1}, "old")
    save(folder, "evaluation", {"a": float(np.float64(2))}, "new \udc80")
    assert json.loads((folder / "evaluation.json").read_text("utf-8")) == {"a": 2}
    assert "new" in (folder / "evaluation.md").read_text("utf-8")
    assert {path.name for path in folder.iterdir()} == {"evaluation.json", "evaluation.md"}
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        save(tmp_path / "file" / "in", "evaluation", {}, "")
