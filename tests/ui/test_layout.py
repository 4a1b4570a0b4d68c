"""The grid's sheet: rows end flush, nothing overlaps, what is kept stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.ui.layout import Cell, Frame, arrange

ASPECTS = st.lists(st.one_of(st.none(), st.floats(0.05, 20.0)), max_size=60)
FRAMES = st.builds(Frame, width=st.integers(200, 3000), row_height=st.integers(60, 400), uniform=st.booleans())


@given(ASPECTS, FRAMES)
def test_every_photo_has_a_place_and_none_overlaps(aspects: list[float | None], frame: Frame) -> None:
    sheet = arrange(aspects, frame)
    assert len(sheet.cells) == len(aspects)
    for before, after in zip(sheet.cells, sheet.cells[1:], strict=False):
        same_row = before.y == after.y
        assert after.x >= before.x + before.width + frame.gap - 1 if same_row else after.y >= before.y + before.height
    assert all(cell.x >= 0 and cell.x + cell.width <= frame.width for cell in sheet.cells)


@given(ASPECTS, FRAMES)
def test_each_photo_is_found_where_it_lies(aspects: list[float | None], frame: Frame) -> None:
    sheet = arrange(aspects, frame)
    for index, cell in enumerate(sheet.cells):
        assert sheet.at(cell.x, cell.y) == index
        assert index in sheet.visible(cell.y, cell.y + 1)
        assert sheet.starts[sheet.row_of(index)] <= index


def test_full_rows_end_flush_at_the_right_edge() -> None:
    frame = Frame(width=1000, row_height=160)
    sheet = arrange([1.5, 0.67, 1.5, 1.0, 1.78] * 20, frame)
    ends = [sheet.cells[start - 1] for start in sheet.starts[1:]]
    assert {cell.x + cell.width for cell in ends} <= {987, 988, 989}
    assert all(110 < cell.height < 240 for cell in ends)


def test_a_short_last_row_is_not_stretched() -> None:
    sheet = arrange([1.5], Frame(width=1000, row_height=160))
    assert list(sheet.cells) == [Cell(12, 12, 240, 160)]


def test_a_panorama_is_cropped_rather_than_flattening_its_row() -> None:
    sheet = arrange([12.0, 1.5, 1.5], Frame(width=1000, row_height=160))
    assert sheet.cells[0].height > 100


def test_kept_rows_stay_when_later_shapes_become_known() -> None:
    frame = Frame(width=900, row_height=150)
    before = arrange([None] * 40, frame)
    after = arrange([None] * 12 + [0.6] * 28, frame, kept=before, rows=2)
    kept = before.starts[2]
    assert after.cells[:kept] == before.cells[:kept]
    assert after.cells[kept:] != before.cells[kept:]
    assert len(after.cells) == 40


def test_rows_above_and_below_are_reached_by_the_nearest_middle() -> None:
    sheet = arrange([1.5] * 12, Frame(width=1000, row_height=160))
    column = sheet.middle(1)
    below = sheet.beside(1, 1, column)
    assert sheet.row_of(below) == 1
    assert abs(sheet.cells[below].x - sheet.cells[1].x) < 40
    assert sheet.beside(below, -1, column) == 1
    assert sheet.beside(0, -5, column) == 0


def test_no_photo_is_an_empty_sheet() -> None:
    sheet = arrange([], Frame(width=900, row_height=150))
    assert (sheet.height, list(sheet.visible(0, 500)), sheet.at(5, 5)) == (0, [], None)


def test_a_cell_is_counted_from_the_end_and_none_lies_beyond() -> None:
    sheet = arrange([1.5] * 12, Frame(width=1000, row_height=160))
    assert sheet.cells[-1] == sheet.cells[11]
    assert list(sheet.cells[10:]) == [sheet.cells[10], sheet.cells[11]]
    with pytest.raises(IndexError):
        sheet.cells[12]
