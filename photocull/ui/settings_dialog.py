"""Settings: a window beside the photos that never holds them up; about models, and about sidecars below."""

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from photocull.ui.model_work import ModelWork
from photocull.ui.models_page import ModelsPage
from photocull.ui.pieces import label
from photocull.ui.session import Session
from photocull.ui.sidecar_choice import SidecarChoice


class SettingsDialog(QDialog):
    """Shows the models; checkpoint files can be dropped on it. Work that it began goes on when it is closed."""

    def __init__(self, session: Session, work: ModelWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setAcceptDrops(True)
        self.models = ModelsPage(session.judging, work)
        self.sidecars = SidecarChoice(session)
        self.close_button = QPushButton("Close", autoDefault=False)
        self.close_button.clicked.connect(self.close)
        self._lay_out()
        self.setMinimumSize(820, 600)
        self.resize(1040, 760)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files of this computer may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what was dropped."""
        event.acceptProposedAction()
        self.models.bring([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(14)
        whole.addWidget(label("What judges your photos", "title"))
        whole.addWidget(self.models, 1)
        whole.addWidget(self.sidecars)
        last = QHBoxLayout()
        last.setSpacing(16)
        last.addWidget(self.models.foot, 1)
        last.addWidget(self.close_button)
        whole.addLayout(last)
