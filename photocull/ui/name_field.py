"""The template of names: a line, the words that it may hold as buttons, and what it makes of the first photos."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from photocull.core.errors import printable
from photocull.picks.naming import FIELDS
from photocull.ui.export_survey import Names
from photocull.ui.flow import FlowLayout
from photocull.ui.pieces import ElidedLabel, label, tool_button

_LINES: Final = 3
_FOLDERS: Final = "A slash makes folders: {date:%Y/%m}/{name}"


class NameField(QWidget):
    """Keeps the room of its examples while they are not known, so that nothing moves while one types.

    Signals:
        changed: another template is there.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setAccessibleName("Template of the names")
        self.line.setToolTip(_FOLDERS)
        about = {name: f"{{{name}}}: {field.about}" for name, field in FIELDS.items()}
        self.chips = {name: tool_button(name, role="keycap", tip=words) for name, words in about.items()}
        self.examples = [(ElidedLabel(), ElidedLabel()) for _ in range(_LINES)]
        self.fault = label("", "warning", wrap=True)
        self.note = label("", "dim", wrap=True)
        self._lay_out()
        self.line.textChanged.connect(self.changed)
        for name, chip in self.chips.items():
            chip.clicked.connect(lambda _checked=False, name=name: self._insert(name))

    def text(self) -> str:
        """The template."""
        return self.line.text()

    def set_text(self, template: str) -> None:
        """Put a template there."""
        self.line.setText(template)

    def show_names(self, names: Names) -> None:
        """What the template makes of the first photos, or what is wrong with it."""
        self.fault.setText(names.fault)
        self.fault.setVisible(bool(names.fault))
        verb = "is" if names.unscored == 1 else "are"
        self.note.setText(f"{names.unscored:,} of them {verb} not scored yet; what is unknown is named so.")
        self.note.setVisible(bool(names.unscored))
        self.show_examples(names.examples)

    def show_examples(self, examples: tuple[tuple[str, str], ...]) -> None:
        """First photos, each with the name that it gets."""
        for place, (before, after) in enumerate(self.examples):
            old, new = examples[place] if place < len(examples) else ("", "")
            before.setText(printable(old))
            after.setText(f"→  {printable(new)}" if new else "")

    def _insert(self, name: str) -> None:
        self.line.insert(f"{{{name}}}")
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        words = QWidget()
        flow = FlowLayout(words)
        for chip in self.chips.values():
            flow.addWidget(chip)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        for line, pair in enumerate(self.examples):
            for column, shown in enumerate(pair):
                shown.setProperty("role", "" if column else "dim")
                shown.setAccessibleName("Example" if column else "Photo")
                grid.addWidget(shown, line, column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        for widget in (self.line, words, self.fault):
            whole.addWidget(widget)
        whole.addLayout(grid)
        whole.addWidget(self.note)
        self.fault.hide()
        self.note.hide()
