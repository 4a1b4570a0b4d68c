"""The same `export` once more: nothing is made a second time, neither after an interruption nor of earlier copies."""

from pathlib import Path

import pytest

from tests.building import make_folder
from tests.cli.conftest import ON_BOTH, Photocull
from tests.cli.marking import mark
from tests.picks.shoot import content

pytestmark = ON_BOTH


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    make_folder(tmp_path / "shoot", 5)
    return tmp_path / "shoot"


def test_jpegs_that_were_interrupted_are_each_made_once_by_the_same_call_again(
    photocull: Photocull, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark(photocull, shoot, IMG_0001="pick", IMG_0002="pick")
    call = ("export", shoot, "--to", shoot / "web", "--jpeg", "--resize", 64)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("photocull.picks.placing.finish", interrupt)
        patch.setattr("photocull.picks.export.finish", interrupt)
        assert photocull(*call).code == 130
    for _ in range(2):
        again = photocull(*call)
        assert (again.code, again.out.splitlines()) == (
            0,
            [f"Nothing to do: all of it lies in {shoot / 'web'} already."],
        )
        assert sorted(content(shoot / "web")) == ["IMG_0001.jpg", "IMG_0002.jpg"]


def test_copies_of_an_earlier_export_below_the_folder_are_passed_over(photocull: Photocull, shoot: Path) -> None:
    mark(photocull, shoot, IMG_0001="pick")
    call = ("export", shoot, "--to", shoot / "picks", "--count", 10)
    assert photocull(*call).code == 0
    again = photocull(*call)
    assert (again.code, again.err) == (0, f"5 photos passed over, already in {shoot / 'picks'}.\n")
    assert again.out.splitlines() == [f"Nothing to do: all of it lies in {shoot / 'picks'} already."]
    assert len(content(shoot / "picks")) == 5
