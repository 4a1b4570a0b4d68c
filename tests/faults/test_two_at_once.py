"""Two windows, a window and the command line, two commands: each says what it must, and the work of both is kept."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.catalog.engine import writing
from photocull.core.errors import PhotocullError
from photocull.core.settings import folders
from photocull.ui.instance import ALREADY, first_window, place_of, taken_notes
from tests.building import make_folder
from tests.faults.calling import call
from tests.faults.work import command_said, open_window, open_window_on
from tests.journeys.program import command, environment
from tests.killing import Victim

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs fork and signals")
STARTS = 4


@pytest.fixture
def albums(tmp_path: Path) -> tuple[str, str]:
    """Two folders with a photo each."""
    for name in ("first", "second"):
        make_folder(tmp_path / name, 1, size=(160, 120))
    return str(tmp_path / "first"), str(tmp_path / "second")


def end(window: Victim) -> None:
    """As its own close button does."""
    window.signal(signal.SIGTERM)
    assert window.ended() == 0


def test_a_second_start_says_so_and_the_open_window_shows_its_folder(albums: tuple[str, str]) -> None:
    window = Victim(open_window, albums[0])
    assert window.first() == [albums[0]]
    second = Victim(open_window, albums[1])
    assert (second.ended(), second.told()) == (0, [ALREADY])
    assert window.first() == list(albums)
    end(window)


def test_the_program_itself_says_it_in_one_line_and_ends_well(albums: tuple[str, str]) -> None:
    window = Victim(open_window, albums[0])
    window.first()
    second = subprocess.run(command(albums[1]), env=environment(), capture_output=True, text=True, check=False)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", f"{ALREADY}\n")
    assert window.first() == list(albums)
    end(window)


def test_a_window_that_was_killed_is_in_nobodys_way(albums: tuple[str, str]) -> None:
    window = Victim(open_window, albums[0])
    window.first()
    assert window.kill_after(0)
    again = Victim(open_window, albums[1])
    assert again.first() == [albums[1]]
    end(again)


def test_another_catalogue_has_a_window_of_its_own(albums: tuple[str, str], tmp_path: Path) -> None:
    window = Victim(open_window, albums[0])
    other = Victim(open_window_on, str(tmp_path / "other.sqlite"), albums[1])
    assert (window.first(), other.first()) == ([albums[0]], [albums[1]])
    end(other)
    end(window)


def test_of_many_starts_at_once_one_opens_and_shows_all_folders(tmp_path: Path) -> None:
    places = [tmp_path / f"album-{number}" for number in range(STARTS)]
    for place in places:
        make_folder(place, 1, size=(160, 120))
    starts = [Victim(open_window, str(place)) for place in places]
    said = [start.first() for start in starts]
    assert said.count(ALREADY) == STARTS - 1
    window = starts[next(n for n, words in enumerate(said) if words != ALREADY)]
    shown = next(words for words in said if words != ALREADY)
    while len(shown) < STARTS:
        shown = window.first()
    assert sorted(shown) == [str(place) for place in places]
    end(window)


def test_a_window_that_hangs_is_told_and_the_note_to_it_taken_back(tmp_path: Path) -> None:
    place = place_of(tmp_path / "catalog.sqlite", tmp_path)
    with first_window(place, []) as first:
        assert first
        with (
            pytest.raises(PhotocullError, match=r"does not answer.*may be asking something"),
            first_window(place, [tmp_path], patience=0.2),
        ):
            pass
        assert taken_notes(place) is None
    with first_window(place, []) as first:
        assert first


def test_one_catalogue_has_one_place_however_it_is_named(tmp_path: Path) -> None:
    file, link = tmp_path / "catalog.sqlite", tmp_path / "link.sqlite"
    link.symlink_to(file)
    assert len({place_of(name, tmp_path) for name in (file, str(file), f"sqlite:///{file}", link)}) == 1
    assert place_of("postgresql://host/a", tmp_path) != place_of("postgresql://host/b", tmp_path)


def test_a_start_finds_a_full_or_forbidden_place_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "windows").write_text("a file where a folder should be")
    with first_window(place_of("catalog.sqlite", tmp_path), []) as first:
        assert first


def test_a_note_that_nobody_waits_for_any_more_opens_nothing(tmp_path: Path) -> None:
    old, broken = tmp_path / "a.json", tmp_path / "b.json"
    old.write_text('["/old"]')
    os.utime(old, (time.time() - 3600, time.time() - 3600))
    broken.write_text("{not json")
    assert taken_notes(tmp_path) in (None, ())
    assert list(tmp_path.iterdir()) == []


def test_a_command_waits_for_another_program_that_writes(albums: tuple[str, str]) -> None:
    assert call("score", albums[0]).code == 0
    with open_catalog(folders().catalog) as catalog:
        with writing(catalog.engine):
            waiting = Victim(command_said, None, "score", albums[1])
            assert not waiting.has_told(1.0)
        code, _, said = waiting.first()
        assert (code, said) == (0, "")


@pytest.mark.slow
def test_a_command_that_waited_ten_seconds_says_so_in_one_line(albums: tuple[str, str]) -> None:
    assert call("score", albums[0]).code == 0
    with open_catalog(folders().catalog) as catalog:
        with writing(catalog.engine):
            answer = call("score", albums[1])
        assert (answer.code, len(answer.lines)) == (2, 1)
        assert "Another program is writing to the catalogue; nothing was changed." in answer.err
        assert catalog.info().photos == 1
    assert call("score", albums[1]).code == 0


@pytest.mark.slow
def test_commands_score_beside_an_open_window(albums: tuple[str, str]) -> None:
    """The window hears of it: tests/ui/test_outsiders.py."""
    window = Victim(open_window, albums[0])
    window.first()
    runs = [
        subprocess.Popen(
            command("score", albums[1], "--model", "builtin-1-fast"), env=environment(), stdout=subprocess.DEVNULL
        )
        for _ in range(2)
    ]
    assert [run.wait(600) for run in runs] == [0, 0]
    end(window)
    with open_catalog(folders().catalog) as catalog:
        assert catalog.check() == ()
        assert catalog.info().photos == 2
