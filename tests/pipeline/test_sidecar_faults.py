"""Sidecars that are broken, cannot be written or hide that they changed: one line each, and nothing is written over."""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from photocull.catalog.query import photo_rows
from photocull.core.types import Decision
from photocull.core.work import CancelToken, Problem
from photocull.pipeline.telling import Telling
from photocull.sidecar import names
from photocull.sidecar.rules import Rules
from tests.building import make_photo
from tests.pipeline.conftest import Rig
from tests.pipeline.sidecar_desk import Desk
from tests.sidecar.packets import packet


def kept_time(desk: Desk, before: str, after: str) -> None:
    """As a program does that puts the time back, here even within one tick of the clock that nobody can put back."""
    state = desk.sidecar.stat()
    desk.sidecar.write_bytes(desk.sidecar.read_bytes().replace(before.encode(), after.encode()))
    os.utime(desk.sidecar, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert (desk.sidecar.stat().st_size, desk.sidecar.stat().st_mtime_ns) == (state.st_size, state.st_mtime_ns)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no time that cannot be put back")
def test_a_change_outside_of_the_same_size_and_time_is_taken_in(desk: Desk) -> None:
    desk.outside('xmp:Rating="3"')
    desk.look()
    time.sleep(0.05)  # a tick of the system's own clock
    kept_time(desk, 'Rating="3"', 'Rating="5"')
    assert (desk.look(), desk.marks[0]) == ([], 5)


def test_a_change_that_only_its_reading_shows_is_not_written_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from photocull.pipeline import stamps

    real = stamps.look
    monkeypatch.setattr(stamps, "look", lambda *given, **more: replace(real(*given, **more), ctime_ns=0))
    desk.outside('xmp:Rating="3"')
    desk.look()
    kept_time(desk, 'Rating="3"', 'Rating="5"')
    desk.decide("label", "red")
    desk.tell()
    assert (desk.text(names.RATING), desk.text(names.LABEL), desk.marks[0]) == ("5", "Red", 5)


def test_a_broken_sidecar_is_told_left_alone_and_does_not_stop_the_others(rig: Rig, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    paths = [make_photo(folder / f"{name}.jpg", seed=n) for n, name in enumerate("abc")]
    bomb = b'<!DOCTYPE x [<!ENTITY a "5">]>' + packet('xmp:Rating="4"').partition(b"?>")[2]
    paths[1].with_name("b.jpg.xmp").write_bytes(bomb)
    report = rig.score(folder)
    told = [(event.path.name, event.sentence) for event in rig.events if isinstance(event, Problem)]
    assert told == [
        ("b.jpg", "b.jpg.xmp: The sidecar defines a document type, as no sidecar does; it is left as it is.")
    ]
    rig.catalog.writer.decide([Decision(i, "rating", 3) for i in report.ids], initiator="test").result()
    outcome = Telling(rig.catalog, rig.scorer.fingerprint, Rules()).tell(report.ids, CancelToken())
    assert (outcome.written, [(p.path.name, p.sentence) for p in outcome.problems]) == (2, told)
    assert paths[1].with_name("b.jpg.xmp").read_bytes() == bomb


def test_a_senseless_record_in_one_sidecar_stops_neither_the_others_nor_its_own_marks(rig: Rig, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    for n, (name, attributes) in enumerate(
        [("a", 'xmp:Rating="-1" photocull:Rating="x"'), ("b", 'xmp:Rating="4" photocull:Rating="9"')]
    ):
        make_photo(folder / f"{name}.jpg", seed=n).with_name(f"{name}.jpg.xmp").write_bytes(packet(attributes))
    report = rig.score(folder)
    assert [(row.rating, row.pick, row.notes) for row in photo_rows(rig.catalog, report.ids, "")] == [
        (None, "reject", ()),
        (4, None, ()),
    ]
    outcome = Telling(rig.catalog, rig.scorer.fingerprint, Rules()).tell(report.ids, CancelToken())
    assert (outcome.written, outcome.problems) == (2, ())


def test_a_sidecar_that_is_understood_wrongly_costs_one_line(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from photocull.pipeline import hearing

    folder = tmp_path / "photos"
    for n, name in enumerate("ab"):
        make_photo(folder / f"{name}.jpg", seed=n).with_name(f"{name}.jpg.xmp").write_bytes(packet(f'xmp:Rating="{n}"'))
    real = hearing.in_file

    def understood(document: Any) -> Any:
        if document.text(names.RATING) == "0":
            raise ValueError("no such number")
        return real(document)

    monkeypatch.setattr(hearing, "in_file", understood)
    report = rig.score(folder)
    told = [event.sentence for event in rig.events if isinstance(event, Problem)]
    assert told == ["a.jpg.xmp: ValueError: no such number"]
    assert [row.rating for row in photo_rows(rig.catalog, report.ids, "")] == [None, 1]


def test_a_sidecar_that_cannot_be_written_is_told_and_tried_again(desk: Desk) -> None:
    desk.outside('xmp:Rating="1"')
    desk.look()
    desk.decide("rating", 3)
    desk.sidecar.chmod(0o444)
    report = desk.tell()
    assert [problem.sentence for problem in report.problems] == [
        "a.jpg.xmp: The sidecar cannot be written: it is write-protected."
    ]
    assert desk.notes == tuple(problem.sentence for problem in report.problems)
    telling = Telling(desk.rig.catalog, "", Rules())
    assert telling.untold([desk.id]) == [desk.id]
    desk.sidecar.chmod(0o644)
    assert (desk.tell().written, desk.notes, telling.untold([desk.id])) == (1, (), [])


def test_no_sidecar_is_made_for_a_photo_that_is_not_there(desk: Desk) -> None:
    desk.look()
    desk.decide("rating", 3)
    desk.photo.unlink()
    assert [p.sentence for p in desk.tell().problems] == ["Its sidecar was not written: the photo is not there."]
    assert not desk.sidecar.exists()
