"""A model of the shelf judges photos: alone, joined with others, and the same whatever shares its batch."""

import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from photocull.core.errors import ModelError
from photocull.core.types import DecodedPhoto, Exif, Photo
from photocull.judge.published import ARITHMETIC
from photocull.models.importing import import_file
from photocull.models.store import look_up, open_scorer, scorer_fingerprint
from tests.building import draw, make_folder

torch = pytest.importorskip("torch")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def full_shelf(tanet_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shelf with a TANet and the part that its training starts from."""
    folder = tmp_path_factory.mktemp("shelf")
    import_file(tanet_file, shelf=folder)
    state = torch.load(tanet_file, weights_only=True)
    theme = "res365_last."
    part = {name.removeprefix(theme): values for name, values in state.items() if name.startswith(theme)}
    path = tmp_path_factory.mktemp("part") / "resnet18_places365.pth.tar"
    torch.save({"arch": "resnet18", "state_dict": {f"module.{name}": values for name, values in part.items()}}, path)
    import_file(path, shelf=folder)
    return folder


def photo(seed: int) -> DecodedPhoto:
    pixels = draw((320, 240), seed=seed)
    return DecodedPhoto(Photo(Path(f"{seed}.jpg"), 1, 1), 320, 240, pixels, (), Exif(), f"{seed:02}")


def test_a_part_for_training_is_no_judge(full_shelf: Path) -> None:
    assert look_up("places365-resnet18", shelf=full_shelf).state == "installed"
    with pytest.raises(ModelError, match=r"part of other networks and gives no scores.*training"):
        scorer_fingerprint("places365-resnet18", shelf=full_shelf)


def test_a_model_that_is_not_here_is_told_with_the_way_to_it(full_shelf: Path) -> None:
    for name, way in (
        ("tanet-ava", "photocull models download tanet-ava"),
        ("delegate-icaa17k", "photocull models import FILE"),
        ("tanet-tad66k+tanet-ava", "photocull models download tanet-ava"),
        ("nope", "photocull models list"),
        ("", "photocull models list"),
        ("../tanet-tad66k", "photocull models list"),
    ):
        with pytest.raises(ModelError, match=way):
            scorer_fingerprint(name, shelf=full_shelf)


@pytest.mark.parametrize("name", ["builtin-1+tanet-tad66k", "tanet-tad66k+tanet-tad66k"])
def test_models_that_do_not_go_together_are_refused(name: str, full_shelf: Path) -> None:
    with pytest.raises(ModelError, match="do not go together"):
        open_scorer(name, shelf=full_shelf)


def test_the_fingerprint_is_known_without_opening_and_follows_the_weights(full_shelf: Path) -> None:
    scorer = open_scorer("tanet-tad66k", "cpu", shelf=full_shelf)
    assert scorer.name == "tanet-tad66k"
    assert scorer.fingerprint == scorer_fingerprint("tanet-tad66k", shelf=full_shelf)
    assert scorer.fingerprint == scorer_fingerprint("tanet-tad66k+builtin-1", shelf=full_shelf)
    assert scorer.fingerprint != scorer_fingerprint("builtin-1", shelf=full_shelf)


def test_weights_that_were_changed_on_the_disk_are_not_used(small_delegate: Mapping[str, Any], shelf: Path) -> None:
    from safetensors.torch import save_file

    path = shelf.parent / "own.safetensors"
    save_file(dict(small_delegate), path)
    card = import_file(path, shelf=shelf)
    weights = shelf / card.name / card.files[0].name
    content = bytearray(weights.read_bytes())
    content[-3] ^= 1
    weights.write_bytes(bytes(content))
    with pytest.raises(ModelError, match="damaged: its hash differs"):
        open_scorer(card.name, "cpu", shelf=shelf)


@pytest.mark.slow
def test_each_score_comes_from_the_first_model_that_gives_it(
    full_shelf: Path, small_file: Path, tmp_path: Path
) -> None:
    for model in full_shelf.iterdir():
        (tmp_path / model.name).symlink_to(model, target_is_directory=True)
    import_file(small_file, shelf=tmp_path, name="colours")
    one = [photo(1)]
    scores = {
        name: open_scorer(name, "cpu", shelf=tmp_path).score(one)[0]
        for name in ("builtin-1", "tanet-tad66k", "colours", "tanet-tad66k+colours", "colours+tanet-tad66k")
    }
    both, swapped = scores["tanet-tad66k+colours"], scores["colours+tanet-tad66k"]
    assert both.aesthetic == scores["tanet-tad66k"].aesthetic
    assert both.colour == swapped.colour == scores["colours"].colour
    assert swapped.aesthetic == scores["colours"].aesthetic
    assert both.technical == scores["builtin-1"].technical
    assert len({judgement.model_fingerprint for judgement in scores.values()}) == 5


def test_one_score_of_a_model_is_asked_by_name(small_file: Path, shelf: Path) -> None:
    import_file(small_file, shelf=shelf, name="colours")
    asked = open_scorer("colours:colour", "cpu", shelf=shelf)
    assert asked.name == "colours:colour"
    assert asked.fingerprint == scorer_fingerprint("colours:colour", shelf=shelf)
    assert asked.fingerprint == scorer_fingerprint(" colours : colour + builtin-1", shelf=shelf)
    prints = [scorer_fingerprint(name, shelf=shelf) for name in ("colours", "colours:colour", "colours:aesthetic")]
    assert len({*prints, scorer_fingerprint("builtin-1")}) == 4
    assert scorer_fingerprint("colours:colour,aesthetic", shelf=shelf) == prints[0]
    one = [photo(1)]
    judged, whole, own = (
        scorer.score(one)[0]
        for scorer in (asked, open_scorer("colours", "cpu", shelf=shelf), open_scorer("builtin-1", "cpu"))
    )
    assert (judged.aesthetic, judged.colour) == (own.aesthetic, whole.colour)
    assert judged.model == "colours:colour"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("colours:technical", "'colours' gives no score 'technical'. It gives: aesthetic, colour."),
        ("colours:colour,beauty", "'colours' gives no score 'beauty'. It gives: aesthetic, colour."),
        ("colours:", "'colours' gives no score ''. It gives: aesthetic, colour."),
        ("colours:colour:colour", "'colours' gives no score 'colour:colour'. It gives: aesthetic, colour."),
        ("colours:colour+colours:aesthetic", "do not go together. Name each model once"),
        ("builtin-1:technical", "do not go together"),
        (":colour", "There is no model ''."),
    ],
)
def test_what_cannot_be_asked_is_one_sentence_with_what_can(
    name: str, words: str, small_file: Path, shelf: Path
) -> None:
    import_file(small_file, shelf=shelf, name="colours")
    with pytest.raises(ModelError) as told:
        scorer_fingerprint(name, shelf=shelf)
    assert words in str(told.value)
    assert "\n" not in str(told.value)


def test_a_plain_name_keeps_the_fingerprint_that_the_catalogues_know(full_shelf: Path) -> None:
    card = look_up("tanet-tad66k", shelf=full_shelf).card
    assert card is not None
    base = scorer_fingerprint("builtin-1")
    known = hashlib.sha256(f"published:{base}:{card.files[0].sha256}:{ARITHMETIC}".encode()).hexdigest()[:16]
    assert scorer_fingerprint("tanet-tad66k", shelf=full_shelf) == known


@pytest.mark.slow
def test_a_photo_s_scores_are_the_same_alone_and_in_any_company(full_shelf: Path) -> None:
    scorer = open_scorer("tanet-tad66k", "cpu", shelf=full_shelf)
    photos = [photo(seed) for seed in range(8)]
    alone = {one.fingerprint: scorer.score([one])[0] for one in photos}
    assert len({judgement.aesthetic for judgement in alone.values()}) == 8
    for batch in (photos[7:0:-1], random.Random(0).sample(photos * 5, 40)):
        for one, judgement in zip(batch, scorer.score(batch), strict=True):
            before = alone[one.fingerprint]
            assert (judgement.aesthetic, judgement.colour) == (before.aesthetic, before.colour)
            assert (judgement.technical, judgement.overall) == (before.technical, before.overall)
            assert judgement.themes == before.themes


@pytest.mark.slow
def test_an_imported_checkpoint_scores_photos_from_the_command_line(tanet_file: Path, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 3)
    added = program(tmp_path, "models", "import", str(tanet_file), "--name", "mine")
    assert added.returncode == 0, added.stderr
    scored = program(tmp_path, "score", str(tmp_path / "photos"), "--model", "mine", "--format", "json")
    assert scored.returncode == 0, scored.stderr
    records = json.loads(scored.stdout)
    assert [record["model"] for record in records] == ["mine"] * 3
    assert len({record["aesthetic"] for record in records}) == 3
    assert {record["fingerprint"] for record in records}
    one = program(
        tmp_path, "score", records[1]["path"], "--model", "mine", "--format", "json", "--catalog", "sqlite:///x.sqlite"
    )
    (alone,) = json.loads(one.stdout)
    assert alone["aesthetic"] == records[1]["aesthetic"]


def program(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Photocull in a process and a home of its own."""
    environment = os.environ | {"PHOTOCULL_HOME": str(home / "home"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "photocull", *arguments]
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=800)
