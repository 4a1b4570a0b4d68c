"""Window attention against its definition, cell by cell."""

import pytest

torch = pytest.importorskip("torch", reason="torch is an extra")

from torch import Tensor  # noqa: E402  torch is an extra

from photocull.judge.networks.windows import (  # noqa: E402  torch is an extra
    WindowAttention,
    from_windows,
    relative_index,
    shift_mask,
    to_windows,
)

WIDTH, HEADS, WINDOW, SIDE = 12, 3, 3, 6


@pytest.fixture(autouse=True)
def _seeded(one_thread: None) -> None:
    torch.manual_seed(5)


def _layer(shift: int) -> WindowAttention:
    layer = WindowAttention(WIDTH, HEADS, WINDOW, SIDE, shift)
    torch.nn.init.normal_(layer.bias_table)  # as made it is too small to show a wrong index
    return layer.eval()


def _by_definition(layer: WindowAttention, photo: Tensor, shift: int) -> Tensor:
    """The output for one map (side, side, width): every cell attends to the cells that share its window and region."""
    cells = [(row, column) for row in range(SIDE) for column in range(SIDE)]
    query, key, value = layer.query_key_value(photo).chunk(3, dim=-1)
    out = torch.zeros_like(photo)
    for cell in cells:
        others = [other for other in cells if _together(cell, other, shift)]
        for head in range(HEADS):
            part = slice(head * WIDTH // HEADS, (head + 1) * WIDTH // HEADS)
            logits = [
                query[cell][part] @ key[other][part] / (WIDTH // HEADS) ** 0.5
                + layer.bias_table[_row(cell, other), head]
                for other in others
            ]
            weights = torch.softmax(torch.stack(logits), dim=0)
            out[cell][part] = sum(w * value[other][part] for w, other in zip(weights, others, strict=True))
    return layer.out(out)


def _together(one: tuple[int, int], other: tuple[int, int], shift: int) -> bool:
    """Whether two cells lie between the same lines of the grid of windows that was moved by `shift`."""
    return all((a - shift) // WINDOW == (b - shift) // WINDOW for a, b in zip(one, other, strict=True))


def _row(query: tuple[int, int], key: tuple[int, int]) -> int:
    down, right = query[0] - key[0], query[1] - key[1]
    return (down + WINDOW - 1) * (2 * WINDOW - 1) + right + WINDOW - 1


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_a_cell_attends_to_its_window_as_the_definition_says(shift: int) -> None:
    layer, photos = _layer(shift), torch.randn(2, SIDE, SIDE, WIDTH)
    with torch.inference_mode():
        expected = torch.stack([_by_definition(layer, photo, shift) for photo in photos])
        assert torch.allclose(layer(photos), expected, atol=1e-5)


def test_what_the_shift_brought_together_stays_apart() -> None:
    mask = shift_mask(side=4, window=2, shift=1)
    assert mask.shape == (4, 1, 4, 4)
    assert mask[0].abs().max() == 0
    side_by_side = torch.tensor([[0.0, -100.0], [-100.0, 0.0]]).repeat(2, 2)
    assert torch.equal(mask[1, 0], side_by_side)
    assert torch.equal(mask[3, 0], 100 * (torch.eye(4) - 1))


def test_every_displacement_has_a_bias_of_its_own() -> None:
    index = relative_index(WINDOW).view(WINDOW**2, WINDOW**2)
    rows: dict[tuple[int, int], set[int]] = {}
    for a in range(WINDOW**2):
        for b in range(WINDOW**2):
            step = a // WINDOW - b // WINDOW, a % WINDOW - b % WINDOW
            rows.setdefault(step, set()).add(int(index[a, b]))
    assert all(len(found) == 1 for found in rows.values())
    assert set().union(*rows.values()) == set(range((2 * WINDOW - 1) ** 2))


def test_windows_are_put_back_where_they_were() -> None:
    photos = torch.randn(2, SIDE, SIDE, 5)
    windows = to_windows(photos, WINDOW)
    assert torch.equal(windows[1, 0], photos[0, 0, WINDOW])
    assert torch.equal(from_windows(windows, WINDOW, SIDE), photos)


def test_indices_and_masks_are_no_part_of_the_weights() -> None:
    names = set(_layer(2).state_dict())
    assert names == {
        "bias_table",
        "query_key_value.weight",
        "query_key_value.bias",
        "out.weight",
        "out.bias",
    }
