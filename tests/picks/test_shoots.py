"""Which photos are one shoot."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from photocull.catalog.ratable import Ratable
from photocull.picks.shoots import Shoot, shoots
from tests.picks.ratables import photo

HOUR = 3600.0


def names(found: list[Shoot]) -> list[list[str]]:
    return [[p.path.name for p in shoot] for shoot in found]


def test_each_folder_is_a_shoot() -> None:
    photos = [photo(1, folder="/b"), photo(2, folder="/a"), photo(3, folder="/b"), photo(4, folder="/b/below")]
    assert [[p.id for p in shoot] for shoot in shoots(photos, None)] == [[2], [1, 3], [4]]


def test_a_long_pause_begins_another_shoot_and_a_short_one_does_not() -> None:
    photos = [photo(n, seconds=hour * HOUR) for n, hour in enumerate([0, 1, 6.9, 13, 14])]
    assert [[p.id for p in shoot] for shoot in shoots(photos, 6)] == [[0, 1, 2], [3, 4]]
    assert [[p.id for p in shoot] for shoot in shoots(photos, None)] == [[0, 1, 2, 3, 4]]


def test_a_photo_that_closes_the_gap_makes_two_shoots_one() -> None:
    apart = [photo(1, seconds=0.0), photo(2, seconds=10 * HOUR)]
    assert len(shoots(apart, 6)) == 2
    assert len(shoots([*apart, photo(3, seconds=5 * HOUR)], 6)) == 1


def test_a_photo_without_a_time_is_in_the_shoot_of_the_one_named_before_it() -> None:
    timed = [photo(1, seconds=0.0, name="IMG_2.jpg"), photo(2, seconds=24 * HOUR, name="IMG_10.jpg")]
    untimed = [photo(n, name=name) for n, name in [(3, "IMG_1.jpg"), (4, "IMG_3.jpg"), (5, "IMG_11.jpg")]]
    found = names(shoots([*timed, *untimed], 6))
    assert found == [["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg"], ["IMG_10.jpg", "IMG_11.jpg"]]


def test_a_folder_without_any_time_is_one_shoot() -> None:
    assert len(shoots([photo(n) for n in range(5)], 6)) == 1


times = st.one_of(st.none(), st.floats(0, 1e6))
photos = st.lists(st.tuples(st.sampled_from(["/a", "/b"]), times), max_size=20).map(
    lambda drawn: [photo(n, folder=folder, seconds=seconds) for n, (folder, seconds) in enumerate(drawn)]
)


@settings(max_examples=60, deadline=None)
@given(photos, st.one_of(st.none(), st.floats(0.1, 100)), st.randoms(use_true_random=False))
def test_every_photo_is_in_one_shoot_whatever_order_they_come_in(
    drawn: list[Ratable], gap: float | None, chance: object
) -> None:
    found = shoots(drawn, gap)
    assert sorted(p.id for shoot in found for p in shoot) == sorted(p.id for p in drawn)
    shuffled = chance.sample(drawn, len(drawn))  # type: ignore[attr-defined]
    assert [[p.id for p in shoot] for shoot in shoots(shuffled, gap)] == [[p.id for p in shoot] for shoot in found]
    for shoot in found:
        times = sorted(p.seconds for p in shoot if p.seconds is not None)
        if gap is not None:
            assert all(b - a <= gap * HOUR for a, b in pairwise(times))
