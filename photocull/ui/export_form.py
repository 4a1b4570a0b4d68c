"""The fields of an export: which photos, where to, how, under which names, what beside; shows and gives a choice."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from photocull.picks.convert import Recipe
from photocull.ui.check_box import CheckBox
from photocull.ui.choice_box import ChoiceBox
from photocull.ui.export_choice import (
    EXTRAS,
    METADATA,
    QUALITIES,
    RULES,
    SIDES,
    SOURCES,
    WAYS,
    ExportChoice,
    Sources,
)
from photocull.ui.folder_field import FolderField
from photocull.ui.name_field import NameField
from photocull.ui.pieces import label, set_role
from photocull.ui.segments import Segments

_LABELS: Final = 92


class ExportForm(QWidget):
    """Every change is told at once.

    Signals:
        changed: another choice is there; `choice` gives it.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.photos = Segments(SOURCES, "Which photos")
        self.hint = label("", "dim", wrap=True)
        self.whose = label("", "warning", wrap=True)
        self.folder = FolderField("Choose a folder for the photos")
        self.ways = Segments({way: words for way, (words, _) in WAYS.items()}, "How")
        self.way_words = label("", "dim", wrap=True)
        self.side, self.quality = _box("Longest side", SIDES), _box("Quality", QUALITIES)
        self.metadata = _box("Metadata", METADATA)
        self.names = NameField()
        self.rule = _box("Where a name is taken", RULES)
        self.rule_fault = label("", "warning", wrap=True)
        self.extras = {extra: CheckBox(words) for extra, words in EXTRAS.items()}
        self._jpeg = self._jpeg_row()
        self._lay_out()
        self._connect()

    def choice(self) -> ExportChoice:
        """What is chosen now."""
        recipe = Recipe(self.side.currentData(), self.quality.currentData(), self.metadata.currentData())
        extras = frozenset(extra for extra, box in self.extras.items() if box.isChecked())
        made = ExportChoice(folder=self.folder.text(), names=self.names.text(), recipe=recipe, extras=extras)
        given: dict[str, Any] = {
            "photos": self.photos.value(),
            "way": self.ways.value(),
            "rule": self.rule.currentData(),
        }
        return replace(made, **given)

    def show_choice(self, choice: ExportChoice) -> None:
        """Put this into the fields."""
        self.photos.set_value(choice.photos)
        self.ways.set_value(choice.way)
        self.folder.set_text(choice.folder)
        self.names.set_text(choice.names)
        recipe = choice.recipe
        for box, value in (
            (self.rule, choice.rule),
            (self.side, recipe.side),
            (self.quality, recipe.quality),
            (self.metadata, recipe.metadata),
        ):
            box.setCurrentIndex(max(0, box.findData(value)))
        for extra, check in self.extras.items():
            check.setChecked(extra in choice.extras)
        self._on_changed()

    def show_sources(self, sources: Sources) -> None:
        """How many photos each choice would be."""
        for source, words in SOURCES.items():
            self.photos.set_words(source, f"{words}  {len(sources.of(source)):,}")

    def say_way(self, fault: str) -> None:
        """What is wrong with how they go; empty where nothing is."""
        words = WAYS[self.choice().way][1]
        self.way_words.setText(fault or words)
        set_role(self.way_words, "warning" if fault or self.choice().way == "move" else "dim")

    def say_whose(self, words: str) -> None:
        """How many of the flags are only a policy's; empty where none is."""
        self.whose.setText(words)
        self.whose.setVisible(bool(words))

    def say_rule(self, fault: str) -> None:
        """Which name is taken, where that stops everything."""
        self.rule_fault.setText(fault)
        self.rule_fault.setVisible(bool(fault))

    def _on_changed(self) -> None:
        self._jpeg.setVisible(self.ways.value() == "convert")
        self.say_way("")
        self.changed.emit()

    def _connect(self) -> None:
        for segments in (self.photos, self.ways):
            segments.chosen.connect(self._on_changed)
        for field in (self.folder, self.names):
            field.changed.connect(self._on_changed)
        for box in (self.rule, self.side, self.quality, self.metadata):
            box.activated.connect(self._on_changed)

    def _jpeg_row(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for words, box in (("Longest side", self.side), ("Quality", self.quality), ("Metadata", self.metadata)):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(label(words, "small"))
            column.addWidget(box)
            row.addLayout(column, 1)
        return made

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(18)
        grid.setColumnMinimumWidth(0, _LABELS)
        grid.setColumnStretch(1, 1)
        taken = _column(self.rule, self.rule_fault)
        extras = _column(*self.extras.values())
        for line, (words, field) in enumerate(
            (
                ("Photos", _column(_left(self.photos), self.hint, self.whose)),
                ("To", self.folder),
                ("As", _column(_left(self.ways), self.way_words, self._jpeg)),
                ("Names", self.names),
                ("Name taken", taken),
                ("Beside them", extras),
            )
        ):
            name = label(words, "dim")
            name.setContentsMargins(0, 7, 0, 0)
            grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, line, 1)
        self.rule_fault.hide()
        self.whose.hide()


def _box(name: str, words: Mapping[Any, str]) -> ChoiceBox:
    made = ChoiceBox(name)
    for value, text in words.items():
        made.addItem(text, value)
    return made


def _left(widget: QWidget) -> QWidget:
    """At its own width, at the left."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch()
    return made


def _column(*widgets: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    for widget in widgets:
        column.addWidget(widget)
    return made
