"""Writes the trunk's ONNX graph without weights: they are read from the safetensors file by offset and length."""

import json
import struct
from pathlib import Path
from typing import Any, Final

from photocull.core.errors import TrainingError
from photocull.judge.networks.layout import CELL, STAGE_STRIDES, blocks, padding, tensor_shapes

_OPSET: Final = 17
_IR_VERSION: Final = 8


def write_graph(weights: Path) -> bytes:
    """The serialised graph for a safetensors file that lies beside it.

    Input ``photo`` (1, 3, H, W) float32; outputs ``mean`` and ``square`` (1, 784, H/32, W/32) and ``logits`` (1, 1000).

    Raises:
        TrainingError: the package onnx is not installed, or the file lacks a tensor.
    """
    writer = _GraphWriter(_onnx(), weights)
    return _serialised(writer.trunk())


def write_early_graph(weights: Path, stages: int) -> bytes:
    """The graph of the first ``stages`` stages alone, for training the later ones on what these hand on.

    Input ``photo``; outputs ``map``, the last of these stages' output (1, c, h, w), and ``mean`` and ``square`` of the
    stages' cells.

    Raises:
        TrainingError: as `write_graph`.
    """
    return _serialised(_GraphWriter(_onnx(), weights).early(stages))


def _onnx() -> Any:
    try:
        import onnx
    except ImportError as error:
        remedy = "Install Photocull with the extra train."
        raise TrainingError("Writing the network's graph needs the package onnx.", remedy=remedy) from error
    return onnx


def _serialised(graph: Any) -> bytes:
    onnx = _onnx()
    opset = onnx.helper.make_opsetid("", _OPSET)
    model = onnx.helper.make_model(graph, opset_imports=[opset], producer_name="photocull", ir_version=_IR_VERSION)
    return bytes(model.SerializeToString(deterministic=True))


def tensor_places(weights: Path) -> dict[str, tuple[str, list[int], int, int]]:
    """Name -> (dtype, shape, offset in the file, length in bytes) of a safetensors file."""
    with weights.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    start = 8 + length
    return {
        name: (
            entry["dtype"],
            entry["shape"],
            start + entry["data_offsets"][0],
            entry["data_offsets"][1] - entry["data_offsets"][0],
        )
        for name, entry in header.items()
        if name != "__metadata__"
    }


class _GraphWriter:
    """Collects nodes and initialisers; every method returns the name of the value that it made."""

    def __init__(self, onnx: Any, weights: Path) -> None:
        self._onnx = onnx
        self._location = weights.name
        self._places = tensor_places(weights)
        self._nodes: list[Any] = []
        self._initializers: list[Any] = []

    def trunk(self) -> Any:
        """The whole graph."""
        value = self._stages(len(STAGE_STRIDES))
        helper, float32 = self._onnx.helper, self._onnx.TensorProto.FLOAT
        top = self._activated(self._conv(value, "top", kernel=1))
        pooled = self._node("Flatten", [self._node("GlobalAveragePool", [top])], axis=1)
        self._node("Gemm", [pooled, *self._parameters("classes")], output="logits", transB=1)
        photo = helper.make_tensor_value_info("photo", float32, [1, 3, "height", "width"])
        maps = [
            helper.make_tensor_value_info(name, float32, [1, 784, "rows", "columns"]) for name in ("mean", "square")
        ]
        logits = helper.make_tensor_value_info("logits", float32, [1, 1000])
        return helper.make_graph(self._nodes, "photocull-trunk", [photo], [*maps, logits], self._initializers)

    def early(self, stages: int) -> Any:
        """The first stages alone."""
        self._node("Identity", [self._stages(stages)], output="map")
        helper, float32 = self._onnx.helper, self._onnx.TensorProto.FLOAT
        photo = helper.make_tensor_value_info("photo", float32, [1, 3, "height", "width"])
        outputs = [
            helper.make_tensor_value_info(name, float32, [1, f"{name} channels", f"{name} rows", f"{name} columns"])
            for name in ("map", "mean", "square")
        ]
        return helper.make_graph(self._nodes, "photocull-early", [photo], outputs, self._initializers)

    def _stages(self, count: int) -> str:
        self._constants()
        value = self._activated(self._conv("photo", "stem", kernel=3, stride=2))
        means, squares = [], []
        for block in (block for block in blocks() if block.stage < count):
            value = self._block(value, block)
            if block.last:
                side = CELL // STAGE_STRIDES[block.stage]
                means.append(self._cells(value, side))
                squares.append(self._cells(self._node("Mul", [value, value]), side))
        self._node("Concat", means, output="mean", axis=1)
        self._node("Concat", squares, output="square", axis=1)
        return value

    def _constants(self) -> None:
        make, float32 = self._onnx.helper.make_tensor, self._onnx.TensorProto.FLOAT
        self._initializers += [make("zero", float32, [], [0.0]), make("six", float32, [], [6.0])]

    def _block(self, value: str, block: Any) -> str:
        y = value
        if block.widens:
            y = self._activated(self._conv(y, f"{block.name}.widen", kernel=1))
        y = self._activated(
            self._conv(y, f"{block.name}.filter", kernel=block.kernel, stride=block.stride, group=block.width_mid)
        )
        y = self._conv(y, f"{block.name}.narrow", kernel=1)
        return self._node("Add", [value, y]) if block.adds_input else y

    def _conv(self, value: str, layer: str, *, kernel: int, stride: int = 1, group: int = 1) -> str:
        before, after = padding(kernel, stride)
        return self._node(
            "Conv",
            [value, *self._parameters(layer)],
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            pads=[before, before, after, after],
            group=group,
        )

    def _activated(self, value: str) -> str:
        return self._node("Clip", [value, "zero", "six"])

    def _cells(self, value: str, side: int) -> str:
        if side == 1:
            return value
        return self._node("AveragePool", [value], kernel_shape=[side, side], strides=[side, side])

    def _parameters(self, layer: str) -> list[str]:
        return [self._tensor(f"{layer}.weight"), self._tensor(f"{layer}.bias")]

    def _tensor(self, name: str) -> str:
        if name not in self._places or self._places[name][1] != list(tensor_shapes()[name]):
            raise TrainingError(f"The weights lack the tensor {name}.", path=self._location)
        dtype, shape, offset, length = self._places[name]
        proto = self._onnx.TensorProto()
        proto.name = name
        proto.data_type = proto.FLOAT16 if dtype == "F16" else proto.FLOAT
        proto.dims.extend(shape)
        proto.data_location = proto.EXTERNAL
        for key, text in (("location", self._location), ("offset", str(offset)), ("length", str(length))):
            entry = proto.external_data.add()
            entry.key, entry.value = key, text
        self._initializers.append(proto)
        if dtype != "F16":
            return name
        return self._node("Cast", [name], output=f"{name}.float32", to=proto.FLOAT)

    def _node(self, kind: str, inputs: list[str], *, output: str | None = None, **attributes: Any) -> str:
        made = output or f"value{len(self._nodes)}"
        self._nodes.append(self._onnx.helper.make_node(kind, inputs, [made], **attributes))
        return made
