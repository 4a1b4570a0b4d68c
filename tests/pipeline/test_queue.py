"""The queue: newest first, what is on the screen before that, one request a content."""

import threading
from pathlib import Path

from photocull.catalog.records import FoundPhoto
from photocull.core.types import Photo
from photocull.pipeline.queue import Place, Waiting, requests


def place(photo_id: int, *, age: int = 0, content: str | None = None) -> Place:
    photo = Photo(Path(f"/photos/{photo_id:05}.jpg"), 10, 1_000_000 - age)
    return photo_id, FoundPhoto(photo, content or f"content-{photo_id}")


def drained(waiting: Waiting) -> list[int]:
    return [request.photo_id for request in iter(waiting.take, None)]


def test_the_newest_file_comes_first_and_equal_ones_by_path() -> None:
    assert drained(Waiting(requests([place(1, age=5), place(3), place(2), place(4, age=9)]))) == [2, 3, 1, 4]


def test_what_is_visible_comes_before_the_newest() -> None:
    waiting = Waiting(requests(place(i, age=i) for i in range(6)), preferred=[4, 99])
    first = waiting.take()
    waiting.prefer([3, 5, 4])
    assert first is not None
    assert [first.photo_id, *drained(waiting)] == [4, 3, 5, 0, 1, 2]


def test_copies_of_one_content_are_one_request_and_either_may_be_preferred() -> None:
    waiting = Waiting(requests([place(1, age=3, content="same"), place(2, age=1), place(3, age=2, content="same")]))
    waiting.prefer([1])
    request = waiting.take()
    assert request is not None
    assert [photo_id for photo_id, _ in request.places] == [3, 1]
    other = request.elsewhere()
    assert other is not None
    assert (other.photo_id, other.elsewhere()) == (1, None)
    assert len(waiting) == 1


def test_a_request_that_is_put_back_comes_last() -> None:
    waiting = Waiting(requests([place(1), place(2)]))
    first = waiting.take()
    assert first is not None
    waiting.add(first)
    assert drained(waiting) == [2, 1]


def test_many_threads_take_each_request_once() -> None:
    waiting = Waiting(requests(place(i) for i in range(2000)))
    taken: list[list[int]] = [[] for _ in range(4)]
    threads = [threading.Thread(target=lambda mine=mine: mine.extend(drained(waiting))) for mine in taken]
    for thread in threads:
        thread.start()
    waiting.prefer(range(1000, 1500))
    for thread in threads:
        thread.join()
    assert sorted(i for mine in taken for i in mine) == list(range(2000))
