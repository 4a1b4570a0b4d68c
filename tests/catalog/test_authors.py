"""Several people with one catalogue: each takes back what is theirs, and one person is the same in every program."""

import getpass
import platform
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from photocull.catalog.authors import myself
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.engine import writing
from photocull.catalog.query import photo_rows
from photocull.catalog.records import Change
from photocull.catalog.schema import batches
from photocull.core.types import Decision, DecisionField
from tests.catalog.building import MODEL, filled


@pytest.fixture
def anna(location: Path | str) -> Iterator[Catalog]:
    with open_catalog(location, author="anna@desk") as catalog:
        yield catalog


@pytest.fixture
def bob(location: Path | str) -> Iterator[Catalog]:
    with open_catalog(location, author="bob@laptop") as catalog:
        yield catalog


def decide(catalog: Catalog, photo: int, field: DecisionField, value: int | str | None) -> None:
    catalog.writer.decide([Decision(photo, field, value)], initiator="test").result(10)


def undo(catalog: Catalog) -> Change | None:
    return catalog.writer.undo("test").result(10)


def redo(catalog: Catalog) -> Change | None:
    return catalog.writer.redo("test").result(10)


def marks(catalog: Catalog, *ids: int) -> list[tuple[int | None, str | None]]:
    return [(row.rating, row.pick) for row in photo_rows(catalog, ids, MODEL)]


def test_undo_and_redo_are_of_ones_own_decisions(anna: Catalog, bob: Catalog) -> None:
    one, two = filled(anna, 2)
    decide(anna, one, "rating", 4)
    decide(bob, two, "pick", "reject")
    undone = undo(anna)
    assert undone is not None
    assert undone.ids == (one,)
    assert marks(bob, one, two) == [(None, None), (None, "reject")]
    assert redo(bob) is None
    decide(bob, two, "rating", 1)
    assert redo(anna) is not None, "what another decides ends nothing of hers"
    assert marks(bob, one, two) == [(4, None), (1, "reject")]
    assert (undo(anna) is not None, undo(anna)) == (True, None)
    assert marks(bob, one, two) == [(None, None), (1, "reject")]
    assert anna.check() == ()


def test_the_others_mark_stays_though_it_is_what_was_there_before(anna: Catalog, bob: Catalog) -> None:
    one, two = filled(anna, 2)
    stars = [Decision(photo, "rating", 4) for photo in (one, two)]
    anna.writer.decide(stars, initiator="test").result(10)
    decide(bob, one, "rating", 2)
    decide(bob, one, "rating", 4)
    undone = undo(anna)
    assert undone is not None
    assert undone.ids == (two,)
    assert marks(anna, one, two) == [(4, None), (None, None)]


def test_the_window_and_the_commands_of_one_person_share_their_undo(location: Path | str, bob: Catalog) -> None:
    with open_catalog(location) as window, open_catalog(location) as command:
        (photo,) = filled(window, 1)
        decide(command, photo, "rating", 3)
        assert undo(bob) is None
        assert undo(window) is not None
        assert redo(command) is not None
        assert marks(window, photo) == [(3, None)]


def test_what_an_older_program_noted_is_anybodys_until_somebody_takes_it_back(anna: Catalog, bob: Catalog) -> None:
    (photo,) = filled(anna, 1)
    for stars in (1, 2, 3):
        decide(anna, photo, "rating", stars)
    with writing(anna.engine) as connection:
        connection.execute(update(batches).values(author=None))
    assert undo(bob) is not None
    assert redo(anna) is None
    assert redo(bob) is not None
    assert marks(anna, photo) == [(3, None)]
    assert undo(bob) is not None
    assert undo(anna) is not None
    assert marks(anna, photo) == [(1, None)]
    with anna.reading() as connection:
        assert set(connection.scalars(select(batches.c.author))) == {None, "anna@desk", "bob@laptop"}


def test_a_person_without_a_name_on_a_machine_without_one_can_decide_and_undo(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr(getpass, "getuser", unknown)
    monkeypatch.setattr(platform, "node", lambda: "")
    assert myself() == "somebody@"
    with open_catalog(file) as catalog:
        (photo,) = filled(catalog, 1)
        decide(catalog, photo, "rating", 3)
        assert undo(catalog) is not None


def test_a_name_of_any_bytes_is_text_and_the_network_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "j\udce9r\x00me")
    monkeypatch.setattr(platform, "node", lambda: "desk.fritz.box")
    assert myself() == "j\\udce9rme@desk"
