"""Photos and their damaged copies are looked at once, in chunks that survive a stop."""

from pathlib import Path

import numpy as np
import pytest

from photocull.core.errors import CancelledError
from photocull.core.types import Pixels
from photocull.core.work import CancelToken
from photocull.training.colour_damage import KINDS
from photocull.training.colour_pairs import HARMLESS, STRENGTHS, UNTOUCHED, gather_colour
from tests.training.colour_rows import ColourTrunk, load, material, numbered, view

_ROWS = 1 + 3 + len(KINDS) * len(STRENGTHS)


def test_every_photo_comes_with_its_copies_and_is_looked_at_once(tmp_path: Path) -> None:
    trunk = ColourTrunk()
    first = material(tmp_path, 3, trunk)
    again = material(tmp_path, 3, trunk)
    assert trunk.runs == len(first) == 3 * _ROWS
    assert first.cells.shape == (3 * _ROWS, 256, 9, 9)
    assert np.array_equal(first.cells, again.cells)
    assert (first.kind == UNTOUCHED).sum() == 3
    assert (first.kind == HARMLESS).sum() == 9
    assert np.all(first.change[first.strength == 0] == 0)
    assert (first.change[first.strength == 1] > 1).mean() > 0.8


def test_a_mirror_image_has_the_photos_colours_the_other_way_round(tmp_path: Path) -> None:
    rows = material(tmp_path, 1)
    photo, mirror = (rows.colours[k].astype(int) for k in (0, 1))
    assert np.abs(photo[:, ::-1] - mirror).max() <= 2


def test_photos_without_damages_are_kept_apart_from_those_with(tmp_path: Path) -> None:
    assert len(material(tmp_path, 2, damages=False)) == 2
    assert len(material(tmp_path, 2)) == 2 * _ROWS


def test_a_stopped_run_carries_on(tmp_path: Path) -> None:
    trunk, token = ColourTrunk(), CancelToken()

    def counted(path: Path) -> Pixels:
        if path.stem == "16":
            token.cancel()
        return load(path)

    paths = numbered(tmp_path, 40)
    with pytest.raises(CancelledError):
        gather_colour(paths, trunk, "w", counted, view, tmp_path / "cache", damages=False, token=token)
    before = trunk.runs
    whole = gather_colour(paths, trunk, "w", load, view, tmp_path / "cache", damages=False)
    assert 0 < before < 40
    assert trunk.runs == 40
    assert list(whole.photo) == list(range(40))


def test_other_weights_are_looked_at_anew(tmp_path: Path) -> None:
    trunk, paths = ColourTrunk(), numbered(tmp_path, 2)
    for weights in ("w", "v"):
        gather_colour(paths, trunk, weights, load, view, tmp_path / "cache", damages=False)
    assert trunk.runs == 4
