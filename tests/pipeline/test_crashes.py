"""A run over files that bring a decoder down: one line each, everything else scored, and nothing tried in vain."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from photocull.photo import guard, keeper
from tests.building import make_folder, make_photo
from tests.photo import faulty
from tests.pipeline.conftest import Rig

JOBS = pytest.mark.parametrize("jobs", [1, 3])


@pytest.fixture
def location(tmp_path: Path) -> Path:
    """In a file alone: this is about decoders, not about the catalogue."""
    return tmp_path / "catalog.sqlite"


@pytest.fixture(autouse=True)
def faults(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    own = keeper.Helpers()
    monkeypatch.setattr(guard, "helpers", own)
    monkeypatch.setattr(keeper, "_BEGIN", faulty.BEGIN)
    yield
    own.close()


@pytest.mark.slow
@JOBS
def test_a_decoder_that_dies_costs_its_photo_one_line_and_no_other_anything(
    rig: Rig, tmp_path: Path, jobs: int
) -> None:
    folder = tmp_path / "photos"
    make_folder(folder, 4, suffix=".tif")
    for number in range(3):
        make_photo(folder / f"dies-{number}.tif", seed=60 + number)
    make_photo(folder / "plain.jpg", seed=70)
    report = rig.score(folder, jobs=jobs)
    assert [(p.path.name, p.sentence) for p in report.problems] == [
        (f"dies-{number}.tif", guard.GAVE_UP) for number in range(3)
    ]
    assert report.scored == 5
    again = rig.score(folder, jobs=jobs)
    assert (again.scored, again.cached, again.problems) == (0, 8, report.problems)


@pytest.mark.skipif("os.name == 'nt'", reason="no such signal there")
def test_a_photo_whose_helper_the_system_shot_is_tried_again(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_photo(tmp_path / "photos" / "shot.tif")
    first = rig.score(path)
    assert [p.sentence for p in first.problems] == [guard.WAS_ENDED]
    guard.helpers.close()
    monkeypatch.undo()
    assert rig.score(path).scored == 1


def test_a_raw_whose_decoder_dies_is_shown_by_the_jpeg_beside_it(rig: Rig, tmp_path: Path) -> None:
    make_photo(tmp_path / "photos" / "dies.tif").rename(tmp_path / "photos" / "dies.nef")
    make_photo(tmp_path / "photos" / "dies.jpg", size=(300, 200), seed=3)
    report = rig.score(tmp_path / "photos")
    (detail,) = rig.details(report)
    assert (report.scored, detail.row.width) == (1, 300)
    assert "could not be read" in detail.row.notes[0]
