"""Pairs are drawn from the training split, the same for one seed, the faults that are hard to see most often."""

from collections import Counter
from pathlib import Path

from photocull.training.damage import KINDS
from photocull.training.pair_choice import damaged_pairs
from photocull.training.sights import Sight

PHOTOS = [Path(f"{k}.jpg") for k in range(400)]


def test_what_is_hard_to_see_is_drawn_most_often() -> None:
    drawn = Counter(pair.worse.kind for pair in damaged_pairs(PHOTOS, seed=1, each=3))
    assert set(drawn) == set(KINDS)
    assert drawn.most_common(1)[0][0] == "tilt"
    assert min(drawn["overexposed"], drawn["underexposed"]) > 1.3 * drawn["noise"]


def test_a_photo_is_damaged_in_ways_that_differ() -> None:
    pairs = damaged_pairs(PHOTOS, seed=2, each=3)
    for k in range(len(PHOTOS)):
        assert len({pair.worse.kind for pair in pairs[3 * k : 3 * k + 3]}) == 3
    assert pairs == damaged_pairs(PHOTOS, seed=2, each=3)


def test_the_better_picture_is_the_photo_a_weaker_copy_or_for_a_tilt_also_a_level_crop() -> None:
    tilts: Counter[str] = Counter()
    for pair in damaged_pairs(PHOTOS, seed=3, each=3):
        assert pair.head == "quality"
        if pair.better.change == "damaged":
            assert pair.better.strength == pair.worse.strength - 2 > 0
        elif pair.better.change == "sound":
            assert pair.better == Sight(pair.worse.path, "sound", "tilt", pair.worse.strength)
        else:
            assert pair.better == Sight(pair.worse.path)
        if pair.worse.kind == "tilt":
            tilts[pair.better.change] += 1
    assert min(tilts["sound"], tilts["plain"]) > 30
