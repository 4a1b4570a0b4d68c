"""The rules of sidecars in Settings: whether they are written, how new ones are called, how rejects are told."""

from typing import Final

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from photocull.core.settings import Settings
from photocull.ui.choice_box import ChoiceBox
from photocull.ui.pieces import label
from photocull.ui.session import Session

CHOICES: Final[dict[str, tuple[str, tuple[tuple[object, str], ...]]]] = {
    "sidecars": (
        "Decisions go into XMP sidecars",
        (("on", "After each decision"), ("off", "Never"), ("ask", "Ask at the next decision")),
    ),
    "sidecar_names": (
        "A new one beside a RAW",
        (("stem", "photo.xmp"), ("full", "photo.raf.xmp"), ("both", "Both")),
    ),
    "sidecar_rejects": (
        "A reject is written as",
        (
            ("both", "Flag and -1 stars"),
            ("stars-kept", "Flag, stars stay"),
            ("portable", "-1 stars"),
        ),
    ),
    "sidecar_keywords": ("Themes become keywords", ((False, "No"), (True, "Yes"))),
}
"""Setting -> its name for people, and its values with theirs."""


class SidecarChoice(QWidget):
    """Four lists; what is chosen holds at once, for what is written from now on."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.boxes = {setting: ChoiceBox(name) for setting, (name, _) in CHOICES.items()}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for column, (setting, box) in enumerate(self.boxes.items()):
            for _, words in CHOICES[setting][1]:
                box.addItem(words)
            grid.addWidget(label(CHOICES[setting][0], "dim"), 0, column)
            grid.addWidget(box, 1, column)
            grid.setColumnStretch(column, 1)
            box.activated.connect(lambda place, setting=setting: self._on_activated(setting, place))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(label("Sidecars, for other programs", "heading"))
        whole.addLayout(grid)
        self.look()

    def look(self) -> None:
        """Show the settings as they are now; a word that no rule has shows as the usual one."""
        for setting, box in self.boxes.items():
            values = [value for value, _ in CHOICES[setting][1]]
            now = getattr(self._session.settings, setting)
            box.setCurrentIndex(values.index(now if now in values else getattr(Settings(), setting)))

    def _on_activated(self, setting: str, place: int) -> None:
        self._session.keep(**{setting: CHOICES[setting][1][place][0]})
