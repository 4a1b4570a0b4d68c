"""A trunk with drawn weights, so that the engines can be compared without the shipped file."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from photocull.judge.networks.layout import tensor_shapes


@pytest.fixture
def one_thread() -> Iterator[None]:
    """PyTorch on one thread: two that wait for each other are slower where other tests run beside."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def drawn_trunk() -> dict[str, NDArray[np.generic]]:
    """Float16 weights scaled so that activations neither die nor explode."""
    generator = np.random.default_rng(3)
    tensors: dict[str, NDArray[np.generic]] = {}
    for name, shape in tensor_shapes().items():
        fan = int(np.prod(shape[1:])) if len(shape) > 1 else 1
        spread = (2 / fan) ** 0.5 if len(shape) > 1 else 0.1
        tensors[name] = (generator.standard_normal(shape) * spread).astype(np.float16)
    return tensors


@pytest.fixture(scope="session")
def drawn_graph(drawn_trunk: dict[str, NDArray[np.generic]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of `drawn_trunk`, beside its weights."""
    pytest.importorskip("onnx", reason="writing a graph needs the extra train")
    from photocull.training.graph import write_graph

    weights = tmp_path_factory.mktemp("trunk") / "drawn.safetensors"
    save_file(drawn_trunk, weights)
    graph = weights.with_suffix(".onnx")
    graph.write_bytes(write_graph(weights))
    return graph
