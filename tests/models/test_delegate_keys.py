"""The names of the Delegate Transformer's tensors: every published one has a place, none of ours is left empty."""

import pytest

from photocull.core.errors import ModelError
from photocull.models.delegate_keys import own_name

torch = pytest.importorskip("torch", reason="torch is an extra")

from photocull.judge.networks.delegate import DelegateShape, DelegateTransformer  # noqa: E402  torch is an extra
from tests.judge.networks.filling import read_shapes  # noqa: E402  torch is an extra

VARIANTS = {"icaa17k": (2, True), "spaq": (1, False)}
UNUSED = ("cls_head.", "hist_feature.centers", "hist_feature.widths", ".relative_position_index", ".attn_mask")


def _published(variant: str) -> dict[str, tuple[int, ...]]:
    return read_shapes(f"dat_base_{variant}_state_dict")


def _network(variant: str, shape: DelegateShape) -> DelegateTransformer:
    outputs, gated = VARIANTS[variant]
    with torch.device("meta"):
        return DelegateTransformer(shape, outputs=outputs, gated=gated)


@pytest.mark.parametrize("wrapped", ["", "module."])
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_published_file_fills_every_tensor_of_its_shape(variant: str, wrapped: str) -> None:
    published = _published(variant)
    used = {name: shape for name, shape in published.items() if own_name(wrapped + name) is not None}
    ours = {str(own_name(wrapped + name)): shape for name, shape in used.items()}
    assert len(ours) == len(used)
    network = _network(variant, DelegateShape.of(ours))
    assert ours == {name: tuple(value.shape) for name, value in network.state_dict().items()}


@pytest.mark.parametrize("variant", VARIANTS)
def test_only_what_the_network_does_not_use_or_makes_itself_is_left_out(variant: str) -> None:
    left_out = [name for name in _published(variant) if own_name(name) is None]
    assert all(any(part in name for part in UNUSED) for name in left_out)
    assert {part for part in UNUSED if any(part in name for name in left_out)} == set(UNUSED)


@pytest.mark.parametrize("absent", [(), ("cls_head",), ("attn_mask", "relative_position_index")])
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_published_file_loads_strictly_with_or_without_what_is_unused(variant: str, absent: tuple[str, ...]) -> None:
    names = {name: shape for name, shape in _published(variant).items() if not any(part in name for part in absent)}
    state = {own: torch.empty(shape, device="meta") for name, shape in names.items() if (own := own_name(name))}
    shape = DelegateShape.of({name: tuple(value.shape) for name, value in state.items()})
    _network(variant, shape).load_state_dict(state, strict=True, assign=True)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "weight",
        "stages.0.entry.weight",
        "stages.x.mlps.0.chunk.linear1.weight",
        "stages.0.mlps.0.chunk.linear3.weight",
        "stages.0.attns.0.proj_qkv.running_mean",
        "stages.0.attns.0.proj_qkv.inner.weight",
        "down_projs.0.1.weight",
        "down_projs.0.2.norm.weight",
        "hst_head.weight.weight",
        "res365_last.fc.weight",
        "..",
    ],
)
def test_a_strange_name_is_found_fault_with_in_one_sentence(name: str) -> None:
    with pytest.raises(ModelError, match="This is not a Delegate Transformer") as error:
        own_name(name)
    assert error.value.remedy
