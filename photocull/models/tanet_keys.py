"""The names of TANet's tensors, from the authors' checkpoints and from the Places365 ResNet-18 inside it, to ours."""

import re
from typing import Final

_WRAPPED: Final = "module."
"""What training on several GPUs puts before every name."""
_RENAMED: Final = (
    (r"res365_last\.(.+)", r"theme.\1"),
    (r"hypernet\.last_out_w\.(.+)", r"hyper.weight.\1"),
    (r"hypernet\.last_out_b\.(.+)", r"hyper.bias.\1"),
    (r"tygertnet\.fc1\.(.+)", r"query.linear.\1"),
    (r"tygertnet\.bn1\.(.+)", r"query.norm.\1"),
    (r"tygertnet\.relu1\.(.+)", r"query.slope.\1"),
    (r"tygertnet\.relu7\.(.+)", r"query.relation_slope.\1"),
    (r"mobileNet\.base_model\.0\.0\.0\.(.+)", r"aesthetics.trunk.stem.convolution.\1"),
    (r"mobileNet\.base_model\.0\.0\.1\.(.+)", r"aesthetics.trunk.stem.norm.\1"),
    (r"mobileNet\.base_model\.0\.18\.0\.(.+)", r"aesthetics.trunk.top.convolution.\1"),
    (r"mobileNet\.base_model\.0\.18\.1\.(.+)", r"aesthetics.trunk.top.norm.\1"),
    (r"mobileNet\.head\.2\.(.+)", r"aesthetics.answer.\1"),
    (r"head_rgb\.2\.(.+)", r"colour.linear.\1"),
    (r"head\.2\.(.+)", r"head.linear.\1"),
)
_BLOCK: Final = re.compile(r"mobileNet\.base_model\.0\.(\d+)\.conv\.([013467])\.(.+)")
_LAYERS: Final = {
    "0": "widen.convolution",
    "1": "widen.norm",
    "3": "filter.convolution",
    "4": "filter.norm",
    "6": "narrow.convolution",
    "7": "narrow.norm",
}
_RESNET: Final = re.compile(r"(?:conv1|bn1|layer[1-4]\.[01]\.(?:conv[12]|bn[12]|downsample\.[01])|fc)\.\w+")


def own_name(published: str) -> str | None:
    """Our name of a published TANet tensor; None for a name that TANet does not have.

    Every tensor of both published files has a place (`query.relation_slope` is only a keepsake in the TAD66K variant).

    >>> own_name("tygertnet.fc1.weight"), own_name("mobileNet.base_model.0.3.conv.6.weight"), own_name("colour")
    ('query.linear.weight', 'aesthetics.trunk.blocks.2.narrow.convolution.weight', None)
    """
    name = published.removeprefix(_WRAPPED)
    block = _BLOCK.fullmatch(name)
    if block:
        return f"aesthetics.trunk.blocks.{int(block[1]) - 1}.{_LAYERS[block[2]]}.{block[3]}"
    for pattern, ours in _RENAMED:
        if re.fullmatch(pattern, name):
            return re.sub(pattern, ours, name)
    return None


def own_resnet_name(published: str) -> str | None:
    """Our name of a tensor of the Places365 ResNet-18 file, which are torchvision's; None for any other.

    >>> own_resnet_name("module.layer1.0.conv1.weight")
    'layer1.0.conv1.weight'
    """
    name = published.removeprefix(_WRAPPED)
    return name if _RESNET.fullmatch(name) else None
