"""`score --write-xmp`: marks and scores beside the photos, and what is said where that does not succeed."""

from pathlib import Path

import pytest

from photocull.core import settings as stored
from photocull.core.settings import Settings
from photocull.sidecar import names
from photocull.sidecar.parsing import parse
from tests.building import make_folder
from tests.cli.conftest import ON_BOTH, Photocull
from tests.pixel_scorer import PixelScorer
from tests.sidecar.packets import packet

pytestmark = ON_BOTH


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    return make_folder(tmp_path / "photos", 3)


def sidecar(photo: Path) -> Path:
    return photo.with_name(photo.name + ".xmp")


def test_nothing_is_written_unless_it_is_asked_for(photocull: Photocull, photos: list[Path]) -> None:
    assert photocull("score", photos[0].parent).code == 0
    assert sorted(photos[0].parent.iterdir()) == photos


def test_scores_go_into_sidecars_and_marks_come_out_of_them(
    photocull: Photocull, photos: list[Path], scorer: PixelScorer
) -> None:
    sidecar(photos[1]).write_bytes(packet('xmp:Rating="4" xmp:Label="Red" crs:Tint="+4"'))
    answer = photocull("score", photos[0].parent, "--write-xmp", "--format", "json")
    assert answer.code == 0
    rated = answer.records[1]
    assert (rated["rating"], rated["label"], rated["rated_by"]) == (4, "red", "photographer")
    for photo, record in zip(photos, answer.records, strict=True):
        document = parse(sidecar(photo).read_bytes())
        assert document.text(names.OWN_OVERALL) == f"{record['overall']:.4f}"
        assert document.text(names.OWN_MODEL) == scorer.name
    assert b'crs:Tint="+4"' in sidecar(photos[1]).read_bytes()
    before = {path: path.stat().st_mtime_ns for path in photos[0].parent.iterdir()}
    assert photocull("score", photos[0].parent, "--write-xmp").code == 0
    assert {path: path.stat().st_mtime_ns for path in photos[0].parent.iterdir()} == before


def test_a_sidecar_that_is_not_understood_is_named_and_left(photocull: Photocull, photos: list[Path]) -> None:
    sidecar(photos[0]).write_bytes(b"<x")
    answer = photocull("score", photos[0].parent)
    assert (answer.code, answer.err.count("not well-formed XML")) == (0, 1)
    answer = photocull("score", photos[0].parent, "--write-xmp")
    assert answer.code == 1
    assert "IMG_0001.jpg.xmp: The sidecar is not well-formed XML" in answer.err
    assert sidecar(photos[0]).read_bytes() == b"<x"
    assert sidecar(photos[2]).exists()


def test_a_wrong_word_in_the_settings_is_said_before_the_work(photocull: Photocull, photos: list[Path]) -> None:
    stored.save(Settings(sidecar_rejects="sometimes"), stored.folders().settings)
    answer = photocull("score", photos[0].parent, "--write-xmp")
    assert answer.code == 2
    assert "'sidecar_rejects' cannot be 'sometimes'" in answer.err
    assert photocull("score", photos[0].parent).code == 0
