"""TANet in training: what learns, what is frozen, and what the bank of prototypes must not touch."""

import pytest

torch = pytest.importorskip("torch", reason="torch is an extra")

from photocull.judge.networks.tanet import TANet  # noqa: E402  torch is an extra
from tests.judge.networks.tanets import VARIANTS, drawn, filled  # noqa: E402  torch is an extra

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(params=VARIANTS)
def learning(request: pytest.FixtureRequest) -> TANet:
    """A network of its own that a test may change."""
    network = TANet(VARIANTS[request.param])
    network.load_state_dict(filled(request.param).state_dict())
    return network.train()


def test_every_parameter_that_may_learn_gets_a_gradient(learning: TANet) -> None:
    torch.manual_seed(2)
    (learning(drawn(4)) * torch.linspace(-1, 1, learning.votes * 4).reshape(4, -1)).sum().backward()
    without = {name for name, value in learning.named_parameters() if value.grad is None}
    frozen = {f"theme.{name}" for name, _ in learning.theme.named_parameters()}
    unused = {"query.relation_slope.weight"} if learning.votes == 1 else set()
    assert without == frozen | unused
    gradients = {name: value.grad for name, value in learning.named_parameters() if value.grad is not None}
    assert all(torch.isfinite(gradient).all() for gradient in gradients.values())
    still = {name for name, gradient in gradients.items() if not gradient.abs().max() > 0}
    cancelled = {"hyper.bias.weight", "hyper.bias.bias"} if learning.votes == 1 else {"hyper.bias.bias"}
    assert still <= cancelled


def test_training_leaves_the_theme_branch_as_it_is(learning: TANet) -> None:
    before = {name: value.clone() for name, value in learning.state_dict().items()}
    optimiser = torch.optim.SGD([p for p in learning.parameters() if p.requires_grad], lr=0.1)
    learning(drawn(4)).square().sum().backward()
    optimiser.step()
    changed = {name for name, value in learning.state_dict().items() if not torch.equal(value, before[name])}
    assert changed
    assert not {name for name in changed if name.startswith("theme.")}
    assert "query.norm.running_mean" in changed


def test_the_bank_leaves_no_trace_on_the_running_statistics(learning: TANet) -> None:
    logits = torch.randn(8, 365, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        before = learning.query.norm.running_mean.clone()
        wanted = 0.9 * before + 0.1 * learning.query.linear(logits).mean(dim=0)
        learning.relations(logits)
    torch.testing.assert_close(learning.query.norm.running_mean, wanted)
