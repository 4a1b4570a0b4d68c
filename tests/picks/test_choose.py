"""Choosing the best: by count or share, in a stated order, with ties that never depend on chance."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.catalog.records import PhotoDetail, PhotoRow
from photocull.core.types import Exif, Photo
from photocull.picks.choose import top


def detail(
    name: str, overall: float | None = 5.0, *, taken: datetime | None = None, colour: float = 1.0
) -> PhotoDetail:
    path = Path("/photos") / name
    row = PhotoRow(
        id=1, path=path, fingerprint="f", status="ok", error=None, width=1, height=1, aesthetic=overall, colour=colour,
        technical=overall, overall=overall, flags=(), rating=None, pick=None, label=None, rated_by=None,
    )  # fmt: skip
    return PhotoDetail(row, Photo(path, 1, 1), Exif(taken=taken), overall is not None, "m", "mf")


def names(details: list[PhotoDetail]) -> list[str]:
    return [one.row.path.name for one in details]


def test_the_best_come_first_and_equal_ones_by_path() -> None:
    photos = [detail("c", 5), detail("a", 5), detail("b", 9), detail("d", 1)]
    assert names(top(photos)) == ["b", "a", "c", "d"]
    assert names(top(photos[::-1], count=2)) == ["b", "a"]


def test_a_photo_without_the_value_is_left_out() -> None:
    assert names(top([detail("a", None), detail("b", 3)], count=5)) == ["b"]


def test_the_sort_key_decides() -> None:
    photos = [detail("a", 9, colour=1), detail("b", 1, colour=9)]
    assert names(top(photos, sort="colour")) == ["b", "a"]
    assert names(top(photos, sort="aesthetic")) == ["a", "b"]


def test_the_latest_come_first_whether_or_not_the_camera_knew_its_zone() -> None:
    photos = [
        detail("early", taken=datetime(2024, 5, 1, 10)),
        detail("late", taken=datetime(2024, 5, 1, 12, tzinfo=UTC)),
        detail("unknown"),
    ]
    assert names(top(photos, sort="taken")) == ["late", "early"]


@pytest.mark.parametrize(("percent", "kept"), [(30, 3), (25, 3), (1, 1), (100, 10), (10, 1)])
def test_a_share_is_rounded_up_but_not_by_binary_fractions(percent: float, kept: int) -> None:
    assert len(top([detail(str(i), i) for i in range(10)], percent=percent)) == kept


@pytest.mark.parametrize(
    "wrong", [{"count": 0}, {"percent": 0.0}, {"percent": 101.0}, {"count": 1, "percent": 1.0}, {"count": -3}]
)
def test_a_choice_that_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"count|percent"):
        top([detail("a")], **wrong)  # a wrong request on purpose


@given(st.lists(st.floats(0, 10), max_size=30), st.randoms())
def test_the_order_of_the_input_does_not_matter(scores: list[float], random: object) -> None:
    photos = [detail(f"{i:03}", score) for i, score in enumerate(scores)]
    shuffled = list(photos)
    random.shuffle(shuffled)
    assert names(top(shuffled, count=10)) == names(top(photos, count=10))
