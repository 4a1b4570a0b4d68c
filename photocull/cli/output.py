"""Results on standard output: JSON, JSON lines, CSV or a table; standard output carries the data and nothing else."""

import sys
from collections.abc import Iterable

from photocull.catalog.records import PhotoDetail
from photocull.cli.failing import silence_stdout
from photocull.cli.options import Format
from photocull.cli.table import table
from photocull.core.errors import OutputError
from photocull.picks.record_text import as_json, csv_lines, json_list
from photocull.picks.records import Record

Shown = tuple[PhotoDetail, Record]


def write(shown: Iterable[Shown], form: Format) -> None:
    """Write photos in the order given, a page at a time; a reader that goes away ends it quietly."""
    if form == "table":
        emit(table(shown))
    elif form == "csv":
        emit(csv_lines(record for _, record in shown))
    elif form == "jsonl":
        emit(f"{as_json(record)}\n" for _, record in shown)
    else:
        emit(json_list(record for _, record in shown))


def emit(pieces: Iterable[str]) -> None:
    """Write text to standard output as UTF-8, whatever the platform's own encoding is.

    Raises:
        OutputError: the disk behind standard output is full or failed.
    """
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        silence_stdout()
    except OSError as error:
        silence_stdout()
        remedy = "What was scored is kept; make room and ask again."
        raise OutputError(f"The results cannot be written: {error.strerror}.", remedy=remedy) from error


__all__ = ["as_json", "csv_lines", "emit", "json_list", "write"]
