"""The networks whose checkpoints the program knows, and how a file is recognised: by its tensors, never by its name."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from photocull.core.errors import ModelError
from photocull.core.settings import resources
from photocull.models import delegate_keys, tanet_keys
from photocull.models.unpickling import require_torch

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]
COUNTER: Final = "num_batches_tracked"
"""Of batch normalisation: older versions of PyTorch did not store it, and scoring does not use it."""
_WIDEST: Final = 4096
_DEEPEST: Final = 64


@dataclass(frozen=True, slots=True)
class Architecture:
    """One kind of network with one kind of answer.

    Attributes:
        id: as in cards. title: for people.
        own_name: from a published tensor's name to ours; None for one that is stored but never used; a `ModelError`
            or the same name for any other.
        detect: whether tensors of these shapes, under our names, are this kind's.
        layout: names and shapes that a network with tensors of these shapes must have; without a match in size, those
            of the published one.
        build: an untrained network for tensors of these shapes (needs torch).
    """

    id: str
    title: str
    own_name: Callable[[str], str | None]
    detect: Callable[[Shapes], bool]
    layout: Callable[[Shapes], Shapes]
    build: Callable[[Shapes], "nn.Module"]


def _is_tanet(votes: int) -> Callable[[Shapes], bool]:
    marks = {
        "theme.conv1.weight": (64, 3, 7, 7),
        "hyper.weight.weight": (100, 365),
        "colour.linear.weight": (10, 20736),
        "head.linear.weight": (votes, 30),
    }
    return lambda shapes: all(shapes.get(name) == shape for name, shape in marks.items())


def _tanet_layout(votes: int) -> Callable[[Shapes], Shapes]:
    head = {"head.linear.weight": (votes, 30), "head.linear.bias": (votes,)}
    return lambda shapes: {**_table("tanet"), **head}


def _build_tanet(votes: int) -> "Callable[[Shapes], nn.Module]":
    def build(shapes: Shapes) -> "nn.Module":
        require_torch()
        from photocull.judge.networks.tanet import TANet  # torch is an extra

        return TANet(votes)

    return build


def _is_delegate(outputs: int, gated: bool) -> Callable[[Shapes], bool]:
    def detect(shapes: Shapes) -> bool:
        marks = ("stages.0.entry.weight", "histogram.project.weight", "heads.0.weight")
        heads = sum(name.startswith("heads.") and name.endswith(".weight") for name in shapes)
        gate = any(name.endswith(".attention.gate.weight") for name in shapes)
        return all(name in shapes for name in marks) and (heads, gate) == (outputs, gated)

    return detect


def _delegate_layout(outputs: int, gated: bool) -> Callable[[Shapes], Shapes]:
    def layout(shapes: Shapes) -> Shapes:
        published = {
            name: shape
            for name, shape in _table("delegate").items()
            if (gated or ".attention.gate." not in name) and (outputs > 1 or not name.startswith("heads.1."))
        }
        if all(shapes.get(name, shape) == shape for name, shape in published.items()):
            return published
        return _other_layout(outputs, gated, tuple(sorted(shapes.items()))) or published

    return layout


@lru_cache(maxsize=8)  # one import asks three times
def _other_layout(outputs: int, gated: bool, shapes: tuple[tuple[str, Shape], ...]) -> Shapes | None:
    """The layout of a Delegate Transformer of another size than the published; None where these shapes make none."""
    try:
        state = _build_delegate(outputs, gated)(dict(shapes)).state_dict()
    except (KeyError, ValueError, IndexError, TypeError, ZeroDivisionError, RuntimeError):
        return None
    return {name: tuple(values.shape) for name, values in state.items()}


def _build_delegate(outputs: int, gated: bool) -> "Callable[[Shapes], nn.Module]":
    def build(shapes: Shapes) -> "nn.Module":
        require_torch()
        from photocull.judge.networks.delegate import DelegateShape, DelegateTransformer  # torch is an extra

        shape = DelegateShape.of(shapes)
        if max(*shape.widths, *shape.heads, shape.side, shape.window * 64) > _WIDEST or max(shape.depths) > _DEEPEST:
            raise ValueError("no Delegate Transformer is that large")
        return DelegateTransformer(shape, outputs=outputs, gated=gated)

    return build


def _kept(own_name: Callable[[str], str | None]) -> Callable[[str], str]:
    """A key map that passes strange names on, where they can be found fault with."""
    return lambda published: own_name(published) or published


def _is_places(shapes: Shapes) -> bool:
    marks = {"conv1.weight": (64, 3, 7, 7), "layer4.1.conv2.weight": (512, 512, 3, 3), "fc.weight": (365, 512)}
    return all(shapes.get(name) == shape for name, shape in marks.items())


def _places_layout(shapes: Shapes) -> Shapes:
    theme = "theme."
    return {name.removeprefix(theme): shape for name, shape in _table("tanet").items() if name.startswith(theme)}


def _build_places(shapes: Shapes) -> "nn.Module":
    require_torch()
    from torchvision.models import resnet18  # an extra

    network: nn.Module = resnet18(weights=None, num_classes=365)
    return network


@cache
def _table(name: str) -> Shapes:
    """A published network's tensors under our names; a scalar has no sizes."""
    with (resources() / "models" / "tensors" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["name"]: tuple(map(int, row["shape"].split("x"))) if row["shape"] else () for row in rows}


ARCHITECTURES: Final[tuple[Architecture, ...]] = (
    Architecture(
        "tanet-tad66k", "TANet as trained on TAD66K", _kept(tanet_keys.own_name),
        _is_tanet(1), _tanet_layout(1), _build_tanet(1),
    ),
    Architecture(
        "tanet-ava", "TANet as trained on AVA", _kept(tanet_keys.own_name),
        _is_tanet(10), _tanet_layout(10), _build_tanet(10),
    ),
    Architecture(
        "delegate-icaa17k", "the Delegate Transformer as trained on ICAA17K", delegate_keys.own_name,
        _is_delegate(2, True), _delegate_layout(2, True), _build_delegate(2, True),
    ),
    Architecture(
        "delegate-spaq", "the Delegate Transformer as trained on SPAQ", delegate_keys.own_name,
        _is_delegate(1, False), _delegate_layout(1, False), _build_delegate(1, False),
    ),
    Architecture(
        "places365-resnet18", "the ResNet-18 of Places365", _kept(tanet_keys.own_resnet_name),
        _is_places, _places_layout, _build_places,
    ),
)  # fmt: skip


def architecture_of(name: str) -> Architecture:
    """The kind of this id.

    Raises:
        ModelError: this version of the program does not know it.
    """
    for architecture in ARCHITECTURES:
        if architecture.id == name:
            return architecture
    raise ModelError(f"The kind of network '{name}' is not known.", remedy="Update Photocull.")
