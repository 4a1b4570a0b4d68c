"""From a published set to weights that open: learnt, measured, described; killed from outside and gone on with."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training networks needs PyTorch")
pytest.importorskip("torchvision", reason="TANet needs torchvision")
pytest.importorskip("tensorboard", reason="training keeps its curves with TensorBoard")

from safetensors import safe_open  # noqa: E402  all of it needs PyTorch
from safetensors.torch import load_file, save_file  # noqa: E402

from photocull.cli.networks import last_words  # noqa: E402
from photocull.core.errors import PhotocullError, TrainingError  # noqa: E402
from photocull.core.work import Problem  # noqa: E402
from photocull.models import load_network  # noqa: E402
from photocull.models.importing import import_file  # noqa: E402
from photocull.models.registry import read_card  # noqa: E402
from photocull.training.network_material import recipe_for  # noqa: E402
from photocull.training.network_recipe import NetworkRecipe, recipe_text  # noqa: E402
from photocull.training.network_training import TrainedNetwork  # noqa: E402
from photocull.training.rated import read_set  # noqa: E402
from photocull.training.run_lock import sole_run  # noqa: E402
from photocull.training.starting import begin, build  # noqa: E402
from tests.training.log_reading import curves  # noqa: E402
from tests.training.network_runs import same, small_recipe  # noqa: E402
from tests.training.published_sets import make_set  # noqa: E402
from tests.training.whole_runs import Told, kill_while_training, train  # noqa: E402


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> None:
    torch.set_num_threads(1)


def recipe_of(name: str) -> NetworkRecipe:
    rates = dict.fromkeys(("trunk", "histogram", "heads"), 1e-4)
    return small_recipe(f"delegate-{name}", epochs=8, batch=4, step=4, learning_rates=rates, patience=8)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ICAA17K as it is published, drawn."""
    return make_set("icaa17k", tmp_path_factory.mktemp("icaa17k"), learned=16, measured=6)


@pytest.fixture(scope="module")
def whole(data: Path, tmp_path_factory: pytest.TempPathFactory) -> TrainedNetwork:
    """A run that nothing disturbed."""
    return train(data, recipe_of("icaa17k"), tmp_path_factory.mktemp("whole"))


def test_a_delegate_transformer_learns_from_icaa17k(whole: TrainedNetwork) -> None:
    losses = [result.loss for result in whole.progress.history[1:]]
    assert np.mean(losses[-2:]) < 0.9 * np.mean(losses[:2])
    assert {(result.score, result.measure) for result in whole.card.results} >= {
        ("aesthetic", "SRCC"), ("colour", "SRCC"), ("colour", "LCC"), ("colour", "MSE"), ("colour", "accuracy"),
    }  # fmt: skip


def test_a_delegate_transformer_learns_colourfulness_from_spaq(tmp_path: Path) -> None:
    data = make_set("spaq", tmp_path / "spaq", learned=16, measured=6)
    trained = train(data, recipe_of("spaq"), tmp_path / "out")
    losses = [result.loss for result in trained.progress.history[1:]]
    assert np.mean(losses[-2:]) < 0.9 * np.mean(losses[:2])
    assert {result.score for result in trained.card.results} == {"colour"}


def test_the_weights_open_as_a_network_and_are_the_best_epoch_s(whole: TrainedNetwork) -> None:
    network = load_network(whole.weights)
    found = network(torch.zeros(2, 3, 64, 64))
    assert found.shape == (2, 2)
    best = load_file(whole.weights.parent / "run" / f"best-{whole.progress.best:04}.safetensors")
    assert all(torch.equal(tensor, best[name]) for name, tensor in network.state_dict().items())
    with safe_open(whole.weights, framework="pt") as file:
        assert file.metadata()["architecture"] == "delegate-icaa17k"


def test_the_card_says_what_was_learnt_from_what_and_how_well(whole: TrainedNetwork) -> None:
    card = read_card(whole.weights.with_suffix(".json"))
    assert card.architecture == "delegate-icaa17k"
    assert card.files[0].name == "drawn.safetensors"
    assert card.files[0].size == whole.weights.stat().st_size
    assert card.training["photos"] == {"training": 16, "validation": 6, "missing": 0, "unreadable": 0, "withheld": 0}
    assert card.training["seed"] == 0
    assert card.training["recipe"]["batch"] == 4
    assert card.training["best_epoch"] == whole.progress.best
    srcc = next(r for r in card.results if (r.score, r.measure) == ("colour", "SRCC"))
    assert whole.progress.best is not None
    assert srcc.value == pytest.approx(whole.progress.result(whole.progress.best).srcc)
    assert srcc.low is not None
    assert srcc.low <= srcc.value
    page = whole.weights.with_suffix(".md").read_text("utf-8")
    assert "## What it reaches" in page
    assert "Starts from random weights" in page
    assert "16 photos for training, 6 for validation" in page


