"""Deformable attention: where points lie, what they read, and the whole against its definition."""

from itertools import product

import pytest

torch = pytest.importorskip("torch", reason="torch is an extra")

from torch import Tensor  # noqa: E402  torch is an extra
from torch.nn import functional  # noqa: E402  torch is an extra

from photocull.judge.networks.deformable import (  # noqa: E402  torch is an extra
    DeformableAttention,
    GroupFilter,
    Points,
    place_points,
    sample,
    step,
)

WIDTH, HEADS, GROUPS, SIDE, KERNEL = 16, 4, 2, 5, 3


@pytest.fixture(autouse=True)
def _seeded(one_thread: None) -> None:
    torch.manual_seed(6)


def _layer(*, gated: bool = True) -> DeformableAttention:
    layer = DeformableAttention(WIDTH, HEADS, GROUPS, SIDE, KERNEL, gated=gated, stage=3)
    torch.nn.init.normal_(layer.position_table)  # as made it is too small to show a wrong place
    torch.nn.init.normal_(layer.reference.bias, std=0.3)
    return layer.eval()


def _bilinear(map_: Tensor, place: Tensor) -> Tensor:
    """(c,) of a map (c, h, w) at (y, x), its corner cells at -1 and 1, zero outside."""
    down, right = (
        torch.relu(1 - ((at + 1) / 2 * (size - 1) - torch.arange(size)).abs())
        for at, size in zip(place, map_.shape[1:], strict=True)
    )
    return map_ @ right @ down


