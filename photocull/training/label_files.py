"""Label files of photo sets: rows by the names of their columns, every fault told with its line."""

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

from photocull.core.errors import TrainingError

Value = TypeVar("Value")
_LONGEST_HEADER: Final = 1 << 16


def header(path: Path) -> tuple[str, ...]:
    """The column names of a CSV file; empty where it cannot be read as one, since any file may lie beside photos."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline(_LONGEST_HEADER)
        return tuple(name.strip() for name in next(csv.reader([first]), []))
    except (OSError, UnicodeDecodeError, csv.Error):
        return ()


def parsed(path: Path, columns: Sequence[str], read: Callable[[list[str]], Value]) -> Iterator[tuple[int, Value]]:
    """(line, what ``read`` makes of the row's ``columns``) for each row of a CSV file with a header.

    Args:
        read: takes the entries of ``columns`` in that order, white space removed; a ValueError's text is the reason
            that the person is told.

    Raises:
        TrainingError: the file cannot be read, lacks a column, or a row is malformed; with its line.
    """
    for line, entries in _rows(path, columns):
        try:
            yield line, read(entries)
        except ValueError as error:
            raise bad_line(path, line, str(error)) from error


def words(path: Path, read: Callable[[list[str]], Value]) -> Iterator[tuple[int, Value]]:
    """(line, what ``read`` makes of its words) for each line of a text file without header; errors as `parsed`."""
    line = 0
    try:
        with path.open(encoding="utf-8-sig") as file:
            for line, text in enumerate(file, 1):
                if found := text.split():
                    yield line, read(found)
    except ValueError as error:
        reason = "this is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise bad_line(path, line or 1, reason) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def number(text: str, what: str, low: float, high: float) -> float:
    """The number that ``text`` is, from ``low`` to ``high``; ValueError with a reason for people otherwise."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise ValueError(f"{what} '{text}' is not a number from {low:g} to {high:g}")
    return value


def bad_line(path: Path, line: int, reason: str) -> TrainingError:
    """What is told about a malformed line."""
    return TrainingError(f"Line {line}: {reason}.", path=path, remedy="Correct or remove this line.")


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            names = [name.strip() for name in next(reader, [])]
            places = [_place(path, names, column) for column in columns]
            for entries in reader:
                line = reader.line_num
                if entries and len(entries) != len(names):
                    raise bad_line(path, line, f"it has {len(entries)} entries instead of {len(names)}")
                if entries:
                    yield line, [entries[place].strip() for place in places]
    except UnicodeDecodeError as error:
        raise TrainingError("The label file is not UTF-8 text.", path=path) from error
    except csv.Error as error:
        raise bad_line(path, line + 1, f"this is not CSV ({error})") from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _place(path: Path, names: Sequence[str], column: str) -> int:
    if column not in names:
        raise TrainingError(f"The label file lacks the column '{column}'.", path=path)
    return names.index(column)


def _unreadable(path: Path, error: OSError) -> TrainingError:
    return TrainingError(f"The label file cannot be read: {error.strerror or error}.", path=path)
