"""A window paints for hours: the fault of PySide6 6.12.0 must not end it."""

import subprocess
import sys

PAINT = """
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from photocull.ui.steady import hold_constants
application = QGuiApplication(["-platform", "offscreen"])
hold_constants()
hold_constants()
canvas = QPixmap(8, 8)
painter = QPainter(canvas)
for _ in range(60_000):
    painter.setPen(QColor(1, 2, 3))
    painter.setBrush(QColor(1, 2, 3))
painter.end()
print("painted")
"""


EMIT = """
from PySide6.QtCore import QCoreApplication, QObject, Signal
from photocull.ui.steady import hold_constants
class Teller(QObject):
    told = Signal(str)
application = QCoreApplication([])
hold_constants()
teller = Teller()
teller.told.connect(lambda word: None)
for _ in range(20_000):
    teller.told.emit("word")
print("told")
"""


def test_twenty_thousand_signals_do_not_end_the_program() -> None:
    ended = subprocess.run([sys.executable, "-c", EMIT], capture_output=True, text=True, timeout=60, check=False)
    assert ended.stdout == "told\n", ended.stderr[-500:]


def test_a_hundred_thousand_pens_do_not_end_the_program() -> None:
    ended = subprocess.run([sys.executable, "-c", PAINT], capture_output=True, text=True, timeout=60, check=False)
    assert ended.stdout == "painted\n", ended.stderr[-500:]
