"""Browsing as `benchmark` measures it, on few and small photos."""

from pathlib import Path

import pytest
from PIL import Image

from photocull.cli import benchmark_browsing
from photocull.cli.benchmark_browsing import browse, browsed, grid_gain
from photocull.cli.drawing import copies, jpeg_of, judgement
from photocull.cli.screen import ScreenError
from photocull.core.settings import folders
from photocull.models.store import scorer_fingerprint

SMALL = (2400, 1600)


@pytest.mark.slow
def test_the_window_tells_its_figures_and_touches_nothing_of_the_persons(tmp_path: Path) -> None:
    found = browse(tmp_path / "home", 12, SMALL, "builtin-1", scorer_fingerprint("builtin-1"))
    assert found["photos"] == 12
    for name in ("next_photo_ms", "one_to_one_ms"):
        assert found[name] > 0
    assert found["opened_mb"] <= found["scrolled_mb"] <= found["browsed_mb"] <= found["close_mb"]
    assert not folders().catalog.exists()
    assert not folders().settings.exists()


def test_a_window_that_fails_is_a_remark_beside_the_other_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benchmark_browsing, "grid_gain", lambda *arguments, inside: 5.0)
    monkeypatch.setattr(benchmark_browsing, "_MODULE", "photocull.nothing")
    found = browsed(tmp_path, 2, SMALL, "builtin-1", "f")
    assert [figure[1:] for figure in found.figures] == [(5.0, "times")] * 2
    assert found.remark.startswith("The window was not measured: ")
    assert "photocull.nothing" in found.remark


def test_without_the_libraries_of_a_window_it_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(environment: object) -> None:
        raise ScreenError("The window needs libEGL.so.1.")

    monkeypatch.setattr(benchmark_browsing, "require_screen", lacking)
    monkeypatch.setattr(benchmark_browsing, "grid_gain", lambda *arguments, inside: 5.0)
    assert browsed(tmp_path, 2, SMALL, "builtin-1", "f").remark == (
        "The window was not measured: The window needs libEGL.so.1."
    )


def test_what_is_measured_has_words_and_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"next_photo_ms": 3.0, "next_photo_ms_95": 9.0, "one_to_one_ms": 120.0, "browsed_mb": 400, "close_mb": None}
    monkeypatch.setattr(benchmark_browsing, "browse", lambda *arguments: told)
    monkeypatch.setattr(benchmark_browsing, "grid_gain", lambda *arguments, inside: 5.0)
    figures = browsed(tmp_path, 300, (6000, 4000), "builtin-1", "f").figures
    assert ("next photo in the loupe, to the paint", 3.0, "ms") in figures
    assert ("24 MP: 100 % view, cold", 120.0, "ms") in figures
    assert ("most memory, 300 photos browsed", 400.0, "MB") in figures
    assert not any("six" in name for name, _, _ in figures), "what the system does not tell is left out"
    assert max(len(name) for name, _, _ in figures) < 44
    assert len(browsed(tmp_path, 0, SMALL, "builtin-1", "f").figures) == 2


def test_a_picture_inside_makes_the_grid_fast(tmp_path: Path) -> None:
    inside, plain = (grid_gain(tmp_path / str(one), (3000, 2000), inside=one) for one in (True, False))
    assert inside > plain


def test_copies_are_files_of_their_own(tmp_path: Path) -> None:
    paths = copies(tmp_path / "many", jpeg_of(Image.new("RGB", (8, 8))), 3)
    assert len({path.read_bytes() for path in paths}) == 3


def test_the_same_seed_gives_the_same_judgement_under_the_models_name() -> None:
    first, again, other = judgement(1, "a", "f"), judgement(1, "a", "f"), judgement(2, "a", "f")
    assert (first.overall, first.themes) == (again.overall, again.themes)
    assert first.overall != other.overall
    assert (first.model, first.model_fingerprint) == ("a", "f")
