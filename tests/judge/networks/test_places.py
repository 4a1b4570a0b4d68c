"""Scenes, themes and the prototypes made of them."""

import hashlib

import numpy as np
import pytest

from photocull.core.vocabulary import COLOUR_THEMES, THEMES
from photocull.judge.networks.places import SCENES, THEME_SCENES, scene_indices, theme_confidences
from photocull.judge.networks.prototypes import CERTAINTY, PROTOTYPES, prototype, prototype_bank

TRAINING_BATCH = 40
PUBLISHED = "263fd282bbd9e9b964b5b99a09f8b012460e37b0a6f500959ec96479c87fa9c4"
"""SHA-256 of the published names, one a line."""


def test_there_are_365_scenes_in_the_published_order() -> None:
    assert len(SCENES) == len(set(SCENES)) == 365
    assert SCENES[0] == "airfield"
    assert SCENES[48] == "beach"
    assert SCENES[306] == "sky"
    assert SCENES[-1] == "zen_garden"
    assert [scene[0] for scene in SCENES] == sorted(scene[0] for scene in SCENES)
    digest = hashlib.sha256("".join(f"{scene}\n" for scene in SCENES).encode()).hexdigest()
    assert digest == PUBLISHED


def test_themes_have_scenes_that_exist_and_come_in_the_vocabularys_order() -> None:
    assert list(THEME_SCENES) == [theme for theme in THEMES if theme in THEME_SCENES]
    groups = [group for groups in THEME_SCENES.values() for group in groups]
    assert {scene for group in groups for scene in group} <= set(SCENES)
    assert all(len(set(group)) == len(group) for group in groups)
    assert len({frozenset(group) for group in groups}) == len(groups), "two groups are the same"


@pytest.mark.parametrize("theme", [*COLOUR_THEMES, "bird", "cat", "dog", "macro", "people", "portrait", "sunset"])
def test_what_is_no_place_has_no_scene(theme: str) -> None:
    assert theme not in THEME_SCENES


def test_there_are_as_many_prototypes_as_photos_in_a_batch_of_the_training() -> None:
    assert len(PROTOTYPES) == TRAINING_BATCH
    assert prototype_bank().shape == (TRAINING_BATCH, 365)


@pytest.mark.parametrize(("theme", "scenes"), PROTOTYPES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_prototype_is_recognised_as_its_theme(theme: str, scenes: tuple[str, ...]) -> None:
    confidences = theme_confidences(prototype(scenes))
    assert confidences[theme] >= CERTAINTY - 1e-3
    for other, confidence in confidences.items():
        shared = len({scene for group in THEME_SCENES[other] for scene in group} & set(scenes)) / len(scenes)
        assert confidence == pytest.approx(CERTAINTY * shared, abs=0.02), other
    rivals = [other for other in confidences if confidences[other] > confidences[theme] + 0.02]
    assert not rivals


def test_a_prototype_is_a_sure_prediction_spread_evenly() -> None:
    scenes = ("creek", "river")
    logits = prototype(scenes).astype(np.float64)
    shares = np.exp(logits) / np.exp(logits).sum()
    inside = scene_indices(scenes)
    assert logits.mean() == pytest.approx(0, abs=1e-5)
    np.testing.assert_allclose(shares[inside], CERTAINTY / 2, rtol=1e-5)
    np.testing.assert_allclose(np.delete(shares, inside), (1 - CERTAINTY) / 363, rtol=1e-5)


def test_confidences_are_shares_of_the_prediction() -> None:
    logits = np.zeros(365, dtype=np.float32)
    even = theme_confidences(logits)
    assert even["lake"] == pytest.approx(1 / 365)
    assert even.keys() == THEME_SCENES.keys()
    np.testing.assert_allclose(list(theme_confidences(logits + 1000).values()), list(even.values()))
    logits[SCENES.index("snowfield")] = 1e4
    sure = theme_confidences(logits)
    assert [theme for theme, confidence in sure.items() if confidence > 0] == ["snow", "winter"]
    assert sure["snow"] == sure["winter"] == 1
