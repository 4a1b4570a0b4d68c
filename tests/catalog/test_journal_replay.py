"""Any sequence of decisions, undo and redo, beside marks as a person would keep them on paper."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, event
from sqlalchemy.pool import StaticPool

from photocull.catalog import journal
from photocull.catalog.database import open_catalog
from photocull.catalog.integrity import _of_marks
from photocull.catalog.schema import contents, metadata, photos
from photocull.core.types import Decision, DecisionField, Who
from tests.conftest import BOTH_AT_LENGTH

VALUES: dict[DecisionField, list[Any]] = {
    "rating": [None, 0, 1, 5],
    "pick": [None, "pick", "reject"],
    "label": [None, "red", "blue"],
}
decisions = st.sampled_from(get_args(DecisionField)).flatmap(
    lambda name: st.builds(
        Decision,
        st.sampled_from([1, 2]),
        st.just(name),
        st.sampled_from(VALUES[name]),
        st.sampled_from(get_args(Who)),
    )
)
same_hand = st.sampled_from(get_args(Who)).flatmap(
    lambda who: st.lists(decisions.map(lambda d: Decision(d.photo_id, d.field, d.value, who)), min_size=1, max_size=3)
)
Action = list[Decision] | Literal["undo", "redo"]
AUTHORS = ANNA, BOB = ("anna@desk", "bob@laptop")
actions: st.SearchStrategy[list[tuple[str, Action]]] = st.lists(
    st.tuples(st.sampled_from(AUTHORS), st.one_of(same_hand, st.just("undo"), st.just("redo"))), max_size=16
)
Key = tuple[int, str]


@dataclass(frozen=True)
class Held:
    """A mark, who made it, which one it is, and what lay there before."""

    value: Any = None
    by: str | None = None
    author: str | None = None
    number: int = 0
    below: "Held | None" = None

    def is_like(self, other: "Held") -> bool:
        return (self.value, self.by) == (other.value, other.by)


NOTHING = Held()
Steps = list[tuple[Key, Held, Held]]


@dataclass
class History:
    """What one author did and undid; each step with the mark that it found first."""

    done: list[tuple[Steps, Steps]] = field(default_factory=list)
    undone: list[Steps] = field(default_factory=list)


@dataclass
class Naive:
    """The marks as people would keep them on paper, slip upon slip, with a stack of what each photographer did."""

    marks: dict[Key, Held] = field(default_factory=dict)
    histories: dict[str, History] = field(default_factory=lambda: {author: History() for author in AUTHORS})
    number: int = 0

    def get(self, key: Key) -> Held:
        return self.marks.get(key, NOTHING)

    def decide(self, author: str, batch: list[Decision]) -> None:
        wished = {(d.photo_id, d.field): d for d in batch}
        steps = []
        for key, decision in wished.items():
            by = "photocull" if decision.who == "policy" else "photographer"
            before, after = self.get(key), self._held(key, decision.value or None, by, author)
            if not before.is_like(after) and not (by == "photocull" and before.by == "photographer"):
                steps.append((key, before, after))
        self._apply(steps)
        if steps and batch[0].who == "photographer":
            self.histories[author].done.append((steps, steps))
            self.histories[author].undone.clear()

    def undo(self, author: str) -> None:
        history = self.histories[author]
        while history.done:
            first, last = history.done.pop()
            steps = [
                (key, after, before)
                for key, before, after in last
                if self.get(key).is_like(after) and not self._is_others(key, after, author)
            ]
            if steps:
                self._apply(steps)
                history.undone.append(first)
                return

    def redo(self, author: str) -> None:
        history = self.histories[author]
        while history.undone:
            first = history.undone.pop()
            steps = []
            for key, before, after in first:
                now = self.get(key)
                untouched = now.is_like(before) and not self._is_others(key, after, author)
                if (untouched or now.by != "photographer") and not now.is_like(after):
                    steps.append((key, now, self._held(key, after.value, after.by, author)))
            if steps:
                self._apply(steps)
                history.done.append((first, steps))
                return

    def _held(self, key: Key, value: Any, by: str | None, author: str) -> Held:
        self.number += 1
        return Held(value, by, author, self.number, self.get(key))

    def _is_others(self, key: Key, mine: Held, author: str) -> bool:
        now = self.get(key)
        return now.number > mine.number and now.author != author

    def _apply(self, steps: Steps) -> None:
        self.marks.update({key: after for key, _, after in steps})


@pytest.fixture(scope="module", params=BOTH_AT_LENGTH)
def engine(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "postgresql":
        with (
            request.getfixturevalue("postgresql").database() as url,
            open_catalog(url) as catalog,
        ):
            yield catalog.engine
        return
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def stars(*run: tuple[str, int | Literal["undo", "redo"]]) -> list[tuple[str, Action]]:
    """A run on the rating of one photo."""
    return [(author, [Decision(1, "rating", one)] if isinstance(one, int) else one) for author, one in run]


GIVEN_AGAIN = stars((ANNA, 1), (BOB, 2), (BOB, 1), (ANNA, "undo"))
"""What Bob gives in the end is what Anna gave, and yet it is his."""
FOUND_AGAIN = stars((ANNA, 1), (BOB, 2), (BOB, 1), (ANNA, 2), (ANNA, "undo"), (ANNA, "undo"))
"""Under what Anna takes back lies Bob's, and not what she gave first."""
MADE_AGAIN = stars((ANNA, 1), (ANNA, 2), (ANNA, "undo"), (BOB, 2), (BOB, 1), (ANNA, "redo"))
TAKEN_BACK = stars((ANNA, 1), (ANNA, 2), (BOB, 1), (BOB, "undo"), (ANNA, "undo"))
"""Bob takes back what he gave: it is no more in Anna's way."""
REDONE = stars((BOB, 1), (ANNA, 2), (ANNA, "undo"), (ANNA, "redo"), (ANNA, "undo"), (BOB, "undo"))


