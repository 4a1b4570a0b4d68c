"""A Delegate Transformer's stages made ready to score on a processor: the same numbers, in about half the time on some.

PyTorch multiplies float32 matrices by MKL, which leaves AMD's processors half of their vector width unused; oneDNN,
which comes with PyTorch as well, does not, and lays the weights out once instead of at every call.
"""

from typing import Final

import torch
from torch import Tensor, nn

from photocull.judge.networks.delegate import DelegateTransformer
from photocull.judge.networks.delegate_stages import Perceptron
from photocull.judge.networks.patches import Patches, cut

_PLAIN: Final = "none"
_BENT: Final = "gelu"


class Packed(nn.Module):
    """A matrix product whose weight lies as oneDNN wants it; no gradient passes, and it stays on the processor.

    Args:
        weight: (out, in * side * side). side: of the squares that are cut first. bend: whether a GELU follows.
    """

    def __init__(self, weight: Tensor, bias: Tensor | None, *, side: int = 1, bend: bool = False) -> None:
        super().__init__()
        self.side, self.bend = side, _BENT if bend else _PLAIN
        self.bias = None if bias is None else bias.detach()
        self.weight: Tensor = torch.ops.mkldnn._reorder_linear_weight(weight.detach().contiguous())

    def forward(self, x: Tensor) -> Tensor:
        """(n, h, w, in) to (n, h / side, w / side, out)."""
        y: Tensor = torch.ops.mkldnn._linear_pointwise(cut(x, self.side), self.weight, self.bias, self.bend, [], _PLAIN)
        return y


def pack(network: DelegateTransformer) -> None:
    """Lay the weights of the stages out for scoring, in place; does nothing where PyTorch lacks oneDNN.

    Scores change by rounding only. Afterwards the network is for scoring on this processor: its stages give no
    gradients, no state dict, and cannot move to another device. What follows the stages stays as it was.
    """
    if hasattr(torch.ops.mkldnn, "_linear_pointwise"):
        _pack(network.stages)


def _pack(module: nn.Module) -> None:
    for name, child in module.named_children():
        if isinstance(child, Perceptron):
            widen = Packed(child.widen.weight, child.widen.bias, bend=True)
            setattr(module, name, nn.Sequential(widen, Packed(child.narrow.weight, child.narrow.bias)))
        elif isinstance(child, Patches):
            setattr(module, name, Packed(child.weight.flatten(1), child.bias, side=child.side))
        elif isinstance(child, nn.Linear):
            setattr(module, name, Packed(child.weight, child.bias))
        else:
            _pack(child)
