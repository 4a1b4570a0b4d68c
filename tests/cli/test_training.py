"""`photocull train tanet`, `train colour` and `tune` as a person types them: what they say, and how they end."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from photocull.cli.main import main
from photocull.core.settings import resources
from photocull.models import unpickling
from photocull.models.registry import CurvePoint, read_card

torch = pytest.importorskip("torch", reason="training networks needs PyTorch")
pytest.importorskip("tensorboard", reason="training keeps its curves with TensorBoard")
pytest.importorskip("optuna", reason="the search needs Optuna")

from photocull.training.curve import written  # noqa: E402
from photocull.training.network_recipe import read_network_recipe, recipe_text  # noqa: E402  all of it needs PyTorch
from tests.training.network_runs import small_recipe  # noqa: E402
from tests.training.published_sets import make_set  # noqa: E402


@dataclass(frozen=True)
class Answer:
    """How a call of the program ended."""

    code: int | str | None
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    torch.set_num_threads(1)

    def run(*words: object) -> Answer:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        told = capfd.readouterr()
        return Answer(ended.value.code, told.out, told.err)

    return run


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_set("icaa17k", tmp_path_factory.mktemp("icaa17k"), learned=8, measured=4)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    recipe = small_recipe("delegate-icaa17k", epochs=2, search={"batch": (4, 8)})
    path = tmp_path / "recipe.toml"
    path.write_text(recipe_text(recipe), "utf-8")
    return path


def test_a_trained_network_is_told_epoch_by_epoch_and_how_it_is_used(
    call: Call, data: Path, config: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    answer = call("train", "colour", "--data", data, "--config", config, "--output", output, "--name", "mine")
    assert answer.code == 0, answer.err
    said = answer.err.splitlines()
    assert said[0].startswith("Starts from random weights: training from nothing needs the whole set")
    assert any(line.startswith("Before training: validation SRCC") for line in said)
    assert [line.partition(":")[0] for line in said if line.startswith("Epoch")] == ["Epoch 1", "Epoch 2"]
    weights = output / "mine.safetensors"
    assert weights.is_file()
    assert answer.out.splitlines()[-1] == f"Written to {weights}. Use it: photocull models import {weights} --name mine"
    assert "colour, icaa17k, validation: SRCC" in answer.out
    again = call("train", "colour", "--data", data, "--output", output)
    assert again.code == 2
    assert "--resume" in again.err
    assert len(again.err.splitlines()) == 1
    resumed = call("train", "colour", "--data", data, "--output", output, "--name", "mine", "--resume")
    assert resumed.code == 0, resumed.err
    assert resumed.out == answer.out


def test_without_an_output_folder_the_run_lies_in_the_person_s_own(
    call: Call, data: Path, config: Path, home: Path
) -> None:
    assert call("train", "colour", "--data", data, "--config", config, "--seed", 7).code == 0
    folder = home / "data" / "training" / "my-delegate-icaa17k"
    assert (folder / "my-delegate-icaa17k.safetensors").is_file()
    assert read_network_recipe(folder / "run" / "recipe.toml").seed == 7


def test_a_search_says_what_is_best_and_training_takes_its_recipe(
    call: Call, data: Path, config: Path, tmp_path: Path
) -> None:
    output = tmp_path / "search"
    answer = call("tune", "colour", "--data", data, "--config", config, "--output", output, "--epochs", 1)
    assert answer.code == 0, answer.err
    assert [line.partition(" (")[0] for line in answer.err.splitlines() if line.startswith("Trial")] == [
        "Trial 1 of 2", "Trial 2 of 2"
    ]  # fmt: skip
    assert "All 2 combinations were tried." in answer.err
    best = output / "best.toml"
    assert answer.out.splitlines()[-1].endswith(f"photocull train colour --data {data} --config {best}")
    assert call("tune", "colour", "--data", data, "--output", output, "--resume").code == 0
    trained = call("train", "colour", "--data", data, "--config", best, "--output", tmp_path / "out")
    assert trained.code == 0, trained.err


@pytest.mark.parametrize("command", ["train", "tune"])
def test_a_folder_without_a_set_is_one_line(command: str, call: Call, tmp_path: Path) -> None:
    answer = call(command, "tanet", "--data", tmp_path)
    assert answer.code == 2
    assert "No label file of a known set lies here" in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize("command", ["train", "tune"])
def test_without_pytorch_there_is_one_sentence_with_the_remedy(
    command: str, call: Call, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpickling, "has_torch", lambda: False)
    answer = call(command, "colour", "--data", data)
    assert answer.code == 2
    assert "needs PyTorch, which is not installed" in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize("name", ["Mine Own", "../mine", "tanet-ava", "builtin-1", ""])
def test_a_name_that_no_new_model_can_have_is_one_line(name: str, call: Call, data: Path, config: Path) -> None:
    answer = call("train", "colour", "--data", data, "--config", config, "--name", name)
    assert answer.code == 2
    assert "cannot be called" in answer.err


def test_a_recipe_of_the_other_network_is_one_line(call: Call, data: Path, config: Path, tmp_path: Path) -> None:
    answer = call("train", "tanet", "--data", data, "--config", config, "--output", tmp_path / "out")
    assert answer.code == 2
    assert "trains delegate-icaa17k, not tanet" in answer.err


def test_a_device_that_is_not_here_is_one_line(call: Call, data: Path, config: Path, tmp_path: Path) -> None:
    if torch.backends.mps.is_available():
        pytest.skip("this machine has the device")
    answer = call("train", "colour", "--data", data, "--config", config, "--device", "mps", "--output", tmp_path / "o")
    assert answer.code == 2
    assert "cannot use the device 'mps' here" in answer.err


def test_the_help_does_not_load_pytorch() -> None:
    code = "import sys; from photocull.cli.main import application; application('train'); application('tune'); "
    code += "sys.exit(any(name in sys.modules for name in ('torch', 'optuna', 'tensorboard')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_cards_take_the_curve_and_the_speed_of_files(call: Call, tmp_path: Path) -> None:
    shutil.copy(resources() / "models" / "builtin-1.json", tmp_path)
    points = (CurvePoint((288,), "ridge", 20.0, 1.0, {"BIQ2021": 0.8}),)
    (tmp_path / "curve.json").write_text(written(points), "utf-8")
    figures = [
        {"name": "512 px: what that allows on 2 processors", "value": 55.0, "unit": "photos/s"},
        {"name": "peak memory", "value": 400.0, "unit": "MB"},
    ]
    (tmp_path / "benchmark.json").write_text(json.dumps({"model": "builtin-1", "figures": figures}), "utf-8")
    files = ("--curve", tmp_path / "curve.json", "--speed", tmp_path / "benchmark.json")
    answer = call("train", "cards", "--output", tmp_path, *files)
    assert (answer.code or 0) == 0
    card = read_card(tmp_path / "builtin-1.json")
    assert card.curve == points
    assert [one.value for one in card.results if one.score == "speed"] == [400.0]


def test_cards_of_a_folder_without_a_training_are_one_line(call: Call, tmp_path: Path) -> None:
    answer = call("train", "cards", "--output", tmp_path)
    assert answer.code == 2
    assert "no finished training" in answer.err
    assert len(answer.err.splitlines()) == 1
