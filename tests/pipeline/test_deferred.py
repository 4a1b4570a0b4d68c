"""The deferred scorer: opened once, with the first photo, and only if it is what its card says."""

from pathlib import Path

import pytest

from photocull.core.errors import ModelError
from photocull.pipeline.deferred import DeferredScorer
from tests.building import make_folder
from tests.pipeline.conftest import Rig
from tests.pixel_scorer import PixelScorer


def test_a_run_that_finds_everything_known_opens_no_model(rig: Rig, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 4)
    opened: list[PixelScorer] = []

    def opener() -> PixelScorer:
        opened.append(PixelScorer())
        return opened[-1]

    deferred = DeferredScorer("pixels", "pixels-1", opener)
    assert rig.score(tmp_path / "photos", scorer=deferred).scored == 4
    assert len(opened) == 1
    assert rig.score(tmp_path / "photos", scorer=DeferredScorer("pixels", "pixels-1", opener)).cached == 4
    assert len(opened) == 1


def test_a_model_that_is_not_what_its_card_says_judges_nothing(rig: Rig, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 2)
    with pytest.raises(ModelError, match="card"):
        rig.score(tmp_path / "photos", scorer=DeferredScorer("pixels", "other", PixelScorer))
