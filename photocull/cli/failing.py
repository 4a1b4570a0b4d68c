"""How a command ends: one red line and an exit code for what people can mend, a log file for what only we can."""

import io
import logging
import logging.handlers
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

import typer

from photocull.core.errors import PhotocullError, one_line, printable
from photocull.core.settings import folders

UNREADABLE: Final = 1
"""Exit code: some photos could not be read, or the program itself failed."""
WRONG_USAGE: Final = 2
INTERRUPTED: Final = 130

_LOG_BYTES: Final = 1_000_000
log = logging.getLogger("photocull")


def warn(text: str) -> None:
    """One line on standard error."""
    with _heard_or_not():
        typer.echo(text, err=True)


def fail(text: str) -> None:
    """One red line on standard error (red on a terminal only)."""
    with _heard_or_not():
        typer.secho(text, fg=typer.colors.RED, err=True)


@contextmanager
def _heard_or_not() -> Iterator[None]:
    """A reader of the remarks that goes away, or a full disk under them, must not end the work."""
    try:
        yield
    except OSError:
        sys.stderr = _nowhere()


def ending(work: Callable[[], int]) -> int:
    """Run a command and turn whatever ends it into an exit code and, where it failed, one line."""
    _open_streams()
    with logged():
        try:
            return work()
        except typer.TyperException as error:
            fail(_usage(error))
            return WRONG_USAGE
        except PhotocullError as error:
            fail(str(error))
            return error.exit_code
        except KeyboardInterrupt:
            fail("Stopped; what was scored is kept.")
            return INTERRUPTED
        except BrokenPipeError:
            silence_stdout()
            return 0
        except Exception as error:
            log.exception("a command failed")
            fail(f"Photocull failed: {one_line(f'{type(error).__name__}: {error}', 200)} Details are in {_file()}.")
            return UNREADABLE


def silence_stdout() -> None:
    """Let the interpreter end quietly after the reader of a pipe has gone."""
    sys.stdout = _nowhere()


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")  # it lives as long as the process


def _open_streams() -> None:
    """Python has no stream where the caller closed one, and refuses names that the platform's encoding lacks."""
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


@contextmanager
def logged() -> Iterator[None]:
    """Log lines of warning and worse go to a file in the log folder, which is made with the first one."""
    handler = LateFile(_file(), logging.WARNING, "%(asctime)s %(levelname)s %(name)s: %(message)s")
    root = logging.getLogger()
    root.addHandler(handler)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        root.removeHandler(handler)
        handler.close()


class LateFile(logging.handlers.RotatingFileHandler):
    """Makes its folder and file only when there is something to say; a folder that cannot be written costs nothing.

    Args:
        level: the least that is kept. form: of a line. kept: older files beside the one that is written.
    """

    def __init__(self, path: Path, level: int, form: str, *, kept: int = 1) -> None:
        super().__init__(path, maxBytes=_LOG_BYTES, backupCount=kept, encoding="utf-8", delay=True)
        self.setLevel(level)
        self.setFormatter(logging.Formatter(form))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            return
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's own name
        """A full disk must not spill a traceback over the terminal."""


def _file() -> Path:
    return folders().log / "photocull.log"


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    command = "photocull" if context is None else context.command_path
    return f"{one_line(printable(error.format_message()))} See: {command} --help"
