"""What `doctor` looks at: each check is one function that returns findings, with a remedy for every fault."""

import importlib.util
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from photocull.catalog.database import open_catalog
from photocull.cli.engine import engines, loads, version
from photocull.cli.finding import BROKEN, INSTALL, Finding
from photocull.cli.screen import require_screen
from photocull.cli.words import backed_up
from photocull.core.errors import PhotocullError, one_line, printable
from photocull.core.settings import Folders, Settings, load
from photocull.models.registry import built_in
from photocull.models.store import Listed, listing, open_scorer, scorer_fingerprint
from photocull.photo.previews import PreviewStore

_DECODERS: Final = (
    ("pi_heif", "pi-heif", "HEIC"),
    ("rawpy", "rawpy", "camera RAW"),
    ("imagecodecs._jpegxl", "imagecodecs", "JPEG XL"),
)
"""Module, package and format of what is loaded for some formats alone."""
_WRITE: Final = "Allow writing there, or set PHOTOCULL_HOME to another folder."


def examine(where: Folders, catalog: Path | str | None = None) -> list[Finding]:
    """Look at everything; a check that fails itself becomes a finding.

    Args:
        catalog: the catalogue to look at; the person's own if None.
    """
    settings, read = _settings(where)
    checks: list[Callable[[], list[Finding]]] = [
        lambda: engines(settings),
        _formats,
        lambda: _models(settings),
        lambda: [_writable(name, folder) for name, folder in _folders(where)],
        lambda: [_catalog(catalog or where.catalog)],
        lambda: [_previews(where, settings)],
        _window,
        lambda: _sidecars(settings),
    ]
    return [read, *(finding for check in checks for finding in _guarded(check))]


