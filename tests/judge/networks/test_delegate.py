"""The Delegate Transformer against the authors' numbers, and the promise they could not give: one photo, one score."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="torch is an extra")

from safetensors.torch import load_file, save_file  # noqa: E402  torch is an extra
from torch import Tensor  # noqa: E402  torch is an extra

from photocull.judge.networks.delegate import (  # noqa: E402  torch is an extra
    BASE,
    DelegateShape,
    DelegateTransformer,
    Trace,
)
from photocull.judge.networks.packing import pack  # noqa: E402  torch is an extra
from photocull.models.delegate_keys import own_name  # noqa: E402  torch is an extra
from tests.judge.networks.filling import GOLDEN, published_state, read_shapes  # noqa: E402  torch is an extra
from tests.judge.networks.small_delegate import (  # noqa: E402  torch is an extra
    SMALL,
    VARIANTS,
    drawn_photos,
    small_network,
)

NAMES = (
    "batch2",
    "single",
    "positions_stage3_last",
    "positions_stage4_last",
    "references_stage3_last",
    "stage1_mean_std",
    "stage2_mean_std",
    "stage3_mean_std",
    "stage4_mean_std",
    "pooled_features",
    "histogram",
)
TOLERANCE = 1e-4
"""Absolute, in full; rounding alone comes to a tenth of it at most."""


@pytest.fixture(autouse=True)
def _seeded(one_thread: None) -> None:
    torch.manual_seed(4)


@pytest.fixture(scope="module", autouse=True)
def nothing_large_left() -> Iterator[None]:
    """The published size takes 350 MB, which other modules' tests should not carry."""
    yield
    filled.cache_clear()


@cache
def filled(variant: str) -> DelegateTransformer:
    """The published size in evaluation mode, filled by the published names and loaded through the key map."""
    if variant != "icaa17k":  # its tensors are some of the other's, with the same names and so the same values
        kept = {own_name(name) for name in read_shapes(f"dat_base_{variant}_state_dict")}
        state = {name: value for name, value in filled("icaa17k").state_dict().items() if name in kept}
    else:
        skipped = ("attn_mask", "relative_position_index")
        published = published_state(read_shapes(f"dat_base_{variant}_state_dict"), skip=skipped)
        state = {own: value for name, value in published.items() if (own := own_name(name))}
    outputs, gated = VARIANTS[variant]
    network = DelegateTransformer(outputs=outputs, gated=gated)
    network.load_state_dict(state, strict=True, assign=True)
    return network.eval().requires_grad_(False)


@cache
def computed(variant: str) -> dict[str, NDArray[np.float32]]:
    """Our counterpart of every golden array."""
    network, maps = filled(variant), []
    batch = torch.from_numpy(np.random.default_rng(11).standard_normal((2, 3, 224, 224)).astype(np.float32))
    with torch.inference_mode():
        published = network.published(batch)
        hooks = [stage.register_forward_hook(lambda _stage, _x, out: maps.append(out)) for stage in network.stages]
        trace = network.trace(batch)
        for hook in hooks:
            hook.remove()
    last = {points.stage: points for points in trace.points}
    found = {
        "batch2": published,
        "single": trace.answer,
        "positions_stage3_last": last[3].positions[:1],
        "positions_stage4_last": last[4].positions[:1],
        "references_stage3_last": last[3].references[:1],
        "pooled_features": trace.features[:1],
        "histogram": trace.histogram[:1].unsqueeze(2),
    }
    spreads = {f"stage{i + 1}_mean_std": torch.stack([maps[i].mean(), maps[i].std()]) for i in range(4)}
    return {name: value.numpy() for name, value in (found | spreads).items()}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", NAMES)
def test_the_network_gives_the_authors_numbers(variant: str, name: str) -> None:
    with np.load(GOLDEN / f"dat_{variant}.npz") as golden:
        assert set(golden.files) == set(NAMES)
        assert computed(variant)[name].shape == golden[name].shape
        assert np.abs(computed(variant)[name] - golden[name]).max() < TOLERANCE


@pytest.mark.parametrize("gated", [True, False])
def test_a_photos_scores_do_not_depend_on_its_company(gated: bool) -> None:
    network, photos = small_network(gated=gated), drawn_photos(7)
    with torch.inference_mode():
        alone = torch.cat([network(photo[None]) for photo in photos])
        assert len(alone.unique(dim=0)) == 7
        assert torch.equal(network(photos[:2]), alone[:2])
        assert torch.equal(network(photos), alone)
        for _ in range(3):
            order = torch.randperm(7)
            assert torch.equal(network(photos[order]), alone[order])


def test_photos_that_a_gpu_would_score_together_do_not_touch_each_other() -> None:
    network, photos = small_network(), drawn_photos(5)
    with torch.inference_mode():
        alone = network(photos)
        together = network.train()(photos)  # without drop path, training differs from evaluation in this alone
    assert torch.allclose(alone, together, atol=1e-5)


