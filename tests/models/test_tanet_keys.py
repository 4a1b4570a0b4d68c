"""The names of TANet's tensors: every published one has a place, none of ours is left empty."""

import pytest

from photocull.models.tanet_keys import own_name, own_resnet_name

torch = pytest.importorskip("torch", reason="torch is an extra")

from torchvision.models import resnet18  # noqa: E402  torch is an extra

from photocull.judge.networks.tanet import TANet  # noqa: E402  torch is an extra
from tests.judge.networks.filling import published_state, read_shapes  # noqa: E402  torch is an extra

VARIANTS = {"tad66k": 1, "ava": 10}


@pytest.mark.parametrize("wrapped", ["", "module."])
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_published_file_fills_every_tensor_of_its_shape(variant: str, wrapped: str) -> None:
    published = read_shapes(f"tanet_{variant}_state_dict")
    ours = {own_name(wrapped + name): shape for name, shape in published.items()}
    assert None not in ours
    assert len(ours) == len(published)
    assert ours == {name: tuple(value.shape) for name, value in TANet(VARIANTS[variant]).state_dict().items()}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_published_file_loads_strictly(variant: str) -> None:
    state = published_state(read_shapes(f"tanet_{variant}_state_dict"))
    TANet(VARIANTS[variant]).load_state_dict({str(own_name(name)): value for name, value in state.items()}, strict=True)


def test_the_places365_file_loads_strictly_into_its_network_and_into_tanets_theme_branch() -> None:
    prefix = "res365_last."
    shapes = {
        "module." + name.removeprefix(prefix): shape
        for name, shape in read_shapes("tanet_tad66k_state_dict").items()
        if name.startswith(prefix)
    }
    assert len(shapes) == 122
    state = {str(own_resnet_name(name)): value for name, value in published_state(shapes).items()}
    resnet18(weights=None, num_classes=365).load_state_dict(state, strict=True)
    TANet(1).theme.load_state_dict(state, strict=True)


@pytest.mark.parametrize(
    "name",
    ["", "head", "head.2", "head.3.weight", "features.0.weight", "mobileNet.base_model.0.3.conv.2.weight", "fc.weight"],
)
def test_a_name_that_tanet_does_not_have_has_no_place(name: str) -> None:
    assert own_name(name) is None


@pytest.mark.parametrize("name", ["", "layer5.0.conv1.weight", "res365_last.fc.weight", "layer1.2.conv1.weight", "fc"])
def test_a_name_that_the_resnet_does_not_have_has_no_place(name: str) -> None:
    assert own_resnet_name(name) is None
