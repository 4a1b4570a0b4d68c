"""The parts of TANet that learn: three branches, the two networks that relate themes, and the head.

He et al., 'Rethinking Image Aesthetics Assessment: Models, Datasets and Benchmarks', IJCAI 2022; `tanet` joins them.
"""

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from photocull.judge.networks.mobilenet import TOP_WIDTH, MobileNet
from photocull.judge.networks.places import SCENES

WIDTH: Final = 10
"""Numbers that each branch hands to the head."""
RULES: Final = 100
"""Numbers of a theme's generated rule and of the query that it is held against."""
GRID: Final = 12
"""Colour is compared between GRID x GRID cells of the picture."""
DROPOUT: Final = 0.75
QUERY_DROPOUT: Final = 0.5
LEAST_PRODUCT: Final = 1e-8
"""Of the lengths of two cells' colours, so that black ones are like none."""


class AestheticsBranch(nn.Module):
    """What the whole picture looks like (section 4.1): MobileNetV2 and one linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = MobileNet()
        self.dropout = nn.Dropout(DROPOUT)
        self.answer = nn.Linear(TOP_WIDTH, WIDTH)

    def from_maps(self, maps: Tensor) -> Tensor:
        """(B, 1280, h, w) last maps to (B, 10)."""
        pooled = functional.relu(maps.mean(dim=(2, 3)))
        numbers: Tensor = self.answer(self.dropout(pooled))
        return numbers


class HyperNetwork(nn.Module):
    """Writes a theme's rule, a weight and a bias, from the logits of the scenes (section 4.2)."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Linear(len(SCENES), RULES)
        self.bias = nn.Linear(len(SCENES), 1)

    def forward(self, logits: Tensor) -> tuple[Tensor, Tensor]:
        """(n, 365) to weights (n, 100) and biases (n, 1)."""
        return self.weight(logits), self.bias(logits)


class QueryNetwork(nn.Module):
    """What of a photo's scene the rules are applied to (section 4.2)."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(len(SCENES), RULES)
        self.norm = nn.BatchNorm1d(RULES)
        self.slope = nn.PReLU()
        self.dropout = nn.Dropout(QUERY_DROPOUT)
        self.relation_slope = nn.PReLU()

    def forward(self, logits: Tensor) -> Tensor:
        """(B, 365) to (B, 100)."""
        query: Tensor = self.dropout(self.slope(self.norm(self.linear(logits))))
        return query

    def settled(self, logits: Tensor) -> Tensor:
        """The same without dropout and by the running statistics, in training too: no trace is left on them."""
        norm = self.norm
        x = functional.batch_norm(
            self.linear(logits), norm.running_mean, norm.running_var, norm.weight, norm.bias, eps=norm.eps
        )
        query: Tensor = self.slope(x)
        return query


class ColourBranch(nn.Module):
    """How the colours are spread over the picture (section 4.3): each of 144 cells compared with each."""

    def __init__(self) -> None:
        super().__init__()
        self.dropout = nn.Dropout(DROPOUT)
        self.linear = nn.Linear(GRID**4, WIDTH)

    def forward(self, similarity: Tensor) -> Tensor:
        """(B, 144, 144) to (B, 10), positive with sum 1."""
        spread = self.dropout(functional.relu(similarity.flatten(1)))
        return functional.softmax(self.linear(spread), dim=1)


class Head(nn.Module):
    """The branches' 30 numbers to a score in 0..1 or to the distribution of votes (section 4.4)."""

    def __init__(self, votes: int) -> None:
        super().__init__()
        self.dropout = nn.Dropout(DROPOUT)
        self.linear = nn.Linear(3 * WIDTH, votes)

    def forward(self, numbers: Tensor) -> Tensor:
        """(B, 30) to (B, votes)."""
        values: Tensor = self.linear(self.dropout(functional.relu(numbers)))
        return torch.sigmoid(values) if values.shape[1] == 1 else functional.softmax(values, dim=1)


def cell_similarity(cells: Tensor) -> Tensor:
    """(B, 144, 144) cosine between all cells of (B, 3, 12, 12) or (B, 3, 144), the product of lengths at least 1e-8."""
    colours = cells.flatten(2)
    lengths: Tensor = torch.linalg.vector_norm(colours, dim=1)
    products = (lengths.unsqueeze(2) * lengths.unsqueeze(1)).clamp_min(LEAST_PRODUCT)
    return colours.transpose(1, 2) @ colours / products
