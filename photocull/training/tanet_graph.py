"""Writes TANet's ONNX graph without weights: `judge.networks.tanet_runtime` hands them over under their own names."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from torch import nn

from photocull.core.errors import TrainingError
from photocull.judge.networks.mobilenet import TOP_WIDTH, BlockShape, block_shapes
from photocull.judge.networks.squares import SIDE
from photocull.judge.networks.tanet import TANet
from photocull.judge.networks.tanet_fixed import PLACES, fixed_tensors
from photocull.judge.networks.tanet_parts import GRID, LEAST_PRODUCT, WIDTH
from photocull.judge.networks.tanet_runtime import OUTPUTS

_OPSET: Final = 17
_IR_VERSION: Final = 8
_NORMS: Final = (nn.BatchNorm1d, nn.BatchNorm2d)
_ELSEWHERE: Final = "handed over in memory"
"""The file of the graph's weights: there is none, so that nothing is read in the place of a tensor that is missing."""


def write_tanet_graph(votes: int) -> bytes:
    """The serialised graph of all that `TANetOutput` holds, for 1 or 10 votes; the same bytes each time.

    Input ``photo`` (1, 3, 224, 224) float32; outputs as `tanet_runtime.OUTPUTS` names them, each with a first axis
    of 1. Its initialisers are `TANet`'s parameters and statistics and `fixed_tensors`: names and shapes alone.

    Raises:
        TrainingError: the package onnx is not installed.
    """
    try:
        import onnx
    except ImportError as error:
        remedy = "Install Photocull with the extra train."
        raise TrainingError("Writing the network's graph needs the package onnx.", remedy=remedy) from error
    graph = _GraphWriter(onnx, TANet(votes)).graph()
    opset = onnx.helper.make_opsetid("", _OPSET)
    model = onnx.helper.make_model(graph, opset_imports=[opset], producer_name="photocull", ir_version=_IR_VERSION)
    return bytes(model.SerializeToString(deterministic=True))


