"""How everything looks: the tokens (colours, sizes), the stylesheet made from them, fonts and tinted icons."""

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from photocull.core.settings import resources


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours as ``#rrggbb``, lengths in device-independent pixels; the names say the use, not the look."""

    window: str = "#1b1b1b"
    surround: str = "#161616"
    panel: str = "#232323"
    raised: str = "#2c2c2c"
    hover: str = "#333333"
    line: str = "#353535"
    strong_line: str = "#4a4a4a"
    text: str = "#d9d9d9"
    bright: str = "#f2f2f2"
    dim: str = "#9a9a9a"
    faint: str = "#6f6f6f"
    accent: str = "#5aa2e6"
    accent_hover: str = "#72b2ef"
    on_accent: str = "#10202f"
    pick: str = "#6cc08b"
    reject: str = "#e0736d"
    star: str = "#e6b450"
    warning: str = "#d79a4a"
    program: str = "#8f8f8f"
    label_red: str = "#d9534f"
    label_yellow: str = "#e3b341"
    label_green: str = "#57a55a"
    label_blue: str = "#4a82cf"
    label_purple: str = "#8e5fc0"
    font_size: int = 13
    small_size: int = 11
    title_size: int = 20
    score_size: int = 34
    gap: int = 8
    photo_radius: int = 3
    radius: int = 6
    left_width: int = 232
    right_width: int = 304
    top_height: int = 48
    status_height: int = 30
    icon_size: int = 16
    stroke: float = 1.75

    def label(self, word: str) -> str:
        """The colour of a label word ("red", "purple", ...)."""
        return str(getattr(self, f"label_{word}"))


TOKENS: Final = Tokens()


def stylesheet(tokens: Tokens = TOKENS) -> str:
    """The application's stylesheet: resources/theme/photocull.qss with the tokens filled in."""
    text = (resources() / "theme" / "photocull.qss").read_text("utf-8")
    return Template(text).substitute(asdict(tokens))


def font(size: int = TOKENS.font_size, *, weight: QFont.Weight = QFont.Weight.Normal, tabular: bool = False) -> QFont:
    """The interface font at ``size`` pixels; ``tabular`` gives all figures the same width."""
    made = QFont(_family()) if _family() else QFont()
    made.setPixelSize(size)
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


@lru_cache(maxsize=1)
def _family() -> str:
    return next((name for name in ("Inter", "Inter Variable") if name in QFontDatabase.families()), "")


def pixmap(
    name: str, colour: str = TOKENS.text, size: int = TOKENS.icon_size, *, ratio: float = 1.0, filled: bool = False
) -> QPixmap:
    """An icon drawn at ``size`` device-independent pixels for a screen of this pixel ratio.

    Args:
        name: file name in resources/icons without its suffix. filled: fill the outline with the colour too.
    """
    # Qt's own cache: it ends with the application, as pictures for a screen must.
    key = f"icon {name} {colour} {size} {ratio} {filled}"
    made = QPixmap()
    if not QPixmapCache.find(key, made):
        made = _drawn(name, colour, size, ratio, filled)
        QPixmapCache.insert(key, made)
    return made


def _drawn(name: str, colour: str, size: int, ratio: float, filled: bool) -> QPixmap:
    side = round(size * ratio)
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(_svg(name, colour, filled))).render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def icon(
    name: str,
    colour: str = TOKENS.text,
    size: int = TOKENS.icon_size,
    *,
    checked: str | None = None,
    filled: bool = False,
) -> QIcon:
    """An icon for buttons, sharp at every common screen scale.

    Args:
        checked: its colour while the button is checked; the same colour if None.
    """
    made = QIcon()
    for ratio in (1.0, 2.0, 3.0):
        for state, tint in ((QIcon.State.Off, colour), (QIcon.State.On, checked or colour)):
            made.addPixmap(pixmap(name, tint, size, ratio=ratio, filled=filled), QIcon.Mode.Normal, state)
            faded = pixmap(name, TOKENS.faint, size, ratio=ratio, filled=filled)
            made.addPixmap(faded, QIcon.Mode.Disabled, state)
    return made


def icon_size(size: int = TOKENS.icon_size) -> QSize:
    """A square of ``size``, as `setIconSize` wants it."""
    return QSize(size, size)


@lru_cache(maxsize=256)
def _svg(name: str, colour: str, filled: bool) -> bytes:
    text = _source(resources() / "icons", name)
    text = text.replace('stroke-width="2"', f'stroke-width="{TOKENS.stroke}"')
    if filled:
        text = text.replace('fill="none"', f'fill="{colour}"')
    return text.replace("currentColor", colour).encode()


def _source(folder: Path, name: str) -> str:
    return (folder / f"{name}.svg").read_text("utf-8")


def dress(application: QApplication) -> None:
    """Give the application the theme: Fusion underneath, our palette, font and stylesheet."""
    application.setStyle("Fusion")
    application.setPalette(_palette(TOKENS))
    application.setFont(font())
    application.setStyleSheet(stylesheet())


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.window,
        role.AlternateBase: tokens.panel,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.dim,
        role.Text: tokens.text,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.bright,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Link: tokens.accent,
    }
    made = QPalette()
    for which, colour in colours.items():
        made.setColor(which, QColor(colour))
    for which in (role.Text, role.ButtonText, role.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.faint))
    return made
