"""`overlay` as a person calls it: a picture with the map that was asked for, or one line that says why not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.building import make_photo
from tests.cli.conftest import Photocull
from tests.pixel_scorer import PixelScorer


@pytest.mark.parametrize(("kind", "name"), [("aesthetic", "o.png"), ("clipping", "o.JPG")])
def test_overlay_writes_a_picture_of_the_photos_shape(
    photocull: Photocull, tmp_path: Path, kind: str, name: str
) -> None:
    photo = make_photo(tmp_path / "a.jpg", size=(300, 200))
    before = photo.read_bytes()
    answer = photocull("overlay", photo, "--kind", kind, "--output", tmp_path / name)
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    with Image.open(tmp_path / name) as picture:
        assert picture.size == (300, 200)
        assert picture.format == ("PNG" if name.endswith("png") else "JPEG")
    assert photo.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["a.jpg", name])


@pytest.fixture
def photo(tmp_path: Path) -> Iterator[Path]:
    made = make_photo(tmp_path / "a.jpg")
    before = made.read_bytes()
    yield made
    assert made.read_bytes() == before


def test_overlay_never_replaces_the_photo_itself(photocull: Photocull, photo: Path) -> None:
    link = photo.with_name("link.jpg")
    link.hardlink_to(photo)
    for target in (photo, link):
        assert photocull("overlay", photo, "--kind", "aesthetic", "--output", target, "--force").code == 2


def test_overlay_replaces_another_file_only_when_told(photocull: Photocull, photo: Path) -> None:
    other = photo.with_name("other.png")
    other.write_text("precious")
    answer = photocull("overlay", photo, "--kind", "aesthetic", "--output", other)
    assert (answer.code, other.read_text()) == (2, "precious")
    assert "--force" in answer.err
    assert photocull("overlay", photo, "--kind", "aesthetic", "--output", other, "--force").code == 0
    with Image.open(other) as picture:
        assert picture.format == "PNG"


@pytest.mark.parametrize("target", ["a.bmp", "nofolder/a.png", "noending"])
def test_overlay_refuses_what_it_cannot_write_in_one_line(photocull: Photocull, photo: Path, target: str) -> None:
    answer = photocull("overlay", photo, "--kind", "aesthetic", "--output", photo.parent / target)
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1


def test_overlay_of_a_map_that_the_model_does_not_make_names_those_it_does(photocull: Photocull, photo: Path) -> None:
    answer = photocull("overlay", photo, "--kind", "theme", "--output", photo.with_suffix(".png"))
    assert answer.code == 2
    assert "aesthetic" in answer.err
    assert not photo.with_suffix(".png").exists()


def test_overlay_shows_what_is_coloured_like_any_cell_without_a_model(
    photocull: Photocull, scorer: PixelScorer, photo: Path
) -> None:
    pictures = []
    for cell in ("1,1", "9, 12"):
        output = photo.with_name(f"{cell[0]}.png")
        answer = photocull("overlay", photo, "--kind", "similarity", "--cell", cell, "--output", output)
        assert (answer.code, answer.err) == (0, "")
        with Image.open(output) as picture:
            pictures.append(picture.tobytes())
    assert pictures[0] != pictures[1]
    assert scorer.seen == []


@pytest.mark.parametrize(
    ("kind", "cell"), [("similarity", "0,1"), ("similarity", "13,1"), ("similarity", "x"), ("focus", "1,1")]
)
def test_overlay_refuses_a_cell_that_is_not_there_in_one_line(
    photocull: Photocull, photo: Path, kind: str, cell: str
) -> None:
    answer = photocull("overlay", photo, "--kind", kind, "--cell", cell, "--output", photo.with_suffix(".png"))
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1
    assert not photo.with_suffix(".png").exists()


def test_overlay_of_a_broken_photo_names_it(photocull: Photocull, tmp_path: Path) -> None:
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8\xff nothing" * 30)
    answer = photocull("overlay", tmp_path / "b.jpg", "--kind", "focus", "--output", tmp_path / "o.png")
    assert answer.code == 1
    assert "b.jpg" in answer.err
