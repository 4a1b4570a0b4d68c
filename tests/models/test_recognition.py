"""A checkpoint is known by its tensors, whatever it is called and however it is wrapped, and by one kind alone."""

from collections.abc import Mapping
from typing import Any

import pytest

from photocull.core.errors import ModelError
from photocull.judge.reading import GIVES
from photocull.models.architectures import ARCHITECTURES, architecture_of
from photocull.models.recognition import recognise
from photocull.models.registry import PUBLISHED, published_card, published_cards
from tests.judge.networks.filling import read_shapes

Shapes = Mapping[str, tuple[int, ...]]
TANET = {"tanet-tad66k": "tanet_tad66k_state_dict", "tanet-ava": "tanet_ava_state_dict"}


def published(kind: str) -> dict[str, tuple[int, ...]]:
    return read_shapes(TANET[kind])


@pytest.mark.parametrize("kind", TANET)
@pytest.mark.parametrize("prefix", ["", "module.", "_orig_mod.", "module._orig_mod."])
def test_a_published_file_is_recognised_with_or_without_a_prefix(kind: str, prefix: str) -> None:
    shapes = {f"{prefix}{name}": shape for name, shape in published(kind).items()}
    found = recognise(shapes)
    assert found.architecture.id == kind
    assert set(found.names) == set(found.layout)


@pytest.mark.parametrize("kind", [architecture.id for architecture in ARCHITECTURES])
def test_our_own_names_are_recognised_by_exactly_one_kind(kind: str) -> None:
    layout = architecture_of(kind).layout({})
    assert recognise(layout).architecture.id == kind
    assert [a.id for a in ARCHITECTURES if a.detect(layout)] == [kind]


def test_counters_that_an_old_pytorch_did_not_store_are_not_missed() -> None:
    shapes = {name: shape for name, shape in published("tanet-ava").items() if "num_batches_tracked" not in name}
    assert recognise(shapes).architecture.id == "tanet-ava"


def test_the_places_file_is_recognised_under_torchvision_s_names() -> None:
    theme = "res365_last."
    shapes = {
        f"module.{name.removeprefix(theme)}": shape
        for name, shape in published("tanet-ava").items()
        if name.startswith(theme) and "num_batches_tracked" not in name
    }
    assert recognise(shapes).architecture.id == "places365-resnet18"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"head_rgb.2.weight": None}, r"TANet as trained on AVA.*colour branch lacks .*\(10 x 20736\)"),
        ({"head.2.weight": (5, 30)}, r"in its head 'head\.2\.weight' is 5 x 30 instead of 10 x 30"),
        ({"res365_last.fc.bias": (1000,)}, r"theme branch 'res365_last\.fc\.bias' is 1000 instead of 365"),
        ({"mobileNet.base_model.0.3.conv.0.weight": None}, r"its aesthetics branch lacks"),
        ({"something.else": (3,)}, r"it has 'something\.else', which that network has not"),
    ],
)
def test_what_is_wrong_with_a_near_miss_is_said_in_words(change: Mapping[str, Any], said: str) -> None:
    changed = {**published("tanet-ava"), **change}
    with pytest.raises(ModelError, match=said) as caught:
        recognise({name: shape for name, shape in changed.items() if shape is not None})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shapes", [{}, {"weight": (3, 3)}, {"fc.weight": (365, 512)}, {"": ()}])
def test_what_is_no_known_network_is_told_which_are(shapes: Shapes) -> None:
    with pytest.raises(ModelError, match=r"none of the networks.*TANet.*Delegate Transformer.*Places365"):
        recognise(shapes)


def test_an_imagenet_resnet_is_not_taken_for_the_one_of_places() -> None:
    layout = {**architecture_of("places365-resnet18").layout({}), "fc.weight": (1000, 512), "fc.bias": (1000,)}
    with pytest.raises(ModelError, match=r"ResNet-18 of Places365.*1000 x 512 instead of 365 x 512"):
        recognise(layout)


def test_a_kind_of_a_later_version_is_refused_in_one_line() -> None:
    with pytest.raises(ModelError, match="Update Photocull"):
        architecture_of("tanet-2")


@pytest.mark.parametrize("kind", ["tanet-tad66k", "tanet-ava", "places365-resnet18"])
def test_the_layout_on_disk_is_the_network_s(kind: str) -> None:
    pytest.importorskip("torch")
    architecture = architecture_of(kind)
    state = architecture.build(architecture.layout({})).state_dict()
    assert {name: tuple(values.shape) for name, values in state.items()} == architecture.layout({})


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["delegate-icaa17k", "delegate-spaq"])
def test_the_large_layout_on_disk_is_the_network_s(kind: str) -> None:
    pytest.importorskip("torch")
    architecture = architecture_of(kind)
    state = architecture.build(architecture.layout({})).state_dict()
    assert {name: tuple(values.shape) for name, values in state.items()} == architecture.layout({})


def test_a_delegate_transformer_of_another_size_is_one_all_the_same(small_delegate: Mapping[str, Any]) -> None:
    shapes = {name: tuple(values.shape) for name, values in small_delegate.items()}
    assert recognise(shapes).architecture.id == "delegate-icaa17k"
    broken = {**shapes, "stages.2.blocks.1.attention.query.weight": (3, 3)}
    with pytest.raises(ModelError, match=r"trunk .*is 3 x 3 instead of"):
        recognise(broken)


def test_a_file_cannot_ask_for_a_network_beyond_all_bounds(small_delegate: Mapping[str, Any]) -> None:
    shapes = {name: tuple(values.shape) for name, values in small_delegate.items()}
    huge = {name: tuple(10**6 if size == 64 else size for size in shape) for name, shape in shapes.items()}
    with pytest.raises(ModelError, match="instead of"):
        recognise(huge)


def test_every_kind_has_a_card_and_every_card_a_kind() -> None:
    assert tuple(architecture.id for architecture in ARCHITECTURES) == PUBLISHED
    for card in published_cards():
        assert card.architecture == card.name
        assert card.licence
        assert card.paper
        assert card.preprocessing
        assert card.limits
        assert not card.files


def test_cards_and_judges_agree_on_what_a_network_gives() -> None:
    for name in PUBLISHED:
        card = published_card(name)
        assert card.judges == (GIVES[name].scores if name in GIVES else ())


@pytest.mark.parametrize("name", ["tanet-tad66k", "tanet-ava", "places365-resnet18"])
def test_what_can_be_downloaded_can_be_proven(name: str) -> None:
    source = published_card(name).source
    assert source is not None
    assert source.downloadable
    assert len(source.git_blob) == 40
    assert source.path.endswith(source.file_name)
    assert source.largest > 50_000_000


def test_figures_of_papers_are_never_shown_as_measured() -> None:
    for card in published_cards():
        assert {result.score for result in card.results} <= {"speed"}
        assert all(result.low is None and result.photos == 0 for result in card.published)
