"""The choice of what judges: a model for each of the three scores, applied together."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from photocull.models.registry import ModelCard
from photocull.ui.choice_box import ChoiceBox
from photocull.ui.model_choice import SCORES, joined, judges_of, offers, rechosen
from photocull.ui.model_words import score_words, speed_words
from photocull.ui.pieces import label, set_role, tool_button

PROMISE = "Your decisions stay as they are, and scores of a model that judged before come back at once."
TOGETHER = "One built-in model gives all that no other model gives."
ALONE = "No other model is on this computer yet; download or import one below."


class JudgeChoice(QWidget):
    """Three lists and a button.

    Signals:
        applied(str): let the model of this (joined) name judge.
    """

    applied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: Sequence[ModelCard] = ()
        self._own = ""
        self._now: dict[str, str] = {}
        self._wished: dict[str, str] = {}
        self._opening = False
        self._before = ""
        self.boxes = {score: ChoiceBox(score_words(score)) for score in SCORES}
        self.apply = QPushButton("Apply", default=True)
        self.apply.setProperty("role", "primary")
        self.line = label("", "dim", wrap=True)
        self.back = tool_button("Switch back", role="offer", tip="Let the model judge that did before")
        self._lay_out()
        self.apply.clicked.connect(self._apply)
        self.back.clicked.connect(lambda: self.applied.emit(self._before))
        for score, box in self.boxes.items():
            box.activated.connect(partial(self._on_activated, score))

    def set_models(self, cards: Sequence[ModelCard], own: str, name: str) -> None:
        """What can be chosen, and what judges now.

        Args:
            cards: of the models that are here. own: name of the default model. name: of what judges now.
        """
        now = judges_of(name, cards, own)
        keep = (
            bool(self._wished) and self._wished != self._now and set(self._wished.values()) <= {c.name for c in cards}
        )
        self._wished = self._wished if keep and now == self._now else now
        self._cards, self._own, self._now = tuple(cards), own, now
        if self.line.text() in ("", PROMISE, ALONE):
            self.say(self._usual())
        for score, box in self.boxes.items():
            box.clear()
            for card in offers(score, cards, own):
                box.addItem(card.title, card.name)
                box.setItemData(box.count() - 1, speed_words(card), Qt.ItemDataRole.ToolTipRole)
        self._show()

    def set_opening(self, opening: bool) -> None:
        """Whether a model is being opened: until then nothing else can be applied."""
        self._opening = opening
        if opening:
            self.say("Opening the model…")
        self._show()

    def say(self, sentence: str, *, warning: bool = False, before: str = "") -> None:
        """Tell how things stand below the lists.

        Args:
            before: the (joined) name of the model to offer going back to.
        """
        self._before = before
        self.back.setVisible(bool(before))
        self.line.setText(sentence)
        set_role(self.line, "warning" if warning else "dim")

    def _on_activated(self, score: str, place: int) -> None:
        name = str(self.boxes[score].itemData(place))
        moved = rechosen(self._wished, score, name)
        together = [TOGETHER] if moved != {**self._wished, score: name} else []
        self._wished = moved
        self.say(" ".join([*together, *self._speed()]) or self._usual())
        self._show()

    def _show(self) -> None:
        for score, box in self.boxes.items():
            box.setCurrentIndex(box.findData(self._wished.get(score, self._own)))
            box.setEnabled(not self._opening)
        self.apply.setEnabled(not self._opening and bool(self._now) and self._wished != self._now)

    def _apply(self) -> None:
        self.applied.emit(joined(self._wished, self._cards, self._own))

    def _usual(self) -> str:
        return PROMISE if any(card.judges and card.name != self._own for card in self._cards) else ALONE

    def _speed(self) -> list[str]:
        """How fast each newly chosen model is, where its card knows."""
        fresh = set(self._wished.values()) - set(self._now.values())
        return [words for card in self._cards if card.name in fresh and (words := speed_words(card))]

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for column, (score, box) in enumerate(self.boxes.items()):
            grid.addWidget(label(score_words(score), "heading"), 0, column)
            grid.addWidget(box, 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.apply, 1, len(self.boxes))
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.line, 1, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        self.line.setMinimumHeight(2 * self.line.fontMetrics().lineSpacing())  # so that two lines move nothing below
        self.line.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.back.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(grid)
        whole.addLayout(below)
