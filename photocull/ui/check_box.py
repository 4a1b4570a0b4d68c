"""A box to be ticked in the window's own look, whose tick is drawn like all other icons."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from photocull.ui.style import TOKENS, pixmap

_TICK = 12


class CheckBox(QCheckBox):
    """As the stylesheet says, with the tick."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tick goes into the middle of the box."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        tick = pixmap("check", TOKENS.on_accent, _TICK, ratio=self.devicePixelRatioF())
        QPainter(self).drawPixmap(box.center().x() - _TICK // 2 + 1, box.center().y() - _TICK // 2 + 1, tick)
