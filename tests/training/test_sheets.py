"""A contact sheet holds every photo under its heading, and survives those that cannot be read."""

from pathlib import Path

import numpy as np

from photocull.training.sheets import Shot, contact_sheet
from tests.building import make_photo


def test_a_sheet_has_a_place_for_every_photo(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.jpg" for number in range(8)]
    for number, path in enumerate(paths):
        make_photo(path, size=(64, 48), seed=number)
    shots = [Shot(path, "overall 5.0") for path in paths]
    one, two = contact_sheet([("The best", shots[:6])]), contact_sheet([("The best", shots[:6]), ("The worst", shots)])
    assert one.dtype == np.uint8
    assert two.shape[1] == one.shape[1]
    assert two.shape[0] > 2.5 * one.shape[0]
    assert one.std() > 10


def test_a_photo_that_cannot_be_read_is_an_empty_frame(tmp_path: Path) -> None:
    broken = tmp_path / ("a" * 60 + ".jpg")
    broken.write_bytes(b"no photo")
    sheet = contact_sheet([("The best", [Shot(broken, ""), Shot(tmp_path / "gone.jpg", "")])])
    assert sheet.shape[0] > 300


def test_an_empty_part_takes_no_room(tmp_path: Path) -> None:
    make_photo(tmp_path / "a.jpg", size=(64, 48))
    shots = [Shot(tmp_path / "a.jpg", "overall 5.0")]
    assert contact_sheet([("Best", shots), ("Worst", [])]).shape == contact_sheet([("Best", shots)]).shape
