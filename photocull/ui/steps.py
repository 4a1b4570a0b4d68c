"""Undo and redo in the order of deciding: what could not be saved is withdrawn, all else is asked of the catalogue."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final, Literal, Protocol

from PySide6.QtCore import QObject, Signal

from photocull.catalog.marks import Mark, Step, sentence, wished
from photocull.catalog.records import Change
from photocull.catalog.writer import Writer
from photocull.core.types import Decision
from photocull.ui.saving import Saving

UNSAVED: Final = ", which was not saved yet"


class Await(Protocol):
    """Calls one of two functions in the GUI thread when a future is done."""

    def __call__(
        self,
        future: "Future[Change | None]",
        done: Callable[[Change | None], None],
        failed: Callable[[BaseException], None],
    ) -> None: ...


class Steps(QObject):
    """Takes steps back and does them again, once it is known whether they were saved.

    Signals:
        taken(Change): a step was undone or done again. withdrawn(Change): one that was never saved was.
        putBack(decisions): a withdrawn step is to be decided again. nothing(str): there is no such step; a sentence.
        failed(error): the catalogue could not do it.
    """

    taken = Signal(object)
    withdrawn = Signal(object)
    putBack = Signal(object)
    nothing = Signal(str)
    failed = Signal(object)

    def __init__(self, writer: Writer, initiator: str, saving: Saving, answer: Await, parent: QObject) -> None:
        super().__init__(parent)
        self._writer = writer
        self._initiator = initiator
        self._saving = saving
        self._await = answer
        self._undone: list[tuple[Decision, ...]] = []
        """What was withdrawn, newest last; empty for a step that the catalogue undid after one of those."""

    def undo(self) -> None:
        """Take the last step back."""
        self._saving.when_settled(self._undo)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._saving.when_settled(self._redo)

    def forget(self) -> None:
        """Something else was decided: what was withdrawn before cannot be put back any more."""
        self._saving.in_turn(self._undone.clear)

    def _undo(self) -> None:
        withdrawn = self._saving.withdraw()
        if withdrawn:
            self._undone.append(withdrawn)
            self.withdrawn.emit(_change("undo", withdrawn, f"Undid: {_words(withdrawn)}{UNSAVED}"))
            return
        ticket = self._saving.step_back()
        if self._undone:
            self._undone.append(())

        def refused(error: BaseException) -> None:
            self._saving.step_forward(ticket)
            self.failed.emit(error)

        self._ask(self._writer.undo(self._initiator), "There is nothing to undo.", refused)

    def _redo(self) -> None:
        again = self._undone.pop() if self._undone else ()
        if again:
            self.putBack.emit(again)
            self.taken.emit(_change("redo", again, f"Redid: {_words(again)}"))
        else:
            self._saving.step_forward()
            self._ask(self._writer.redo(self._initiator), "There is nothing to redo.", self._not_redone)

    def _not_redone(self, error: BaseException) -> None:
        self._saving.step_back()
        self.failed.emit(error)

    def _ask(self, future: "Future[Change | None]", nothing: str, failed: Callable[[BaseException], None]) -> None:
        def taken(change: Change | None) -> None:
            if change is None:
                self.nothing.emit(nothing)
            else:
                self.taken.emit(change)

        self._await(future, taken, failed)


def _change(kind: Literal["undo", "redo"], decisions: Sequence[Decision], words: str) -> Change:
    ids = tuple(dict.fromkeys(decision.photo_id for decision in decisions))
    return Change(kind, ids, 0, words)


def _words(decisions: Sequence[Decision]) -> str:
    return sentence(Step(d.photo_id, d.field, Mark(), wished(d), d.who) for d in decisions)
