"""What lies outside against what was decided here: who wins, what is told, and that nothing is forgotten."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.marks import Mark
from photocull.catalog.outside import judged
from photocull.catalog.query import facets, journal, photo_ids, photo_rows, standings
from photocull.catalog.records import Filter, Heard, Saying, Sort
from photocull.core.types import Decision, DecisionField, Who
from tests.catalog.building import MODEL, filled


def says(value: str | None, *, by: str = "sidecar", weak: bool = False, kept: str = "") -> Saying:
    return Saying(value, "policy" if by == "policy" else "sidecar", value or "none", "a.xmp", weak, kept=kept)


PHOTOGRAPHER, POLICY, NOBODY = Mark("2", "photographer"), Mark("2", "photocull"), Mark()


@pytest.mark.parametrize(
    ("saying", "now", "before", "verdict"),
    [
        (says("4"), NOBODY, None, "take"),
        (says("4"), POLICY, None, "take"),
        (says("4"), POLICY, "2", "take"),
        (says("4"), PHOTOGRAPHER, "2", "take"),  # theirs changed since ours was there
        (says("4"), PHOTOGRAPHER, "4", "leave"),  # only ours changed
        (says("4"), PHOTOGRAPHER, None, "dispute"),
        (says("4"), PHOTOGRAPHER, "3", "dispute"),  # both changed
        (says("2"), PHOTOGRAPHER, "3", "agree"),
        (says("2"), POLICY, "2", "take"),  # a photographer says the same: theirs now
        (says(None, weak=True), PHOTOGRAPHER, None, "leave"),
        (says(None, weak=True), NOBODY, None, "agree"),
        (says(None, weak=True), PHOTOGRAPHER, "2", "take"),  # taken away outside
        (says(None), PHOTOGRAPHER, None, "dispute"),
        (says("4", by="policy"), NOBODY, None, "take"),
        (says("2", by="policy"), POLICY, None, "agree"),
        (Saying(None, "sidecar", "4|3", "a.xmp", sentence="they differ"), NOBODY, None, "dispute"),
        (Saying(None, "sidecar", "4|3", "a.xmp", sentence="they differ"), NOBODY, "4|3", "leave"),
    ],
)
def test_who_wins(saying: Saying, now: Mark, before: str | None, verdict: str) -> None:
    assert judged(saying, now, before) == verdict


@pytest.mark.parametrize(
    ("saying", "before", "beside", "verdict"),
    [
        (says("4", kept="2"), "2", None, "take"),  # the file's word is news beside a sidecar's that is none
        (says("4", kept="3"), "3", None, "dispute"),
        (says("4", kept="3"), "3", "2", "take"),  # what stands here came from the file
        (says("4", kept="3"), "3", "4", "leave"),
        (says("4"), "3", "2", "take"),  # the sidecar changed after that
        (says("3"), "3", "2", "leave"),
        (says("2"), "2", "4", "leave"),  # a difference with the file goes on
        (says("2", kept="2"), "2", "4", "agree"),  # the file gave way
    ],
)
def test_who_wins_where_the_photo_s_file_said_something_later_than_its_sidecar(
    saying: Saying, before: str, beside: str | None, verdict: str
) -> None:
    assert judged(saying, PHOTOGRAPHER, before, beside) == verdict


def test_a_photographer_s_mark_here_gives_way_only_to_a_change_outside_after_it_was_there() -> None:
    values = (None, "1", "2", "3")
    for value, weak, mine, before in product(values, (False, True), values, (None, "none", "1", "2", "3")):
        verdict = judged(says(value, weak=weak and value is None), Mark(mine, "photographer"), before)
        if verdict == "take":
            assert before == (mine or "none")
            assert value != mine


def heard(photo: int, notes: tuple[str, ...] = (), **sayings: Saying) -> Heard:
    by_field: dict[DecisionField, Saying] = dict(sayings)  # type: ignore[arg-type]
    return Heard(photo, "stamp", by_field, notes)


def test_what_was_heard_is_in_the_journal_as_a_sidecar_s_word(catalog: Catalog) -> None:
    photo, other, _ = filled(catalog)
    changed = catalog.writer.hear([heard(photo, rating=says("4"), pick=says("reject")), heard(other)]).result(10)
    assert changed == (photo,)
    row = photo_rows(catalog, [photo], MODEL)[0]
    assert (row.rating, row.pick, row.rated_by) == (4, "reject", "photographer")
    assert {(e.field, e.after, e.who) for e in journal(catalog)} == {
        ("rating", 4, "sidecar"),
        ("pick", "reject", "sidecar"),
    }
    assert catalog.writer.undo("test").result(10) is None, "what others decided is not this window's to undo"
    assert catalog.check() == ()


def test_notes_and_disputes_are_problems_of_the_photo_until_they_are_over(catalog: Catalog) -> None:
    photo, other, _ = filled(catalog)
    catalog.writer.decide([Decision(photo, "rating", 2)], initiator="test").result(10)
    catalog.writer.hear([heard(photo, rating=says("4")), heard(other, notes=("b.xmp: broken",))]).result(10)
    problems = Filter(problems_only=True)
    assert set(photo_ids(catalog, problems, Sort(), MODEL)) == {photo, other}
    assert facets(catalog, Filter(), MODEL).problems == 2
    assert "a.xmp says 4 stars, the catalogue 2 stars" in photo_rows(catalog, [photo], MODEL)[0].notes[0]
    catalog.writer.decide([Decision(photo, "label", "red")], initiator="test").result(10)
    assert photo in photo_ids(catalog, problems, Sort(), MODEL)
    catalog.writer.decide([Decision(photo, "rating", 5, "policy")], initiator="test").result(10)
    assert photo in photo_ids(catalog, problems, Sort(), MODEL)
    told: list[object] = []
    catalog.writer.add_listener(told.append)
    catalog.writer.decide([Decision(photo, "rating", 2)], initiator="test").result(10)
    catalog.writer.remove_listener(told.append)
    assert len(told) == 1, "the list of problems hears of it though no mark changed"
    catalog.writer.hear([heard(other)]).result(10)
    assert photo_ids(catalog, problems, Sort(), MODEL) == []


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("rating", "x", "a.xmp says 'x', which is no rating."),
        ("rating", "9", "a.xmp says '9', which is no rating."),
        ("pick", "4", "a.xmp says '4', which is no pick."),
        ("label", "pink", "a.xmp says 'pink', which is no label."),
    ],
)
def test_a_word_that_no_photo_can_have_is_told_and_keeps_nothing_else_out(
    catalog: Catalog, field: DecisionField, value: str, told: str
) -> None:
    photo, other, _ = filled(catalog)
    others: dict[str, Saying] = {"rating": says("3"), "pick": says("reject"), "label": says("blue")}
    one = heard(photo, **{**others, field: says(value)})
    catalog.writer.hear([heard(other, rating=says("4")), one]).result(10)
    rows = {row.id: row for row in photo_rows(catalog, [photo, other], MODEL)}
    assert (rows[other].rating, rows[photo].notes) == (4, (told,))
    expected = {"rating": 3, "pick": "reject", "label": "blue", field: None}
    assert {name: getattr(rows[photo], name) for name in expected} == expected


def test_what_is_known_of_outside_goes_with_its_photo_and_survives_a_restart(location: Path | str) -> None:
    with open_catalog(location) as catalog:
        photo, *_ = filled(catalog)
        catalog.writer.hear([heard(photo, rating=says("4"))]).result(10)
    with open_catalog(location) as catalog:
        standing = standings(catalog, [photo])[photo]
        assert (standing.stamp, standing.said, standing.untold) == ("stamp", {"rating": "4"}, False)
        catalog.writer.forget(Path("/photos")).result(10)
        assert standings(catalog, [photo]) == {}
        assert catalog.writer.hear([heard(photo, rating=says("1"))]).result(10) == ()
        assert catalog.check() == ()


def test_an_undone_decision_is_told_as_cleared(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    catalog.writer.decide([Decision(photo, "rating", 4)], initiator="test").result(10)
    assert standings(catalog, [photo])[photo].untold
    catalog.writer.hear([heard(photo, rating=says("4"))]).result(10)
    catalog.writer.undo("test").result(10)
    standing = standings(catalog, [photo])[photo]
    assert standing.untold
    assert standing.decided == {"rating": Mark(None, "photographer")}


def test_what_we_wrote_before_a_kill_is_no_dispute_and_another_photocull_s_word_is_one(catalog: Catalog) -> None:
    ours, theirs, _ = filled(catalog)
    for stars in (1, 3):  # 3 reached the sidecar and was read there; 5 reached it, and the writer was killed
        catalog.writer.decide([Decision(photo, "rating", stars) for photo in (ours, theirs)], initiator="t").result(10)
    catalog.writer.hear([heard(photo, rating=says("3")) for photo in (ours, theirs)]).result(10)
    for stars in (5, 4):
        catalog.writer.decide([Decision(photo, "rating", stars) for photo in (ours, theirs)], initiator="t").result(10)
    written = {ours: replace(says("5"), recorded=True), theirs: replace(says("1"), recorded=True)}
    catalog.writer.hear([heard(photo, rating=saying) for photo, saying in written.items()]).result(10)
    standing = standings(catalog, [ours, theirs])
    assert (standing[ours].disputes, standing[ours].untold) == ({}, True)
    assert "says 1 star, the catalogue 4 stars" in standing[theirs].disputes["rating"], "decided here before 3 was read"
    assert [row.rating for row in photo_rows(catalog, [ours, theirs], MODEL)] == [4, 4]


@pytest.mark.parametrize("who", ["photographer", "policy"])
def test_what_we_wrote_before_a_kill_does_not_come_back_when_the_mark_before_it_was_decided_again(
    catalog: Catalog, who: Who
) -> None:
    (photo,) = filled(catalog, 1)

    def decide(stars: int) -> None:
        catalog.writer.decide([Decision(photo, "rating", stars, who)], initiator="t").result(10)

    decide(1)
    catalog.writer.hear([heard(photo, rating=says("1"))]).result(10)
    decide(3)  # it reached the sidecar, and the writer was killed
    decide(1)
    by = "policy" if who == "policy" else "sidecar"
    catalog.writer.hear([heard(photo, rating=replace(says("3", by=by), recorded=True))]).result(10)
    standing = standings(catalog, [photo])[photo]
    assert (standing.marks["rating"].value, standing.disputes, standing.untold) == ("1", {}, True)


def test_a_decision_made_while_a_sidecar_was_read_counts_as_made_after_it(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    before = standings(catalog, [photo])[photo].as_of
    catalog.writer.decide([Decision(photo, "rating", 3)], initiator="t").result(10)
    assert standings(catalog, [photo])[photo].as_of > before
    catalog.writer.hear([replace(heard(photo), as_of=before)]).result(10)
    assert standings(catalog, [photo])[photo].heard_at == before
    catalog.writer.decide([Decision(photo, "rating", 4)], initiator="t").result(10)
    catalog.writer.hear([heard(photo, rating=replace(says("3"), recorded=True))]).result(10)
    standing = standings(catalog, [photo])[photo]
    assert (standing.marks["rating"].value, standing.disputes) == ("4", {})
