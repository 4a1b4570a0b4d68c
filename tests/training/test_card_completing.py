"""The cards of a training learn what trainings of other seeds reached; another recipe is no other seed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from photocull.core.errors import TrainingError
from photocull.models.registry import CurvePoint, ModelCard, ModelResult, card_text, read_card
from photocull.models.store import cards
from photocull.training.card_completing import complete_cards, read_speeds


def _trained(
    folder: Path, seed: int, srcc: float, *, name: str = "builtin-1", width: int = 96, views: tuple[int, ...] = (288,)
) -> Path:
    result = ModelResult("technical", "BIQ2021, validation", "SRCC", srcc, srcc - 0.02, srcc + 0.02, 636)
    share = ModelResult("technical", "damage: noise", "pairs in order", 0.99, None, None, 60)
    recipe = (("seed", str(seed)), ("trunk.seed", str(seed)), ("views", "288, 448"), ("quality.width", str(width)))
    shipped = next(card for card in cards() if card.name == "builtin-1")
    training = {**shipped.training, "seed": seed}
    card = replace(shipped, name=name, results=(result, share), recipe=recipe, views=views, training=training)
    # As a training writes it, whatever the shipped one tells.
    card = replace(card, seeds=(seed,), over_seeds=(), curve=())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(card_text(card), "utf-8")
    return folder


def _read(folder: Path, name: str = "builtin-1") -> ModelCard:
    return read_card(folder / f"{name}.json")


def test_agreement_is_told_of_every_seed_in_their_order(tmp_path: Path) -> None:
    ours = _trained(tmp_path / "0", 0, 0.88)
    complete_cards(ours, beside=[_trained(tmp_path / "2", 2, 0.9), _trained(tmp_path / "1", 1, 0.87)])
    card = _read(ours)
    assert card.seeds == (0, 1, 2)
    assert [(one.measure, one.values) for one in card.over_seeds] == [("SRCC", (0.88, 0.87, 0.9))]
    assert "Over the seeds 0, 1, 2" in (ours / "builtin-1.md").read_text("utf-8")


def test_models_are_paired_by_their_views_and_a_curve_comes_onto_all(tmp_path: Path) -> None:
    ours = _trained(_trained(tmp_path / "0", 0, 0.88, views=(288, 448)), 0, 0.9, name="builtin-1-fast")
    points = (CurvePoint((288,), "ridge", 20.0, 1.0, {"BIQ2021": 0.8}),)
    complete_cards(ours, beside=[_trained(tmp_path / "1", 1, 0.87)], curve=points)
    assert not _read(ours).over_seeds, "a recipe of one view calls its model builtin-1 as well"
    assert [one.values for one in _read(ours, "builtin-1-fast").over_seeds] == [(0.9, 0.87)]
    assert all(_read(ours, name).curve == points for name in ("builtin-1", "builtin-1-fast"))


def test_speeds_of_a_benchmark_replace_those_before(tmp_path: Path) -> None:
    ours = _trained(tmp_path / "0", 0, 0.88)
    for rate in (40.0, 50.0):
        file = tmp_path / "benchmark.json"
        figures = [("100 photos of 512 pixels", rate, "photos/s"), ("512 px: decode", 9.0, "ms")]
        figures += [("512 px: what that allows on 2 processors", 55.0, "photos/s"), ("peak memory", 400.0, "MB")]
        figures += [("24 MP: reached of what its parts allow", 84.0, "%")]
        table = {
            "model": "builtin-1",
            "figures": [dict(zip(("name", "value", "unit"), one, strict=True)) for one in figures],
        }
        file.write_text(json.dumps(table), "utf-8")
        complete_cards(ours, speeds=dict([read_speeds(file)]))
    told = [(one.data, one.value, one.measure) for one in _read(ours).results if one.score == "speed"]
    assert told == [
        ("photos of 512 pixels, 2 processor cores", 50.0, "photos/s"),
        ("peak memory, 2 processor cores", 400.0, "MB"),
        ("24 MP: reached of what its parts allow, 2 processor cores", 84.0, "%"),
    ]


def test_a_file_that_is_no_benchmark_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"model": "builtin-1", "figures": []}', "utf-8")
    with pytest.raises(TrainingError, match="benchmark cannot be read"):
        read_speeds(tmp_path / "x.json")


def test_another_recipe_is_refused_and_the_card_stays(tmp_path: Path) -> None:
    ours, other = _trained(tmp_path / "0", 0, 0.88), _trained(tmp_path / "1", 1, 0.9, width=64)
    with pytest.raises(TrainingError, match="seed 1 followed another recipe"):
        complete_cards(ours, beside=[other])
    assert not _read(ours).over_seeds


def test_the_same_seed_twice_is_refused(tmp_path: Path) -> None:
    ours, other = _trained(tmp_path / "0", 0, 0.88), _trained(tmp_path / "1", 0, 0.9)
    with pytest.raises(TrainingError, match="the same seed"):
        complete_cards(ours, beside=[other])
