"""From a checkpoint to the network itself, ready to score; what needs PyTorch is imported on the way."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from photocull.core.errors import ModelError
from photocull.models.reading import Checkpoint, read_checkpoint
from photocull.models.unpickling import require_torch

if TYPE_CHECKING:
    from torch import nn

_SIDE = 224


def load_network(path: Path) -> "nn.Module":
    """The network in a file, recognised by its tensors, in evaluation mode.

    `TANet` and `DelegateTransformer` have ``forward(batch)``, where one photo has one score, and ``published(batch)``,
    the authors' arithmetic, in which the photos of a batch change each other's scores.

    Args:
        path: .pth, .pth.tar or .safetensors, under the authors' names or ours.

    Raises:
        ModelError: the file is missing, damaged, hostile or of an unknown network, or PyTorch is not installed.
    """
    return build_network(read_checkpoint(Path(path)))


def build_network(checkpoint: Checkpoint) -> "nn.Module":
    """The network with exactly these weights, in evaluation mode.

    Raises:
        ModelError: they do not fit, or PyTorch is not installed.
    """
    require_torch()
    import torch  # an extra, and seconds of start

    shapes = {name: values.shape for name, values in checkpoint.tensors.items()}
    network = checkpoint.architecture.build(shapes)
    state = {name: torch.from_numpy(np.array(values)) for name, values in checkpoint.tensors.items()}
    try:
        network.load_state_dict(state, strict=True)
    except RuntimeError as error:
        raise ModelError(
            f"The weights do not fit {checkpoint.architecture.title}.", remedy="Import the file again."
        ) from error
    return network.eval().requires_grad_(False)


def require_answer(network: "nn.Module") -> None:
    """Try a network on plain pictures: weights may be numbers all, and yet give none.

    Raises:
        ModelError: an answer is not finite.
    """
    import torch  # an extra, and seconds of start

    side = getattr(getattr(network, "shape", None), "side", _SIDE)
    batch = torch.stack([torch.full((3, side, side), value) for value in (-1.0, 0.0, 1.0)])
    with torch.inference_mode():
        answer = network(batch)
    if not bool(torch.isfinite(answer).all()):
        remedy = "Its training went wrong, or the file is damaged; choose another one."
        raise ModelError("The network gives no numbers for a plain picture.", remedy=remedy)
