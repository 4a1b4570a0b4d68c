"""Records as text: JSON, one value a line, and CSV, whatever bytes their paths hold."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from photocull.picks.records import COLUMNS, Record, flat


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


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
