"""Fine-tunes the trunk's later stages on all tasks at once; one forward then serves every head; goes on after a kill.

One step sees photos of every kind: opinions of quality and of beauty (squared error, correlation and order), themes,
and pairs in an order that people agree on; a distillation term (Hinton, Vinyals and Dean, 2015) keeps the class logits,
from which themes are read, where ImageNet put them. Kept is the running mean of the weights (Polyak averaging).
"""

import copy
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from photocull.core.errors import TrainingError
from photocull.core.work import CancelToken
from photocull.judge.networks.heads import POOLED
from photocull.judge.networks.trunk import build_trunk
from photocull.training.early import STAGES, Early
from photocull.training.finetune_recipe import FinetuneRecipe
from photocull.training.late_stages import LateStages, TeachingHead, read_all, stacked, teaching_heads
from photocull.training.network_checkpoints import write_durably
from photocull.training.objectives import PAIR_MARGIN, label_loss, opinion_loss, order_loss
from photocull.training.tuning_material import TuningMaterial

Told = Callable[[int, int, Mapping[str, float]], None]
"""Told after every step: steps done, steps in all, and the mean losses so far in this epoch."""
_STATE: Final = "trunk.pt"
_SOFT: Final = 2.0
"""Temperature of the distillation."""
_STEEPEST: Final = 2.0


