"""A network that is packed for scoring says what it said before."""

from copy import deepcopy

import pytest

torch = pytest.importorskip("torch", reason="torch is an extra")

from photocull.judge.networks.delegate import DelegateShape, DelegateTransformer  # noqa: E402  torch is an extra
from photocull.judge.networks.packing import Packed, pack  # noqa: E402  torch is an extra
from photocull.judge.networks.patches import Patches  # noqa: E402  torch is an extra

SMALL = DelegateShape(
    stem=8,
    widths=(8, 16, 32, 64),
    depths=(2, 2, 2, 2),
    heads=(1, 2, 4, 4),
    groups=(0, 0, 2, 4),
    kernels=(0, 0, 5, 3),
    window=2,
    side=64,
)


@pytest.fixture(autouse=True)
def _seeded(one_thread: None) -> None:
    torch.manual_seed(8)


def _network(*, gated: bool) -> DelegateTransformer:
    return DelegateTransformer(SMALL, gated=gated).eval().requires_grad_(False)


@pytest.mark.parametrize("gated", [True, False])
def test_packing_changes_scores_and_points_by_rounding_only(gated: bool) -> None:
    network, photos = _network(gated=gated), torch.randn(3, 3, 64, 64)
    packed = deepcopy(network)
    pack(packed)
    with torch.inference_mode():
        before, after = network.trace(photos), packed.trace(photos)
        assert torch.allclose(after.answer, before.answer, atol=1e-6)
        assert torch.allclose(packed.published(photos), network.published(photos), atol=1e-6)
        assert torch.equal(packed(photos.flip(0)), after.answer.flip(0))
    for one, other in zip(before.points, after.points, strict=True):
        assert torch.allclose(one.positions, other.positions, atol=1e-5)
        assert torch.allclose(one.attention, other.attention, atol=1e-5)


def test_a_network_may_be_packed_twice() -> None:
    network, photos = _network(gated=True), torch.randn(1, 3, 64, 64)
    pack(network)
    with torch.inference_mode():
        once = network(photos)
        pack(network)
        assert torch.equal(network(photos), once)


def test_every_product_of_the_stages_is_packed_and_nothing_after_them() -> None:
    if not hasattr(torch.ops.mkldnn, "_linear_pointwise"):
        pytest.skip("this build of PyTorch has no oneDNN")
    network = _network(gated=True)
    pack(network)
    kinds = {type(module) for module in network.stages.modules()}
    assert Packed in kinds
    assert not kinds & {torch.nn.Linear, Patches}
    assert not any(
        isinstance(module, Packed) for part in (network.histogram, network.heads) for module in part.modules()
    )
