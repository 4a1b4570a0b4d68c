"""TANet against the authors' numbers, and the promise that they could not give: one photo, one score."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="torch is an extra")

from safetensors.torch import load_file, save_file  # noqa: E402  torch is an extra
from torch import Tensor  # noqa: E402  torch is an extra

from photocull.judge.networks.prototypes import PROTOTYPES, prototype_bank  # noqa: E402  torch is an extra
from photocull.judge.networks.tanet import TANet  # noqa: E402  torch is an extra
from photocull.judge.networks.tanet_parts import cell_similarity  # noqa: E402  torch is an extra
from photocull.judge.tanet_judge import scene_evidence  # noqa: E402  torch is an extra
from tests.judge.networks.filling import GOLDEN  # noqa: E402  torch is an extra
from tests.judge.networks.tanets import VARIANTS, drawn, filled  # noqa: E402  torch is an extra

pytestmark = pytest.mark.usefixtures("one_thread")

TOLERANCES = {
    "tad66k_batch4": 1e-6,
    "tad66k_single": 1e-6,
    "tad66k_places_logits": 1e-5,
    "tad66k_theme_weight": 1e-5,
    "tad66k_theme_bias": 1e-5,
    "tad66k_theme_out_batch4": 1e-5,
    "tad66k_aesthetic10": 1e-5,
    "tad66k_rgb_similarity_first": 1e-5,
    "tad66k_rgb10": 1e-6,
    "ava_batch4": 1e-5,
    "ava_places_logits": 1e-5,
    "ava_theme_weight": 1e-5,
    "ava_theme_bias": 1e-5,
    "ava_theme_out_batch4": 1e-4,  # differences of four nearly equal numbers by their spread
    "ava_aesthetic10": 1e-5,
    "ava_rgb_similarity_first": 1e-5,
    "ava_rgb10": 1e-6,
}
"""Absolute, for each array; the bar is 1e-4 and most come within rounding."""


@pytest.fixture(params=VARIANTS)
def network(request: pytest.FixtureRequest) -> TANet:
    return filled(request.param)


@pytest.fixture(scope="module")
def golden() -> dict[str, NDArray[np.float32]]:
    with np.load(GOLDEN / "tanet.npz") as arrays:
        return dict(arrays)


@cache
def computed(variant: str) -> dict[str, Tensor]:
    """Our counterpart of each golden array."""
    network, batch = filled(variant), drawn(4)
    with torch.inference_mode():
        trace = network.trace(batch)
        logits = trace.branches.logits
        weight, bias = network.hyper(logits)
        arrays = {
            "batch4": network.published(batch),
            "places_logits": logits,
            "theme_weight": weight,
            "theme_bias": bias,
            "theme_out_batch4": network.published_relations(logits),
            "aesthetic10": trace.branches.aesthetics,
            "rgb_similarity_first": trace.similarity[0],
            "rgb10": trace.branches.colour,
        }
        if variant == "tad66k":
            arrays["single"] = torch.cat([network.published(photo[None]) for photo in batch])
    return {f"{variant}_{name}": array for name, array in arrays.items()}


@pytest.mark.parametrize("name", TOLERANCES)
def test_every_golden_array_is_met(golden: dict[str, NDArray[np.float32]], name: str) -> None:
    ours = computed(name.partition("_")[0])[name].numpy()
    assert ours.shape == golden[name].shape
    assert np.abs(ours - golden[name]).max() <= TOLERANCES[name]


def test_no_golden_array_is_left_out(golden: dict[str, NDArray[np.float32]]) -> None:
    assert golden.keys() == TOLERANCES.keys()
    assert max(TOLERANCES.values()) <= 1e-4


def scores(network: TANet, batch: Tensor, size: int) -> Tensor:
    with torch.inference_mode():
        return torch.cat([network(part) for part in batch.split(size)])


@pytest.fixture(scope="module")
def crowd() -> Tensor:
    """Eight photos that differ in more than noise: brightness, contrast and a slope."""
    generator = torch.Generator().manual_seed(5)
    noise = torch.randn((8, 3, 224, 224), generator=generator)
    level, contrast = torch.randn((2, 8, 3, 1, 1), generator=generator)
    return noise * contrast.abs() + level + torch.linspace(-1, 1, 224) * level.roll(1, dims=1)


@pytest.mark.slow
def test_a_photo_has_one_score_whatever_its_company_to_the_last_bit(network: TANet, crowd: Tensor) -> None:
    alone = scores(network, crowd, 1)
    assert alone.std(dim=0).max() > 1e-3, "the photos must differ, or nothing is shown"
    order = torch.randperm(40, generator=torch.Generator().manual_seed(1)) % 8
    for size, count in ((2, 4), (7, 7), (40, 40)) if network.votes == 1 else ((2, 2), (7, 7)):
        assert torch.equal(scores(network, crowd[order[:count]], size), alone[order[:count]])


def test_photos_that_do_run_together_score_the_same(network: TANet, crowd: Tensor) -> None:
    with torch.inference_mode():
        together = network._trace(crowd, network.relations)
        apart = network.trace(crowd)
    torch.testing.assert_close(together.answer, apart.answer, rtol=0, atol=1e-5)
    torch.testing.assert_close(together.relations, apart.relations, rtol=0, atol=1e-3)
    torch.testing.assert_close(together.branches.colour, apart.branches.colour, rtol=0, atol=1e-5)


def test_the_published_arithmetic_couples_the_photos_of_a_batch_and_ours_does_not() -> None:
    network, batch = filled("tad66k"), drawn(4)
    with torch.inference_mode():
        published = network.published(batch)[0] - network.published(batch[:1])[0]
        ours = network(batch)[0] - network(batch[:1])[0]
    assert abs(published.item()) > 0.1
    assert abs(ours.item()) < 1e-6


def test_published_votes_of_one_photo_alone_are_refused() -> None:
    with pytest.raises(ValueError, match="alone"):
        filled("ava").published(drawn(1))


def test_answers_have_the_form_of_their_labels(network: TANet, crowd: Tensor) -> None:
    answers = scores(network, crowd[:4], 4)
    assert answers.shape == (4, network.votes)
    assert ((answers > 0) & (answers < 1)).all()
    if network.votes == 10:
        torch.testing.assert_close(answers.sum(dim=1), torch.ones(4))


def test_only_one_or_ten_votes_are_known() -> None:
    with pytest.raises(ValueError, match="not 5"):
        TANet(5)


def test_the_theme_is_held_against_the_forty_prototypes(network: TANet) -> None:
    with torch.inference_mode():
        trace = network.trace(drawn(3))
        pooled = trace.relations.reshape(3, 10, 4).mean(dim=2)
    assert trace.relations.shape == (3, len(PROTOTYPES))
    torch.testing.assert_close(trace.branches.theme, pooled)
    if network.votes == 1:
        torch.testing.assert_close(trace.relations.sum(dim=1), torch.ones(3))


def test_votes_are_standardised_by_the_banks_own_rows() -> None:
    network = filled("ava")
    bank = torch.from_numpy(prototype_bank())
    with torch.inference_mode():
        relations = network.relations(bank)
        straight = torch.where(relations > 0, relations, relations / network.query.relation_slope.weight)
    torch.testing.assert_close(straight.mean(dim=0), torch.zeros(40), rtol=0, atol=1e-3)
    torch.testing.assert_close(straight.var(dim=0, correction=0), torch.ones(40), rtol=0, atol=1e-3)


def test_a_trace_holds_all_of_one_run(network: TANet) -> None:
    batch = drawn(2)
    with torch.inference_mode():
        trace = network.trace(batch)
        torch.testing.assert_close(trace.answer, network(batch), rtol=0, atol=0)
        torch.testing.assert_close(network.answer(trace.branches), trace.answer)
        torch.testing.assert_close(network.similarity(batch), trace.similarity)
        logits = network.scenes(network.last_maps(batch))
        torch.testing.assert_close(logits, trace.branches.logits, rtol=0, atol=1e-5)
    assert trace.theme_maps.shape == (2, 512, 7, 7)
    assert trace.aesthetic_maps.shape == (2, 1280, 7, 7)
    assert trace.cells.shape == (2, 3, 12, 12)
    assert trace.similarity.shape == (2, 144, 144)


def test_a_scenes_evidence_over_the_cells_adds_up_to_its_logit(network: TANet) -> None:
    with torch.inference_mode():
        trace = network.trace(drawn(1))
    weight, bias = network.theme.fc.weight.detach().numpy(), network.theme.fc.bias.detach().numpy()
    for scene in (0, 49, 364):
        logit = scene_evidence(trace.theme_maps[0].numpy(), weight[scene]).mean() + bias[scene]
        assert logit == pytest.approx(float(trace.branches.logits[0, scene]), abs=1e-4)


def test_a_branch_left_out_changes_the_answer(network: TANet) -> None:
    with torch.inference_mode():
        branches = network.branches(drawn(2))
        for name in ("aesthetics", "theme", "colour"):
            without = network.answer(replace(branches, **{name: torch.zeros(2, 10)}))
            assert (without - network.answer(branches)).abs().max() > 1e-6, name


def test_similar_cells_are_alike_and_black_ones_make_no_nan() -> None:
    cells = torch.zeros(1, 3, 12, 12)
    cells[0, :, 0, 0] = torch.tensor([1.0, 2.0, 3.0])
    cells[0, :, 11, 11] = torch.tensor([2.0, 4.0, 6.0])
    cells[0, :, 0, 1] = torch.tensor([-1.0, -2.0, -3.0])
    similarity = cell_similarity(cells)[0]
    assert similarity[0, 143].item() == pytest.approx(1)
    assert similarity[0, 1].item() == pytest.approx(-1)
    assert similarity[5].abs().max().item() == 0


def test_no_photo_however_flat_or_extreme_gives_nan(network: TANet) -> None:
    flat = torch.stack([torch.full((3, 224, 224), value) for value in (-2.1, 0.0, 2.6)])
    assert torch.isfinite(scores(network, flat, 3)).all()


def test_the_last_maps_of_the_aesthetics_branch_have_no_cap(network: TANet) -> None:
    with torch.inference_mode():
        assert network.aesthetics.trunk.stem(drawn(1) * 100).max() > 6
        assert network.aesthetics.trunk.top(torch.full((1, 320, 7, 7), 100.0)).max() > 6


def test_the_six_parts_hold_every_parameter_once(network: TANet) -> None:
    parts = network.parts()
    assert set(parts) == {"theme", "aesthetics", "head", "colour", "hyper", "query"}
    held = [id(value) for part in parts.values() for value in part.parameters()]
    assert sorted(held) == sorted(id(value) for value in network.parameters())


def test_weights_travel_through_safetensors_unchanged(network: TANet, tmp_path: Path) -> None:
    save_file(network.state_dict(), tmp_path / "weights.safetensors")
    other = TANet(network.votes)
    other.load_state_dict(load_file(tmp_path / "weights.safetensors"), strict=True)
    assert torch.equal(scores(other.eval(), drawn(1), 1), scores(network, drawn(1), 1))


def test_the_bank_is_part_of_the_program_and_not_of_a_weight_file(network: TANet) -> None:
    assert "bank" not in network.state_dict()
    assert network.to(torch.float64).bank.dtype == torch.float64
    network.to(torch.float32)