def finetune(
    trunk: Mapping[str, NDArray[np.generic]],
    material: TuningMaterial,
    recipe: FinetuneRecipe,
    folder: Path,
    *,
    token: CancelToken | None = None,
    told: Told | None = None,
) -> dict[str, NDArray[np.float32]]:
    """The tensors of stages 3 to 6 after learning, in float32; the same numbers after any number of stops.

    Args:
        trunk: all tensors of the trunk that is begun with. folder: where the state lies between epochs.

    Raises:
        TrainingError: the folder holds a run of another recipe or other material.
        CancelledError: stopped; finished epochs are kept.
    """
    run = _Run(trunk, material, recipe)
    begun = run.resume(folder)
    for epoch in range(begun, recipe.passes):
        for losses in run.epoch(epoch):
            if token is not None:
                token.check()
            if told is not None:
                told(run.step, run.steps, losses)
        run.keep(folder, epoch + 1)
    return run.tensors()


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Photos of one kind that a step looks at: their rows, how often each, their looks and what was voted on them."""

    name: str
    rows: list[int]
    sides: int
    looks: list[Early]
    logits: Tensor


class _Run:
    def __init__(
        self, trunk: Mapping[str, NDArray[np.generic]], material: TuningMaterial, recipe: FinetuneRecipe
    ) -> None:
        torch.manual_seed(recipe.seed)
        self._material, self._recipe = material, recipe
        self._late = LateStages(build_trunk(trunk))
        self._taught = {
            "everyday": material.everyday,
            "snapshots": material.snapshots,
            "beauty": material.beauty,
            "themes": material.themes,
        }
        self._logits = {
            name: [read_all(self._late, [look[side] for look in taught.looks]) for side in (0, 1)]
            for name, taught in self._taught.items()
        }
        plain = torch.cat([self._logits[name][0] for name in ("everyday", "snapshots", "beauty")])
        self._heads = teaching_heads(plain, torch.from_numpy(material.themes.wanted.mean(axis=0)))
        for both in self._logits.values():
            both[:] = [numbers[:, POOLED:].clone() for numbers in both]
        self._mean = copy.deepcopy(self._late)
        self._optimizer = torch.optim.AdamW(
            [
                {"params": list(self._late.stages.parameters()), "weight_decay": recipe.weight_decay},
                {"params": list(self._heads.parameters()), "weight_decay": recipe.head_decay},
            ]
        )
        self._per_epoch = max(1, len(material.everyday) // recipe.everyday)
        self.steps = self._per_epoch * recipe.epochs
        self.step = 0

    def epoch(self, number: int) -> Iterator[Mapping[str, float]]:
        """Learn for one epoch; what is drawn hangs on seed and epoch, so that a resumed run draws the same."""
        draw = random.Random(f"{self._recipe.seed} {number}")
        torch.manual_seed(1_000 * self._recipe.seed + number)
        streams = {name: _stream(len(taught), draw) for name, taught in self._taught.items()}
        pairs = _stream(len(self._material.pairs), draw) if self._material.pairs else None
        total: Counter[str] = Counter()
        self._late.train()
        self._heads.train()
        for count in range(1, self._per_epoch + 1):
            self._rates()
            self._optimizer.zero_grad()
            losses = self._quality(streams, draw) | self._beauty(streams, draw) | self._themes(streams, draw)
            if pairs is not None:
                losses |= self._pairs([next(pairs) for _ in range(self._recipe.pairs)])
            nn.utils.clip_grad_norm_(self._late.stages.parameters(), _STEEPEST)
            self._optimizer.step()
            self.step += 1
            self._average()
            total.update(losses)
            yield {name: value / count for name, value in total.items()}

    def _rates(self) -> None:
        recipe, done = self._recipe, self.step / self.steps
        falling = 0.5 * (1 + math.cos(math.pi * done))
        rising = min(1.0, (self.step + 1) / max(1.0, recipe.warm_up * self._per_epoch))
        for group, rate in zip(
            self._optimizer.param_groups, (rising * recipe.learning_rate, recipe.head_rate), strict=True
        ):
            group["lr"] = rate * falling

    def _average(self) -> None:
        share = min(self._recipe.averaging, self.step / (self.step + 20))
        with torch.no_grad():
            for kept, new in zip(self._mean.parameters(), self._late.parameters(), strict=True):
                kept.lerp_(new, 1 - share)

    def _quality(self, streams: dict[str, Iterator[int]], draw: random.Random) -> dict[str, float]:
        seen = [self._drawn("everyday", streams, draw), self._both("snapshots", streams)]
        numbers, kept = self._look([look for part in seen for look in part.looks], draw)
        answer = self._heads["quality"](numbers)[:, 0]
        wanted = np.concatenate([self._taught[part.name].wanted[part.rows] for part in seen])
        weight = np.concatenate([self._taught[part.name].weight[part.rows] / part.sides for part in seen])
        target, share = (torch.from_numpy(values)[kept] for values in (wanted, weight))
        loss = opinion_loss(answer, target, share, 0.5) + self._recipe.rank * order_loss(answer, target)
        memory = _forgotten(numbers[:, POOLED:], torch.cat([part.logits for part in seen])[kept])
        change = self._change(numbers, kept, len(seen[0].rows))
        torch.autograd.backward(loss + self._recipe.memory * memory + self._recipe.steadiness * change)
        return {"quality": float(loss.detach()), "memory": float(memory.detach()), "change": float(change.detach())}

    def _beauty(self, streams: dict[str, Iterator[int]], draw: random.Random) -> dict[str, float]:
        taught, part = self._material.beauty, self._both("beauty", streams)
        numbers, kept = self._look(part.looks, draw)
        rows = [part.rows[k] for k in kept]
        answer = self._heads["beauty"](numbers)[:, 0]
        target, group = torch.from_numpy(taught.wanted[rows]), torch.from_numpy(taught.group[rows])
        loss = opinion_loss(answer, target, torch.ones(len(rows)), 0.5)
        loss = loss + self._recipe.rank * order_loss(answer, target, group)
        memory = _forgotten(numbers[:, POOLED:], part.logits[kept])
        change = self._change(numbers, kept, 0)
        whole = self._recipe.beauty_weight * loss + 0.4 * self._recipe.memory * memory
        torch.autograd.backward(whole + self._recipe.steadiness * change)
        return {"beauty": float(loss.detach())}

    def _themes(self, streams: dict[str, Iterator[int]], draw: random.Random) -> dict[str, float]:
        part = self._drawn("themes", streams, draw)
        numbers, kept = self._look(part.looks, draw)
        memory = _forgotten(numbers[:, POOLED:], part.logits[kept])
        labels = torch.from_numpy(self._material.themes.wanted[[part.rows[k] for k in kept]])
        loss = label_loss(self._heads["themes"](numbers), labels, self._recipe.absent)
        torch.autograd.backward(self._recipe.theme_weight * loss + 0.4 * self._recipe.memory * memory)
        return {"themes": float(loss.detach())}

    def _drawn(self, name: str, streams: dict[str, Iterator[int]], draw: random.Random) -> "_Seen":
        rows = [next(streams[name]) for _ in range(getattr(self._recipe, name))]
        sides = [draw.randint(0, 1) for _ in rows]
        looks = [self._taught[name].looks[row][side] for row, side in zip(rows, sides, strict=True)]
        logits = [self._logits[name][side][row] for row, side in zip(rows, sides, strict=True)]
        return _Seen(name, rows, 1, looks, torch.stack(logits))

    def _both(self, name: str, streams: dict[str, Iterator[int]]) -> "_Seen":
        rows = [next(streams[name]) for _ in range(getattr(self._recipe, name))]
        looks = [self._taught[name].looks[row][side] for side in (0, 1) for row in rows]
        return _Seen(name, rows + rows, 2, looks, torch.cat([self._logits[name][side][rows] for side in (0, 1)]))

    def _change(self, numbers: Tensor, kept: Sequence[int], alone: int) -> Tensor:
        """Mean squared difference between both heads' answers to the photos after the first ``alone`` and to their
        mirror images, which lie behind them; a photo and its mirror image have one shape, so both are kept."""
        both = numbers[sum(k < alone for k in kept) :]
        if not len(both):
            return numbers.sum() * 0
        answers = torch.cat([cast(TeachingHead, self._heads[name]).plain(both) for name in ("quality", "beauty")], 1)
        plain, mirror = answers.chunk(2)
        return (plain - mirror).square().mean()

    def _pairs(self, rows: Sequence[int]) -> dict[str, float]:
        pairs = [self._material.pairs[row] for row in rows]
        loss = torch.zeros(())
        for shape in sorted({pair.better.map.shape for pair in pairs}):
            members = [pair for pair in pairs if pair.better.map.shape == shape]
            numbers = self._late(*stacked([p.better for p in members] + [p.worse for p in members]))
            technical = torch.tensor([float(pair.quality) for pair in members])
            quality, beauty = (_misordered(self._heads[name](numbers)[:, 0]) for name in ("quality", "beauty"))
            # A technical fault spoils a picture's beauty too, if less surely.
            loss = loss + (technical * quality + (1 - 0.5 * technical) * beauty).sum() / len(pairs)
        torch.autograd.backward(self._recipe.pair_weight * loss)
        return {"pairs": float(loss.detach())}

    def _look(self, looks: Sequence[Early], draw: random.Random) -> tuple[Tensor, list[int]]:
        """The numbers of the looks of the commonest shape, cropped by up to a cell a side, and which these are."""
        shape = Counter(look.map.shape for look in looks).most_common(1)[0][0]
        kept = [k for k, look in enumerate(looks) if look.map.shape == shape]
        top, left = draw.randint(0, 1), draw.randint(0, 1)
        high, wide = shape[0] // 4 - draw.randint(top, 1), shape[1] // 4 - draw.randint(left, 1)
        return self._late(*stacked([_cropped(looks[k], top, left, high, wide) for k in kept])), kept

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """The averaged stages under the trunk's names."""
        return {
            f"stages.{int(name.split('.')[0]) + STAGES}.{name.split('.', 1)[1]}": value.detach()
            .contiguous()
            .numpy()
            .copy()
            for name, value in self._mean.stages.state_dict().items()
        }

    def keep(self, folder: Path, epochs: int) -> None:
        """Write the whole state; a kill leaves this one or the one before."""
        state = {
            "about": self._about(),
            "epochs": epochs,
            "step": self.step,
            "late": self._late.state_dict(),
            "mean": self._mean.state_dict(),
            "heads": self._heads.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        write_durably(folder / _STATE, lambda path: torch.save(state, path))

    def resume(self, folder: Path) -> int:
        """Go on where ``folder`` was left; the number of epochs that are done."""
        path = folder / _STATE
        if not path.is_file():
            return 0
        state: dict[str, Any] = torch.load(path, weights_only=True)
        if state["about"] != self._about():
            raise TrainingError(
                "This folder holds a trunk of another recipe or other photos.",
                path=folder,
                remedy="Use another --output.",
            )
        for part in ("late", "mean", "heads", "optimizer"):
            getattr(self, f"_{part}").load_state_dict(state[part])
        self.step = int(state["step"])
        return int(state["epochs"])

    def _about(self) -> str:
        counts = [len(taught) for taught in self._taught.values()] + [len(self._material.pairs)]
        return f"{asdict(self._recipe)} {counts}"


def _stream(count: int, draw: random.Random) -> Iterator[int]:
    while True:
        yield from draw.sample(range(count), count)


def _cropped(look: Early, top: int, left: int, high: int, wide: int) -> Early:
    fine = np.s_[4 * top : 4 * (top + high), 4 * left : 4 * (left + wide)]
    return Early(look.map[fine], look.cells[top : top + high, left : left + wide])


def _misordered(answers: Tensor) -> Tensor:
    better, worse = answers.chunk(2)
    return functional.softplus(2 * (PAIR_MARGIN - (better - worse)))


def _forgotten(logits: Tensor, known: Tensor) -> Tensor:
    now, then = functional.log_softmax(logits / _SOFT, 1), functional.softmax(known / _SOFT, 1)
    return functional.kl_div(now, then, reduction="batchmean")