class _GraphWriter:
    """Collects nodes and initialisers; methods take and return the names of values."""

    def __init__(self, onnx: Any, network: TANet) -> None:
        self._onnx, self._votes = onnx, network.votes
        self._shapes = {name: tuple(values.shape) for name, values in network.state_dict().items()}
        self._shapes |= {name: values.shape for name, values in fixed_tensors().items()}
        norms = [(name, one) for name, one in network.named_modules() if isinstance(one, _NORMS)]
        self._eps = {name: norm.eps for name, norm in norms}
        self._nodes: list[Any] = []
        self._initializers: dict[str, Any] = {}

    def graph(self) -> Any:
        """The whole graph."""
        helper, float32 = self._onnx.helper, self._onnx.TensorProto.FLOAT
        made = self._outputs("photo")
        self._rename({made[name]: name for name in OUTPUTS})
        photo = helper.make_tensor_value_info("photo", float32, [1, 3, SIDE, SIDE])
        outputs = [helper.make_tensor_value_info(name, float32, self._shape(name)) for name in OUTPUTS]
        weights = list(self._initializers.values())
        return helper.make_graph(self._nodes, f"photocull-tanet-{self._votes}", [photo], outputs, weights)

    def _shape(self, output: str) -> tuple[int, ...]:
        """See `TANetOutput`."""
        scenes, prototypes = self._shapes["theme.fc.bias"][0], self._shapes["bank"][0]
        shapes = {
            "answer": (self._votes,),
            "logits": (scenes,),
            "relations": (prototypes,),
            "theme_maps": (self._shapes["theme.fc.weight"][1], PLACES, PLACES),
            "aesthetic_maps": (TOP_WIDTH, PLACES, PLACES),
            "cells": (3, GRID, GRID),
            "mean": (3,),
            "similarity": (GRID**2, GRID**2),
            "without": (PLACES**2, self._votes),
        }
        return (1, *shapes.get(output, (WIDTH,)))

    def _outputs(self, photo: str) -> dict[str, str]:
        """The value of each output."""
        seen = {
            "theme_maps": self._residual_maps(photo),
            "aesthetic_maps": self._inverted_residual_maps(photo),
            "cells": self._cells(photo),
            "mean": self._node("ReduceMean", [photo], axes=[2, 3], keepdims=0),
        }
        theme, aesthetics = self._pooled(seen["theme_maps"]), self._pooled(seen["aesthetic_maps"])
        branches = self._branches(theme, aesthetics, self._colours(seen["cells"]))
        return seen | branches | {"without": self._without(seen)}

    def _without(self, seen: dict[str, str]) -> str:
        """(1, 49, votes), see `TANetOutput`."""
        theme, aesthetics = self._left(seen["theme_maps"]), self._left(seen["aesthetic_maps"])
        colours, mean = self._colours(seen["cells"]), self._reshaped(seen["mean"], (1, 3, 1))
        taken = self._node("Mul", [self._node("Sub", [mean, colours]), self._tensor("mask")])
        answer = self._branches(theme, aesthetics, self._node("Add", [colours, taken]))["answer"]
        return self._reshaped(answer, (1, -1, self._votes))

    def _left(self, maps: str) -> str:
        """(49, C) the mean of maps (1, C, 7, 7) over what is left without each place."""
        flat = self._node("Flatten", [maps], axis=2)
        return self._node("Gemm", [self._tensor("rest"), flat], transB=1)

    def _branches(self, theme_mean: str, aesthetic_mean: str, colours: str) -> dict[str, str]:
        """The three branches and the answer from mean maps (n, 512) and (n, 1280) and colours (n, 3, 144)."""
        logits = self._linear(theme_mean, "theme.fc")
        relations = self._relations(logits)
        groups = self._reshaped(relations, (-1, WIDTH, self._shapes["bank"][0] // WIDTH))
        similarity = self._similarity(colours)
        spread = self._node("Flatten", [self._node("Relu", [similarity])], axis=1)
        numbers = {
            "aesthetics": self._linear(self._node("Relu", [aesthetic_mean]), "aesthetics.answer"),
            "theme": self._node("ReduceMean", [groups], axes=[2], keepdims=0),
            "colour": self._node("Softmax", [self._linear(spread, "colour.linear")], axis=1),
        }
        values = self._linear(self._node("Relu", [self._node("Concat", list(numbers.values()), axis=1)]), "head.linear")
        answer = self._node("Sigmoid", [values]) if self._votes == 1 else self._node("Softmax", [values], axis=1)
        return {**numbers, "logits": logits, "relations": relations, "similarity": similarity, "answer": answer}

    def _pooled(self, maps: str) -> str:
        return self._node("Flatten", [self._node("GlobalAveragePool", [maps])], axis=1)

    def _cells(self, photo: str) -> str:
        """Mean colours by two products, each over one half of a side and then the other.

        ONNX Runtime sums at most 128 numbers in one go however many threads share a product; of more, it depends.
        """
        half = SIDE // 2
        halves = self._reshaped(self._tensor("cell_shares"), (GRID, 2, half))
        rows = self._node("Transpose", [halves], perm=[1, 0, 2])
        columns = self._node("Transpose", [halves], perm=[1, 2, 0])
        down = self._summed(self._node("MatMul", [rows, self._reshaped(photo, (3, 2, half, SIDE))]))
        parted = self._node("Transpose", [self._reshaped(down, (3, GRID, 2, half))], perm=[0, 2, 1, 3])
        return self._reshaped(self._summed(self._node("MatMul", [parted, columns])), (1, 3, GRID, GRID))

    def _summed(self, halves: str) -> str:
        return self._node("ReduceSum", [halves, self._constant("second", np.array([1], np.int64))], keepdims=0)

    def _colours(self, cells: str) -> str:
        return self._reshaped(cells, (1, 3, GRID * GRID))

    def _residual_maps(self, photo: str) -> str:
        """The ResNet-18 below its average: `TANet.last_maps`."""
        x = self._node("Relu", [self._convolved(photo, "theme.conv1", "theme.bn1", stride=2)])
        x = self._node("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
        for stage in range(1, 5):
            for number in range(2):
                stride = 2 if stage > 1 and number == 0 else 1
                x = self._basic_block(x, f"theme.layer{stage}.{number}", stride)
        return x

    def _basic_block(self, x: str, block: str, stride: int) -> str:
        y = self._node("Relu", [self._convolved(x, f"{block}.conv1", f"{block}.bn1", stride=stride)])
        y = self._convolved(y, f"{block}.conv2", f"{block}.bn2")
        if stride > 1:
            x = self._convolved(x, f"{block}.downsample.0", f"{block}.downsample.1", stride=stride)
        return self._node("Relu", [self._node("Add", [y, x])])

    def _relations(self, logits: str) -> str:
        """`TANet.relations`: the rules are of the bank, which is always the same, so that they are computed once."""
        bank = self._tensor("bank")
        weights = self._linear(bank, "hyper.weight")
        values = self._held_against(self._query(logits), weights, logits)
        if self._votes == 1:
            return self._node("Softmax", [values], axis=1)
        own = self._held_against(self._query(bank), weights, bank)
        mean = self._node("ReduceMean", [own], axes=[0], keepdims=1)
        departure = self._node("Sub", [own, mean])
        spread = self._node("ReduceMean", [self._node("Mul", [departure, departure])], axes=[0], keepdims=1)
        least = self._number("eps", self._eps["query.norm"])
        deviation = self._node("Sqrt", [self._node("Add", [spread, least])])
        standard = self._node("Div", [self._node("Sub", [values, mean]), deviation])
        return self._node("PRelu", [standard, self._tensor("query.relation_slope.weight")])

    def _query(self, logits: str) -> str:
        normed = self._normed(self._linear(logits, "query.linear"), "query.norm")
        return self._node("PRelu", [normed, self._tensor("query.slope.weight")])

    def _held_against(self, queries: str, weights: str, logits: str) -> str:
        products = self._node("Gemm", [queries, weights], transB=1)
        return self._node("Add", [products, self._linear(logits, "hyper.bias")])

    def _inverted_residual_maps(self, photo: str) -> str:
        """The MobileNetV2: `MobileNet.forward`."""
        trunk = "aesthetics.trunk"
        x = self._node("Relu", [self._conv_norm(photo, f"{trunk}.stem", stride=2)])
        for number, shape in enumerate(block_shapes()):
            x = self._inverted_residual(x, f"{trunk}.blocks.{number}", shape)
        return self._node("Relu", [self._conv_norm(x, f"{trunk}.top")])

    def _inverted_residual(self, x: str, name: str, shape: BlockShape) -> str:
        y = self._capped(self._conv_norm(x, f"{name}.widen"))
        y = self._capped(self._conv_norm(y, f"{name}.filter", stride=shape.stride, group=shape.width_mid))
        y = self._conv_norm(y, f"{name}.narrow")
        return self._node("Add", [x, y]) if shape.adds_input else y

    def _conv_norm(self, x: str, name: str, *, stride: int = 1, group: int = 1) -> str:
        return self._convolved(x, f"{name}.convolution", f"{name}.norm", stride=stride, group=group)

    def _capped(self, x: str) -> str:
        return self._node("Clip", [x, self._number("zero", 0.0), self._number("six", 6.0)])

    def _similarity(self, colours: str) -> str:
        """`tanet_parts.cell_similarity`."""
        turned = self._node("Transpose", [colours], perm=[0, 2, 1])
        across = self._node("ReduceL2", [colours], axes=[1], keepdims=1)
        down = self._node("Transpose", [across], perm=[0, 2, 1])
        lengths = self._node("Max", [self._node("Mul", [down, across]), self._number("least", LEAST_PRODUCT)])
        return self._node("Div", [self._node("MatMul", [turned, colours]), lengths])

    def _convolved(self, x: str, layer: str, norm: str, *, stride: int = 1, group: int = 1) -> str:
        weight = f"{layer}.weight"
        side = self._shapes[weight][2]
        y = self._node(
            "Conv",
            [x, self._tensor(weight)],
            kernel_shape=[side, side],
            strides=[stride, stride],
            pads=[side // 2] * 4,
            group=group,
        )
        return self._normed(y, norm)

    def _normed(self, x: str, norm: str) -> str:
        names = [f"{norm}.{leaf}" for leaf in ("weight", "bias", "running_mean", "running_var")]
        return self._node("BatchNormalization", [x, *map(self._tensor, names)], epsilon=self._eps[norm])

    def _linear(self, x: str, layer: str) -> str:
        parameters = [self._tensor(f"{layer}.weight"), self._tensor(f"{layer}.bias")]
        return self._node("Gemm", [x, *parameters], transB=1)

    def _reshaped(self, x: str, shape: Sequence[int]) -> str:
        name = "shape_" + "_".join(map(str, shape))
        return self._node("Reshape", [x, self._constant(name, np.array(shape, np.int64))])

    def _tensor(self, name: str) -> str:
        """A weight: its name and shape, and no values."""
        if name not in self._initializers:
            proto = self._onnx.TensorProto(name=name, data_type=self._onnx.TensorProto.FLOAT, dims=self._shapes[name])
            proto.data_location = proto.EXTERNAL
            proto.external_data.add(key="location", value=_ELSEWHERE)
            self._initializers[name] = proto
        return name

    def _number(self, name: str, value: float) -> str:
        return self._constant(name, np.array(value, np.float32))

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        self._initializers[name] = self._onnx.numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def _node(self, kind: str, inputs: Sequence[str], **attributes: Any) -> str:
        made = f"value{len(self._nodes)}"
        self._nodes.append(self._onnx.helper.make_node(kind, inputs, [made], **attributes))
        return made

    def _rename(self, names: dict[str, str]) -> None:
        for node in self._nodes:
            for places in (node.input, node.output):
                places[:] = [names.get(place, place) for place in places]
