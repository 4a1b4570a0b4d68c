"""`benchmark`: figures measured in this run, in a folder that is gone afterwards."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from photocull.cli import benchmark
from photocull.cli.drawing import drawn, invented
from photocull.core.settings import folders
from tests.cli.conftest import Photocull
from tests.pixel_scorer import PixelScorer


@pytest.mark.slow
def test_it_measures_scoring_asking_and_memory_and_leaves_nothing(
    photocull: Photocull, scorer: PixelScorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benchmark, "scorer_of", lambda name, device: scorer)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = photocull("benchmark", "--photos", 4, "--large", 1, "--entries", 300, "--format", "json")
    assert answer.code == 0
    assert all(figure["value"] > 0 for figure in answer.records if "fit)" not in figure["name"])
    units = {figure["unit"] for figure in answer.records}
    assert units >= {"photos/s", "times", "ms"}
    assert len(scorer.seen) == 2 + 4 + 1
    assert not list(tmp_path.iterdir())
    assert not folders().catalog.exists()


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
