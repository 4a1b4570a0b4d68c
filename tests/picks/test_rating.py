"""What a policy proposes for a shoot, and why."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photocull.catalog.marks import Mark
from photocull.catalog.ratable import Ratable
from photocull.core.types import DecisionField
from photocull.core.vocabulary import FLAGS
from photocull.picks.policy import FaultRule, Policy, Rule, SeriesRule
from photocull.picks.rating import Proposal, proposals, wishes
from photocull.picks.shoots import Shoot
from tests.picks.ratables import marked, photo, shoot
from tests.picks.test_policy import policies

TOP = Policy("top", "x", fewest=5, rules=(Rule(5, best_percent=10), Rule(3, best_percent=30)))
STRICT = Policy("strict", "x", rules=(Rule(4, at_least=6),), faults=(FaultRule("blurred", "reject", 3.5),))
BEST_OF = Policy("best", "x", fewest=1, rules=(Rule(5, best_count=1),), series=SeriesRule(3, True, None, 1))
SAME = np.eye(4, dtype=np.float32)


def given_to(shoot: Shoot, policy: Policy, field: DecisionField = "rating") -> dict[int, int | str]:
    return {i: wish[field][0] for i, wish in wishes(shoot, policy).items() if field in wish}


def carried_out(shoot: Shoot, changes: list[Proposal]) -> Shoot:
    """The shoot after its proposals came true, as the journal would have it."""
    marks: dict[int, dict[Any, Mark]] = {}
    for change in changes:
        value = None if change.after is None else str(change.after)
        marks.setdefault(change.photo_id, {})[change.field] = Mark(value, "photocull")
    return tuple(replace(p, marks={**p.marks, **marks.get(p.id, {})}) for p in shoot)


def test_the_best_of_a_shoot_have_stars_by_their_share_with_the_reason() -> None:
    changes = proposals(shoot(20), TOP)
    assert {(c.photo_id, c.after) for c in changes} == {(20, 5), (19, 5), (18, 3), (17, 3), (16, 3), (15, 3)}
    assert changes[-1].reason == "among the best 10 % of 20 photos in this shoot"


def test_a_shoot_of_few_photos_has_no_ranks_but_keeps_its_thresholds() -> None:
    both = replace(TOP, fewest=5, rules=(*TOP.rules, Rule(2, at_least=9)))
    assert given_to(shoot(4), both) == {4: 2}
    assert given_to(shoot(5), both) == {5: 5, 4: 3}


def test_photos_that_are_not_judged_do_not_count_and_are_left_as_they_are() -> None:
    unjudged = [photo(n, None, marks=marked(4, "photocull")) for n in range(100, 130)]
    assert given_to((*shoot(10), *unjudged), TOP) == {10: 5, 9: 3, 8: 3}
    assert {c.photo_id for c in proposals((*shoot(10), *unjudged), TOP)} == {10, 9, 8}


def test_equal_scores_are_ranked_by_path() -> None:
    photos = tuple(photo(n, 5.0, name=f"{9 - n}.jpg") for n in range(10))
    assert given_to(photos, TOP) == {9: 5, 8: 3, 7: 3}


def test_absolute_thresholds_give_the_same_stars_in_any_company() -> None:
    policy = Policy("absolute", "x", rules=(Rule(5, at_least=8), Rule(2, at_least=4, score="technical")))
    lone = photo(1, 5.0, scores={"technical": 4.0})
    assert given_to((lone,), policy) == {1: 2}
    assert given_to((lone, photo(2, 7.9), photo(3, 8.0), photo(4, 3.9)), policy) == {1: 2, 2: 2, 3: 5}
    (change,) = proposals((lone,), policy)
    assert change.reason == "technical score 4.0, which is 4 or more"


def test_a_rule_of_rank_and_score_asks_for_both() -> None:
    policy = Policy("both", "x", fewest=1, rules=(Rule(5, best_percent=50, at_least=9),))
    changes = proposals(shoot(10), policy)
    assert {c.photo_id for c in changes} == {9, 10}
    assert changes[0].reason == "among the best 50 % of 10 photos in this shoot, overall score 9.0, which is 9 or more"


def test_each_of_stars_flag_and_label_comes_from_the_first_rule_that_gives_it() -> None:
    rules = (
        Rule(None, True, None, best_count=1),
        Rule(5, False, None, best_count=2),
        Rule(3, False, "green", best_count=3),
    )
    policy = Policy("all", "x", fewest=1, rules=rules)
    assert given_to(shoot(5), policy) == {5: 5, 4: 5, 3: 3}
    assert given_to(shoot(5), policy, "pick") == {5: "pick"}
    assert given_to(shoot(5), policy, "label") == {5: "green", 4: "green", 3: "green"}


def test_a_sure_fault_rejects_with_the_reason_and_takes_the_stars() -> None:
    soft = photo(1, 7.0, scores={"technical": 3.0}, faults=("blurred",), marks=marked(4, "photocull"))
    stars, flag = proposals((soft,), STRICT)
    assert (stars.field, stars.after) == ("rating", None)
    assert (flag.field, flag.after) == ("pick", "reject")
    assert flag.reason == "blurred; the policy 'strict' rejects such photos"


def test_a_fault_that_is_not_sure_enough_costs_nothing() -> None:
    assert given_to((photo(1, 7.0, faults=("blurred",)),), STRICT) == {1: 4}


def test_shots_of_a_bracketing_are_not_held_to_faults_or_series() -> None:
    dark = photo(1, 7.0, scores={"technical": 1.0}, faults=("blurred",), bracketed=True)
    assert given_to((dark,), STRICT) == {1: 4}
    together = tuple(photo(n, 5.0 + n, burst="b", bracketed=True) for n in range(3))
    assert given_to(together, BEST_OF, "pick") == {}


def test_a_flagged_fault_holds_the_stars_down_gives_a_label_and_no_pick() -> None:
    rules = (Rule(5, True, "green", best_count=1),)
    policy = Policy("flags", "x", fewest=1, rules=rules, faults=(FaultRule("tilted", "flag", None, 2, "yellow"),))
    wish = wishes((photo(1, faults=("tilted",)),), policy)[1]
    assert wish == {
        "rating": (2, "among the best 1 of 1 photos in this shoot; no more than 2: tilted"),
        "label": ("yellow", "tilted"),
    }


def burst(*scores: float, first: int = 1, **more: Any) -> Shoot:
    """One series: frames a second apart that look alike."""
    return tuple(
        photo(first + n, score, seconds=float(first + n), embedding=SAME[0], **more) for n, score in enumerate(scores)
    )


def test_the_best_of_a_series_is_lifted_and_the_others_are_held_down() -> None:
    frames = (*burst(5, 7, 6), photo(9, 9.0, seconds=500.0))
    assert given_to(frames, BEST_OF) == {9: 5, 2: 3}
    assert given_to(frames, BEST_OF, "pick") == {2: "pick"}
    assert wishes(frames, BEST_OF)[2]["rating"][1] == "the best of its series of 3"
    first = (*burst(9, 9.5, 9.2), photo(9, 1.0, seconds=500.0))
    policy = replace(BEST_OF, rules=(Rule(5, best_count=2),))
    assert wishes(first, policy)[3]["rating"] == (
        1,
        "among the best 2 of 2 series and single frames (4 photos in this shoot); "
        "no more than 1: another frame of its series of 3 is better",
    )


def test_a_series_takes_one_place_in_the_ranks() -> None:
    frames = (*burst(9, 9.1, 9.2), photo(8, 8.0, seconds=500.0), photo(9, 1.0, seconds=900.0))
    policy = Policy("one", "x", fewest=1, rules=(Rule(5, best_count=2),), series=SeriesRule(others_most_stars=0))
    assert given_to(frames, policy) == {3: 5, 8: 5}


def test_a_frame_that_is_rejected_is_not_the_best_of_its_series() -> None:
    soft = photo(1, 9.0, scores={"technical": 1.0}, faults=("blurred",), seconds=1.0, embedding=SAME[0])
    policy = replace(BEST_OF, rules=(), faults=(FaultRule("blurred", "reject", 3.5),))
    assert given_to((soft, *burst(5, 4, first=2)), policy, "pick") == {1: "reject", 2: "pick"}


def flagged(frame: Ratable, flag: str) -> Ratable:
    return replace(frame, marks={**frame.marks, **marked(flag, "photographer", "pick")})


def test_the_next_best_frame_speaks_for_a_series_whose_best_one_the_photographer_rejected() -> None:
    frames = burst(5, 7, 6)
    rated = carried_out(frames, proposals(frames, BEST_OF))
    assert given_to(rated, BEST_OF, "pick") == {2: "pick"}
    rejected = (rated[0], flagged(rated[1], "reject"), rated[2])
    changes = proposals(rejected, BEST_OF)
    assert {(c.photo_id, c.field, c.after) for c in changes} == {
        (2, "rating", None), (3, "rating", 5), (3, "pick", "pick"),
    }  # fmt: skip
    assert proposals(carried_out(rejected, changes), BEST_OF) == []
    soft = replace(frames[2], faults=("blurred",))
    strict = replace(BEST_OF, faults=(FaultRule("blurred", "reject"),))
    assert given_to((flagged(frames[0], "reject"), soft), strict, "pick")[3] == "reject"


def test_a_series_of_which_all_frames_are_rejected_has_no_pick_of_the_policy() -> None:
    frames = tuple(flagged(frame, "reject") for frame in burst(5, 7, 6))
    assert proposals(frames, BEST_OF) == []


def test_the_frame_that_the_photographer_picked_is_the_best_and_the_policys_own_pick_is_withdrawn() -> None:
    frames = burst(5, 7, 6)
    rated = carried_out(frames, proposals(frames, BEST_OF))
    picked = (flagged(rated[0], "pick"), *rated[1:])
    changes = proposals(picked, BEST_OF)
    assert {(c.photo_id, c.field, c.after) for c in changes} == {
        (1, "rating", 5), (2, "pick", None), (2, "rating", 1), (3, "rating", 1),
    }  # fmt: skip
    assert proposals(carried_out(picked, changes), BEST_OF) == []


def test_ones_own_mark_is_withdrawn_when_the_rule_no_longer_gives_it() -> None:
    former = replace(photo(1, 1.0), marks=marked(5, "photocull"))
    (change,) = [c for c in proposals((former, *shoot(10)[1:]), TOP) if c.photo_id == 1]
    assert (change.before, change.after) == (5, None)
    assert change.reason == "the policy 'top' gives it no stars now"


def test_ranks_shift_as_the_shoot_grows_and_rating_again_proposes_nothing() -> None:
    small = shoot(10)
    rated = carried_out(small, proposals(small, TOP))
    assert proposals(rated, TOP) == []
    grown = (*rated, *(photo(n, 11.0) for n in range(100, 110)))
    assert {(c.photo_id, c.before, c.after) for c in proposals(grown, TOP) if c.photo_id < 100} == {
        (10, 5, None), (9, 3, None), (8, 3, None),
    }  # fmt: skip
    assert proposals(carried_out(grown, proposals(grown, TOP)), TOP) == []


@pytest.mark.parametrize("value", [None, 1, 5])
def test_stars_of_the_photographer_and_their_removal_stay(value: int | None) -> None:
    mine = replace(photo(99, 10.0), marks=marked(value, "photographer"))
    assert 99 not in {c.photo_id for c in proposals((*shoot(20), mine), TOP)}


def test_a_field_on_which_sidecars_disagree_is_left_alone() -> None:
    disputed = replace(photo(99, 10.0), disputed=frozenset({"rating"}))
    assert 99 not in {c.photo_id for c in proposals((*shoot(20), disputed), TOP)}


@pytest.mark.parametrize("value", [None, 4])
def test_who_gave_or_cleared_stars_gets_no_flag_and_an_old_one_is_withdrawn(value: int | None) -> None:
    soft = photo(1, 7.0, scores={"technical": 1.0}, faults=("blurred",))
    mine = replace(soft, marks=marked(value, "photographer"))
    assert proposals((mine,), STRICT) == []
    rejected = replace(soft, marks=marked(value, "photographer") | marked("reject", "photocull", "pick"))
    (change,) = proposals((rejected,), STRICT)
    assert (change.field, change.after, change.reason) == ("pick", None, "you have decided about this photo")


def test_a_reject_of_the_photographer_has_no_stars_and_a_pick_may() -> None:
    rejected = replace(photo(98, 10.0), marks=marked("reject", "photographer", "pick"))
    picked = replace(photo(99, 10.0), marks=marked("pick", "photographer", "pick"))
    assert {c.photo_id for c in proposals((*shoot(20), rejected, picked), TOP)} >= {99}
    assert 98 not in {c.photo_id for c in proposals((*shoot(20), rejected, picked), TOP)}


MARKS: dict[DecisionField, list[str | None]] = {
    "rating": [None, "1", "3", "5"], "pick": [None, "pick", "reject"], "label": [None, "red", "green"],
}  # fmt: skip


@st.composite
def shoots(draw: st.DrawFn) -> Shoot:
    """Any shoot, with anybody's marks."""

    def one(n: int) -> Ratable:
        marks: dict[DecisionField, Mark] = {}
        for field, values in MARKS.items():
            by = draw(st.sampled_from([None, "photographer", "photocull"]))
            marks[field] = Mark(draw(st.sampled_from(values)), by) if by else Mark()
        score = st.integers(0, 20).map(lambda half: half / 2)
        return photo(
            n,
            draw(st.one_of(st.none(), score)),
            scores={"technical": draw(score)},
            faults=tuple(draw(st.lists(st.sampled_from(FLAGS), max_size=2, unique=True))),
            marks=marks,
            disputed=frozenset(draw(st.sets(st.sampled_from(list(MARKS)), max_size=1))),
            seconds=draw(st.one_of(st.none(), st.integers(0, 30).map(float))),
            burst=draw(st.sampled_from([None, "a"])),
            bracketed=draw(st.booleans()),
            embedding=SAME[draw(st.integers(0, 1))],
        )

    return tuple(one(n) for n in range(draw(st.integers(0, 8))))


@settings(max_examples=60, deadline=None)
@given(shoots(), policies(), st.integers(0, 99))
def test_any_policy_on_any_shoot_is_settled_after_once_and_blind_to_order(
    photos: Shoot, policy: Policy, seed: int
) -> None:
    changes = proposals(photos, policy)
    assert proposals(tuple(random.Random(seed).sample(photos, len(photos))), policy) == changes
    assert proposals(carried_out(photos, changes), policy) == []
    by_id = {p.id: p for p in photos}
    for change in changes:
        assert by_id[change.photo_id].marks[change.field].by != "photographer"
        assert change.field not in by_id[change.photo_id].disputed
        assert change.before != change.after
        assert change.reason
    rejects = {c.photo_id for c in changes if c.after == "reject"}
    assert not any(by_id[i].marks["rating"].by == "photographer" for i in rejects)
    stars = {c.photo_id for c in changes if c.field == "rating" and c.after is not None}
    assert not stars & rejects