def test_a_trained_model_on_the_shelf_keeps_its_card(whole: TrainedNetwork, tmp_path: Path) -> None:
    card = import_file(whole.weights, shelf=tmp_path / "shelf")
    assert (card.name, card.title) == ("drawn", whole.card.title)
    assert card.results == whole.card.results
    assert card.origin is not None
    alone = tmp_path / "alone.safetensors"
    alone.write_bytes(whole.weights.read_bytes())
    assert import_file(alone, name="alone", shelf=tmp_path / "shelf").results == ()
    recipe = replace(recipe_of("icaa17k"), start=("drawn",))
    network = build(recipe)
    assert begin(network, recipe, (), tmp_path / "shelf").lines() == ["Starts from drawn."]
    assert same(network.state_dict(), load_file(whole.weights))
    absent = begin(build(recipe), recipe, (), tmp_path / "empty").lines()
    assert absent[0].startswith("drawn is not in the store and was not started from; get it with: photocull models")


def test_the_curves_are_those_of_the_run(whole: TrainedNetwork) -> None:
    found = curves(whole.weights.parent / "log")
    assert found["training/loss"] == [(r.epoch, pytest.approx(r.loss)) for r in whole.progress.history[1:]]
    assert [step for step, _ in found["validation/srcc"]] == list(range(9))


@pytest.mark.slow
def test_a_run_killed_from_outside_ends_in_the_same_weights_and_curves(
    whole: TrainedNetwork, data: Path, tmp_path: Path
) -> None:
    recipe, output = recipe_of("icaa17k"), tmp_path / "out"
    (tmp_path / "recipe.toml").write_text(recipe_text(replace(recipe, save_minutes=0.0)), "utf-8")
    kill_while_training(["train", "colour"], data, tmp_path / "recipe.toml", output)
    assert not list(output.glob("*.safetensors"))
    told = Told()
    resumed = train(data, replace(recipe, save_minutes=0.0), output, told, resume=True)
    assert 0 < len(told.ends) < 9
    assert resumed.weights.read_bytes() == whole.weights.read_bytes()
    assert curves(output / "log") == curves(whole.weights.parent / "log")


def test_missing_and_unreadable_photos_are_counted_and_named(tmp_path: Path) -> None:
    data = make_set("icaa17k", tmp_path / "data", learned=8, measured=4)
    photos = sorted(photo.path for photo in read_set(data).of("train"))
    photos[0].unlink()
    photos[1].write_bytes(b"no photo at all")
    told = Told()
    trained = train(data, replace(recipe_of("icaa17k"), epochs=1), tmp_path / "out", told)
    counts = trained.card.training["photos"]
    assert (counts["training"], counts["missing"], counts["unreadable"]) == (6, 1, 1)
    assert "1 missing, 1 unreadable" in trained.card.data[0]
    assert [event.path for event in told.events if isinstance(event, Problem)] == [photos[1]]
    assert any("missing" in line for line in told.lines)


def test_a_run_is_not_overwritten_nor_gone_on_with_by_another_recipe(whole: TrainedNetwork, data: Path) -> None:
    output, recipe = whole.weights.parent, recipe_of("icaa17k")
    with pytest.raises(TrainingError, match=r"holds an earlier run.*--resume"):
        train(data, recipe, output)
    with pytest.raises(TrainingError, match="'batch' differs"):
        train(data, replace(recipe, batch=8), output, resume=True)
    with sole_run(output), pytest.raises(TrainingError, match="Another run works in this folder"):
        train(data, recipe, output, resume=True)
    before = whole.weights.read_bytes()
    told = Told()
    again = train(data, recipe, output, told, resume=True)
    assert told.ends == []
    assert again.weights.read_bytes() == before


def test_other_photos_under_a_run_that_goes_on_are_pointed_out(tmp_path: Path) -> None:
    data = make_set("icaa17k", tmp_path / "data", learned=8, measured=4)
    recipe = recipe_of("icaa17k")
    train(data, replace(recipe, epochs=1), tmp_path / "out")
    next(photo.path for photo in read_set(data).of("train")).unlink()
    told = Told()
    train(data, replace(recipe, epochs=2), tmp_path / "out", told, resume=True)
    assert any("not those that this run began with" in line for line in told.lines)
    assert [result.epoch for result in told.ends] == [2]


def test_a_run_starts_from_weights_and_says_what_did_not_fit(tmp_path: Path, whole: TrainedNetwork) -> None:
    data = make_set("spaq", tmp_path / "spaq", learned=6, measured=4)
    told = Told()
    recipe = replace(recipe_of("spaq"), epochs=1, learning_rates=dict.fromkeys(("trunk", "histogram", "heads"), 0.0))
    trained = train(data, recipe, tmp_path / "out", told, starts=(str(whole.weights),))
    assert any("Starts from drawn.safetensors" in line for line in told.lines)
    assert any("Left out of drawn.safetensors, which this network has not" in line for line in told.lines)
    first, second = load_file(whole.weights), load_file(trained.weights)
    assert all(torch.equal(tensor, first[name]) for name, tensor in second.items())
    assert "Starts from drawn.safetensors." in read_card(trained.weights.with_suffix(".json")).data


