"""Which known network a file's tensors are, whole or not; what is wrong with them is said in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from photocull.core.errors import ModelError
from photocull.models.architectures import ARCHITECTURES, COUNTER, Architecture, Shape, Shapes

_PREFIXES: Final = ("module.", "_orig_mod.")
"""What training on several GPUs, or compiled, puts before every name."""
_NEAR: Final = 0.2
"""The share of tensors from which a file is likened to a network."""
_PARTS: Final = {
    "theme": "theme branch",
    "aesthetics": "aesthetics branch",
    "colour": "colour branch",
    "hyper": "theme branch",
    "query": "theme branch",
    "head": "head",
    "heads": "head",
    "stages": "trunk",
    "histogram": "colour histogram",
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file's kind of network.

    Attributes:
        names: our name of each tensor that the file has -> its name in the file.
        layout: our name and the shape of each tensor that the network has; counters may be missing in the file.
    """

    architecture: Architecture
    names: Mapping[str, str]
    layout: Shapes


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file's tensors read as one kind's, under the authors' names or ours."""

    architecture: Architecture
    names: Mapping[str, str]
    shapes: Shapes


def recognise(shapes: Shapes) -> Recognised:
    """The network that tensors of these names and shapes make up, complete and nothing beside it.

    Args:
        shapes: by the names in the file: the authors' or ours, with or without ``module.`` before them.

    Raises:
        ModelError: it is none of the known ones; says which comes nearest and what is wrong.
    """
    readings = list(_readings(shapes))
    for reading in readings:
        if reading.architecture.detect(reading.shapes):
            layout = reading.architecture.layout(reading.shapes)
            _require(reading, layout)
            return Recognised(reading.architecture, reading.names, layout)
    raise _unknown(readings)


def _readings(shapes: Shapes) -> Iterator[_Reading]:
    bare = _without_prefixes(shapes)
    for architecture in ARCHITECTURES:
        for names in (bare, _translated(architecture, bare)):
            yield _Reading(architecture, names, {own: shapes[stored] for own, stored in names.items()})


def _without_prefixes(shapes: Shapes) -> dict[str, str]:
    """Bare name -> name in the file."""
    names = {name: name for name in shapes}
    for _ in range(2):
        for prefix in _PREFIXES:
            if names and all(bare.startswith(prefix) for bare in names):
                names = {bare.removeprefix(prefix): stored for bare, stored in names.items()}
    return names


def _translated(architecture: Architecture, bare: Mapping[str, str]) -> dict[str, str]:
    """Our name -> name in the file; what the authors store but never use is left out, strange names stay."""
    names = {}
    for name, stored in bare.items():
        try:
            own = architecture.own_name(name)
        except ModelError:
            own = name
        if own is not None:
            names[own] = stored
    return names


def _require(reading: _Reading, layout: Shapes) -> None:
    """Every tensor is there, has its size, and nothing is beside them."""
    fault = next(_faults(reading, layout), None)
    if fault is not None:
        raise ModelError(f"This looks like {reading.architecture.title}, but {fault}.", remedy=_remedy())


def _faults(reading: _Reading, layout: Shapes) -> Iterator[str]:
    for name, shape in layout.items():
        found = reading.shapes.get(name)
        if found is None:
            if not name.endswith(COUNTER):
                yield f"its {_part(name)} lacks '{name}' ({_sizes(shape)})"
        elif found != shape:
            stored = reading.names[name]
            yield f"in its {_part(name)} '{stored}' is {_sizes(found)} instead of {_sizes(shape)}"
    for name in reading.shapes:
        if name not in layout:
            yield f"it has '{reading.names[name]}', which that network has not"


def _unknown(readings: list[_Reading]) -> ModelError:
    """Of what is none of the known networks: the nearest one, and where it parts from it."""
    best = max(readings, key=_likeness)
    if _likeness(best) < _NEAR:
        known = ", ".join(architecture.title for architecture in ARCHITECTURES)
        return ModelError("This is none of the networks that Photocull knows.", remedy=f"It knows {known}.")
    fault = next(_faults(best, best.architecture.layout(best.shapes)), "its parts do not fit together")
    return ModelError(f"This comes near to {best.architecture.title}, but {fault}.", remedy=_remedy())


def _likeness(reading: _Reading) -> float:
    """The share of the network's tensors that are there in their size."""
    layout = reading.architecture.layout({})
    return sum(reading.shapes.get(name) == shape for name, shape in layout.items()) / len(layout)


def _part(name: str) -> str:
    return _PARTS.get(name.partition(".")[0], "network")


def _sizes(shape: Shape) -> str:
    return " x ".join(map(str, shape)) or "one number"


def _remedy() -> str:
    return "Choose the checkpoint as its authors published it, or as Photocull trained it."
