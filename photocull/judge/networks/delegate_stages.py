"""The stages that a Delegate Transformer is made of: blocks of attention and a perceptron; needs torch.

Source: Xia et al., "Vision Transformer with Deformable Attention", CVPR 2022, section 3.3 and figure 3.
"""

from torch import Tensor, nn
from torch.nn import functional

from photocull.judge.networks.deformable import DeformableAttention, Points
from photocull.judge.networks.patches import Patches


class DropPath(nn.Module):
    """Stochastic depth: in training a photo skips the branch at random, the others' branch is scaled up in turn.

    Source: Huang et al., "Deep Networks with Stochastic Depth", ECCV 2016.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """(n, ...) to the same; unchanged in evaluation."""
        if not self.training or self.rate == 0.0:
            return x
        kept = x.new_empty((x.shape[0],) + (1,) * (x.ndim - 1)).bernoulli_(1.0 - self.rate)
        return x * kept / (1.0 - self.rate)


class Perceptron(nn.Module):
    """Widens each cell, bends it and narrows it again."""

    def __init__(self, width: int, expansion: int) -> None:
        super().__init__()
        self.widen = nn.Linear(width, expansion * width)
        self.narrow = nn.Linear(expansion * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(..., width) to the same."""
        narrowed: Tensor = self.narrow(functional.gelu(self.widen(x)))
        return narrowed


class Block(nn.Module):
    """Attention, then a perceptron, each on normalised input and added to what came in."""

    def __init__(self, attention: nn.Module, width: int, expansion: int, drop_path: float) -> None:
        super().__init__()
        self.attention_norm, self.perceptron_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = attention
        self.perceptron = Perceptron(width, expansion)
        self.drop_path = DropPath(drop_path)

    def forward(self, x: Tensor, shared: bool, seen: list[Points] | None) -> Tensor:
        """(n, h, w, width) to the same; `shared` and `seen` are deformable attention's."""
        normed = self.attention_norm(x)
        if isinstance(self.attention, DeformableAttention):
            attended = self.attention(normed, shared=shared, seen=seen)
        else:
            attended = self.attention(normed)
        x = x + self.drop_path(attended)
        bent: Tensor = self.drop_path(self.perceptron(self.perceptron_norm(x)))
        return x + bent


class Stage(nn.Module):
    """Smaller patches of the map before it, or of the photo, then the blocks of one map size."""

    def __init__(self, entry: Patches, blocks: list[Block], width: int) -> None:
        super().__init__()
        self.entry = entry
        self.norm = nn.LayerNorm(width)
        self.blocks = nn.ModuleList(blocks)

    def forward(self, x: Tensor, shared: bool, seen: list[Points] | None) -> Tensor:
        """(n, h, w, width before) to (n, h / side, w / side, width)."""
        x = self.norm(self.entry(x))
        for block in self.blocks:
            x = block(x, shared, seen)
        return x
