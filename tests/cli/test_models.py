"""`photocull models`: what is here, what could be, and one clear line for whatever goes wrong."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from photocull.cli import models as command
from photocull.cli.loading import megabytes
from photocull.core.errors import ModelError
from photocull.core.settings import Settings, folders, resources, save
from photocull.core.work import Progressed
from photocull.models import downloading, importing, registry
from photocull.models.registry import PUBLISHED, published_card
from photocull.models.store import cards, scorer_fingerprint
from tests.cli.conftest import Photocull
from tests.models.serving import Site, git_blob, serving

torch = pytest.importorskip("torch")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Delegate Transformer of few numbers, as a training program would leave it."""
    from photocull.judge.networks.delegate import DelegateShape, DelegateTransformer

    torch.manual_seed(0)
    shape = DelegateShape(8, (8, 16, 32, 64), (2, 2, 2, 2), (2, 2, 4, 8), groups=(0, 0, 2, 2), kernels=(0, 0, 5, 3))
    path = tmp_path_factory.mktemp("files") / "best.pth"
    torch.save({"state_dict": DelegateTransformer(shape).state_dict()}, path)
    return path


def states(photocull: Photocull) -> dict[str, str]:
    return {model["name"]: model["state"] for model in photocull("models", "list", "--format", "json").records}


def test_the_list_names_what_is_here_and_what_could_be(photocull: Photocull, home: Path) -> None:
    assert states(photocull) == {
        "builtin-1": "installed",
        "builtin-1-fast": "installed",
        "tanet-tad66k": "downloadable",
        "tanet-ava": "downloadable",
        "delegate-icaa17k": "needs a file",
        "delegate-spaq": "needs a file",
        "places365-resnet18": "downloadable",
    }
    table = photocull("models", "list")
    assert table.code == 0
    assert "\x1b" not in table.out
    for words in ("builtin-1", "can be downloaded", "needs a file", "TANet, trained on AVA", "no scores"):
        assert words in table.out
    assert not list(home.iterdir())


@pytest.mark.parametrize("name", PUBLISHED)
def test_show_tells_licence_paper_figures_and_the_next_step(name: str, photocull: Photocull) -> None:
    shown = photocull("models", "show", name)
    text, card = " ".join(shown.out.split()), published_card(name)
    assert shown.code == 0
    assert max(map(len, shown.out.splitlines())) <= 100
    for words in (card.title, card.licence, card.paper, card.summary, card.preprocessing, *card.limits):
        assert words in text
    for result in card.published:
        assert f"{result.measure} {result.value:.3f}" in text
    assert "photocull models download" in text or "photocull models import" in text


def test_show_tells_how_one_score_of_several_is_asked(photocull: Photocull) -> None:
    assert "one alone: --model delegate-icaa17k:colour" in photocull("models", "show", "delegate-icaa17k").out
    for name in ("builtin-1", "tanet-ava"):
        assert "one alone" not in photocull("models", "show", name).out


def test_show_gives_measured_figures_with_their_intervals(photocull: Photocull) -> None:
    shown = photocull("models", "show", "builtin-1").out
    assert "Measured by us, 95 % intervals" in shown
    first = cards()[0].results[0]
    assert f"SRCC {first.value:.3f} ({first.low:.3f} to {first.high:.3f}), 636 photos" in shown
    told = photocull("models", "show", "builtin-1", "--format", "json").records
    assert told["card"]["results"][0]["photos"] == 636


def test_show_tells_what_the_card_in_the_repository_tells(photocull: Photocull) -> None:
    for card in cards():
        text = " ".join(photocull("models", "show", card.name).out.split())
        told = (*card.data, *card.limits, *card.not_for, *(said for _, said in card.notes))
        assert all(" ".join(line.split()) in text for line in told)
        assert ("does not depend on the seed" in text) == any(one.steady for one in card.over_seeds)
        assert all(f"{name} {value}" in text for name, value in card.recipe if name != "file")


def test_a_model_comes_is_shown_verified_and_goes(photocull: Photocull, checkpoint: Path) -> None:
    added = photocull("models", "import", checkpoint)
    assert (added.code, added.err) == (0, "")
    assert "delegate-icaa17k" in added.out
    assert "--model delegate-icaa17k" in added.out
    assert states(photocull)["delegate-icaa17k"] == "installed"
    assert "from your file best.pth" in photocull("models", "show", "delegate-icaa17k").out
    assert "delegate-icaa17k: sound" in photocull("models", "verify").out
    assert "Another" not in photocull("doctor").out
    again = photocull("models", "import", checkpoint, "--name", "second")
    assert again.code == 0
    gone = photocull("models", "remove", "second", "--yes")
    assert (gone.code, gone.out) == (0, "Removed second.\n")
    assert "second" not in states(photocull)


def test_removing_asks_where_someone_can_answer(photocull: Photocull, checkpoint: Path) -> None:
    photocull("models", "import", checkpoint)
    asked = photocull("models", "remove", "delegate-icaa17k")
    assert asked.code == 2
    assert "--yes" in asked.err
    assert states(photocull)["delegate-icaa17k"] == "installed"
    assert photocull("models", "remove", "builtin-1", "--yes").code == 2


