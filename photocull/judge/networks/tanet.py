"""TANet in PyTorch: an aesthetic score from what a photo shows, which theme it has and how its colours are spread.

He et al., 'Rethinking Image Aesthetics Assessment: Models, Datasets and Benchmarks', IJCAI 2022, section 4 and
figure 5. Imported on demand only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models import resnet18

from photocull.judge.networks.mobilenet import TOP_WIDTH, MobileNet
from photocull.judge.networks.places import SCENES
from photocull.judge.networks.prototypes import prototype_bank

WIDTH: Final = 10
"""Numbers that each branch hands to the head."""
RULES: Final = 100
"""Numbers of a theme's generated rule and of the query that it is held against."""
GRID: Final = 12
"""Colour is compared between GRID x GRID cells of the picture."""
DROPOUT: Final = 0.75
QUERY_DROPOUT: Final = 0.5
_LEAST_PRODUCT: Final = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Branches:
    """What the three branches say of B photos.

    Attributes:
        aesthetics: (B, 10), unbounded. theme: (B, 10), pooled relations. colour: (B, 10), positive with sum 1.
        logits: (B, 365) of the theme branch, in the order of `places.SCENES`.
    """

    aesthetics: Tensor
    theme: Tensor
    colour: Tensor
    logits: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One run with everything in it that a judgement and its maps need.

    Attributes:
        answer: (B, votes). branches: the three branches' numbers and the logits of the scenes.
        relations: (B, 40): how far each prototype's rule applies, in the order of `prototypes.PROTOTYPES`; positive
            with sum 1 for TAD66K, unbounded for AVA.
        theme_maps: (B, 512, 7, 7) the theme branch's last maps: their mean over the cells, times the rows of
            `TANet.theme.fc`, gives the logits, so a logit's share of each cell is exact (`TANet.scene_evidence`).
        aesthetic_maps: (B, 1280, 7, 7), the same of the aesthetics branch and `TANet.aesthetics.answer`.
        cells: (B, 3, 12, 12) mean normalised colour of each cell. similarity: (B, 144, 144) cosine between cells,
            counted row by row from the top left.
    """

    answer: Tensor
    branches: Branches
    relations: Tensor
    theme_maps: Tensor
    aesthetic_maps: Tensor
    cells: Tensor
    similarity: Tensor


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


class TANet(nn.Module):
    """Theme-and-aesthetics network: `forward` gives one photo one score, `published` does as the authors' code.

    The authors hold each photo's query against the rules of the photos that share its batch, so the score depends on
    them, and alone the theme says nothing. Here the rules are those of a fixed bank of theme prototypes; with 40 of
    them the pooled relations keep the scale that the head was trained on (batch 40). The theme branch never learns.

    Args:
        votes: 1 for TAD66K (a sigmoid: score / 10) or 10 for AVA (the share of each vote 1..10).
    """

    bank: Tensor

    def __init__(self, votes: int) -> None:
        super().__init__()
        if votes not in (1, 10):
            raise ValueError(f"TANet answers with 1 number or 10, not {votes}")
        self.votes = votes
        self.theme = resnet18(weights=None, num_classes=len(SCENES)).requires_grad_(False)
        self.aesthetics = AestheticsBranch()
        self.hyper = HyperNetwork()
        self.query = QueryNetwork()
        self.colour = ColourBranch()
        self.head = Head(votes)
        # Stored in both published files, though only AVA's arithmetic has a use for it.
        self.query.relation_slope.requires_grad_(votes > 1)
        self.register_buffer("bank", torch.from_numpy(prototype_bank()), persistent=False)

    def train(self, mode: bool = True) -> Self:
        """As every module's, but the theme branch stays as it is when photos are scored, its statistics too."""
        super().train(mode)
        self.theme.eval()
        return self

    def parts(self) -> Mapping[str, nn.Module]:
        """The six parts that the authors give a learning rate each (`theme` is frozen all the same)."""
        names = ("theme", "aesthetics", "head", "colour", "hyper", "query")
        return MappingProxyType({name: self.get_submodule(name) for name in names})

    def forward(self, batch: Tensor) -> Tensor:
        """(B, 3, 224, 224) normalised RGB to (B, votes), each photo for itself."""
        return self.answer(self.branches(batch))

    def branches(self, batch: Tensor) -> Branches:
        """What each branch says of (B, 3, 224, 224)."""
        return self.trace(batch).branches

    def answer(self, branches: Branches) -> Tensor:
        """(B, votes) from the branches; for an ablation, with the numbers of one of them replaced."""
        answer: Tensor = self.head(torch.cat([branches.aesthetics, branches.theme, branches.colour], dim=1))
        return answer

    def trace(self, batch: Tensor) -> Trace:
        """Everything of one run over (B, 3, 224, 224)."""
        theme_maps = self.last_maps(batch)
        logits = self.scenes(theme_maps)
        return self._trace(batch, theme_maps, logits, self.relations(logits))

    def published(self, batch: Tensor) -> Tensor:
        """(B, votes) by the authors' arithmetic, in which the photos of a batch change each other's answers.

        Raises:
            ValueError: one photo alone and 10 votes, which their code cannot score.
        """
        theme_maps = self.last_maps(batch)
        logits = self.scenes(theme_maps)
        return self._trace(batch, theme_maps, logits, self.published_relations(logits)).answer

    def _trace(self, batch: Tensor, theme_maps: Tensor, logits: Tensor, relations: Tensor) -> Trace:
        aesthetic_maps = self.aesthetics.trunk(batch)
        cells = functional.adaptive_avg_pool2d(batch, GRID)
        similarity = cell_similarity(cells)
        theme = functional.adaptive_avg_pool1d(relations.unsqueeze(1), WIDTH).squeeze(1)
        branches = Branches(self.aesthetics.from_maps(aesthetic_maps), theme, self.colour(similarity), logits)
        return Trace(self.answer(branches), branches, relations, theme_maps, aesthetic_maps, cells, similarity)

    def last_maps(self, batch: Tensor) -> Tensor:
        """(B, 512, H / 32, W / 32): the theme branch's maps before they are averaged."""
        net = self.theme
        x = net.maxpool(net.relu(net.bn1(net.conv1(batch))))
        maps: Tensor = net.layer4(net.layer3(net.layer2(net.layer1(x))))
        return maps

    def scenes(self, theme_maps: Tensor) -> Tensor:
        """(B, 365) logits from the last maps."""
        logits: Tensor = self.theme.fc(torch.flatten(self.theme.avgpool(theme_maps), 1))
        return logits

    def scene_evidence(self, theme_maps: Tensor, weights: Tensor) -> Tensor:
        """(B, h, w): what each cell adds to the sum of logits weighted by (365,), without the layer's bias.

        Class activation (Zhou et al., CVPR 2016), exact here: its mean over the cells is that sum.
        """
        return torch.einsum("bchw,c->bhw", theme_maps, weights @ self.theme.fc.weight)

    def similarity(self, batch: Tensor) -> Tensor:
        """(B, 144, 144) cosine between the mean colours of the cells, row by row from the top left."""
        return cell_similarity(functional.adaptive_avg_pool2d(batch, GRID))

    def relations(self, logits: Tensor) -> Tensor:
        """(B, 40): how each prototype's rule applies to the photos of these logits (B, 365), see `Trace.relations`."""
        weights, _ = self.hyper(self.bank)
        values = _products(self.query(logits), weights, self.hyper.bias(logits))
        if self.votes == 1:
            return functional.softmax(values, dim=1)
        own = _products(self.query.settled(self.bank), weights, self.hyper.bias(self.bank))
        return self._standardised(values, own)

    def published_relations(self, logits: Tensor) -> Tensor:
        """(B, B): how the rule of each photo of a batch applies to each."""
        weights, biases = self.hyper(logits)
        values = _products(self.query(logits), weights, biases)
        if self.votes == 1:
            return functional.softmax(values, dim=1)
        if len(values) < 2:
            raise ValueError("the published arithmetic cannot score one photo alone")
        return self._standardised(values, values)

    def _standardised(self, values: Tensor, sample: Tensor) -> Tensor:
        """Each column by its mean and spread over the rows of `sample`, as a fresh batch normalisation would."""
        spread, mean = torch.var_mean(sample, dim=0, correction=0)
        slope: Tensor = self.query.relation_slope((values - mean) * torch.rsqrt(spread + self.query.norm.eps))
        return slope


def _products(queries: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    """(n, columns): the rule of each column applied to each query, with the query's own bias."""
    return queries @ weights.T + biases


def cell_similarity(cells: Tensor) -> Tensor:
    """(B, 144, 144) cosine between all cells of (B, 3, 12, 12), the product of their lengths at least 1e-8."""
    colours = cells.flatten(2)
    lengths = torch.linalg.vector_norm(colours, dim=1)
    products = (lengths.unsqueeze(2) * lengths.unsqueeze(1)).clamp_min(_LEAST_PRODUCT)
    return colours.transpose(1, 2) @ colours / products
