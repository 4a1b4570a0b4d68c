"""What another process commits is noticed and told as its change; our own changes are never taken for another's."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from photocull.catalog import changes
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.outsiders import OUTSIDERS, Lookout
from photocull.core.types import Decision
from photocull.core.work import Event, PhotosChanged
from tests.catalog.building import filled, found, judgement, register, scored, store


class Told:
    """What a lookout's catalogue told, each kind to be waited for."""

    def __init__(self) -> None:
        self.theirs: list[int] = []
        self.ours: list[int] = []
        self.otherwise = 0
        self._news = threading.Condition()

    def hear(self, event: Event) -> None:
        if isinstance(event, PhotosChanged):
            with self._news:
                self.otherwise += not event.ids
                (self.theirs if event.initiator == OUTSIDERS else self.ours).extend(event.ids)
                self._news.notify_all()

    def wait(self, true: object) -> None:
        assert callable(true)
        with self._news:
            assert self._news.wait_for(true, 60)


@pytest.fixture
def watched(catalog: Catalog) -> Iterator[Told]:
    """The catalogue with a lookout that looks often."""
    told = Told()
    catalog.writer.add_listener(told.hear)
    lookout = Lookout(catalog.engine, catalog.writer, every=0.02)
    catalog.writer.look_around().result(60)
    yield told
    lookout.close()


@pytest.fixture
def other(location: Path | str, catalog: Catalog) -> Iterator[Catalog]:
    """The same catalogue as another process has it open."""
    with open_catalog(location) as opened:
        yield opened


def test_decisions_judgements_and_new_photos_of_another_process_are_told(
    catalog: Catalog, watched: Told, other: Catalog
) -> None:
    first, second = register(other, found("/photos/a.jpg", "a"), found("/photos/b.jpg", "b"))
    watched.wait(lambda: {first, second} <= set(watched.theirs))
    watched.theirs.clear()
    store(other, [scored(second, "b", judgement(4.0))])
    watched.wait(lambda: watched.theirs == [second])
    other.writer.decide([Decision(first, "rating", 2)], initiator="elsewhere").result(60)
    watched.wait(lambda: watched.theirs == [second, first])


def test_our_own_changes_are_told_once_and_never_as_anothers(catalog: Catalog, watched: Told, other: Catalog) -> None:
    ids = filled(catalog, 3)
    for stars in range(1, 6):
        catalog.writer.decide([Decision(ids[0], "rating", stars)], initiator="window").result(60)
    (theirs,) = register(other, found("/photos/last.jpg", "last"))
    watched.wait(lambda: theirs in watched.theirs)
    assert watched.theirs == [theirs]
    assert watched.ours.count(ids[0]) == 7
    assert watched.otherwise == 0


def test_of_changes_at_the_same_time_each_is_told_as_whose_it_is(
    catalog: Catalog, watched: Told, other: Catalog
) -> None:
    ids = filled(catalog, 2)
    watched.ours.clear()
    for stars in (1, 2, 3, 4, 5) * 6:
        here = catalog.writer.decide([Decision(ids[0], "rating", stars)], initiator="window")
        there = other.writer.decide([Decision(ids[1], "rating", stars)], initiator="elsewhere")
        here.result(60)
        there.result(60)
    (last,) = register(other, found("/photos/last.jpg", "last"))
    watched.wait(lambda: last in watched.theirs)
    assert set(watched.theirs) == {ids[1], last}
    assert set(watched.ours) == {ids[0]}


def test_a_file_that_another_process_found_gone_is_told_as_well(
    catalog: Catalog, watched: Told, other: Catalog
) -> None:
    ids = filled(catalog, 1)
    other.writer.mark_missing([Path("/photos/IMG_0.jpg")]).result(60)
    watched.wait(lambda: watched.theirs)
    assert watched.theirs == list(ids)


def test_more_changes_than_are_remembered_are_told_without_their_names(
    catalog: Catalog, watched: Told, other: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "KEPT", 2)
    register(other, *(found(f"/photos/{n}.jpg", str(n)) for n in range(5)))
    watched.wait(lambda: watched.otherwise)
    assert watched.theirs == []


def test_nobody_is_told_what_was_there_before_anyone_looked(location: Path | str) -> None:
    with open_catalog(location) as catalog:
        filled(catalog, 2)
    told = Told()
    with open_catalog(location) as catalog:
        catalog.writer.add_listener(told.hear)
        lookout = Lookout(catalog.engine, catalog.writer, every=0.02)
        (own,) = register(catalog, found("/photos/own.jpg", "own"))
        lookout.close()
        assert told.theirs == []
        assert told.ours == [own]
