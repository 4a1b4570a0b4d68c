"""What the bar at the bottom says."""

import pytest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from photocull.core.work import Progressed
from photocull.ui.statusbar import StatusBar, pace_words, time_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (8, "8 s"), (59.6, "1 min"), (78, "1 min 18 s"), (120, "2 min"), (7500, "2 h 5 min"), (7200, "2 h")],
)
def test_time_left_reads_as_people_say_it(seconds: float, words: str) -> None:
    assert time_words(seconds) == words


def test_what_is_not_known_yet_is_left_out() -> None:
    assert pace_words(Progressed(0, 10, None, None)) == ""
    assert pace_words(Progressed(5, 10, 14.23, None)) == "14.2 photos/s"
    assert pace_words(Progressed(1312, 2418, 14.2, 78)) == "14.2 photos/s, 1 min 18 s left"


def texts(bar: StatusBar) -> str:
    shown = [w.text() for kind in (QLabel, QToolButton) for w in bar.findChildren(kind) if not w.isHidden()]
    return " | ".join(text for text in shown if text)


@pytest.fixture
def bar(qtbot: QtBot) -> StatusBar:
    made = StatusBar("Ctrl+P", "Ctrl+E", "?")
    qtbot.addWidget(made)
    return made


def test_a_run_tells_count_pace_and_time_left(bar: StatusBar) -> None:
    bar.set_looking("Looking for photos")
    assert "Looking for photos" in texts(bar)
    bar.set_progress(Progressed(1312, 2418, 14.2, 78))
    assert "Scoring 1,312 of 2,418" in texts(bar)
    assert "14.2 photos/s, 1 min 18 s left" in texts(bar)
    bar.set_paused(True)
    assert "paused" in texts(bar)
    bar.set_idle("2,418 photos, 1,106 scored in 78 s")
    assert "Scoring" not in texts(bar)
    assert "2,418 photos" in texts(bar)


def test_decisions_that_are_not_saved_can_be_tried_again(bar: StatusBar, qtbot: QtBot) -> None:
    bar.set_shown(10, 1)
    bar.set_saved("failed", "2 decisions are not saved: the disk is full")
    assert "2 decisions are not saved: the disk is full. Try again" in texts(bar)
    retry = next(b for b in bar.findChildren(QToolButton) if "Try again" in b.text())
    with qtbot.waitSignal(bar.retryWished):
        retry.click()
    bar.set_saved("saved", "all decisions saved")
    assert "all decisions saved" in texts(bar)


def test_saving_in_a_blink_does_not_flicker(bar: StatusBar, qtbot: QtBot) -> None:
    bar.set_shown(10, 1)
    bar.set_saved("pending", "saving decisions")
    assert "saving decisions" not in texts(bar)
    bar.set_saved("saved", "all decisions saved")
    qtbot.wait(450)
    assert "saving decisions" not in texts(bar)
    bar.set_saved("pending", "saving decisions")
    qtbot.wait(450)
    assert "saving decisions" in texts(bar)


def test_problems_are_counted_where_they_can_be_opened(bar: StatusBar, qtbot: QtBot) -> None:
    assert "problem" not in texts(bar)
    bar.set_problems(1)
    assert "1 problem" in texts(bar)
    bar.set_problems(3)
    button = next(b for b in bar.findChildren(QToolButton) if "3 problems" in b.text())
    with qtbot.waitSignal(bar.problemsWished):
        button.click()
