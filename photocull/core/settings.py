"""One typed `Settings`, read from and written to TOML, and the folders of all state; passed down, never global."""

import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import platformdirs
import tomli_w

from photocull.core.durable import write_whole
from photocull.core.errors import PhotocullError, UsageError
from photocull.core.named import expanded

_RENAMED: Final[dict[str, str]] = {}
"""Old setting name -> new one, so that a file of an older version keeps its meaning."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where state lies; ``PHOTOCULL_HOME`` moves all of it.

    Attributes:
        config: settings.toml. data: the catalogue and models. cache: previews, safe to delete. log: log files.
    """

    config: Path
    data: Path
    cache: Path
    log: Path

    @property
    def catalog(self) -> Path:
        """The catalogue that is used when none is named."""
        return self.data / "catalog.sqlite"

    @property
    def previews(self) -> Path:
        """The preview store."""
        return self.cache / "previews.sqlite"

    @property
    def models(self) -> Path:
        """The checkpoint store: models that the person imported or downloaded."""
        return self.data / "models"

    @property
    def exports(self) -> Path:
        """The journals of exports and clean-ups, by which they are carried on and undone."""
        return self.data / "exports"

    @property
    def policies(self) -> Path:
        """The person's own rating policies."""
        return self.config / "policies"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.config / "settings.toml"


def folders(environment: dict[str, str] | None = None) -> Folders:
    """The platform's own folders, or those under ``PHOTOCULL_HOME``."""
    home = (os.environ if environment is None else environment).get("PHOTOCULL_HOME")
    if home:
        base = expanded(home).absolute()
        return Folders(base / "config", base / "data", base / "cache", base / "log")
    dirs = platformdirs.PlatformDirs("photocull", appauthor=False)
    return Folders(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path, dirs.user_log_path)


def resources() -> Path:
    """The folder of built-in weights, keymaps, theme and icons: beside the package in a checkout, inside it in a wheel.

    Raises:
        PhotocullError: the installation is incomplete.
    """
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "_resources", package.parent / "resources"):
        if candidate.is_dir():
            return candidate
    raise PhotocullError("The program's resources are missing.", remedy="Install Photocull again.")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may set.

    Attributes:
        model: name of the model that scores.
        device: "auto", "cpu", "cuda" or "mps".
        jobs: decoding workers; 0 chooses from the processor count.
        keymap: name of a file in resources/keymaps.
        preview_limit_mb: bound of the preview store.
        auto_advance: go to the next photo after a decision.
        thumbnail_height: height of a row of photos in the grid, in pixels.
        uniform_cells: equal cells in the grid instead of justified rows.
        sort: what the grid is sorted by; see `catalog.records.SortKey`. descending: in which direction.
        folders: folders shown in the window, in order.
        geometry: the window's saved place, base64; empty on a first start.
        panels: the window's saved splitter and panel state, base64.
        sidecars: whether the window writes XMP sidecars after a decision: "ask" (once), "on" or "off".
        sidecar_names: how a new one of a RAW is called: "stem" (photo.xmp), "full" (photo.raf.xmp) or "both".
        sidecar_rejects: how a reject is written: "stars-kept" (Lightroom's flag, the stars stay), "portable"
            (rating -1, which most programs know) or "both".
        sidecar_keywords: write the themes as keywords.
        policy: name or file of the rating policy that decides stars where nothing else is said.
        export_folder: where the window exported to last; empty before the first time.
    """

    model: str = "builtin-1"
    device: str = "auto"
    jobs: int = 0
    keymap: str = "lightroom"
    preview_limit_mb: int = 2000
    auto_advance: bool = False
    thumbnail_height: int = 160
    uniform_cells: bool = False
    sort: str = "overall"
    descending: bool = True
    folders: tuple[str, ...] = ()
    geometry: str = ""
    panels: str = ""
    sidecars: str = "ask"
    sidecar_names: str = "stem"
    sidecar_rejects: str = "both"
    sidecar_keywords: bool = False
    policy: str = "cautious"
    export_folder: str = ""


def load(path: Path) -> Settings:
    """Settings from a TOML file; defaults where the file or a name is absent, unknown names kept out.

    Raises:
        UsageError: the file cannot be read, is not TOML, or a value has the wrong type.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        remedy = "Correct or delete this file."
        raise UsageError(f"The settings cannot be read: {error}.", path=path, remedy=remedy) from error
    except OSError as error:
        remedy = "Allow reading this file."
        raise UsageError(f"The settings cannot be read: {error.strerror}.", path=path, remedy=remedy) from error
    known = {f.name: getattr(Settings(), f.name) for f in fields(Settings)}
    values: dict[str, Any] = {}
    for name, value in table.items():
        current = _RENAMED.get(name, name)
        if current in known:
            values[current] = _typed(current, value, known[current], path)
    return Settings(**values)


def _typed(name: str, value: object, default: object, path: Path) -> object:
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
    elif type(value) is type(default):
        return value
    raise UsageError(f"The setting '{name}' has a value of the wrong kind.", path=path, remedy="Correct the value.")


def save(settings: Settings, path: Path) -> None:
    """Write the settings atomically: a crash leaves the old file or the new one.

    Raises:
        OSError: the folder cannot be written.
    """
    table = {f.name: getattr(settings, f.name) for f in fields(Settings)}
    write_whole(path, tomli_w.dumps({k: list(v) if isinstance(v, tuple) else v for k, v in table.items()}))


__all__ = ["Folders", "Settings", "folders", "load", "replace", "resources", "save"]
