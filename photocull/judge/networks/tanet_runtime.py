"""TANet on ONNX Runtime: on a processor the same numbers as PyTorch's in less than half the time. No torch here."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import ModelError, one_line
from photocull.core.settings import resources
from photocull.judge.networks.onnx_session import open_session
from photocull.judge.networks.squares import SIDE
from photocull.judge.networks.tanet_fixed import fixed_tensors

Floats = NDArray[np.float32]

_COUNTER: Final = "num_batches_tracked"
_SLOPE: Final = "query.relation_slope.weight"


@dataclass(frozen=True, slots=True, eq=False)
class TANetOutput:
    """Everything of one photo's run that a judgement and its maps need, float32; see also `tanet.Trace`.

    Attributes:
        answer: (votes,). aesthetics, theme, colour: (10,) each. logits: (365,). relations: (40,).
        theme_maps: (512, 7, 7). aesthetic_maps: (1280, 7, 7).
        cells: (3, 12, 12). mean: (3,) of the whole square. similarity: (144, 144).
        without: (49, votes), the answers if each place of the last maps in turn, with half of its neighbours, were like
            the rest of the picture, to all three branches. Only what stands above the maps is computed again, which is
            exact where a gradient is not: the relations to the themes' rules and the head's rectifiers bend on the way.
    """

    answer: Floats
    aesthetics: Floats
    theme: Floats
    colour: Floats
    logits: Floats
    relations: Floats
    theme_maps: Floats
    aesthetic_maps: Floats
    cells: Floats
    mean: Floats
    similarity: Floats
    without: Floats


OUTPUTS: Final = tuple(field.name for field in fields(TANetOutput))
"""Of the graph, in this order."""


class TANetRuntime:
    """Runs one TANet on one photo at a time, so that no photo's numbers depend on another's; any thread may ask.

    Args:
        tensors: the network's parameters and statistics, float32, by the names of `tanet.TANet.state_dict`; they may
            go afterwards, but not change.
        votes: 1 or 10, as in `tanet.TANet`. threads: processor threads of one photo; 0 lets ONNX Runtime choose.

    Raises:
        ModelError: the tensors are not those of this network, or the program's graph of it cannot be read.
    """

    def __init__(self, tensors: Mapping[str, NDArray[np.generic]], votes: int, *, threads: int = 0) -> None:
        graph = _graph(votes)
        given = {**_used(tensors, votes), **fixed_tensors()}
        try:
            self._session = open_session(graph, given, threads)
        except Exception as error:
            sentence = f"TANet cannot be opened with these weights: {one_line(str(error), 160)}"
            raise ModelError(sentence, remedy="Remove the model and import its file again.") from error

    def run(self, values: Floats) -> TANetOutput:
        """Everything of one run over a photo's square (3, 224, 224), see `squares.square_input`.

        Raises:
            ModelError: the square has another shape, or the engine failed.
        """
        if values.shape != (3, SIDE, SIDE):
            raise ModelError(f"TANet takes (3, {SIDE}, {SIDE}), not {values.shape}.")
        try:
            made = self._session.run(OUTPUTS, {"photo": values[None]})
        except Exception as error:
            raise ModelError(f"The network failed: {one_line(str(error), 160)}") from error
        return TANetOutput(*(one[0] for one in made))


def _used(tensors: Mapping[str, NDArray[np.generic]], votes: int) -> dict[str, NDArray[np.generic]]:
    """Without what is stored for training alone, or in both published files though only AVA's arithmetic uses it."""
    unused = (_COUNTER, _SLOPE) if votes == 1 else (_COUNTER,)
    return {name: values for name, values in tensors.items() if not name.endswith(unused)}


def _graph(votes: int) -> bytes:
    path = resources() / "models" / f"tanet-{votes}.onnx"
    try:
        return path.read_bytes()
    except OSError as error:
        remedy = "Install Photocull again."
        raise ModelError("The program's graph of TANet is missing.", path=path, remedy=remedy) from error
