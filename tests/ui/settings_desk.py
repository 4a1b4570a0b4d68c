"""A window whose Settings are looked at: two published models at hand, one that cannot be opened, what to press."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from photocull.core.errors import ModelError
from photocull.ui.bridge import Bridge
from photocull.ui.models_page import ModelsPage
from photocull.ui.scoring import OpenedModel
from photocull.ui.settings_dialog import SettingsDialog
from tests.pixel_scorer import PixelScorer
from tests.ui.conftest import Studio
from tests.ui.fake_models import FakeModels

TANET, COLOUR, AVA, SPAQ = "tanet-tad66k", "delegate-icaa17k", "tanet-ava", "delegate-spaq"


def opened(studio: Studio) -> Studio:
    """The window, without photos."""

    def open_model(bridge: Bridge, name: str) -> OpenedModel:
        if name == f"{COLOUR}:colour":
            raise ModelError("The model's file is damaged: its hash differs from its card.", remedy="Import it again.")
        return studio._model(bridge, name)

    studio.models = FakeModels(TANET, COLOUR)
    studio.others = {TANET: PixelScorer("pixels-2"), f"{TANET}+{COLOUR}": PixelScorer("pixels-3")}
    studio.open(open_model=open_model)
    studio.until(lambda: studio.window.session.judging.name)
    return studio


def settings(studio: Studio) -> SettingsDialog:
    studio.press("Ctrl+,")
    dialog = studio.window.settings.dialog
    assert dialog is not None
    studio.until(lambda: dialog.models.list.count() > 2)
    assert QTest.qWaitForWindowActive(dialog)
    return dialog


def pick(page: ModelsPage, score: str, name: str) -> None:
    box = page.choice.boxes[score]
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())


def chosen(page: ModelsPage) -> list[str]:
    return [str(box.currentData()) for box in page.choice.boxes.values()]


def titles(page: ModelsPage) -> list[str]:
    return [str(page.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(page.list.count())]
