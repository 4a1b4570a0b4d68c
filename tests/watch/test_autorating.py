"""Rating a real catalogue by a policy: what is marked, why, and that it is taken back and never forced on anybody."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.query import journal, photo_details, photo_rows
from photocull.catalog.ratable import ratable
from photocull.catalog.records import Heard, Saying
from photocull.core.errors import CancelledError
from photocull.core.types import Decision, DecisionField, Exif
from photocull.core.work import CancelToken
from photocull.picks.policy import FaultRule, Policy, Rule, SeriesRule
from photocull.picks.rating import Proposal, proposals
from photocull.picks.shoots import Shoot
from photocull.watch.autorating import AutoRating, own_marks, take_back
from tests.catalog.building import MODEL, found, judgement, register, scored, store

TOP = Policy("top", "x", gap_hours=6, fewest=5, rules=(Rule(5, best_percent=10), Rule(3, best_percent=30)))
SOFT = Policy("strict", "x", faults=(FaultRule("blurred", "reject", 3.5),))
START = datetime(2024, 5, 1, 10, 0, 0)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with open_catalog(tmp_path / "catalog.sqlite") as catalog:
        yield catalog


def shot(catalog: Catalog, folder: str, scores: Sequence[float], *, first: int = 0, hour: float = 0) -> tuple[int, ...]:
    """Photos of one folder, taken a minute apart from an hour on, with these overall scores."""
    names = [f"{folder}/IMG_{first + n:03}.jpg" for n in range(len(scores))]
    ids = register(catalog, *(found(name, name) for name in names))
    times = [START + timedelta(hours=hour, minutes=first + n) for n in range(len(scores))]
    store(
        catalog,
        [
            scored(i, name, judgement(score, flags=()), exif=Exif(taken=time))
            for i, name, score, time in zip(ids, names, scores, times, strict=True)
        ],
    )
    return ids


def stars(catalog: Catalog, ids: Sequence[int]) -> list[int | None]:
    return [row.rating for row in photo_rows(catalog, ids, MODEL)]


def test_a_shoot_is_rated_in_one_batch_as_the_program_s_own_with_reasons(catalog: Catalog) -> None:
    ids = shot(catalog, "/a", range(1, 11))
    report = AutoRating(catalog, MODEL, TOP).rate(ids, CancelToken())
    assert stars(catalog, ids) == [None] * 7 + [3, 3, 5]
    assert {row.rated_by for row in photo_rows(catalog, ids[7:], MODEL)} == {"photocull"}
    assert (report.photos, report.shoots, report.unranked, report.kept, len(report.changes)) == (10, 1, 0, 0, 3)
    assert len({entry.batch for entry in journal(catalog)}) == 1
    (because,) = photo_details(catalog, ids[-1:], MODEL)[0].rated_because
    assert (because.policy, because.field) == ("top", "rating")
    assert because.text == "among the best 10 % of 10 photos in this shoot"
    assert catalog.check() == ()


def test_a_proposal_changes_nothing(catalog: Catalog) -> None:
    ids = shot(catalog, "/a", range(1, 11))
    rating = AutoRating(catalog, MODEL, TOP)
    proposed = rating.propose(ids, CancelToken())
    assert [(p.path.name, p.before, p.after) for p in proposed] == [
        ("IMG_007.jpg", None, 3), ("IMG_008.jpg", None, 3), ("IMG_009.jpg", None, 5),
    ]  # fmt: skip
    assert journal(catalog) == []
    assert stars(catalog, ids) == [None] * 10
    assert rating.rate(ids, CancelToken()).changes == proposed
    assert rating.propose(ids, CancelToken()) == ()
    assert rating.rate(ids, CancelToken()).changes == ()


def test_of_a_photo_that_the_photographer_marks_meanwhile_only_what_came_true_is_told(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = shot(catalog, "/a", range(1, 11))
    policy = replace(TOP, rules=(Rule(5, pick=True, best_percent=10),))

    def quicker(field: DecisionField, value: Any) -> None:
        catalog.writer.decide([Decision(ids[-1], field, value)], initiator="window").result()

    def late(shoot: Shoot, policy: Policy) -> list[Proposal]:
        made = proposals(shoot, policy)
        quicker("pick", "reject")
        return made

    def later(*asked: Any) -> tuple[Proposal, ...]:
        made = own_marks(*asked)
        quicker("rating", 2)
        return made

    monkeypatch.setattr("photocull.watch.autorating.proposals", late)
    changes = AutoRating(catalog, MODEL, policy).rate(ids, CancelToken()).changes
    assert [(change.photo_id, change.field, change.after) for change in changes] == [(ids[-1], "rating", 5)]
    monkeypatch.setattr("photocull.watch.autorating.own_marks", later)
    assert take_back(catalog, ids, MODEL) == ()
    (row,) = photo_rows(catalog, ids[-1:], MODEL)
    assert (row.rating, row.pick) == (2, "reject")


def test_each_shoot_is_a_batch_and_one_photo_brings_its_shoot_along_but_no_other(catalog: Catalog) -> None:
    morning, next_day = shot(catalog, "/a", range(1, 11)), shot(catalog, "/a", range(1, 11), first=20, hour=24)
    elsewhere = shot(catalog, "/b", range(1, 11))
    AutoRating(catalog, MODEL, TOP).rate([morning[0]], CancelToken())
    assert sum(map(bool, stars(catalog, morning))) == 3
    assert not any(stars(catalog, [*next_day, *elsewhere]))
    report = AutoRating(catalog, MODEL, TOP).rate([*morning, *next_day, *elsewhere], CancelToken())
    assert (report.shoots, len(report.changes)) == (3, 6)
    assert len({entry.batch for entry in journal(catalog)}) == 3


def test_ranks_follow_a_shoot_that_grows(catalog: Catalog) -> None:
    first = shot(catalog, "/a", range(1, 11))
    rating = AutoRating(catalog, MODEL, TOP)
    rating.rate(first, CancelToken())
    more = shot(catalog, "/a", [9.5 + n / 100 for n in range(10)], first=10)
    rating.rate(more[:1], CancelToken())
    assert stars(catalog, first) == [None] * 9 + [5]
    assert stars(catalog, more) == [None] * 5 + [3, 3, 3, 3, 5]


def test_photos_out_of_sight_do_not_count(catalog: Catalog) -> None:
    ids = shot(catalog, "/a", range(1, 11))
    catalog.writer.mark_missing([Path("/a/IMG_009.jpg")]).result()
    AutoRating(catalog, MODEL, TOP).rate(ids, CancelToken())
    assert stars(catalog, ids) == [None] * 6 + [3, 3, 5, None]


def test_what_another_model_said_does_not_count(catalog: Catalog) -> None:
    ids = shot(catalog, "/a", range(1, 11))
    assert AutoRating(catalog, "another", TOP).rate(ids, CancelToken()).photos == 0
    assert not any(stars(catalog, ids))


def test_marks_of_the_photographer_and_of_sidecars_stay_and_cleared_ones_stay_cleared(catalog: Catalog) -> None:
    ids = shot(catalog, "/a", range(1, 11))
    rating = AutoRating(catalog, MODEL, TOP)
    rating.rate(ids, CancelToken())
    said = Heard(ids[8], "s", {"rating": Saying("1", "sidecar", "1", "IMG_008.xmp")})
    catalog.writer.hear([said]).result()
    catalog.writer.decide([Decision(ids[9], "rating", None), Decision(ids[0], "rating", 4)], initiator="ui").result()
    assert rating.rate(ids, CancelToken()).kept == 3
    assert stars(catalog, ids) == [4, None, None, None, None, None, None, 3, 1, None]


def test_a_disputed_field_is_left_to_the_photographer(catalog: Catalog) -> None:
    ids = shot(catalog, "/a", range(1, 11))
    quarrel = Saying(None, "sidecar", "4|3", "a.xmp", sentence="a.xmp says 4 stars, b.xmp 3 stars")
    catalog.writer.hear([Heard(ids[9], "s", {"rating": quarrel})]).result()
    AutoRating(catalog, MODEL, TOP).rate(ids, CancelToken())
    assert stars(catalog, ids)[9] is None


def test_undo_and_redo_pass_over_what_a_policy_did(catalog: Catalog) -> None:
    ids = shot(catalog, "/a", range(1, 11))
    catalog.writer.decide([Decision(ids[0], "rating", 2)], initiator="ui").result()
    catalog.writer.undo("ui").result()
    AutoRating(catalog, MODEL, TOP).rate(ids, CancelToken())
    catalog.writer.redo("ui").result()
    assert stars(catalog, ids) == [2] + [None] * 6 + [3, 3, 5]
    catalog.writer.undo("ui").result()
    assert catalog.writer.undo("ui").result() is None
    assert stars(catalog, ids) == [None] * 7 + [3, 3, 5]


def test_a_suggestion_that_was_overruled_comes_back_with_its_reason_when_that_is_undone(catalog: Catalog) -> None:
    ids = shot(catalog, "/a", range(1, 11))
    AutoRating(catalog, MODEL, TOP).rate(ids, CancelToken())
    catalog.writer.decide([Decision(ids[9], "rating", 1)], initiator="ui").result()
    (detail,) = photo_details(catalog, ids[9:], MODEL)
    assert (detail.rated_because, detail.row.suggested) == ((), frozenset())
    catalog.writer.undo("ui").result()
    (detail,) = photo_details(catalog, ids[9:], MODEL)
    assert [because.policy for because in detail.rated_because] == ["top"]
    assert detail.row.suggested == {"rating"}


def test_another_policy_replaces_the_program_s_own_marks(catalog: Catalog) -> None:
    ids = shot(catalog, "/a", range(1, 11))
    AutoRating(catalog, MODEL, TOP).rate(ids, CancelToken())
    AutoRating(catalog, MODEL, replace(TOP, rules=(Rule(2, best_count=1),), name="few")).rate(ids, CancelToken())
    assert stars(catalog, ids) == [None] * 9 + [2]
    assert photo_details(catalog, ids[9:], MODEL)[0].rated_because[0].policy == "few"


def test_taking_back_clears_the_program_s_marks_in_one_batch_and_no_others(catalog: Catalog) -> None:
    ids, other = shot(catalog, "/a", range(1, 11)), shot(catalog, "/b", range(1, 11))
    catalog.writer.decide([Decision(ids[0], "rating", 4)], initiator="ui").result()
    rating = AutoRating(catalog, MODEL, TOP)
    rating.rate([*ids, *other], CancelToken())
    shown = own_marks(catalog, ids, MODEL)
    assert take_back(catalog, ids, MODEL) == shown
    assert len(shown) == 3
    assert stars(catalog, ids) == [4] + [None] * 9
    assert sum(map(bool, stars(catalog, other))) == 3
    assert take_back(catalog, ids, MODEL) == ()
    assert len({entry.batch for entry in journal(catalog)}) == 4
    assert len(rating.rate(ids, CancelToken()).changes) == 3


def test_rating_ends_between_two_shoots_when_it_is_told_to(catalog: Catalog) -> None:
    ids = [*shot(catalog, "/a", range(1, 11)), *shot(catalog, "/b", range(1, 11))]
    token = CancelToken()
    catalog.writer.add_listener(lambda _event: token.cancel())
    with pytest.raises(CancelledError):
        AutoRating(catalog, MODEL, TOP).rate(ids, token)
    assert sum(map(bool, stars(catalog, ids))) == 3
    assert AutoRating(catalog, MODEL, TOP).rate(ids, CancelToken()).changes
    assert sum(map(bool, stars(catalog, ids))) == 6


def test_series_are_known_by_the_embeddings_of_the_catalogue(catalog: Catalog) -> None:
    ids = register(catalog, *(found(f"/a/{n}.jpg", f"c{n}") for n in range(4)))
    looks = np.eye(4, dtype=np.float16)[[0, 0, 1, 1]]
    results = [
        scored(i, f"c{n}", judgement(5.0 + n, embedding=looks[n]), exif=Exif(taken=START + timedelta(seconds=n)))
        for n, i in enumerate(ids)
    ]
    store(catalog, results)
    policy = Policy("best", "x", fewest=1, series=SeriesRule(best_pick=True))
    AutoRating(catalog, MODEL, policy).rate(ids, CancelToken())
    assert [row.pick for row in photo_rows(catalog, ids, MODEL)] == [None, "pick", None, "pick"]


def test_a_reject_says_why(catalog: Catalog) -> None:
    (soft,) = register(catalog, found("/a/1.jpg", "c"))
    store(catalog, [scored(soft, "c", judgement(8.0))])  # its technical score is 2
    AutoRating(catalog, MODEL, SOFT).rate([soft], CancelToken())
    (detail,) = photo_details(catalog, [soft], MODEL)
    assert detail.row.pick == "reject"
    assert [b.text for b in detail.rated_because] == ["blurred; the policy 'strict' rejects such photos"]


def test_what_a_policy_sees_is_what_the_catalogue_knows(catalog: Catalog) -> None:
    (one,) = register(catalog, found("/a/\udc80.jpg", "c"))
    exif = Exif(taken=START, camera="Canon EOS R5", burst="7", bracket="exposure")
    store(catalog, [scored(one, "c", judgement(8.0), exif=exif)])
    (seen,) = ratable(catalog, Path("/a"), MODEL, alike=True)
    assert (seen.id, seen.path, seen.faults) == (one, Path("/a/\udc80.jpg"), ("tilted", "blurred"))
    assert seen.scores == {"aesthetic": 8.0, "colour": 4.0, "technical": 2.0, "overall": 8.0}
    assert (seen.camera, seen.burst, seen.bracketed) == ("Canon EOS R5", "7", True)
    assert seen.embedding is not None
    assert seen.embedding.tolist() == [0.25] * 16
    assert ratable(catalog, Path("/a"), MODEL)[0].embedding is None
