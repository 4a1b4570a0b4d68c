"""Classes that name a theme: the right ones, and odds that a sum of logits cannot give."""

import numpy as np
import pytest

from photocull.core.types import Pixels
from photocull.judge.networks.class_groups import CLASS_GROUPS, CLASS_NAMES, GROUPS, group_odds, odds_gradient
from photocull.judge.networks.inputs import trunk_input
from photocull.judge.networks.runtime import open_runtime
from photocull.judge.themes import NETWORK_THEMES
from photocull.models.registry import BUILT_IN
from photocull.models.store import open_builtin
from photocull.training.datasets import Example, read_themes
from photocull.training.material import product_pixels
from tests.conftest import SHARED


def _logits(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1.5, 1000)


def test_every_group_belongs_to_a_theme_that_the_network_reads() -> None:
    assert set(CLASS_GROUPS) <= set(NETWORK_THEMES)
    assert all(len(set(classes)) == len(classes) for classes in CLASS_GROUPS.values())


def test_classes_have_the_names_that_imagenet_gives_them() -> None:
    meta = pytest.importorskip("torchvision.models._meta")
    assert {index: meta._IMAGENET_CATEGORIES[index] for index in CLASS_NAMES} == dict(CLASS_NAMES)


def test_every_class_outside_a_run_of_classes_is_named() -> None:
    runs = ("bird", "cat", "dog", "food", "macro")
    assert {c for theme, classes in CLASS_GROUPS.items() if theme not in runs for c in classes} <= set(CLASS_NAMES)


def test_two_sure_breeds_are_as_much_a_dog_as_one() -> None:
    one, two = np.zeros(1000), np.zeros(1000)
    one[[151, 152]] = 10 + np.log(2) / 2, -20
    two[[151, 152]] = 10
    dog = list(CLASS_GROUPS).index("dog")
    assert group_odds(two)[dog] == pytest.approx(group_odds(one)[dog], abs=1e-6)


def test_odds_are_finite_and_the_same_for_a_photo_alone_and_in_a_batch() -> None:
    batch = np.stack([_logits(0), 100 * _logits(1), np.full(1000, -500.0)])
    together = group_odds(batch)
    assert together.shape == (3, GROUPS)
    assert np.isfinite(together).all()
    assert np.array_equal(together, np.stack([group_odds(row) for row in batch]))


def test_the_gradient_is_that_of_the_odds() -> None:
    logits, weights = _logits(2), np.random.default_rng(3).normal(size=GROUPS)
    step = np.random.default_rng(4).normal(size=1000) * 1e-5
    change = weights @ (group_odds(logits + step) - group_odds(logits - step)) / 2
    assert odds_gradient(logits, weights) @ step == pytest.approx(change, rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["bird", "car", "cat", "dog", "food", "macro", "music", "snow"])
def test_photos_of_a_theme_have_higher_odds_of_its_classes_than_others(theme: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("the data folder beside the repository is absent")
    photos = [example for example in read_themes(SHARED / "data").examples if example.split == "validation"]
    ours = [example for example in photos if theme in example.themes][:15]
    others = [example for example in photos if theme not in example.themes][:60:2]
    first, second = (_odds(part)[:, list(CLASS_GROUPS).index(theme)] for part in (ours, others))
    assert (first[:, None] > second[None, :]).mean() > 0.9


def _odds(examples: list[Example]) -> np.ndarray:
    model = open_builtin(BUILT_IN[0])
    runtime = open_runtime(model.graph, model.tensors, device="cpu", threads=1)

    def logits(pixels: Pixels) -> np.ndarray:
        return runtime.run(trunk_input(pixels)).logits

    return group_odds(np.stack([logits(product_pixels(example.path)) for example in examples]))
