"""Any sequence of decisions, undo and redo, beside marks as a person would keep them on paper."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import pytest
from hypothesis import given, settings
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
actions: st.SearchStrategy[list[Action]] = st.lists(st.one_of(same_hand, st.just("undo"), st.just("redo")), max_size=14)


@dataclass
class Naive:
    """The marks as a person would keep them on paper, with a stack of what the photographer did."""

    marks: dict[tuple[int, str], tuple[Any, str | None]] = field(default_factory=dict)
    done: list[list[tuple[tuple[int, str], Any, Any]]] = field(default_factory=list)
    undone: list[list[tuple[tuple[int, str], Any, Any]]] = field(default_factory=list)

    def get(self, key: tuple[int, str]) -> tuple[Any, str | None]:
        return self.marks.get(key, (None, None))

    def decide(self, batch: list[Decision]) -> None:
        wished = {(d.photo_id, d.field): d for d in batch}
        steps = []
        for key, decision in wished.items():
            by = "photocull" if decision.who == "policy" else "photographer"
            before, after = self.get(key), (decision.value or None, by)
            if before != after and not (by == "photocull" and before[1] == "photographer"):
                steps.append((key, before, after))
        self._apply(steps)
        if steps and batch[0].who == "photographer":
            self.done.append(steps)
            self.undone.clear()

    def undo(self) -> None:
        while self.done:
            batch = self.done.pop()
            steps = [(key, after, before) for key, before, after in batch if self.get(key) == after]
            if steps:
                self._apply(steps)
                self.undone.append(batch)
                return

    def redo(self) -> None:
        while self.undone:
            batch = self.undone.pop()
            steps = []
            for key, before, after in batch:
                now = self.get(key)
                if (now == before or now[1] != "photographer") and now != after:
                    steps.append((key, now, after))
            if steps:
                self._apply(steps)
                self.done.append(steps)
                return

    def _apply(self, steps: list[tuple[tuple[int, str], Any, Any]]) -> None:
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


@settings(max_examples=80, deadline=None)
@given(actions)
def test_any_sequence_keeps_the_photographers_last_mark_and_replays_to_the_state(
    engine: Any, run: list[Action]
) -> None:
    naive = Naive()
    with engine.connect() as connection:
        outer = connection.begin()
        _two_photos(connection)
        for action in run:
            if isinstance(action, list):
                journal.decide(connection, action, "test")
                naive.decide(action)
            else:
                (journal.undo if action == "undo" else journal.redo)(connection, "test")
                getattr(naive, action)()
            state = journal.current(connection, [1, 2])
            kept = {
                key: (int(mark.value) if key[1] == "rating" and mark.value else mark.value, mark.by)
                for key, mark in state.items()
            }
            assert kept == {key: naive.get(key) for key in kept}
            assert _of_marks(connection) == []
        outer.rollback()


def _two_photos(connection: Any) -> None:
    content = {"id": 1, "fingerprint": "c", "status": "new", "noted": False, "notes": [], "words": ""}
    connection.execute(contents.insert(), content)
    for n in (1, 2):
        place = {"id": n, "path": f"/{n}", "folder": "/", "name_key": "", "words": "", "size": 1, "mtime_ns": 1}
        rest = {"content_id": 1, "partners": [], "sidecars": [], "missing": False}
        connection.execute(photos.insert(), place | rest)