def _by_definition(layer: DeformableAttention, photo: Tensor, points: Points) -> Tensor:
    """The output for one map (side, side, width) with its points: the paper's equations, one point at a time."""
    tokens = photo.reshape(-1, WIDTH)
    places = points.positions[0].reshape(GROUPS, -1, 2)
    parts = photo.permute(2, 0, 1).reshape(GROUPS, -1, SIDE, SIDE)
    read = [torch.stack([_bilinear(parts[g], place) for place in places[g]]) for g in range(GROUPS)]
    sampled = torch.cat(read, dim=1)
    query, key, value = layer.query(tokens), layer.key(sampled), layer.value(sampled)
    heads = []
    for head in range(HEADS):
        part = slice(head * WIDTH // HEADS, (head + 1) * WIDTH // HEADS)
        logits = query[:, part] @ key[:, part].T / (WIDTH // HEADS) ** 0.5
        table, group = layer.position_table[head : head + 1], places[head * GROUPS // HEADS]
        for q, p in product(range(SIDE**2), range(SIDE**2)):
            centre = torch.tensor([(q // SIDE + 0.5) * 2 / SIDE - 1, (q % SIDE + 0.5) * 2 / SIDE - 1])
            logits[q, p] += _bilinear(table, (centre - group[p]) / 2)[0]
        heads.append(torch.softmax(logits, dim=1) @ value[:, part])
    return layer.out(torch.cat(heads, dim=1)).view_as(photo)


@pytest.mark.parametrize("gated", [True, False])
def test_the_layer_is_what_the_paper_defines(gated: bool) -> None:
    layer, photo = _layer(gated=gated), torch.randn(1, SIDE, SIDE, WIDTH)
    seen: list[Points] = []
    with torch.inference_mode():
        out = layer(photo, seen=seen)
        assert torch.allclose(out[0], _by_definition(layer, photo[0], seen[0]), atol=1e-5)


def test_a_batch_gives_what_its_photos_give_alone() -> None:
    layer, photos = _layer(), torch.randn(3, SIDE, SIDE, WIDTH)
    with torch.inference_mode():
        assert torch.allclose(layer(photos), torch.cat([layer(photo[None]) for photo in photos]), atol=1e-6)


def test_the_authors_share_points_in_a_batch() -> None:
    layer, photos = _layer(), torch.randn(3, SIDE, SIDE, WIDTH)
    with torch.inference_mode():
        queries = layer.query(photos)
        shared, own = layer.place(photos, queries, shared=True), layer.place(photos, queries)
        alone = layer.place(photos[:1], queries[:1], shared=True)
    assert torch.equal(shared.references[0], shared.references[2])
    assert not torch.allclose(own.references[0], own.references[2])
    assert torch.allclose(shared.references[0], layer.reference(photos).mean(0).tanh())
    assert torch.allclose(alone.positions, own.positions[:1])


def test_an_offset_that_disagrees_with_its_point_keeps_a_quarter() -> None:
    reference = torch.tensor([0.5, -0.5]).view(1, 1, 1, 2)
    offsets = torch.tensor([[0.1, -0.1], [0.1, 0.1], [-0.1, -0.1], [-0.1, 0.1]]).view(1, 1, 1, 4, 2)
    moved = place_points(offsets, reference, None) - reference.unsqueeze(3)
    kept = moved / offsets
    assert torch.allclose(kept.flatten(), torch.tensor([1.0, 1.0, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]))


def test_no_gradient_passes_through_the_choice_of_a_quarter() -> None:
    reference = torch.tensor([0.5, -0.5]).view(1, 1, 1, 2).requires_grad_()
    offsets = torch.tensor([[0.1, -0.1], [0.1, 0.1]]).view(1, 1, 1, 2, 2).requires_grad_()
    place_points(offsets, reference, None).sum().backward()
    assert reference.grad is not None
    assert offsets.grad is not None
    assert reference.grad.flatten().tolist() == [2.0, 2.0]
    assert offsets.grad.flatten().tolist() == [1.0, 1.0, 0.25, 0.25]


def test_a_closed_gate_puts_all_points_of_its_place_at_the_centre() -> None:
    offsets, reference = torch.rand(1, 1, 2, 3, 2), torch.rand(1, 1, 2, 2)
    gate = torch.tensor([0.0, 1.0]).view(1, 1, 2, 1)
    positions = place_points(offsets, reference, gate)
    assert positions[0, 0, 0].abs().max() == 0
    assert torch.equal(positions[0, 0, 1], place_points(offsets, reference, None)[0, 0, 1])


def test_a_layers_closed_gates_are_told_and_obeyed() -> None:
    layer, photos, seen = _layer(), torch.randn(2, SIDE, SIDE, WIDTH), []
    with torch.inference_mode():
        layer(photos, seen=seen)
        raw = layer.gate(photos)[..., 0]
    (points,) = seen
    assert points.stage == 3
    assert torch.equal(points.gate[:, 0], (raw < 0).float())
    assert 0 < points.gate.mean() < 1
    closed = (points.gate == 0).unsqueeze(-1).expand_as(points.positions)
    assert points.positions[closed].abs().max() == 0
    assert points.references.shape == points.positions.shape == (2, GROUPS, SIDE, SIDE, 2)


def test_the_step_is_the_published_sigmoid_and_can_learn() -> None:
    raw = torch.tensor([-2.0, -1e-6, 0.0, 1e-6, 2.0], requires_grad=True)
    value = step(raw)
    assert torch.equal(value, torch.sigmoid(-99999 * raw))
    value.sum().backward()
    assert raw.grad is not None
    assert torch.allclose(raw.grad, -torch.sigmoid(raw) * torch.sigmoid(-raw))


@pytest.mark.parametrize("gated", [True, False])
def test_attention_received_adds_up_to_the_number_of_queries(gated: bool) -> None:
    layer, seen = _layer(gated=gated), []
    with torch.inference_mode():
        layer(torch.randn(2, SIDE, SIDE, WIDTH), seen=seen)
    attention = seen[0].attention
    assert attention.shape == (2, GROUPS, SIDE, SIDE)
    assert attention.min() >= 0
    assert torch.allclose(attention.sum((2, 3)), torch.full((2, GROUPS), SIDE**2.0))
    assert (seen[0].gate is None) is not gated


def test_points_on_the_cells_read_the_map_and_points_outside_read_nothing() -> None:
    photos = torch.randn(2, SIDE, SIDE, WIDTH)
    line = torch.linspace(-1, 1, SIDE)
    cells = torch.stack(torch.meshgrid(line, line, indexing="ij"), dim=-1)
    positions = cells.view(1, SIDE, SIDE, 1, 2).repeat(2, 1, 1, GROUPS, 1)
    positions[1, :, :, 1] = 3.0
    read = sample(photos, positions).view_as(photos)
    assert torch.allclose(read[0], photos[0], atol=1e-5)
    assert torch.allclose(read[1, :, :, : WIDTH // 2], photos[1, :, :, : WIDTH // 2], atol=1e-5)
    assert read[1, :, :, WIDTH // 2 :].abs().max() == 0


@pytest.mark.parametrize("kernel", [1, 3, 5])
def test_every_group_goes_through_the_same_filter(kernel: int) -> None:
    layer, photos = GroupFilter(WIDTH // GROUPS, kernel), torch.randn(2, SIDE, SIDE, WIDTH)
    torch.nn.init.normal_(layer.bias)
    out = layer(photos, GROUPS)
    assert out.shape == (2, SIDE, SIDE, GROUPS, WIDTH // GROUPS)
    for group in range(GROUPS):
        part = photos[..., group * WIDTH // GROUPS : (group + 1) * WIDTH // GROUPS].permute(0, 3, 1, 2)
        alone = functional.conv2d(part, layer.weight, layer.bias, padding=kernel // 2, groups=WIDTH // GROUPS)
        assert torch.allclose(out[..., group, :].permute(0, 3, 1, 2), alone, atol=1e-5)
