"""Decisions that were not saved when the window closed: kept in a small file for the next start. No Qt here."""

import json
import logging
from pathlib import Path
from typing import Any, get_args

from photocull.core.durable import write_whole
from photocull.core.types import Decision, DecisionField
from photocull.ui.carrying import Carried

log = logging.getLogger(__name__)


class Leftovers:
    """What one file holds.

    Args:
        file: one for each catalogue; it need not be there.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept: Carried | None = None

    def look(self) -> Carried:
        """What was kept the last time; nothing where the file cannot be read."""
        if self._kept is None:
            self._kept = _read(self._file)
        return self._kept

    def settle(self) -> None:
        """What was kept was answered for: from now on the catalogue's own way of saving has it, or nobody wants it."""
        self._kept = ()

    def keep(self, unsaved: Carried) -> bool:
        """Let the file hold these, and what was not answered for; whether that is so."""
        every = (*self.look(), *unsaved)
        try:
            if every:
                _write(self._file, every)
            else:
                self._file.unlink(missing_ok=True)
        except OSError as error:
            log.warning("Decisions that were not saved could not be kept in a file: %s", error)
            return False
        return True


def _read(file: Path) -> Carried:
    try:
        found = json.loads(file.read_text("utf-8"))
        return tuple((Path(one["path"]), _decision(one)) for one in found)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("The file of decisions that were not saved cannot be read: %s", error)
        return ()


def _decision(one: dict[str, Any]) -> Decision:
    if one["field"] not in get_args(DecisionField):
        raise ValueError(f"no field is called {one['field']}")
    return Decision(int(one["photo"]), one["field"], one["value"])


def _write(file: Path, decisions: Carried) -> None:
    found = [{"path": str(path), "photo": d.photo_id, "field": d.field, "value": d.value} for path, d in decisions]
    write_whole(file, json.dumps(found))