def _guarded(check: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return check()
    except PhotocullError as error:
        return [Finding("installation", BROKEN, error.brief, error.remedy or INSTALL)]


def _settings(where: Folders) -> tuple[Settings, Finding]:
    try:
        return load(where.settings), Finding("settings", "ok", printable(where.settings))
    except (PhotocullError, OSError) as error:
        told = error.brief if isinstance(error, PhotocullError) else str(error)
        return Settings(), Finding("settings", BROKEN, told, f"Correct or delete {printable(where.settings)}.")


def _formats() -> list[Finding]:
    from PIL import features

    names = {"jpg": "JPEG", "zlib": "PNG", "libtiff": "TIFF", "webp": "WebP", "avif": "AVIF", "jpg_2000": "JPEG 2000"}
    versions = {name: features.version(key) for key, name in names.items() if features.check(key)}
    there = ", ".join(f"{name} {version or ''}".strip() for name, version in versions.items())
    found = [Finding("formats", "ok", f"{there} (Pillow {version('pillow')})")]
    found += [Finding("formats", BROKEN, f"Pillow lacks {n}.", INSTALL) for n in names.values() if n not in versions]
    for module, package, name in _DECODERS:
        if loads(module):
            found.append(Finding("formats", "ok", f"{name} ({package} {version(package)})"))
        else:
            found.append(Finding("formats", BROKEN, f"{name}: {package} cannot be loaded.", INSTALL))
    return found


def _models(settings: Settings) -> list[Finding]:
    """Built-in models are verified in full; the person's, which may be large, by their cards and sizes."""
    shipped = built_in()
    own = (_own_model(model) for model in listing() if model.name not in shipped)
    found = [*(_builtin_model(name) for name in shipped), *(finding for finding in own if finding is not None)]
    try:
        scorer_fingerprint(settings.model)
    except PhotocullError as error:
        remedy = f"{error.remedy or ''} Or choose another model in the settings.".strip()
        found.append(
            Finding("models", BROKEN, f"The settings name a model that cannot judge. {error.sentence}", remedy)
        )
    return found


def _builtin_model(name: str) -> Finding:
    try:
        scorer = open_scorer(name, "cpu")
    except PhotocullError as error:
        return Finding("models", BROKEN, error.brief, error.remedy or INSTALL)
    return Finding("models", "ok", f"{name}: verified ({scorer.fingerprint})")


def _own_model(model: Listed) -> Finding | None:
    if model.state == "damaged":
        remedy = f"Remove it and add it again: photocull models remove {model.name} --yes"
        return Finding("models", BROKEN, f"{model.name}: {model.problem}", remedy)
    if model.state != "installed" or model.card is None:
        return None
    if importlib.util.find_spec("torch") is None:
        remedy = "Install PyTorch: python3 packaging/bootstrap.py install torch"
        return Finding("models", "note", f"{model.name} is here, but needs PyTorch, which is not installed.", remedy)
    return Finding("models", "ok", f"{model.name}: {model.card.title}; to verify it: photocull models verify")


def _folders(where: Folders) -> list[tuple[str, Path]]:
    return [("settings", where.config), ("catalogue", where.data), ("previews", where.cache), ("log", where.log)]


def _writable(name: str, folder: Path) -> Finding:
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(nearest).free
    text = f"{name}: {printable(folder)}, {free / 1e9:.1f} GB free"
    if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        return Finding("folders", BROKEN, f"{name}: {printable(folder)} cannot be written.", _WRITE)
    if free < 500_000_000:
        return Finding("folders", "note", text, "Make room: previews and the catalogue need some hundred megabytes.")
    return Finding("folders", "ok", text)


def _catalog(location: Path | str) -> Finding:
    if isinstance(location, Path) and not location.exists():
        return Finding("catalogue", "ok", f"{printable(location)}: made with the first photo")
    try:
        with open_catalog(location, create=isinstance(location, Path)) as opened:
            faults, info = opened.check(), opened.info()
    except PhotocullError as error:
        return Finding("catalogue", BROKEN, error.sentence, error.remedy or "See: photocull catalog check")
    if faults:
        return Finding("catalogue", BROKEN, "; ".join(faults), "See: photocull catalog check")
    size = "" if info.size_bytes is None else f", {info.size_bytes / 1e6:.1f} MB"
    kept = "" if info.on_server or not info.photos else f"; last backup: {backed_up(info)}"
    return Finding("catalogue", "ok", f"{printable(info.location)}: {info.photos} photos{size}, sound{kept}")


def _previews(where: Folders, settings: Settings) -> Finding:
    path = where.previews
    if not path.exists():
        return Finding("previews", "ok", f"{printable(path)}: made with the first photo")
    try:
        with PreviewStore(path, limit_bytes=settings.preview_limit_mb * 2**20):
            size = path.stat().st_size
    except (OSError, sqlite3.Error, PhotocullError) as error:
        return Finding("previews", BROKEN, f"{printable(path)}: {one_line(str(error), 160)}", "Delete this file.")
    return Finding("previews", "ok", f"{size / 1e6:.1f} of {settings.preview_limit_mb} MB used")


def _window() -> list[Finding]:
    if importlib.util.find_spec("PySide6") is None:
        return [Finding("window", BROKEN, "PySide6 is not installed.", INSTALL)]
    qt = version("PySide6-Essentials")
    # Commands work without a screen, so what only the window lacks does not make Photocull unusable.
    try:
        require_screen()
    except PhotocullError as error:
        return [Finding("window", "note", error.sentence, error.remedy)]
    return [Finding("window", "ok", f"Qt for Python {qt}, all parts of the system found")]


def _sidecars(settings: Settings) -> list[Finding]:
    found = []
    for name in settings.folders:
        folder = Path(name)
        if not folder.is_dir():
            remedy = "Connect the drive, or open another folder in the window."
            found.append(Finding("photo folders", "note", f"{printable(folder)} is not there.", remedy))
        elif not os.access(folder, os.W_OK):
            remedy = "Allow writing there if ratings are to be saved beside the photos."
            found.append(Finding("photo folders", "note", f"{printable(folder)} is read-only.", remedy))
        else:
            found.append(Finding("photo folders", "ok", f"{printable(folder)}: sidecars can be written"))
    return found