def test_the_authors_arithmetic_couples_the_photos_of_a_batch() -> None:
    network, photos = small_network(), drawn_photos(3)
    with torch.inference_mode():
        own, coupled = network(photos), network.published(photos)
        assert (own - coupled).abs().max() > 1e-4
        assert (coupled[0] - network.published(photos[:2])[0]).abs().max() > 1e-5
        assert torch.equal(network.published(photos[:1]), own[:1])


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_published_size_scores_a_photo_alone_as_in_a_batch_of_40(variant: str) -> None:
    batch = torch.from_numpy(np.random.default_rng(11).standard_normal((40, 3, 224, 224)).astype(np.float32))
    with np.load(GOLDEN / f"dat_{variant}.npz") as golden, torch.inference_mode():
        together = filled(variant)(batch)
        assert np.abs(together[:2].numpy() - golden["single"]).max() < 1e-5
        assert torch.equal(filled(variant)(batch.flip(0)[:7]), together.flip(0)[:7])


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_published_size_gives_the_authors_numbers_when_packed(variant: str) -> None:
    network = deepcopy(filled(variant))
    pack(network)
    batch = torch.from_numpy(np.random.default_rng(11).standard_normal((2, 3, 224, 224)).astype(np.float32))
    with np.load(GOLDEN / f"dat_{variant}.npz") as golden, torch.inference_mode():
        assert np.abs(network(batch).numpy() - golden["single"]).max() < TOLERANCE
        assert np.abs(network.published(batch).numpy() - golden["batch2"]).max() < TOLERANCE


def test_the_parts_hold_every_parameter_once() -> None:
    network = small_network()
    parts = [parameter for part in network.parts().values() for parameter in part.parameters()]
    assert len(parts) == len({id(p) for p in parts}) == len(list(network.parameters()))
    assert set(network.parts()) == {"trunk", "histogram", "heads"}


@pytest.mark.parametrize(("outputs", "gated"), VARIANTS.values())
def test_a_trace_is_one_run_with_what_it_saw(outputs: int, gated: bool) -> None:
    network, photos = small_network(outputs, gated=gated), drawn_photos(2)
    with torch.inference_mode():
        trace = network.trace(photos)
        first = network.trace(photos[:1])
        assert torch.equal(trace.answer, network(photos))
    assert trace.maps.shape == (2, 2, 2, 64)
    assert trace.features.shape == (2, 64)
    assert trace.histogram.shape == (2, 216)
    assert [points.stage for points in trace.points] == [3, 3, 4]
    for points, alone in zip(trace.points, first.points, strict=True):
        side = SMALL.map_side(points.stage - 1)
        groups = SMALL.groups[points.stage - 1]
        assert points.positions.shape == points.references.shape == (2, groups, side, side, 2)
        assert torch.equal(points.positions[:1], alone.positions)
        assert torch.allclose(points.attention.sum((2, 3)), torch.full((2, groups), float(side**2)))
        assert (None if points.gate is None else points.gate.shape) == ((2, 1, side, side) if gated else None)


def _reach(trace: Trace) -> Tensor:
    """Of each layer, how far from the centre its farthest point lies."""
    return torch.stack([points.positions.abs().amax() for points in trace.points])


def test_a_network_whose_gates_are_shut_looks_at_the_centre_only() -> None:
    network, photos = small_network(), drawn_photos(1)
    with torch.inference_mode():
        assert _reach(network.trace(photos)).min() > 0
        for name, value in network.named_parameters():
            if name.endswith("gate.bias"):
                value.fill_(99.0)
        assert _reach(network.trace(photos)).max() == 0


@pytest.mark.parametrize(("outputs", "gated"), VARIANTS.values())
def test_weights_survive_a_safetensors_file(outputs: int, gated: bool, tmp_path: Path) -> None:
    network, photos = small_network(outputs, gated=gated), drawn_photos(2)
    save_file(network.state_dict(), tmp_path / "weights.safetensors")
    state = load_file(tmp_path / "weights.safetensors")
    shape = DelegateShape.of({name: tuple(value.shape) for name, value in state.items()})
    again = DelegateTransformer(shape, outputs=outputs, gated=gated).eval()
    again.load_state_dict(state, strict=True)
    with torch.inference_mode():
        assert torch.equal(again(photos), network(photos))


@pytest.mark.parametrize("shape", [SMALL, BASE], ids=["small", "base"])
def test_the_sizes_are_read_from_the_tensors(shape: DelegateShape) -> None:
    with torch.device("meta"):
        state = DelegateTransformer(shape).state_dict()
    assert DelegateShape.of({name: tuple(value.shape) for name, value in state.items()}) == shape


def test_the_base_size_is_the_published_one() -> None:
    with torch.device("meta"):
        network = DelegateTransformer()
    assert sum(value.numel() for value in network.parameters()) == pytest.approx(86.9e6, abs=0.05e6)


@pytest.mark.parametrize(
    "wrong",
    [{"stem": 16}, {"heads": (1, 2, 5, 4)}, {"groups": (0, 0, 3, 4)}, {"side": 72}, {"depths": (2, 2, 4)}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_sizes_that_do_not_fit_together_are_refused(wrong: dict[str, object]) -> None:
    sizes = {name: getattr(SMALL, name) for name in SMALL.__dataclass_fields__}
    with pytest.raises(ValueError, match=r"must|needs"):
        DelegateShape(**(sizes | wrong))
