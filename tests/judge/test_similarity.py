"""The likeness of a picture's cells: TANet's own arithmetic without TANet."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photocull.judge.networks.squares import square_input
from photocull.judge.similarity import CELLS, cell_colours, chosen_cell, heaviest_cell, likeness, similar_cells
from tests.building import draw
from tests.judge.drawing import halves


def test_cells_of_the_same_colour_are_alike_and_others_are_not() -> None:
    grid = similar_cells(halves((220, 40, 40), (40, 40, 220)), 0, 0)
    assert grid.shape == (CELLS, CELLS)
    assert grid[:5].min() > 0.99
    assert grid[7:].max() < 0.1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, CELLS - 1), st.integers(0, CELLS - 1))
def test_a_map_tells_the_cell_it_was_made_for_even_where_all_are_alike(row: int, column: int) -> None:
    for pixels in (np.full((90, 120, 3), 200, np.uint8), draw((120, 90))):
        grid = similar_cells(pixels, row, column)
        assert chosen_cell(grid) == (row, column)
        assert (grid == 1).sum() == 1
        assert grid.min() >= 0


@pytest.mark.parametrize("cell", [(-1, 0), (0, CELLS), (12, 12)])
def test_a_cell_that_is_not_there_is_refused(cell: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not within 12 x 12"):
        similar_cells(draw((64, 48)), *cell)


def test_cells_and_likeness_are_the_networks() -> None:
    torch = pytest.importorskip("torch", reason="torch is an extra")
    from photocull.judge.networks.tanet_parts import cell_similarity

    values = square_input(draw((200, 160)))
    cells = torch.nn.functional.adaptive_avg_pool2d(torch.from_numpy(values)[None], CELLS)
    mine = cell_colours(values)
    assert np.allclose(mine, cells[0].flatten(1).T.numpy(), atol=1e-6)
    assert np.allclose(likeness(mine), cell_similarity(cells)[0].numpy(), atol=1e-5)


def test_the_heaviest_cell_is_the_one_that_the_answer_would_miss() -> None:
    random = np.random.default_rng(0)
    colours = np.tile(np.array([1, 0, 0], np.float32), (CELLS * CELLS, 1))
    colours[77] = (0, 1, 0)
    weight = random.standard_normal((10, CELLS * CELLS, CELLS * CELLS)).astype(np.float32) / CELLS**2
    mean = np.array([1, 0.01, 0], np.float32)
    assert heaviest_cell(colours, mean, weight, np.full(10, 0.1, np.float32)) == 77