def test_a_model_that_became_worse_says_so(tmp_path: Path, data: Path, whole: TrainedNetwork) -> None:
    wild = dict.fromkeys(("trunk", "histogram", "heads"), 1.0)  # every photo gets the same answer in the end
    recipe = replace(recipe_of("icaa17k"), epochs=1, batch=2, learning_rates=wild)
    trained = train(data, recipe, tmp_path / "out", starts=(str(whole.weights),))
    assert trained.worse
    assert any("worse than what it started from: SRCC" in line for line in last_words(trained))
    assert not any("worse" in line for line in last_words(whole))
    assert trained.weights.is_file()
    assert any("Worse than the weights it started from" in line for line in trained.card.limits)
    assert not whole.worse


@pytest.mark.parametrize(
    ("start", "sentence"), [("nobody", "no model or file 'nobody'"), ("alien", "none of the networks")]
)
def test_a_start_that_is_not_there_or_fits_nothing_is_one_line(
    start: str, sentence: str, data: Path, tmp_path: Path
) -> None:
    if start == "alien":
        start = str(tmp_path / "alien.safetensors")
        save_file({"a": torch.zeros(3)}, start)
    with pytest.raises(PhotocullError, match=sentence):
        train(data, recipe_of("icaa17k"), tmp_path / "out", starts=(start,))


def test_a_set_that_the_recipe_does_not_fit_is_one_line(data: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="has no column 'Colorfulness'"):
        train(data, recipe_of("spaq"), tmp_path / "a")
    with pytest.raises(TrainingError, match="cannot learn from the set icaa17k"):
        train(data, replace(recipe_of("icaa17k"), columns=("MOS",), watched="MOS"), tmp_path / "b")
    with pytest.raises(TrainingError, match="watches 'beauty'"):
        train(data, replace(recipe_of("icaa17k"), watched="beauty"), tmp_path / "c")
    few = make_set("icaa17k", tmp_path / "few", learned=4, measured=1)
    with pytest.raises(TrainingError, match="1 validation photos that can be read; 2 are needed"):
        train(few, recipe_of("icaa17k"), tmp_path / "d")


def test_a_shape_or_crop_that_no_network_has_is_one_line() -> None:
    recipe = recipe_of("icaa17k")
    with pytest.raises(TrainingError, match="shape is no Delegate Transformer's"):
        build(replace(recipe, shape={**recipe.shape, "stem": 9}))
    with pytest.raises(TrainingError, match="shape is no Delegate Transformer's"):
        build(replace(recipe, shape={"stem": 8}))
    with pytest.raises(TrainingError, match="set crop to 64"):
        build(replace(recipe, crop=32))
    with pytest.raises(TrainingError, match="No network of the kind 'places365-resnet18'"):
        build(replace(recipe, architecture="places365-resnet18"))


def test_each_published_set_has_its_authors_recipe(tmp_path: Path) -> None:
    found = {}
    for name in ("tad66k", "ava", "icaa17k", "spaq"):
        rated = read_set(make_set(name, tmp_path / name, learned=2, measured=2, tested=1))
        found[name] = recipe_for("colour" if name in ("icaa17k", "spaq") else "tanet", rated).stem
        if name == "tad66k":
            with pytest.raises(TrainingError, match="no opinions on colours"):
                recipe_for("colour", rated)
    assert found == {
        "tad66k": "tanet-tad66k", "ava": "tanet-ava", "icaa17k": "delegate-icaa17k", "spaq": "delegate-spaq"
    }  # fmt: skip


@pytest.mark.slow
def test_tanet_learns_the_votes_of_ava(tmp_path: Path) -> None:
    data = make_set("ava", tmp_path / "ava", learned=6, measured=2)
    rates = dict.fromkeys(("theme", "aesthetics", "head", "colour", "hyper", "query"), 1e-3)
    recipe = small_recipe("tanet-ava", epochs=3, batch=3, step=3, learning_rates=rates)
    trained = train(data, recipe, tmp_path / "out")
    losses = [result.loss for result in trained.progress.history[1:]]
    assert losses[2] < losses[0]
    start, end = build(recipe).state_dict(), load_file(trained.weights)
    assert all(torch.equal(tensor, end[name]) for name, tensor in start.items() if name.startswith("theme."))
    moved = {name.split(".")[0] for name, tensor in start.items() if not torch.equal(tensor, end[name])}
    assert moved == {"aesthetics", "head", "colour", "hyper", "query"}
    assert {result.measure for result in trained.card.results} >= {"EMD", "MSE", "accuracy"}
    assert json.loads(trained.weights.with_suffix(".json").read_text("utf-8"))["judges"] == ["aesthetic"]