@settings(max_examples=80, deadline=None)
@given(actions)
@example(GIVEN_AGAIN)
@example(FOUND_AGAIN)
@example(MADE_AGAIN)
@example(TAKEN_BACK)
@example(REDONE)
def test_any_sequence_of_two_authors_keeps_the_last_mark_of_each_and_replays_to_the_state(
    engine: Any, run: list[tuple[str, Action]]
) -> None:
    naive = Naive()
    with engine.connect() as connection:
        outer = connection.begin()
        _two_photos(connection)
        for author, action in run:
            _do(connection, author, action)
            if isinstance(action, list):
                naive.decide(author, action)
            else:
                getattr(naive, action)(author)
            kept = _marks(connection)
            assert kept == {key: (naive.get(key).value, naive.get(key).by) for key in kept}
            assert _of_marks(connection) == []
        outer.rollback()


moves = st.tuples(st.sampled_from(AUTHORS), st.sampled_from([1, 2, "undo", "redo"]))


@settings(max_examples=80, deadline=None)
@given(st.lists(moves, max_size=12).map(lambda run: stars(*run)))
@example(GIVEN_AGAIN)
@example(FOUND_AGAIN)
@example(MADE_AGAIN)
def test_undo_by_one_never_changes_what_the_other_decided_last(engine: Any, run: list[tuple[str, Action]]) -> None:
    last: str | None = None
    with engine.connect() as connection:
        outer = connection.begin()
        _two_photos(connection)
        for author, action in run:
            before = _marks(connection)
            _do(connection, author, action)
            after = _marks(connection)
            if isinstance(action, list):
                last = author if after != before else last
            elif last is not None and after != before:
                assert last == author, "this was decided by the other"
                last = None  # what it is now was decided before, by whomever
        outer.rollback()


def _do(connection: Any, author: str, action: Action) -> None:
    if isinstance(action, list):
        journal.decide(connection, action, "test", author)
    else:
        (journal.undo if action == "undo" else journal.redo)(connection, "test", author)


def _marks(connection: Any) -> dict[Key, tuple[Any, str | None]]:
    return {
        key: (int(mark.value) if key[1] == "rating" and mark.value else mark.value, mark.by)
        for key, mark in journal.current(connection, [1, 2]).items()
    }


def _two_photos(connection: Any) -> None:
    content = {"id": 1, "fingerprint": "c", "status": "new", "noted": False, "notes": [], "words": ""}
    connection.execute(contents.insert(), content)
    for n in (1, 2):
        place = {"id": n, "path": f"/{n}", "folder": "/", "name_key": "", "words": "", "size": 1, "mtime_ns": 1}
        rest = {"content_id": 1, "partners": [], "sidecars": [], "missing": False}
        connection.execute(photos.insert(), place | rest)
