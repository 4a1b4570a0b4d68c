"""The page of Settings about models: which judge, which there are, and what is known of each."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from photocull.core.work import Progressed
from photocull.models.registry import ModelCard
from photocull.ui.judge_choice import JudgeChoice
from photocull.ui.judging import Judging
from photocull.ui.model_actions import ModelActions
from photocull.ui.model_card_view import ModelCardView
from photocull.ui.model_choice import SCORES, judges_of, without
from photocull.ui.model_jobs import Ended, Job, begun_words, ended_words
from photocull.ui.model_list import ModelList
from photocull.ui.model_words import ModelEntry, address, judged_words
from photocull.ui.model_work import ModelWork
from photocull.ui.pieces import label
from photocull.ui.work_line import WorkLine

_FILES: Final = "Checkpoints (*.pth *.pth.tar *.pt *.safetensors);;All files (*)"
_LIST_WIDTH: Final = 316


class ModelsPage(QWidget):
    """Wires the pieces to the work on the store and to what judges in the window."""

    def __init__(self, judging: Judging, work: ModelWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._judging, self._work = judging, work
        self._entries: Sequence[ModelEntry] = ()
        self._waiting: list[Path] = []
        self._before = judging.name
        self._leaving = ""
        self._shown = ""
        self.choice, self.list = JudgeChoice(), ModelList()
        self.card, self.offers, self.foot = ModelCardView(), ModelActions(), WorkLine()
        self.add = QPushButton("Import a file…")
        self._lay_out()
        self._connect()
        self._take(work.entries)
        if work.job is not None:
            self._on_began(work.job)

    def bring(self, paths: Sequence[Path]) -> None:
        """Import these files, one after the other."""
        self._waiting += paths
        self._bring_next()

    def _connect(self) -> None:
        self._judging.changed.connect(self._on_judging)
        self._judging.refused.connect(lambda sentence: self.choice.say(sentence, warning=True))
        for signal, slot in (
            (self._work.listed, self._take),
            (self._work.began, self._on_began),
            (self._work.progressed, self._on_progress),
            (self._work.ended, self._on_ended),
        ):
            signal.connect(slot)
        self.choice.applied.connect(self._judging.switch)
        self.list.chosen.connect(lambda _name: self._show_card())
        self.add.clicked.connect(self._ask_file)
        self.offers.importWished.connect(self._ask_file)
        self.offers.fetchWished.connect(lambda: self._work.fetch(self.list.name()))
        self.offers.checkWished.connect(lambda: self._work.check(self.list.name()))
        self.offers.removeWished.connect(self._remove)
        self.foot.stopWished.connect(self._work.stop)
        self.offers.copyWished.connect(self._copy_address)

    @property
    def _here(self) -> list[ModelCard]:
        return [entry.card for entry in self._entries if entry.here]

    @property
    def _own(self) -> str:
        """The name of the built-in model that judges where nothing else does."""
        return next((entry.card.name for entry in self._entries if entry.state == "built-in"), "")

    def _entry(self) -> ModelEntry | None:
        name = self.list.name()
        return next((entry for entry in self._entries if entry.card.name == name), None)

    def _judged(self) -> dict[str, list[str]]:
        """Model -> the scores that it gives now."""
        given = judges_of(self._judging.name, self._here, self._own) if self._judging.name else {}
        return {name: [s for s in SCORES if given[s] == name] for name in dict.fromkeys(given.values())}

    def _take(self, entries: Sequence[ModelEntry]) -> None:
        self._entries = entries
        if entries:
            self.choice.set_models(self._here, self._own, self._judging.name)
            self.list.set_entries(entries, self._judged())

    def _show_card(self) -> None:
        entry = self._entry()
        if entry is None:
            return
        if entry.card.name != self._shown and self._work.job is None:
            self.foot.say("")
        self._shown = entry.card.name
        self.card.show_entry(entry)
        left = without(self._judging.name, entry.card.name)
        warning = f"{judged_words(left or self._own, self._here)} then." if left != self._judging.name else ""
        self.offers.show_entry(entry, warning)

    def _on_judging(self) -> None:
        name, opening = self._judging.name, self._judging.opening
        self._take(self._entries)
        self.choice.set_opening(bool(opening))
        if opening:
            return
        if name != self._before:
            before, self._before = self._before, name
            self.choice.say(f"{judged_words(name, self._here)} now.", before=before)
        leaving, self._leaving = self._leaving, ""
        if leaving and without(name, leaving) == name:
            self._work.remove(leaving)

    def _remove(self) -> None:
        """What judges is let go first, so that no model is taken from under a run."""
        name = self.list.name()
        left = without(self._judging.name, name) or self._own
        if left == self._judging.name:
            self._work.remove(name)
        else:
            self._leaving = name
            self._judging.switch(left)

    def _on_began(self, job: Job) -> None:
        self.offers.set_busy(True)
        self.add.setEnabled(False)
        self.foot.begin(begun_words(job, self._title(job.name)), stoppable=job.kind in ("download", "import"))

    def _on_progress(self, job: Job, progress: Progressed) -> None:
        self.foot.set_progress(begun_words(job, self._title(job.name)), progress)

    def _on_ended(self, ended: Ended) -> None:
        self.offers.set_busy(False)
        self.add.setEnabled(True)
        if ended.model and ended.job.kind in ("import", "download"):
            self.list.choose(ended.model)
        self.foot.end(ended_words(ended, self._title(ended.model or ended.job.name)), warning=bool(ended.fault))
        self._bring_next()

    def _bring_next(self) -> None:
        if self._waiting and self._work.job is None:
            self._work.bring(self._waiting.pop(0))

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Choose a checkpoint file", str(Path.home()), _FILES)
        if path:
            self.bring([Path(path)])

    def _copy_address(self) -> None:
        entry = self._entry()
        if entry is not None:
            QGuiApplication.clipboard().setText(address(entry.card))
            self.foot.say("The address is on the clipboard.")

    def _title(self, name: str) -> str:
        return next((entry.card.title for entry in self._entries if entry.card.name == name), name)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(label("Models", "heading"))
        left.addWidget(self.list, 1)
        left.addWidget(self.add)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.card, 1)
        right.addWidget(self.offers)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addLayout(left)
        below.addLayout(right, 1)
        line = QFrame()
        line.setFixedHeight(1)
        line.setProperty("role", "line")
        self.list.setFixedWidth(_LIST_WIDTH)
        self.add.setAutoDefault(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addWidget(self.choice)
        whole.addWidget(line)
        whole.addLayout(below, 1)
