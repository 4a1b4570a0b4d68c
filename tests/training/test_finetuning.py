"""Fine-tuning on made-up pictures: what learns, what stays, and that a stopped run loses nothing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from photocull.core.errors import CancelledError, TrainingError
from photocull.core.work import CancelToken
from photocull.judge.networks.layout import tensor_shapes
from photocull.judge.themes import NETWORK_THEMES
from photocull.training.early import Early
from photocull.training.finetune_recipe import FinetuneRecipe

pytest.importorskip("torch", reason="fine-tuning needs the extra train")
from photocull.training.finetuning import finetune  # after the check that torch is here
from photocull.training.tuning_material import Taught, TaughtPair, TuningMaterial

RECIPE = FinetuneRecipe(
    seed=3, side=64, epochs=2, until=99, share=1.0, everyday=4, snapshots=2, beauty=3, themes=2, pairs=2,
    learning_rate=1e-3, warm_up=0.5, head_rate=1e-3, weight_decay=0.02, head_decay=0.1, rank=0.5, memory=1.0,
    beauty_weight=0.5, theme_weight=0.2, pair_weight=0.5, steadiness=1.0, absent=0.5, averaging=0.9, damages=1,
    spoilings=1, every=2,
)  # fmt: skip


@pytest.fixture(scope="module")
def trunk() -> dict[str, np.ndarray]:
    generator = np.random.default_rng(0)
    return {
        name: (generator.normal(size=shape) * np.sqrt(2 / max(1, np.prod(shape[1:])))).astype(np.float32)
        for name, shape in tensor_shapes().items()
    }


@pytest.fixture(scope="module")
def material() -> TuningMaterial:
    generator = np.random.default_rng(1)

    def look() -> Early:
        cells = np.abs(generator.normal(size=(2, 2, 160))) + 1
        return Early(generator.normal(size=(8, 8, 40)).astype(np.float16), cells.astype(np.float16))

    def taught(count: int, wanted: np.ndarray) -> Taught:
        looks = [(look(), look()) for _ in range(count)]
        group = np.arange(count) % 2
        return Taught(looks, wanted.astype(np.float32), np.ones(count, np.float32), group)

    labels = generator.random((6, len(NETWORK_THEMES))) < 0.1
    return TuningMaterial(
        taught(12, generator.normal(size=12)),
        taught(4, generator.normal(size=4)),
        taught(6, generator.normal(size=6)),
        taught(6, labels),
        [TaughtPair(look(), look(), quality) for quality in (True, False, True)],
    )


@pytest.mark.slow
def test_only_the_later_stages_learn(trunk: dict[str, np.ndarray], material: TuningMaterial, tmp_path: Path) -> None:
    learnt = finetune(trunk, material, RECIPE, tmp_path)

    assert set(learnt) == {name for name in trunk if name.startswith(("stages.3", "stages.4", "stages.5", "stages.6"))}
    assert all(values.shape == trunk[name].shape and np.isfinite(values).all() for name, values in learnt.items())
    assert all(not np.array_equal(values, trunk[name]) for name, values in learnt.items() if name.endswith("weight"))


@pytest.mark.slow
def test_a_stopped_run_ends_with_the_same_numbers(
    trunk: dict[str, np.ndarray], material: TuningMaterial, tmp_path: Path
) -> None:
    whole = finetune(trunk, material, RECIPE, tmp_path / "whole")
    token = CancelToken()

    def stop(step: int, steps: int, losses: object) -> None:
        if step == steps // 2 + 1:
            token.cancel()

    with pytest.raises(CancelledError):
        finetune(trunk, material, RECIPE, tmp_path / "stopped", token=token, told=stop)
    resumed = finetune(trunk, material, RECIPE, tmp_path / "stopped")

    assert all(np.array_equal(values, resumed[name]) for name, values in whole.items())


def test_a_run_of_another_recipe_is_not_mixed_in(
    trunk: dict[str, np.ndarray], material: TuningMaterial, tmp_path: Path
) -> None:
    finetune(trunk, material, replace(RECIPE, epochs=1), tmp_path)

    with pytest.raises(TrainingError, match="another recipe"):
        finetune(trunk, material, RECIPE, tmp_path)


@pytest.mark.slow
def test_mirror_images_come_to_be_answered_alike(
    trunk: dict[str, np.ndarray], material: TuningMaterial, tmp_path: Path
) -> None:
    def change(steadiness: float) -> float:
        told: list[float] = []
        recipe = replace(RECIPE, epochs=14, steadiness=steadiness, head_rate=3e-5, learning_rate=1e-4)
        folder = tmp_path / str(steadiness)
        finetune(trunk, material, recipe, folder, told=lambda step, steps, losses: told.append(losses["change"]))
        return float(np.mean(told[-9:]))

    assert change(20.0) < 0.4 * change(0.0)


@pytest.mark.slow
def test_pairs_come_into_order(trunk: dict[str, np.ndarray], material: TuningMaterial, tmp_path: Path) -> None:
    told: list[float] = []
    recipe = replace(RECIPE, epochs=12, memory=0.0, pair_weight=4.0, pairs=3)

    finetune(trunk, material, recipe, tmp_path, told=lambda step, steps, losses: told.append(losses["pairs"]))

    assert np.mean(told[-3:]) < np.mean(told[:3])
