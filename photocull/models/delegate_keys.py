"""From the names of the published Delegate Transformers' tensors to ours."""

import re
from typing import Final

from photocull.core.errors import ModelError

_WRAPPED: Final = "module."
"""What training on several GPUs puts before every name."""
_UNUSED: Final = re.compile(
    r"cls_head\.(weight|bias)|hist_feature\.(centers|widths)"
    r"|stages\.\d+\.attns\.\d+\.(relative_position_index|attn_mask)"
)
_ATTENTION: Final = {
    "": "",
    "proj_qkv": ".query_key_value",
    "proj_q": ".query",
    "proj_k": ".key",
    "proj_v": ".value",
    "proj_out": ".out",
    "conv_offset.0": ".offset.filter",
    "conv_offset.1.norm": ".offset.norm",
    "conv_offset.3": ".offset.step",
    "ref_point14": ".reference",
    "ref_gate": ".gate",
}
_TABLES: Final = {"relative_position_bias_table": "bias_table", "rpe_table": "position_table"}
_TAIL: Final = {
    "patch_proj.0": "stages.0.entry",
    "patch_proj.1.norm": "stages.0.norm",
    "cls_norm.norm": "norm",
    "hst_head": "histogram.project",
    "hist_feature.bin_centers_conv": "histogram.centres",
    "hist_feature.bin_widths_conv": "histogram.widths",
    "class_head": "heads.0",
    "class_head2": "heads.1",
}


def own_name(published: str) -> str | None:
    """What `judge.networks.delegate` calls a tensor of a published checkpoint; None where it is stored but unused.

    Unused are a head for ImageNet's classes, copies of the histogram's first values, and the windows' indices and
    masks, which the network computes.

    >>> own_name("stages.2.attns.1.ref_gate.weight"), own_name("cls_head.bias")
    ('stages.2.blocks.1.attention.gate.weight', None)

    Raises:
        ModelError: no Delegate Transformer has a tensor of this name.
    """
    name = published.removeprefix(_WRAPPED)
    if _UNUSED.fullmatch(name):
        return None
    module, _, leaf = name.rpartition(".")
    own = _own_module(module) if leaf in {"weight", "bias", *_TABLES} else None
    if own is None:
        raise ModelError(
            f"This is not a Delegate Transformer: it has a tensor '{published}'.",
            remedy="Import the file as its authors published it.",
        )
    return f"{own}.{_TABLES.get(leaf, leaf)}"


def _own_module(module: str) -> str | None:
    if module in _TAIL:
        return _TAIL[module]
    numbers = [int(part) for part in module.split(".") if part.isdecimal()]
    match ["#" if part.isdecimal() else part for part in module.split(".")]:
        case ["down_projs", "#", "#"] if numbers[1] == 0:
            return f"stages.{numbers[0] + 1}.entry"
        case ["down_projs", "#", "#", "norm"] if numbers[1] == 1:
            return f"stages.{numbers[0] + 1}.norm"
        case ["stages", "#", "layer_norms", "#", "norm"]:
            half = ("attention_norm", "perceptron_norm")[numbers[1] % 2]
            return f"stages.{numbers[0]}.blocks.{numbers[1] // 2}.{half}"
        case ["stages", "#", "mlps", "#", "chunk", ("linear1" | "linear2") as layer]:
            name = {"linear1": "widen", "linear2": "narrow"}[layer]
            return f"stages.{numbers[0]}.blocks.{numbers[1]}.perceptron.{name}"
        case ["stages", "#", "attns", "#", *_] if (inner := ".".join(module.split(".")[4:])) in _ATTENTION:
            return f"stages.{numbers[0]}.blocks.{numbers[1]}.attention{_ATTENTION[inner]}"
    return None
