"""The learnt colour score answers within its ends, says where it looked, and depends on the photo alone."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from photocull.core.errors import ModelError
from photocull.judge.colour_head import ColourHead
from photocull.judge.networks.colour_input import colour_input, square_cells
from photocull.judge.networks.colour_points import POINTS, read_colour_points
from photocull.judge.spaces import reduced
from tests.judge.colour_weights import drawn_output, drawn_weights
from tests.judge.drawing import flat, scene


@pytest.fixture(scope="module")
def head() -> ColourHead:
    return ColourHead(drawn_weights())


@pytest.mark.parametrize(("rows", "columns"), [(9, 9), (8, 10), (5, 16), (16, 5), (1, 1)])
def test_every_shape_of_photo_has_a_score_and_maps(head: ColourHead, rows: int, columns: int) -> None:
    reading = head.read(drawn_output(rows, columns), scene(height=32 * rows, width=32 * columns))
    assert 0 < reading.score < 10
    assert reading.points.shape == (28, 28)
    assert reading.gates.shape == reading.map.shape == reading.against.shape == (9, 9)
    for grid in (reading.points, reading.gates, reading.map, reading.against):
        assert grid.dtype == np.float16
        assert 0 <= float(grid.min()) <= float(grid.max()) <= 1
    assert not np.any((reading.map > 0) & (reading.against > 0))


def test_the_same_photo_has_the_same_score_in_any_thread(head: ColourHead) -> None:
    output, pixels = drawn_output(8, 10), scene()
    with ThreadPoolExecutor(4) as pool:
        readings = list(pool.map(lambda _: head.read(output, pixels), range(8)))
    assert len({reading.value for reading in readings}) == 1


def test_a_picture_reduced_for_the_palette_gives_the_same_score(head: ColourHead) -> None:
    output, pixels = drawn_output(), scene(height=480, width=480)
    assert head.read(output, reduced(pixels, 160)).value == head.read(output, pixels).value


def test_cells_of_a_square_view_are_read_as_they_are_and_others_keep_their_mean() -> None:
    square, wide = drawn_output(9, 9), drawn_output(8, 10)
    assert np.allclose(square_cells(square), square.mean[16:272], atol=1e-6)
    assert np.allclose(square_cells(wide).mean(axis=(1, 2)), wide.mean[16:272].mean(axis=(1, 2)), atol=1e-5)


def test_black_and_white_is_a_choice_without_a_verdict(head: ColourHead) -> None:
    coloured = scene()
    grey = np.repeat(coloured[..., :1], 3, axis=-1)
    assert head.read(drawn_output(), grey).score == 5
    assert head.read(drawn_output(), coloured).score != 5


def test_influence_is_what_the_answer_loses_without_a_place() -> None:
    tensors = drawn_weights(members=1)
    seen = colour_input(drawn_output(), scene())
    open_gates = read_colour_points(tensors).look(seen)
    assert open_gates.points.shape == (1, 81 * POINTS, 2)
    shut = dict(tensors)
    shut["heads.colour.gate"] = np.zeros_like(tensors["heads.colour.gate"])
    shut["heads.colour.gate_bias"] = np.full_like(tensors["heads.colour.gate_bias"], -40)
    closed = read_colour_points(shut).look(seen)
    assert np.isfinite(closed.value)
    assert np.abs(closed.influence).max() < 1e-9 < np.abs(open_gates.influence).max()


def test_colours_alone_change_the_score(head: ColourHead) -> None:
    output = drawn_output()
    assert head.read(output, flat((200, 60, 40))).value != head.read(output, flat((40, 60, 200))).value


def test_points_beyond_the_edge_read_the_edge() -> None:
    tensors = drawn_weights(members=1)
    tensors["heads.colour.offset_bias"] = np.full_like(tensors["heads.colour.offset_bias"], 50)
    looked = read_colour_points(tensors).look(colour_input(drawn_output(), scene()))
    assert looked.points.max() > 1
    assert np.isfinite(looked.value)


def test_missing_and_misshapen_weights_are_a_model_error() -> None:
    tensors = drawn_weights()
    lacking = {name: values for name, values in tensors.items() if name != "heads.colour.gate"}
    with pytest.raises(ModelError, match="lacks"):
        ColourHead(lacking)
    with pytest.raises(ModelError, match="wrong shape"):
        ColourHead({**tensors, "heads.colour.whole": tensors["heads.colour.whole"][:, :100]})
    with pytest.raises(ModelError, match="wrong shape"):
        ColourHead({name: values[:0] if values.ndim > 1 else values for name, values in tensors.items()})
