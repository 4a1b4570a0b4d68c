"""Any decisions, sidecars, undo, redo and rating: what the photographer marked is as if no policy had run."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from photocull.catalog import journal
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.engine import writing
from photocull.catalog.marks import FIELDS
from photocull.catalog.ratable import ratable
from photocull.catalog.records import Heard, Saying
from photocull.catalog.schema import batches
from photocull.core.types import Decision, DecisionField
from photocull.core.vocabulary import FLAGS
from photocull.core.work import CancelToken
from photocull.picks.policy import Policy
from photocull.watch.autorating import AutoRating, take_back
from tests.catalog.building import MODEL, found, judgement, register, scored, store
from tests.picks.test_policy import policies

PHOTOS = 4
VALUES: dict[DecisionField, list[Any]] = {
    "rating": [None, 0, 1, 3, 5],
    "pick": [None, "pick", "reject"],
    "label": [None, "red", "green"],
}
one_mark = st.sampled_from(FIELDS).flatmap(
    lambda name: st.tuples(st.integers(0, PHOTOS - 1), st.just(name), st.sampled_from(VALUES[name]))
)


@dataclass(frozen=True)
class Marking:
    """The photographer, here or by a sidecar, marks some photos at once."""

    who: Literal["photographer", "sidecar"]
    marks: list[tuple[int, DecisionField, Any]]


marking = st.builds(Marking, st.sampled_from(["photographer", "sidecar"]), st.lists(one_mark, min_size=1, max_size=3))
Event = Marking | Policy | Literal["undo", "redo", "take back"]
event: st.SearchStrategy[Event] = st.one_of(marking, policies(), st.sampled_from(["undo", "redo", "take back"]))
half_points = st.integers(0, 20).map(lambda half: half / 2)
judged = st.lists(
    st.tuples(half_points, half_points, st.lists(st.sampled_from(FLAGS), max_size=2, unique=True), st.integers(0, 1)),
    min_size=PHOTOS,
    max_size=PHOTOS,
)
numbers = count()


@pytest.fixture
def catalogs(tmp_path: Path) -> Iterator[tuple[Catalog, Catalog]]:
    """One in which policies run, and its twin in which none ever does; each example has a folder of its own in them."""
    with open_catalog(tmp_path / "rated.sqlite") as rated, open_catalog(tmp_path / "twin.sqlite") as twin:
        yield rated, twin


def photos_of(catalog: Catalog, number: int, scores: list[Any]) -> tuple[int, ...]:
    """A new folder of judged photos; what was done in the others is past undoing."""
    with writing(catalog.engine) as connection:
        connection.execute(update(batches).values(standing=None))
    names = [f"/{number}/{n}.jpg" for n in range(PHOTOS)]
    ids = register(catalog, *(found(name, name) for name in names))
    results = []
    for photo, name, (overall, technical, faults, scene) in zip(ids, names, scores, strict=True):
        looks = np.eye(2, dtype=np.float16)[scene]
        said = judgement(overall, technical=technical, flags=tuple(faults), embedding=looks)
        results.append(scored(photo, name, said))
    store(catalog, results)
    return ids


def mark(catalog: Catalog, ids: tuple[int, ...], marking: Marking) -> None:
    decisions = [Decision(ids[n], field, value, marking.who) for n, field, value in marking.marks]
    catalog.writer.decide(decisions, initiator="test").result()


def photographers(catalog: Catalog, ids: tuple[int, ...]) -> dict[tuple[int, str], str | None]:
    """What the photographer marked or cleared, by the photos' numbers."""
    with catalog.reading() as connection:
        state = journal.current(connection, ids)
    return {(ids.index(i), field): m.value for (i, field), m in state.items() if m.by == "photographer"}


def undoable(catalog: Catalog) -> list[Any]:
    with catalog.reading() as connection:
        query = select(batches.c.id, batches.c.standing).where(batches.c.standing.is_not(None))
        return [tuple(row) for row in connection.execute(query)]


def happen(catalog: Catalog, ids: tuple[int, ...], event: Event) -> None:
    if isinstance(event, Marking):
        mark(catalog, ids, event)
    elif isinstance(event, Policy):
        AutoRating(catalog, MODEL, event).rate(ids, CancelToken())
    elif event == "take back":
        take_back(catalog, ids, MODEL)
    else:
        (catalog.writer.undo if event == "undo" else catalog.writer.redo)("test").result()


def examples(count: int) -> settings:
    shared = [HealthCheck.function_scoped_fixture]
    return settings(max_examples=count, deadline=None, suppress_health_check=shared)


@examples(15)
@given(judged, st.lists(event, max_size=8))
def test_what_the_photographer_marked_is_as_if_no_policy_had_ever_run(
    catalogs: tuple[Catalog, Catalog], scores: list[Any], run: list[Event]
) -> None:
    as_if_no_policy_had_run(catalogs, scores, run)


@pytest.mark.slow
@examples(150)
@given(judged, st.lists(event, max_size=12))
def test_what_the_photographer_marked_is_as_if_no_policy_had_ever_run_in_many_histories(
    catalogs: tuple[Catalog, Catalog], scores: list[Any], run: list[Event]
) -> None:
    as_if_no_policy_had_run(catalogs, scores, run)


def as_if_no_policy_had_run(catalogs: tuple[Catalog, Catalog], scores: list[Any], run: list[Event]) -> None:
    number = next(numbers)
    rated, twin = catalogs
    ids, twins = photos_of(rated, number, scores), photos_of(twin, number, scores)
    for event in run:
        before, steps = photographers(rated, ids), undoable(rated)
        happen(rated, ids, event)
        if isinstance(event, Policy) or event == "take back":
            assert photographers(rated, ids) == before
            assert undoable(rated) == steps
        else:
            happen(twin, twins, event)
        if isinstance(event, Policy):
            assert AutoRating(rated, MODEL, event).propose(ids, CancelToken()) == ()
        assert photographers(rated, ids) == photographers(twin, twins)
    assert rated.check() == ()


words = st.sampled_from([None, "1", "3", "5"])
hearing = st.tuples(st.integers(0, PHOTOS - 1), words, st.booleans())


@examples(40)
@given(judged, st.lists(st.one_of(hearing, policies(), marking, st.just("undo")), max_size=10))
def test_no_rating_touches_what_sidecars_said_or_dispute(
    catalogs: tuple[Catalog, Catalog], scores: list[Any], run: list[Any]
) -> None:
    catalog, number = catalogs[0], next(numbers)
    ids = photos_of(catalog, number, scores)
    for event in run:
        if isinstance(event, tuple):
            n, value, quarrel = event
            saying = Saying(value, "sidecar", f"{value}{quarrel}", "a.xmp", sentence="they differ" if quarrel else "")
            catalog.writer.hear([Heard(ids[n], "s", {"rating": saying})]).result()
            continue
        before, disputes = marks_and_disputes(catalog, number)
        happen(catalog, ids, event)
        if isinstance(event, Policy):
            after, disputed = marks_and_disputes(catalog, number)
            assert disputed == disputes
            assert {key: mark for key, mark in after.items() if mark.by == "photographer"} == {
                key: mark for key, mark in before.items() if mark.by == "photographer"
            }
            assert all(after[key] == before[key] for key in disputes)


def marks_and_disputes(catalog: Catalog, number: int) -> tuple[dict[Any, Any], set[Any]]:
    photos = ratable(catalog, Path(f"/{number}"), MODEL)
    return (
        {(p.id, field): mark for p in photos for field, mark in p.marks.items()},
        {(p.id, field) for p in photos for field in p.disputed},
    )
