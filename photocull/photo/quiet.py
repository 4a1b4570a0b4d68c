"""Keeps libraries' remarks on broken metadata away from the person's terminal, without touching what others log."""

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_LOGGERS: Final = ("exifread", "PIL.TiffImagePlugin", "PIL.PngImagePlugin", "PIL.Image")


@contextmanager
def quiet() -> Iterator[None]:
    """Drop what the picture libraries log from this very thread, and Pillow's Python warnings, while the block runs."""
    _ignore_pillow_warnings()
    here = threading.get_ident()

    def from_elsewhere(record: logging.LogRecord) -> bool:
        return record.thread != here

    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addFilter(from_elsewhere)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(from_elsewhere)


def _ignore_pillow_warnings() -> None:
    """Python's warning filters are one list for all threads, so `warnings.catch_warnings` cannot be used in workers.

    A filter bound to Pillow's modules stays in place instead; it is put in once.
    """
    first = warnings.filters[0] if warnings.filters else None
    if first is None or getattr(first[3], "pattern", None) != r"PIL\.":
        warnings.filterwarnings("ignore", module=r"PIL\.")
