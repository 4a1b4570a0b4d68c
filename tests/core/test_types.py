"""The values that travel are frozen, so that no room can change what another one holds."""

import dataclasses
from pathlib import Path

import pytest

from photocull.catalog import records
from photocull.core import types, work

VALUES = [v for room in (types, work, records) for v in vars(room).values() if dataclasses.is_dataclass(v)]


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_a_value_is_frozen_and_small(kind: type) -> None:
    assert kind.__dataclass_params__.frozen
    assert "__dict__" not in dir(kind)


def test_a_photo_cannot_be_changed() -> None:
    photo = types.Photo(Path("a.jpg"), 10, 0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        photo.size = 11


def test_photos_are_equal_by_what_they_say() -> None:
    one, same, other = (types.Photo(Path("a.jpg"), size, 0) for size in (10, 10, 11))
    assert one == same != other
    assert len({one, same, other}) == 2
