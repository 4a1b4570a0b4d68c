"""A network that is packed for scoring says what it said before."""

from copy import deepcopy

import pytest

torch = pytest.importorskip("torch", reason="torch is an extra")

from photocull.judge.networks.packing import Packed, pack  # noqa: E402  torch is an extra
from photocull.judge.networks.patches import Patches  # noqa: E402  torch is an extra
from tests.judge.networks.small_delegate import drawn_photos, small_network  # noqa: E402  torch is an extra


@pytest.fixture(autouse=True)
def _seeded(one_thread: None) -> None:
    torch.manual_seed(8)


@pytest.mark.parametrize("gated", [True, False])
def test_packing_changes_scores_and_points_by_rounding_only(gated: bool) -> None:
    network, photos = small_network(gated=gated).requires_grad_(False), drawn_photos(3)
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
    network, photos = small_network(), drawn_photos(1)
    pack(network)
    with torch.inference_mode():
        once = network(photos)
        pack(network)
        assert torch.equal(network(photos), once)


def test_every_product_of_the_stages_is_packed_and_nothing_after_them() -> None:
    if not hasattr(torch.ops.mkldnn, "_linear_pointwise"):
        pytest.skip("this build of PyTorch has no oneDNN")
    network = small_network()
    pack(network)
    kinds = {type(module) for module in network.stages.modules()}
    assert Packed in kinds
    assert not kinds & {torch.nn.Linear, Patches}
    assert not any(
        isinstance(module, Packed) for part in (network.histogram, network.heads) for module in part.modules()
    )
