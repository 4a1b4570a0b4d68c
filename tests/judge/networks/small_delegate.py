"""A Delegate Transformer small enough to train in a test, and photos for it."""

import torch
from torch import Tensor

from photocull.judge.networks.delegate import DelegateShape, DelegateTransformer

VARIANTS = {"icaa17k": (2, True), "spaq": (1, False)}
"""Outputs, and whether points are gated."""
SMALL = DelegateShape(
    stem=8,
    widths=(8, 16, 32, 64),
    depths=(2, 2, 4, 2),
    heads=(1, 2, 4, 4),
    groups=(0, 0, 2, 4),
    kernels=(0, 0, 5, 3),
    window=2,
    expansion=2,
    side=64,
)


def small_network(outputs: int = 2, *, gated: bool = True, drop_path: float = 0.0) -> DelegateTransformer:
    """A network in evaluation mode, drawn so that its points lie elsewhere in every photo."""
    network = DelegateTransformer(SMALL, outputs=outputs, gated=gated, drop_path=drop_path)
    for name, value in network.named_parameters():
        if "table" in name or name.endswith(("reference.weight", "gate.weight")):
            torch.nn.init.normal_(value, std=0.3)
    return network.eval()


def drawn_photos(count: int) -> Tensor:
    """(count, 3, 64, 64) of noise."""
    return torch.randn(count, 3, SMALL.side, SMALL.side)
