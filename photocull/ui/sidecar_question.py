"""The question that is asked once: whether marks are to be written beside the photos, for other programs to see."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from photocull.ui.question import Question

WORDS: Final = (
    "Your stars, flags and labels are saved in Photocull's catalogue. They can also be written into XMP sidecars: "
    "small files beside your photos, which Lightroom, darktable, digiKam, Capture One and others read. What those "
    "programs keep in them stays as it is, and your photos themselves are never changed."
)
LIMITS: Final = "Lightroom reads no sidecars of JPEGs. Settings has the rules, and changes this later."


class SidecarQuestion(Question):
    """Yes is preselected; closed without an answer, it is asked again in the next session."""

    def __init__(self, parent: QWidget | None = None) -> None:
        answers = {"yes": "Write sidecars", "no": "Only keep them here"}
        super().__init__("Shall other programs see your marks?", WORDS, answers, parent, more=LIMITS)
        self.setWindowTitle("Sidecars")
        self.answered.connect(self.accept)


def ask_for_sidecars(answer: Callable[[bool], None], window: QWidget) -> None:
    """Ask over the window, which goes on meanwhile; ``answer`` hears what was said."""
    question = SidecarQuestion(window)
    question.answered.connect(lambda name: answer(name == "yes"))
    question.finished.connect(window.activateWindow)
    question.open()