def test_a_damaged_model_is_found_by_verify_list_and_doctor(photocull: Photocull, checkpoint: Path) -> None:
    photocull("models", "import", checkpoint)
    weights = folders().models / "delegate-icaa17k" / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(bytes(content))
    found = photocull("models", "verify")
    assert found.code == 1
    assert "builtin-1: sound" in found.out
    assert len(found.err.splitlines()) == 1
    assert "delegate-icaa17k: The model's file is damaged" in found.err
    told = photocull("models", "verify", "delegate-icaa17k", "--format", "json").out
    assert json.loads(told)[0]["sound"] is False
    weights.write_bytes(bytes(content[:-100]))
    assert states(photocull)["delegate-icaa17k"] == "damaged"
    doctor = photocull("doctor")
    assert doctor.code == 1
    assert "models remove delegate-icaa17k --yes" in doctor.out
    assert "Damaged" in photocull("models", "show", "delegate-icaa17k").out


def test_a_damaged_built_in_model_is_told_with_the_one_remedy_that_helps(
    photocull: Photocull, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(resources() / "models", tmp_path / "resources" / "models")
    monkeypatch.setattr(registry, "resources", lambda: tmp_path / "resources")
    weights = tmp_path / "resources" / "models" / "builtin-1.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    assert states(photocull)["builtin-1"] == "damaged"
    shown = photocull("models", "show", "builtin-1").out
    assert "Damaged     Its weights are missing or cut off." in shown
    assert shown.endswith("Install Photocull again.\n")
    for answer in (photocull("models", "verify", "builtin-1"), photocull("doctor")):
        lines = [line for line in (answer.err + answer.out).splitlines() if "builtin-1.safetensors" in line]
        assert answer.code == 1
        assert lines
        assert all(line.count("again") <= 1 for line in lines)
        assert "Install Photocull again." in answer.err + answer.out
        assert "import" not in answer.err
    (tmp_path / "resources" / "models" / "builtin-1.json").unlink()
    assert states(photocull)["builtin-1"] == "damaged"
    assert photocull("models", "show", "builtin-1").out.endswith("Install Photocull again.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "nope"), "There is no model 'nope'"),
        (("verify", "nope"), "There is no model 'nope'"),
        (("verify", "tanet-ava"), "photocull models download tanet-ava"),
        (("remove", "nope", "--yes"), "There is no model 'nope'"),
        (("download", "nope"), "No model 'nope' is published"),
        (("download", "delegate-spaq"), "no public address"),
        (("import", "nope.pth"), "no such file"),
    ],
)
def test_what_cannot_be_is_one_line(arguments: tuple[str, ...], said: str, photocull: Photocull) -> None:
    answer = photocull("models", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert said in answer.err


def test_a_download_from_a_mirror_is_proven(
    photocull: Photocull, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("http_proxy", raising=False)
    content = checkpoint.read_bytes()
    known = published_card("tanet-tad66k")
    assert known.source is not None
    theirs = replace(
        published_card("delegate-icaa17k"), source=replace(known.source, git_blob=git_blob(content), largest=5_000_000)
    )
    for module in (downloading, importing):
        monkeypatch.setattr(module, "published_card", lambda name: theirs)
    with serving(Site(b"<html>Sign in</html>", headers={"Content-Type": "text/html"})) as address:
        page = photocull("models", "download", "delegate-icaa17k", "--source", address)
    assert page.code == 2
    assert "web page" in page.err
    with serving(Site(content)) as address:
        loaded = photocull("models", "download", "delegate-icaa17k", "--source", address)
    assert (loaded.code, loaded.err) == (0, "")
    assert "the authors' published file, unchanged" in loaded.out


@pytest.mark.parametrize(("call", "kept"), [("download", "goes on from there"), ("import_file", "as they were")])
def test_ctrl_c_says_what_became_of_it(
    call: str, kept: str, photocull: Photocull, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: object, **options: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, call, interrupted)
    answer = photocull("models", "download" if call == "download" else "import", "tanet-ava")
    assert answer.code == 130
    assert kept in answer.err


def test_progress_is_told_in_megabytes() -> None:
    assert megabytes(Progressed(12_340_000, 55_600_000, 4_100_000.0, 10.5)) == "12.3 of 55.6 MB, 4.1 MB/s, 11 s left"
    assert megabytes(Progressed(12_340_000, 0, None, None)) == "12.3 MB"


def test_settings_that_name_a_removed_model_say_so_in_one_sentence(photocull: Photocull) -> None:
    folders().settings.parent.mkdir(parents=True)
    save(replace(Settings(), model="tanet-ava"), folders().settings)
    with pytest.raises(ModelError, match=r"'tanet-ava' is not here\. Get it: photocull models download tanet-ava"):
        scorer_fingerprint("tanet-ava")
    doctor = photocull("doctor")
    assert doctor.code == 1
    assert "photocull models download tanet-ava" in doctor.out
