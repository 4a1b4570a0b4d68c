"""Checkpoints of deterministic random weights for this room's tests, made once a session; a shelf for each test."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

Shapes = Mapping[str, tuple[int, ...]]


@pytest.fixture(scope="session")
def published_tanet() -> Any:
    """A TANet's state dict (TAD66K) under its authors' names."""
    pytest.importorskip("torch")
    from tests.judge.networks.filling import published_state, read_shapes

    return published_state(read_shapes("tanet_tad66k_state_dict"))


@pytest.fixture(scope="session")
def tanet_file(published_tanet: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as its authors store it, in torch's own format."""
    import torch

    path = tmp_path_factory.mktemp("checkpoints") / "SRCC_513_LCC_531_MSE_016.pth"
    torch.save(published_tanet, path)
    return path


@pytest.fixture(scope="session")
def small_delegate() -> Any:
    """The state dict of a Delegate Transformer of few numbers, under our names."""
    torch = pytest.importorskip("torch")
    from photocull.judge.networks.delegate import DelegateShape, DelegateTransformer

    torch.manual_seed(0)
    widths, heads = (8, 16, 32, 64), (2, 2, 4, 8)
    shape = DelegateShape(8, widths, (2, 2, 2, 2), heads, groups=(0, 0, 2, 2), kernels=(0, 0, 5, 3))
    return DelegateTransformer(shape).state_dict()


@pytest.fixture(scope="session")
def small_file(small_delegate: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of few hundred kilobytes that imports like the large ones."""
    import torch

    path = tmp_path_factory.mktemp("checkpoints") / "small.pth"
    torch.save({"state_dict": {f"module.{name}": values for name, values in small_delegate.items()}, "epoch": 3}, path)
    return path


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def other_file(small_delegate: Any, tmp_path: Path) -> Path:
    """A file of the same kind with other weights."""
    import torch

    path = tmp_path / "other.pth"
    torch.save({name: values + 0.5 for name, values in small_delegate.items()}, path)
    return path
