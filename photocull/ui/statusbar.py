"""The bar at the bottom: what is being scored, how fast, how long; what is shown; whether decisions are saved."""

from typing import Final, Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QWidget

from photocull.core.amounts import counted
from photocull.core.work import Progressed
from photocull.ui.facts import time_words
from photocull.ui.pieces import ElidedLabel
from photocull.ui.style import TOKENS, font, icon, icon_size, pixmap

_NOTICE_MS: Final = 5000
_SAVING_MS: Final = 400
RunState = Literal["idle", "looking", "running", "paused"]


class StatusBar(QFrame):
    """Tells; its buttons ask for pause, the list of problems, or another try to save.

    Signals:
        pauseWished, problemsWished, retryWished: the buttons of those names.
    """

    pauseWished = Signal()
    problemsWished = Signal()
    retryWished = Signal()

    def __init__(self, pause_key: str, problems_key: str, keys_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "statusbar")
        self.setFixedHeight(TOKENS.status_height)
        self._pause_key, self._hint = pause_key, f"{keys_key} for keys"
        self._state: RunState = "idle"
        self._idle = ""
        self._run, self._pace, self._shown, self._saved_icon = QLabel(), QLabel(), QLabel(), QLabel()
        self._notice = ElidedLabel()
        self._bar = QProgressBar()
        self._pause, self._problems, self._saved = QToolButton(), QToolButton(), QToolButton()
        self._clearing = QTimer(self, singleShot=True, interval=_NOTICE_MS)
        self._clearing.timeout.connect(lambda: self._notice.setText(""))
        self._late = ("saved", "")
        self._saving = QTimer(self, singleShot=True, interval=_SAVING_MS)
        self._saving.timeout.connect(lambda: self._show_saved(*self._late))
        self._problems.setToolTip(f"Photos that could not be read, and why ({problems_key})")
        self._configure()
        self._lay_out()
        self.set_idle("")
        self.set_problems(0)
        self.set_saved("saved", "all decisions saved")

    def set_idle(self, sentence: str, *, warning: bool = False) -> None:
        """No run is going on; say how things stand."""
        self._state, self._idle = "idle", sentence
        self._run.setText(sentence)
        self._run.setProperty("role", "warning" if warning else "dim")
        self._run.style().polish(self._run)
        for widget in (self._bar, self._pace, self._pause):
            widget.hide()

    def set_looking(self, sentence: str, *, paused: bool = False) -> None:
        """A run has begun; how many photos there are is not known yet."""
        self._begin("looking", sentence)
        self._bar.hide()
        self._pace.setText("")
        self.set_paused(paused)

    def set_opening(self) -> None:
        """A model is being opened, which takes a while."""
        self.set_looking("Opening the model…", paused=self._state == "paused")

    def set_ended(self, sentence: str, fault: bool) -> None:
        """A run has ended, well or not."""
        self.set_idle(sentence, warning=fault)

    def set_progress(self, progress: Progressed) -> None:
        """A run goes on."""
        if self._state == "paused" and progress.done < progress.total:
            self._count(progress)
            return
        self._begin("running", f"Scoring {progress.done:,} of {progress.total:,}")
        self._count(progress)
        self._pace.setText(pace_words(progress))

    def set_paused(self, paused: bool) -> None:
        """Scoring waits, or goes on."""
        self._state = "paused" if paused else "running"
        if paused:
            self._pace.setText("paused")
        self._bar.setProperty("role", "paused" if paused else "")
        self._bar.style().polish(self._bar)
        words = f"Go on scoring ({self._pause_key})" if paused else f"Pause scoring ({self._pause_key})"
        self._pause.setIcon(icon("play" if paused else "pause", TOKENS.dim, 13))
        self._pause.setToolTip(words)
        self._pause.setAccessibleName(words)

    def set_shown(self, shown: int, selected: int) -> None:
        """How many photos are in the list and how many of them are selected."""
        self._shown.setText(f"{shown:,} shown, {selected:,} selected" if shown else self._hint)
        for widget in (self._saved, self._saved_icon):
            widget.setVisible(shown > 0)

    def set_problems(self, count: int) -> None:
        """How many photos have a problem; a button that opens them."""
        self._problems.setText(f" {counted(count, 'problem')}")
        self._problems.setVisible(count > 0)

    def set_saved(self, state: str, sentence: str) -> None:
        """Show "saved", "pending" or "failed" in words; what is saved in a blink is not worth a flicker."""
        if state == "pending":
            self._late = (state, sentence)
            self._saving.start()
            return
        self._saving.stop()
        self._show_saved(state, sentence)

    def _show_saved(self, state: str, sentence: str) -> None:
        name, colour = {
            "saved": ("check", TOKENS.pick),
            "pending": ("loader", TOKENS.dim),
            "failed": ("circle-alert", TOKENS.reject),
        }[state]
        self._saved_icon.setPixmap(pixmap(name, colour, 14, ratio=self.devicePixelRatioF()))
        failed = state == "failed"
        self._saved.setText(f"{sentence}. Try again" if failed else sentence)
        self._saved.setEnabled(failed)
        self._saved.setToolTip("Try again to save these decisions" if failed else "")

    def notice(self) -> str:
        """What was said last, while it shows."""
        return self._notice.text()

    def say(self, sentence: str) -> None:
        """Tell something for a few seconds."""
        self._notice.setText(sentence)
        self._clearing.start()

    def _begin(self, state: RunState, sentence: str) -> None:
        if self._state == "idle":
            self.set_paused(False)
            self._run.setProperty("role", "")
            self._run.style().polish(self._run)
        self._state = state
        self._run.setText(sentence)
        for widget in (self._pause, self._pace):
            widget.show()

    def _count(self, progress: Progressed) -> None:
        self._bar.setRange(0, max(progress.total, 1))
        self._bar.setValue(progress.done)
        self._bar.show()

    def _configure(self) -> None:
        self._bar.setFixedSize(184, 4)
        self._bar.setTextVisible(False)
        for words in (self._run, self._pace, self._shown):
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setFont(font(12, tabular=True))
        self._notice.setFont(font(12))
        for words in (self._pace, self._shown, self._notice):
            words.setProperty("role", "dim")
        self._notice.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._notice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        for button, signal in (
            (self._pause, self.pauseWished),
            (self._problems, self.problemsWished),
            (self._saved, self.retryWished),
        ):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setProperty("role", "status")
            button.setFont(font(12))
            button.clicked.connect(signal)
        self._problems.setIcon(icon("triangle-alert", TOKENS.warning, 14))
        self._problems.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._problems.setIconSize(icon_size(14))
        self._pause.setIconSize(icon_size(13))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(12)
        for widget in (self._run, self._bar, self._pace, self._pause):
            row.addWidget(widget)
        row.addWidget(self._notice, 1)
        for widget in (self._problems, self._shown):
            row.addWidget(widget)
        saved = QHBoxLayout()
        saved.setSpacing(3)
        saved.addWidget(self._saved_icon)
        saved.addWidget(self._saved)
        row.addLayout(saved)


def pace_words(progress: Progressed) -> str:
    """As in "14.2 photos/s, 1 min 18 s left"; what is not known yet is left out."""
    if not progress.rate:
        return ""
    rate = f"{progress.rate:.1f} photos/s"
    return rate if progress.seconds_left is None else f"{rate}, {time_words(progress.seconds_left)} left"
