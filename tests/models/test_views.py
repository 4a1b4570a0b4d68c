"""Two models out of one file: the same weights, looked through twice and once, each with a card of its own."""

import json
import shutil
from pathlib import Path

import pytest

from photocull.core.errors import ModelError
from photocull.core.settings import resources
from photocull.judge.scorer import fingerprint_of
from photocull.models.registry import DEFAULT, built_in
from photocull.models.store import cards, listing, look_up, open_builtin, open_scorer, remove, scorer_fingerprint
from photocull.models.verifying import verify

FAST = "builtin-1-fast"


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """The shipped files with cards that name views."""
    for path in (resources() / "models").glob("builtin-1.*"):
        shutil.copy(path, tmp_path)
    card = json.loads((tmp_path / "builtin-1.json").read_text("utf-8"))
    for name, views in (("builtin-1", [288, 448]), (FAST, [288])):
        made = {**card, "name": name, "views": views, "title": f"Looks at {views}"}
        (tmp_path / f"{name}.json").write_text(json.dumps(made), "utf-8")
    return tmp_path


def test_both_are_listed_with_a_card_of_their_own_and_the_default_first(shipped: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    found = listing(folder=shipped, shelf=shelf)[:2]
    assert [(one.name, one.state) for one in found] == [("builtin-1", "installed"), (FAST, "installed")]
    assert [card.views for card in cards(shipped, shelf=shelf)] == [(288, 448), (288,)]
    assert look_up(FAST, folder=shipped, shelf=shelf).name == FAST
    assert [(one.name, one.sound) for one in verify(folder=shipped, shelf=shelf)] == [("builtin-1", True), (FAST, True)]


def test_they_share_their_files_and_no_judgement(shipped: Path) -> None:
    twice, once = (open_builtin(name, shipped) for name in ("builtin-1", FAST))
    assert (once.views, twice.views) == ((288,), (288, 448))
    assert once.graph == twice.graph
    prints = {scorer_fingerprint(name, folder=shipped) for name in ("builtin-1", FAST)}
    assert len(prints) == 2
    assert fingerprint_of(once.identity) == scorer_fingerprint(FAST, folder=shipped)


def test_the_one_that_looks_once_opens_under_its_name() -> None:
    scorer = open_scorer(FAST, "cpu", threads=1)
    assert (scorer.name, scorer.fingerprint) == (FAST, scorer_fingerprint(FAST))


def test_a_card_without_views_keeps_the_identity_that_catalogues_know() -> None:
    model = open_builtin(DEFAULT)
    weights = cards()[0].files[0].sha256
    assert model.identity == ":".join([weights, *map(str, model.views)])


def test_one_that_is_not_shipped_is_not_known(tmp_path: Path) -> None:
    shutil.copy(resources() / "models" / "builtin-1.json", tmp_path)
    assert built_in(tmp_path) == ("builtin-1",)
    with pytest.raises(ModelError, match=f"no model '{FAST}'"):
        scorer_fingerprint(FAST, folder=tmp_path)


@pytest.mark.parametrize("name", [f"{FAST}:technical", f"{FAST}+builtin-1", f"builtin-1:technical+{FAST}"])
def test_two_built_in_models_do_not_judge_one_photo_together(name: str, shipped: Path) -> None:
    with pytest.raises(ModelError, match=f"do not go together.*'{FAST}', which gives what is left, last and alone"):
        scorer_fingerprint(name, folder=shipped)


@pytest.mark.parametrize("name", ["builtin-1", FAST])
def test_neither_can_be_removed(name: str) -> None:
    with pytest.raises(ModelError, match="part of the program and stays"):
        remove(name)
