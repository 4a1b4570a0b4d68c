"""A Delegate Transformer that is trained: all of it learns, and steadily."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is an extra")

from photocull.judge.networks.delegate import DelegateTransformer  # noqa: E402  torch is an extra
from photocull.judge.networks.delegate_stages import DropPath  # noqa: E402  torch is an extra
from tests.judge.networks.small_delegate import (  # noqa: E402  torch is an extra
    SMALL,
    VARIANTS,
    drawn_photos,
    small_network,
)


@pytest.fixture(autouse=True)
def _seeded(one_thread: None) -> None:
    torch.manual_seed(4)


@pytest.mark.parametrize(("outputs", "gated"), VARIANTS.values())
def test_every_parameter_learns(outputs: int, gated: bool) -> None:
    network = small_network(outputs, gated=gated, drop_path=0.1).train()
    network(drawn_photos(8)).sub(0.9).square().mean().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        # All keys may move together without a change of the softmax.
        assert parameter.grad.abs().max() > 0 or name.endswith("key.bias"), name


def test_a_small_network_learns_what_it_is_shown() -> None:
    wanted = torch.tensor([[0.1, 0.9], [0.4, 0.6], [0.6, 0.2], [0.9, 0.5]])
    photos = 0.3 * drawn_photos(4)
    photos[:, :2] += 4 * (wanted - 0.5)[:, :, None, None]
    network = DelegateTransformer(SMALL).train()
    steps = torch.optim.Adam(network.parameters(), lr=3e-4)
    losses = []
    for _ in range(40):
        loss = torch.nn.functional.mse_loss(network(photos), wanted)
        steps.zero_grad()
        loss.backward()
        steps.step()
        losses.append(loss.item())
    assert losses[-1] < 0.75 * losses[0]


def test_gates_do_not_upset_the_gradients() -> None:
    network, sizes = small_network().train(), []
    for _ in range(40):
        network.zero_grad()
        network(drawn_photos(4)).square().mean().backward()
        sizes.append(torch.stack([p.grad.norm() for p in network.parameters() if p.grad is not None]).norm().item())
    assert max(sizes) < 10 * float(np.median(sizes))


def test_drop_path_skips_in_training_only_and_keeps_the_mean() -> None:
    layer, x = DropPath(0.25), torch.ones(4000, 2, 3)
    assert torch.equal(layer.eval()(x), x)
    dropped = layer.train()(x)
    each = dropped.flatten(1)
    assert torch.equal(each.amin(1), each.amax(1))
    assert each.unique().tolist() == pytest.approx([0.0, 1 / 0.75])
    assert dropped.mean() == pytest.approx(1.0, abs=0.05)


def test_drop_path_grows_from_the_first_block_to_the_last() -> None:
    network = DelegateTransformer(SMALL, drop_path=0.45)
    rates = [module.rate for module in network.modules() if isinstance(module, DropPath)]
    assert rates == pytest.approx(np.linspace(0, 0.45, 10))
