"""The same export of JPEGs again: what was made is known again, and only what changed is made anew."""

import os
from dataclasses import asdict
from pathlib import Path

import pytest

from photocull.picks import export as carrying
from photocull.picks.convert import Recipe
from photocull.picks.export_journal import begin
from photocull.picks.made_before import made_before
from photocull.picks.plan import Plan
from tests.building import make_folder
from tests.picks.shoot import choice, plan, run, take_back

RECIPE = Recipe(100, 80, "strip")


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    make_folder(tmp_path / "shoot", 3)
    return tmp_path / "shoot"


def planned(shoot: Path, recipe: Recipe = RECIPE) -> Plan:
    out, home = shoot.parent / "out", shoot.parent / "exports"
    return plan(choice(shoot), out, "convert", made=made_before(home, out, recipe))


def convert(shoot: Path, recipe: Recipe = RECIPE) -> None:
    assert not run(begin(planned(shoot, recipe), shoot.parent / "exports", {"recipe": asdict(recipe)})).problems


def names(made: Plan) -> list[str]:
    return [item.target.name for family in made.families for item in family.items if item.target is not None]


def test_what_was_converted_is_not_converted_again(shoot: Path) -> None:
    convert(shoot)
    assert (planned(shoot).files, len(planned(shoot).families)) == (0, 3)
    convert(shoot, Recipe(50))
    assert names(planned(shoot, Recipe(60))) == ["IMG_0001-3.jpg", "IMG_0002-3.jpg", "IMG_0003-3.jpg"]
    assert planned(shoot, Recipe(50)).files == planned(shoot).files == 0


def test_what_has_changed_on_either_side_is_made_anew(shoot: Path) -> None:
    convert(shoot)
    os.utime(shoot / "IMG_0001.jpg", ns=(10**18, 10**18))
    (shoot.parent / "out" / "IMG_0002.jpg").write_bytes(b"edited")
    assert names(planned(shoot)) == ["IMG_0001-2.jpg", "IMG_0002-2.jpg"]


def test_an_export_that_was_stopped_counts_for_what_it_made(shoot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, jpeg_of = list[Path](), carrying.jpeg_of

    def one_alone(path: Path, recipe: Recipe) -> bytes:
        if made:
            raise KeyboardInterrupt
        made.append(path)
        return jpeg_of(path, recipe)

    with monkeypatch.context() as patch:
        patch.setattr(carrying, "jpeg_of", one_alone)
        with pytest.raises(KeyboardInterrupt):
            convert(shoot)
    assert names(planned(shoot)) == ["IMG_0002.jpg", "IMG_0003.jpg"]


def test_what_was_taken_back_is_made_again(shoot: Path) -> None:
    convert(shoot)
    assert not take_back(shoot.parent).problems
    assert names(planned(shoot)) == ["IMG_0001.jpg", "IMG_0002.jpg", "IMG_0003.jpg"]
