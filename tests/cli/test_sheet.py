"""`top --sheet`: a JPEG of the best and the worst, never over a file that is there."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photocull.cli import sheet as command
from tests.building import make_folder
from tests.cli.conftest import Photocull


def test_the_best_and_as_many_of_the_worst_are_on_it(
    photocull: Photocull, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[list[tuple[str, list[str]]]] = []

    def record(parts: list[tuple[str, list[object]]]) -> np.ndarray:
        drawn.append([(heading, [shot.path.name for shot in shots]) for heading, shots in parts])  # type: ignore[attr-defined]  # shots of the sheet
        return np.zeros((8, 8, 3), np.uint8)

    monkeypatch.setattr(command, "contact_sheet", record)
    make_folder(tmp_path / "photos", 5)
    every = photocull("top", tmp_path / "photos", "--count", 5, "--format", "json").records
    names = [Path(one["path"]).name for one in every]
    answer = photocull("top", tmp_path / "photos", "--count", 2, "--sheet", tmp_path / "sheet.jpg")
    assert answer.code == 0
    ((best, worst),) = drawn
    assert best == ("The best 2 by overall", names[:2])
    assert worst == ("The worst 2", names[:2:-1])
    photocull("top", tmp_path / "photos", "--count", 3, "--sheet", tmp_path / "other.jpg")
    assert drawn[1][1] == ("The worst 2", names[:2:-1])


def test_it_is_a_picture(photocull: Photocull, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 3)
    assert photocull("top", tmp_path / "photos", "--count", 1, "--sheet", tmp_path / "sheet.jpg").code == 0
    with Image.open(tmp_path / "sheet.jpg") as opened:
        assert opened.format == "JPEG"
        assert opened.width > 1000


@pytest.mark.parametrize(("name", "said"), [("sheet.png", "A sheet is a JPEG"), ("there.jpg", "of this name already")])
def test_a_name_that_will_not_do_is_said_before_the_work(
    name: str, said: str, photocull: Photocull, tmp_path: Path
) -> None:
    make_folder(tmp_path / "photos", 1)
    (tmp_path / "there.jpg").write_bytes(b"mine")
    answer = photocull("top", tmp_path / "photos", "--sheet", tmp_path / name)
    assert answer.code == 2
    assert said in answer.err
    assert (tmp_path / "there.jpg").read_bytes() == b"mine"
