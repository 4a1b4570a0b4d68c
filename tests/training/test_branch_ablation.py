"""A branch earns its place by what it knows beside the others, on photos that nothing was fitted to."""

from pathlib import Path

import numpy as np

from photocull.judge.networks.heads import FEATURES
from photocull.training.branch_ablation import Branches, ablate_branches, branches_of
from photocull.training.datasets import read_beauty, read_themes
from photocull.training.material import Material, Materials, Ordered
from tests.training.building import make_sets


def _drawn(generator: np.random.Generator, count: int) -> Branches:
    groups = np.array(["Scene", "Person"])[generator.integers(0, 2, count)]
    stages, theme, noise = (generator.standard_normal((count, 6)) for _ in range(3))
    opinions = 2.0 * (groups == "Scene") + stages[:, 0] + theme[:, 0] + 0.3 * generator.standard_normal(count)
    return Branches({"stages": stages, "themes": theme, "colours": noise}, opinions, groups)


def test_a_branch_that_knows_something_earns_its_place_and_noise_does_not() -> None:
    generator = np.random.default_rng(3)
    found = ablate_branches(_drawn(generator, 240), _drawn(generator, 160), penalty=0.1)
    results = {(one.score, one.measure): one for one in found}
    gains = [results[f"branch: {name} beside stages", "gain in SRCC"] for name in ("themes", "colours")]
    assert gains[0].low is not None
    assert gains[0].low > 0.05
    assert gains[1].low is not None
    assert gains[1].low < 0
    assert results["branch: stages and themes", "SRCC"].value > 0.8
    assert abs(results["branch: colours", "SRCC"].value) < 0.3


def test_the_branches_of_a_trunk_are_read_for_both_splits(tmp_path: Path) -> None:
    beauty, themes = (read(make_sets(tmp_path)) for read in (read_beauty, read_themes))
    splits = {split: _materials((beauty, themes), split) for split in ("train", "validation")}
    train, validation = branches_of(beauty, splits["train"], splits["validation"])
    assert list(train.numbers) == ["stages", "class logits", "theme prototypes", "colour distribution"]
    assert {len(numbers) for numbers in train.numbers.values()} == {len(train.opinions)} == {9}
    assert {len(numbers) for numbers in validation.numbers.values()} == {3}
    results = ablate_branches(train, validation)
    assert len(results) == 4 + 3 + 3
    assert all(np.isfinite(one.value) and one.photos == 3 for one in results)


def _materials(sets: tuple, split: str) -> Materials:
    beauty, themes = (_material([one for one in each.examples if one.split == split]) for each in sets)
    none = Ordered(np.zeros((0, FEATURES), np.float32), np.zeros((0, FEATURES), np.float32))
    return Materials(beauty, beauty, beauty, themes, none, none)


def _material(examples: list) -> Material:
    numbers = np.random.default_rng(len(examples)).standard_normal((len(examples), FEATURES)).astype(np.float32)
    return Material(
        np.array([one.opinion for one in examples]),
        np.array([one.group for one in examples]),
        tuple(one.themes for one in examples),
        numbers,
        numbers,
    )
