"""Results on standard output: JSON, JSON lines, CSV or a table; standard output carries the data and nothing else."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from photocull.catalog.records import PhotoDetail
from photocull.cli.failing import silence_stdout
from photocull.cli.options import Format
from photocull.cli.records import COLUMNS, Record, flat
from photocull.cli.table import table
from photocull.core.errors import OutputError

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


def json_list(values: Iterable[Any]) -> Iterator[str]:
    """The pieces of a JSON list, one value a line."""
    start = "[\n"
    for value in values:
        yield start + as_json(value)
        start = ",\n"
    yield "[]\n" if start == "[\n" else "\n]\n"


def as_json(value: Any) -> str:
    """JSON on one line, floats in full.

    Bytes of a path that are no UTF-8 are written as lone surrogates (``\\udc80`` to ``\\udcff``), which Python's own
    ``json`` and ``os`` modules turn back into the same path.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text if _encodable(text) else json.dumps(value, allow_nan=False)


def csv_lines(entries: Iterable[Record], columns: Sequence[str] = COLUMNS) -> Iterator[str]:
    """A heading and one line a photo; path bytes that are no UTF-8 are shown as ``\\udcNN``."""
    held = io.StringIO(newline="")
    # Python's csv quotes what its own end of line is made of, and names may hold either character.
    writer = csv.DictWriter(held, columns, lineterminator="\r\n")
    writer.writeheader()
    for entry in entries:
        yield held.getvalue().removesuffix("\r\n") + "\n"
        held.seek(0)
        held.truncate()
        writer.writerow({**flat(entry), **{name: entry[name] for name in columns if name not in COLUMNS}})
    yield held.getvalue().removesuffix("\r\n") + "\n"


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


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
