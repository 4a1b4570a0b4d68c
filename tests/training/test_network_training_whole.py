"""The published networks at their own size: TANet killed and gone on with, the base Delegate Transformer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training networks needs PyTorch")
pytest.importorskip("torchvision", reason="TANet needs torchvision")
pytest.importorskip("tensorboard", reason="training keeps its curves with TensorBoard")

from safetensors.torch import load_file  # noqa: E402  all of it needs PyTorch

from photocull.models import load_network  # noqa: E402
from photocull.training.network_recipe import read_network_recipe, recipe_text, shipped_recipe  # noqa: E402
from tests.training.network_runs import small_recipe  # noqa: E402
from tests.training.published_sets import make_set  # noqa: E402
from tests.training.whole_runs import Told, kill_while_training, train  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.mark.parametrize(("name", "epochs"), [("tad66k", 12), ("ava", 6)])
def test_tanet_learns_and_a_kill_changes_nothing(name: str, epochs: int, tmp_path: Path) -> None:
    data = make_set(name, tmp_path / name, learned=8, measured=4)
    rates = dict.fromkeys(("theme", "aesthetics", "head", "colour", "hyper", "query"), 1e-3)
    recipe = small_recipe(
        f"tanet-{name}", resize=256, flip=0.5, epochs=epochs, patience=epochs, batch=4, step=4, learning_rates=rates
    )
    whole = train(data, recipe, tmp_path / "whole")
    losses = [result.loss for result in whole.progress.history[1:]]
    assert np.mean(losses[-epochs // 3 :]) < np.mean(losses[: epochs // 3])
    (tmp_path / "recipe.toml").write_text(recipe_text(recipe), "utf-8")
    kill_while_training(["train", "tanet"], data, tmp_path / "recipe.toml", tmp_path / "cut", longest=3.0)
    told = Told()
    resumed = train(data, recipe, tmp_path / "cut", told, resume=True)
    assert 0 < len(told.ends) < epochs + 1
    assert resumed.weights.read_bytes() == whole.weights.read_bytes()
    network = load_network(resumed.weights)
    assert network(torch.zeros(1, 3, 224, 224)).shape == (1, 1 if name == "tad66k" else 10)


def test_the_base_delegate_transformer_learns(tmp_path: Path) -> None:
    data = make_set("icaa17k", tmp_path / "icaa17k", learned=4, measured=2, tested=1)
    shipped = read_network_recipe(shipped_recipe("delegate-icaa17k"))
    recipe = replace(shipped, epochs=3, batch=4, step=2, drop_path=0.0, resize=224, flip=0.0).changed(
        {"learning_rates": 1e-6}
    )
    trained = train(data, recipe, tmp_path / "out")
    losses = [result.loss for result in trained.progress.history[1:]]
    assert losses[-1] < losses[0]
    assert sum(tensor.numel() for tensor in load_file(trained.weights).values()) > 80_000_000
    assert load_network(trained.weights)(torch.zeros(1, 3, 224, 224)).shape == (1, 2)
