"""A heading that folds what stands below it away: a button with an arrow, turned by Space or a click."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget


class Fold(QWidget):
    """Folded until it is asked for; what it holds is made at the first unfolding.

    Args:
        heading: what stands below. make: makes it. unfolded: whether it begins so.
    """

    def __init__(self, heading: str, make: Callable[[], QWidget], *, unfolded: bool = False) -> None:
        super().__init__()
        self._make = make
        self._body: QWidget | None = None
        self.button = QToolButton()
        self.button.setCheckable(True)
        self.button.setText(heading)
        self.button.setAccessibleName(heading)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(2)
        self._lines.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.button.toggled.connect(self._show)
        self.button.setChecked(unfolded)
        self._show(unfolded)

    @property
    def unfolded(self) -> bool:
        """Whether what it holds is seen."""
        return self.button.isChecked()

    def _show(self, unfolded: bool) -> None:
        self.button.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        if unfolded and self._body is None:
            self._body = self._make()
            self._body.setContentsMargins(22, 0, 0, 6)
            self._lines.addWidget(self._body)
        if self._body is not None:
            self._body.setVisible(unfolded)
