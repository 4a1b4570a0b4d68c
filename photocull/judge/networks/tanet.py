"""TANet in PyTorch: an aesthetic score from what a photo shows, which theme it has and how its colours are spread.

He et al., 'Rethinking Image Aesthetics Assessment: Models, Datasets and Benchmarks', IJCAI 2022, section 4 and
figure 5. Imported on demand only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models import resnet18

from photocull.judge.networks.places import SCENES
from photocull.judge.networks.prototypes import prototype_bank
from photocull.judge.networks.tanet_parts import (
    GRID,
    WIDTH,
    AestheticsBranch,
    ColourBranch,
    Head,
    HyperNetwork,
    QueryNetwork,
    cell_similarity,
)


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
            `TANet.theme.fc`, gives the logits, so a logit's share of each cell is exact (`tanet_judge.scene_evidence`).
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
        return self.trace(batch).answer

    def branches(self, batch: Tensor) -> Branches:
        """What each branch says of (B, 3, 224, 224)."""
        return self.trace(batch).branches

    def answer(self, branches: Branches) -> Tensor:
        """(B, votes) from the branches; for an ablation, with the numbers of one of them replaced."""
        answer: Tensor = self.head(torch.cat([branches.aesthetics, branches.theme, branches.colour], dim=1))
        return answer

    def trace(self, batch: Tensor) -> Trace:
        """Everything of one run over (B, 3, 224, 224).

        On a processor photos run one by one, which costs next to nothing there: a matrix product may round a row
        differently depending on where in the batch it stands, and a score must not, not in its last bit.
        """
        if self.training or len(batch) < 2 or batch.device.type != "cpu":
            return self._trace(batch, self.relations)
        return _joined([self._trace(photo, self.relations) for photo in torch.split(batch, 1)])

    def published(self, batch: Tensor) -> Tensor:
        """(B, votes) by the authors' arithmetic, in which the photos of a batch change each other's answers.

        Raises:
            ValueError: one photo alone and 10 votes, which their code cannot score.
        """
        return self._trace(batch, self.published_relations).answer

    def _trace(self, batch: Tensor, relate: Callable[[Tensor], Tensor]) -> Trace:
        theme_maps = self.last_maps(batch)
        logits = self.scenes(theme_maps)
        relations = relate(logits)
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


def _joined(traces: Sequence[Trace]) -> Trace:
    """One trace of all photos from one trace a photo."""
    numbers = [trace.branches for trace in traces]
    branches = Branches(*(torch.cat([getattr(one, field.name) for one in numbers]) for field in fields(Branches)))
    others = [field.name for field in fields(Trace) if field.name != "branches"]
    return Trace(branches=branches, **{name: torch.cat([getattr(one, name) for one in traces]) for name in others})


def _products(queries: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    """(n, columns): the rule of each column applied to each query, with the query's own bias."""
    return queries @ weights.T + biases
