"""Decisions, undo and redo: what the photographer marked last always stands, and the journal always tells why."""

from pathlib import Path
from typing import Any

import pytest

from photocull.catalog import query
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.records import Change, Filter
from photocull.core.errors import UsageError
from photocull.core.types import Decision, DecisionField, Who
from tests.catalog.building import MODEL, filled


def decide(catalog: Catalog, *decisions: Decision) -> Change:
    return catalog.writer.decide(decisions, initiator="test").result(10)


def undo(catalog: Catalog) -> Change | None:
    return catalog.writer.undo("test").result(10)


def redo(catalog: Catalog) -> Change | None:
    return catalog.writer.redo("test").result(10)


def marks(catalog: Catalog, photo_id: int) -> tuple[int | None, str | None, str | None, str | None]:
    row = query.photo_rows(catalog, [photo_id], MODEL)[0]
    return row.rating, row.pick, row.label, row.rated_by


def test_fields_are_independent(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    decide(catalog, Decision(photo, "rating", 4), Decision(photo, "pick", "pick"), Decision(photo, "label", "red"))
    decide(catalog, Decision(photo, "pick", None))
    assert marks(catalog, photo) == (4, None, "red", "photographer")


def test_a_batch_is_one_step_of_undo(catalog: Catalog) -> None:
    ids = filled(catalog, 3)
    decide(catalog, Decision(ids[0], "rating", 2))
    decide(catalog, *(Decision(photo, "rating", 5) for photo in ids))
    change = undo(catalog)
    assert change is not None
    assert set(change.ids) == set(ids)
    assert [marks(catalog, photo)[0] for photo in ids] == [2, None, None]
    assert redo(catalog) is not None
    assert [marks(catalog, photo)[0] for photo in ids] == [5, 5, 5]
    assert redo(catalog) is None


def test_undo_and_redo_go_on_after_a_restart(location: Path | str) -> None:
    with open_catalog(location) as catalog:
        (photo,) = filled(catalog, 1)
        for stars in (1, 2, 3):
            decide(catalog, Decision(photo, "rating", stars))
    with open_catalog(location) as catalog:
        undo(catalog)
        undo(catalog)
    with open_catalog(location) as catalog:
        assert marks(catalog, photo)[0] == 1
        redo(catalog)
        assert marks(catalog, photo)[0] == 2
        assert catalog.check() == ()


def test_a_new_decision_ends_what_could_be_redone(catalog: Catalog) -> None:
    one, two = filled(catalog, 2)
    decide(catalog, Decision(one, "rating", 1))
    undo(catalog)
    decide(catalog, Decision(two, "rating", 2))
    assert redo(catalog) is None
    assert marks(catalog, one)[0] is None


def test_nothing_to_undo_is_said_so(catalog: Catalog) -> None:
    assert undo(catalog) is None
    assert redo(catalog) is None


@pytest.mark.parametrize(
    ("decisions", "sentence"),
    [
        ([("rating", 4)] * 3, "4 stars on 3 photos"),
        ([("rating", 1)], "1 star"),
        ([("pick", "reject")], "Reject"),
        ([("pick", "pick")] * 2, "Pick on 2 photos"),
        ([("label", "red")], "Red label"),
        ([("rating", 1), ("rating", 2), ("rating", 3)], "3 marks on 3 photos"),
    ],
)
def test_changes_are_told_in_words(catalog: Catalog, decisions: list[tuple[Any, Any]], sentence: str) -> None:
    ids = filled(catalog, 3)
    wishes = [Decision(photo, name, value) for photo, (name, value) in zip(ids, decisions, strict=False)]
    assert decide(catalog, *wishes).sentence == sentence
    change = undo(catalog)
    assert change is not None
    assert change.sentence == f"Undid: {sentence[0].lower()}{sentence[1:]}"


def test_clearing_is_told_in_words(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    decide(catalog, Decision(photo, "rating", 3), Decision(photo, "pick", "pick"), Decision(photo, "label", "blue"))
    assert decide(catalog, Decision(photo, "rating", 0)).sentence == "No stars"
    assert decide(catalog, Decision(photo, "pick", None)).sentence == "No flag"
    assert decide(catalog, Decision(photo, "label", None)).sentence == "No label"
    assert marks(catalog, photo) == (None, None, None, None)


def test_what_changes_nothing_is_not_recorded(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    decide(catalog, Decision(photo, "rating", 3))
    assert decide(catalog, Decision(photo, "rating", 3)) == Change("decide", (), 0, "Nothing changed")
    assert decide(catalog, Decision(999, "rating", 3)).ids == ()
    assert len(query.journal(catalog, None, 10)) == 1


def test_the_journal_tells_who_and_what_was_there_before(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    decide(catalog, Decision(photo, "rating", 2, "policy"))
    decide(catalog, Decision(photo, "rating", 4, "sidecar"))
    last, first = query.journal(catalog, photo, 10)
    assert (first.before, first.after, first.who, first.kind) == (None, 2, "policy", "decide")
    assert (last.before, last.after, last.who) == (2, 4, "sidecar")
    assert last.at.tzinfo is not None
    assert last.at >= first.at


@pytest.mark.parametrize("who", ["photographer", "sidecar"])
def test_a_policy_leaves_alone_what_the_photographer_marked(catalog: Catalog, who: Who) -> None:
    one, two = filled(catalog, 2)
    decide(catalog, Decision(one, "rating", 2, who))
    change = decide(catalog, Decision(one, "rating", 5, "policy"), Decision(two, "rating", 5, "policy"))
    assert change.ids == (two,)
    assert marks(catalog, one) == (2, None, None, "photographer")
    assert marks(catalog, two) == (5, None, None, "photocull")


def test_a_cleared_rating_is_a_decision_too(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    decide(catalog, Decision(photo, "rating", 3, "policy"))
    decide(catalog, Decision(photo, "rating", None))
    assert decide(catalog, Decision(photo, "rating", 4, "policy")).ids == ()
    assert marks(catalog, photo)[0] is None


def test_confirming_what_a_policy_said_makes_it_the_photographers(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    decide(catalog, Decision(photo, "rating", 3, "policy"))
    assert decide(catalog, Decision(photo, "rating", 3)).ids == (photo,)
    assert marks(catalog, photo) == (3, None, None, "photographer")
    undo(catalog)
    assert marks(catalog, photo) == (3, None, None, "photocull")


def test_undo_takes_back_the_photographers_batches_only(catalog: Catalog) -> None:
    one, two = filled(catalog, 2)
    decide(catalog, Decision(one, "rating", 3))
    decide(catalog, Decision(two, "rating", 5, "policy"))
    change = undo(catalog)
    assert change is not None
    assert change.ids == (one,)
    assert marks(catalog, two)[0] == 5


def test_undo_leaves_what_another_program_marked_since(catalog: Catalog) -> None:
    one, two = filled(catalog, 2)
    decide(catalog, Decision(one, "rating", 3), Decision(two, "rating", 3))
    decide(catalog, Decision(one, "rating", 1, "sidecar"))
    change = undo(catalog)
    assert change is not None
    assert change.ids == (two,)
    assert (marks(catalog, one)[0], marks(catalog, two)[0]) == (1, None)


def test_redo_wins_over_what_a_policy_said_meanwhile(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    decide(catalog, Decision(photo, "rating", 4))
    undo(catalog)
    decide(catalog, Decision(photo, "rating", 2, "policy"))
    redo(catalog)
    assert marks(catalog, photo) == (4, None, None, "photographer")
    undo(catalog)
    assert marks(catalog, photo) == (2, None, None, "photocull")


@pytest.mark.parametrize(
    ("name", "value"), [("rating", 6), ("rating", -1), ("rating", True), ("pick", "maybe"), ("label", "pink")]
)
def test_a_value_that_no_photo_can_have_is_refused(catalog: Catalog, name: DecisionField, value: Any) -> None:
    (photo,) = filled(catalog, 1)
    with pytest.raises(UsageError, match="is not a"):
        decide(catalog, Decision(photo, name, value))
    assert query.journal(catalog, None, 10) == []


def test_ratings_filter_and_facets_follow_decisions(catalog: Catalog) -> None:
    one, _ = filled(catalog, 2)
    decide(catalog, Decision(one, "rating", 4))
    assert query.facets(catalog, Filter(min_rating=4), MODEL).shown == 1
