"""A catalogue that refuses for a while, for ever, or because it is damaged."""

from dataclasses import replace
from pathlib import Path

import pytest

from photocull.core.errors import CatalogDamagedError, CatalogError, UsageError
from photocull.core.work import CancelToken
from photocull.watch.patience import Patience
from tests.building import make_folder
from tests.watch.conftest import QUICK, Watch


@pytest.mark.parametrize("failures", [1, 3])
def test_a_catalogue_that_refuses_for_a_while_is_waited_over(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    left = [failures]
    store = watch.catalog.writer.store

    def refuse(*given: object, **more: object) -> object:
        if left[0]:
            left[0] -= 1
            raise CatalogError("The disk is full.")
        return store(*given, **more)  # type: ignore[arg-type]

    make_folder(inbox, 3)
    monkeypatch.setattr(watch.catalog.writer, "store", refuse)
    watch.begin(inbox)
    watch.until(lambda: len(watch.scored()) == 3)
    assert sum("The disk is full." in line for line in watch.lines) == 1


def test_once_gives_up_where_the_catalogue_refuses_for_ever(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_more: object) -> object:
        raise CatalogError("The disk is full.")

    make_folder(inbox, 1)
    monkeypatch.setattr(watch.catalog.writer, "register", refuse)
    monkeypatch.setattr("photocull.watch.patience.TRIES", 2)
    with pytest.raises(CatalogError):
        watch.once(inbox)


def test_once_ends_where_photos_are_refused_for_ever(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def refuse(*given: object, **_more: object) -> object:
        asked.append(given)
        if len(asked) == 3:
            pytest.fail("it asks for ever")
        raise UsageError("'9' is not a rating that a photo can have.")

    make_folder(inbox, 1)
    monkeypatch.setattr(watch.catalog.writer, "register", refuse)
    with pytest.raises(UsageError):
        watch.once(inbox)


@pytest.mark.slow
def test_a_watch_never_gives_up_on_a_catalogue_that_refuses(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [12]
    register = watch.catalog.writer.register

    def refuse(*given: object, **more: object) -> object:
        if left[0]:
            left[0] -= 1
            raise CatalogError("The disk is full.")
        return register(*given, **more)  # type: ignore[arg-type]

    make_folder(inbox, 2)
    monkeypatch.setattr(watch.catalog.writer, "register", refuse)
    monkeypatch.setattr("photocull.watch.patience.TRIES", 2)
    watch.begin(inbox, beats=replace(QUICK, refused=0.02))
    watch.until(lambda: len(watch.scored()) == 2)
    assert left == [0]
    assert sum("The disk is full." in line for line in watch.lines) == 1


def test_a_damaged_catalogue_ends_the_watch_at_once(watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_more: object) -> object:
        raise CatalogDamagedError("The catalogue is damaged.")

    make_folder(inbox, 1)
    monkeypatch.setattr(watch.catalog.writer, "register", refuse)
    with pytest.raises(CatalogDamagedError):
        watch.make(inbox).watch(CancelToken())


def test_refusals_that_go_on_are_told_once_an_hour_and_waited_over_for_longer() -> None:
    now, said = [0.0], list[str]()
    patience = Patience(said.append, 10.0, clock=lambda: now[0])
    pauses = []
    while now[0] < 4 * 3600:
        pauses.append(patience.after(CatalogError("The disk is full.")))
        now[0] += pauses[-1]
    assert (set(pauses[:20]), set(pauses[25:])) == ({10.0}, {60.0})
    assert sorted(pauses) == pauses
    assert len(said) == 4
    now[0] += 1000
    assert patience.after(CatalogError("The disk is full.")) == 10.0
    assert len(said) == 5
