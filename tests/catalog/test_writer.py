"""The writing thread: order, transactions, listeners, errors, and an end that loses nothing."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from photocull.catalog import query
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.records import Filter, Sort
from photocull.core.errors import CatalogError, UsageError
from photocull.core.types import Decision
from photocull.core.work import Event, PhotosChanged
from tests.catalog.building import MODEL, SCHEME, failed, filled, found, judgement, register, scored, store


def test_listeners_hear_which_photos_changed_and_who_asked_after_the_commit(catalog: Catalog) -> None:
    heard: list[tuple[Event, float | None, str]] = []

    def listen(event: Event) -> None:
        assert isinstance(event, PhotosChanged)
        rows = query.photo_rows(catalog, event.ids, MODEL)
        heard.append((event, rows[0].overall, threading.current_thread().name))

    (photo,) = register(catalog, found("/photos/a.jpg", "c"))
    catalog.writer.add_listener(listen)
    store(catalog, [scored(photo, "c", judgement(4.0))])
    catalog.writer.decide([Decision(photo, "rating", 5)], initiator="window").result(10)
    assert [(e, overall) for e, overall, _ in heard] == [
        (PhotosChanged((photo,), "pipeline"), 4.0),
        (PhotosChanged((photo,), "window"), 4.0),
    ]
    assert {thread for *_, thread in heard} == {"catalogue writer"}


def test_all_photos_of_a_content_are_told_when_it_is_judged(catalog: Catalog) -> None:
    ids = register(catalog, found("/a.jpg", "c"), found("/b.jpg", "c"))
    heard: list[Event] = []
    catalog.writer.add_listener(heard.append)
    store(catalog, [scored(ids[1], "c")])
    assert heard == [PhotosChanged(ids, "pipeline")]


def test_a_removed_listener_hears_nothing(catalog: Catalog) -> None:
    heard: list[Event] = []
    catalog.writer.add_listener(heard.append)
    catalog.writer.remove_listener(heard.append)
    catalog.writer.remove_listener(heard.append)
    filled(catalog, 1)
    assert heard == []


@pytest.mark.expects_log
def test_a_listener_that_fails_stops_neither_the_others_nor_the_writing(catalog: Catalog) -> None:
    heard: list[Event] = []

    def broken(_: Event) -> None:
        raise RuntimeError("a view is gone")

    catalog.writer.add_listener(broken)
    catalog.writer.add_listener(heard.append)
    filled(catalog, 1)
    assert len(heard) == 2


def test_an_error_reaches_its_own_future_and_the_thread_lives_on(catalog: Catalog) -> None:
    one, two = filled(catalog, 2)
    gate = _hold(catalog)
    good = catalog.writer.store([scored(one, "content 0", judgement(8.0))])
    bad = catalog.writer.store([scored(two, "content 1", judgement(float("nan")))])
    last = catalog.writer.store([failed(two, "content 1")])
    gate.set()
    with pytest.raises(UsageError, match="no number"):
        bad.result(10)
    good.result(10)
    last.result(10)
    rows = query.photo_rows(catalog, [one, two], MODEL)
    assert (rows[0].overall, rows[1].overall, rows[1].status) == (8.0, 1.0, "unreadable")


def _hold(catalog: Catalog) -> threading.Event:
    """Keep the writing thread waiting in a listener until the event is set."""
    gate, waiting = threading.Event(), threading.Event()

    def wait(_: Event) -> None:
        catalog.writer.remove_listener(wait)
        waiting.set()
        gate.wait(10)

    catalog.writer.add_listener(wait)
    catalog.writer.register([found("/held.jpg", "held")])
    assert waiting.wait(10)
    return gate


def test_decisions_go_ahead_of_scoring_that_waits(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    gate = _hold(catalog)
    order: list[str] = []
    for n in range(200):
        catalog.writer.store([scored(photo, "content 0")]).add_done_callback(lambda _, n=n: order.append(f"score {n}"))
    decision = catalog.writer.decide([Decision(photo, "rating", 3)], initiator="window")
    decision.add_done_callback(lambda _: order.append("decision"))
    gate.set()
    catalog.writer.flush()
    assert order[0] == "decision"
    assert order[1:] == [f"score {n}" for n in range(200)]


def test_waiting_results_share_a_transaction(catalog: Catalog) -> None:
    ids = filled(catalog, 50)
    gate = _hold(catalog)
    commits: list[int] = []
    event.listen(catalog.engine, "commit", lambda _: commits.append(1))
    for n, photo in enumerate(ids):
        catalog.writer.store([scored(photo, f"content {n}", judgement(9.0))])
    gate.set()
    catalog.writer.flush()
    assert len(commits) == 1
    assert {row.overall for row in query.photo_rows(catalog, ids, MODEL)} == {9.0}


def test_decisions_are_committed_with_full_sync_and_scores_without(catalog: Catalog) -> None:
    levels: list[object] = []
    question, full, normal = ("PRAGMA synchronous", 2, 1) if catalog.file else ("SHOW synchronous_commit", "on", "off")

    def look(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        levels.append(driver.execute(question).fetchone()[0])

    (photo,) = filled(catalog, 1)
    event.listen(catalog.engine, "commit", look)
    catalog.writer.decide([Decision(photo, "rating", 3)], initiator="window").result(10)
    catalog.writer.undo("window").result(10)
    store(catalog, [scored(photo, "content 0")])
    assert levels == [full, full, normal]


def test_closing_writes_what_is_queued(location: Path | str) -> None:
    catalog = open_catalog(location)
    futures = [catalog.writer.register([found(f"/{n}.jpg", str(n))]) for n in range(100)]
    catalog.close()
    catalog.close()
    assert all(future.done() for future in futures)
    with open_catalog(location) as again:
        assert again.info().photos == 100


def test_a_closed_writer_says_so(location: Path | str) -> None:
    catalog = open_catalog(location)
    catalog.close()
    with pytest.raises(CatalogError, match="closed"):
        catalog.writer.undo("test")


def test_a_catalogue_that_is_only_read_starts_no_thread(catalog: Catalog) -> None:
    query.photo_ids(catalog, Filter(), Sort(), MODEL)
    assert all(thread.name != "catalogue writer" for thread in threading.enumerate())


def test_a_cancelled_future_is_passed_over(catalog: Catalog) -> None:
    gate = _hold(catalog)
    cancelled = catalog.writer.register([found("/a.jpg", "a")])
    kept = catalog.writer.register([found("/b.jpg", "b")])
    assert cancelled.cancel()
    gate.set()
    kept.result(10)
    assert query.folders(catalog) == {Path("/"): 2}  # the one that held the thread, and b


def test_many_threads_ask_and_write_at_once(catalog: Catalog) -> None:
    ids = filled(catalog, 40)
    end = time.monotonic() + 1

    def ask(n: int) -> int:
        asked = 0
        while time.monotonic() < end:
            assert len(query.photo_ids(catalog, Filter(), Sort(), MODEL)) == 40
            assert len(query.photo_details(catalog, ids, MODEL)) == 40
            query.facets(catalog, Filter(min_rating=n), MODEL)
            asked += 1
        return asked

    def write(n: int) -> int:
        written = 0
        while time.monotonic() < end:
            store(catalog, [scored(ids[n], f"content {n}", judgement(5.0))])
            catalog.writer.decide([Decision(ids[n], "rating", written % 6)], initiator="test").result(10)
            written += 1
        return written

    with ThreadPoolExecutor(6) as pool:
        counts = [*pool.map(ask, range(3)), *pool.map(write, range(3))]
    assert all(counts[:3])
    assert catalog.check() == ()


def test_a_judgement_with_nothing_to_tell_is_kept(catalog: Catalog) -> None:
    (photo,) = register(catalog, found("/a.jpg", "c"))
    bare = judgement(
        themes=(),
        flags=(),
        reasons=(),
        facts={"unknown": float("inf")},
        attention={},
        embedding=None,
        scheme=replace(SCHEME, kind=None, name=None, palette=()),
    )
    store(catalog, [scored(photo, "c", bare)])
    (detail,) = query.photo_details(catalog, [photo], MODEL)
    assert detail.judged
    assert (detail.themes, detail.reasons, detail.facts, detail.overlays) == ((), (), {}, ())


def test_words_that_no_database_takes_are_made_readable(catalog: Catalog) -> None:
    (photo,) = register(catalog, found("/a.jpg", "c"))
    store(catalog, [replace(failed(photo, "c"), sentence="caf\udce9.jpg is \x00 empty")])
    assert query.photo_rows(catalog, [photo], MODEL)[0].error == "caf\\udce9.jpg is  empty"
