"""Closing the window while decisions are not saved: it is asked what is to become of them, instead of losing them."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from photocull.core.types import Decision
from photocull.ui.bridge import Bridge
from photocull.ui.leftovers import Leftovers
from photocull.ui.question import Question

WORDS: Final = (
    "Photocull tries again every few seconds. If you close it anyway, it keeps them in a small file, if there is room "
    "for that, and offers to save them at the next start."
)
_TRYING: Final = "Saving…"
_KEPT: Final = "Photocull kept them in a small file. They replace what you decided otherwise since on these photos."


def offer_to_save(left: Leftovers, bridge: Bridge, window: QWidget, decisions: Sequence[Decision]) -> None:
    """Ask about what could not be saved the last time; closed without an answer, it is asked at the next start."""
    if not decisions:
        return
    title = f"{_counted(len(decisions))} not saved when Photocull was closed."
    answers = {"save": "Save now", "later": "Later", "forget": "Forget"}
    question = Question(title, _KEPT, answers, window)

    def take(name: str) -> None:
        if name != "later":
            left.settle()
        if name == "save":
            bridge.decide(decisions)
        question.reject()

    question.answered.connect(take)
    question.open()


def _counted(decisions: int) -> str:
    return "1 decision was" if decisions == 1 else f"{decisions:,} decisions were"


class Closing:
    """Knows whether the window may close.

    Attributes:
        sure: nothing is asked any more. question: the one that is open, else None.
    """

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        self.sure = False
        self.question: Question | None = None
        self._bridge, self._window = bridge, window
        self._unsaved = ""

    def set_saved(self, state: str, sentence: str) -> None:
        """How the decisions stand; what is tried again is not saved before it is."""
        if state == "pending":
            return
        self._unsaved = f"{sentence.rstrip('.')}." if state == "failed" else ""
        if self.question is None:
            return
        if self._unsaved:
            self._be_ready(self.question)
        else:
            self._leave()

    def asks(self) -> bool:
        """Whether the window is to stay open, because the person is asked."""
        if self.sure or not self._unsaved:
            return False
        if self.question is None:
            answers = {"again": "Try again", "stay": "Stay", "close": "Close anyway"}
            made = self.question = Question(self._unsaved, WORDS, answers, self._window)
            made.answered.connect(self._on_answer)
            made.finished.connect(self._on_finished)
            made.open()
        return True

    def _on_answer(self, name: str) -> None:
        question = self.question
        if question is None:
            return
        if name == "again":
            question.buttons["again"].setEnabled(False)
            question.buttons["again"].setText(_TRYING)
            self._bridge.retry()
        else:
            question.reject()
            if name == "close":
                self._leave()

    def _on_finished(self, _result: int) -> None:
        self.question = None

    def _be_ready(self, question: Question) -> None:
        question.title.setText(self._unsaved)
        question.buttons["again"].setText("Try again")
        question.buttons["again"].setEnabled(True)
        question.fit()

    def _leave(self) -> None:
        self.sure = True
        if self.question is not None:
            self.question.reject()
        self._window.close()
