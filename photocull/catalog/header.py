"""What the first bytes of a catalogue's file, and of the log beside it, say before SQLite opens and changes them.

SQLite takes a log (``-wal``) for the file's own by its name alone, and writes what is in it into the file: one that
another file left would destroy it. Formats: sqlite.org/fileformat2.html, sections 1.3 and 4.1.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from photocull.core.errors import CatalogError

APPLICATION_ID: Final = 0x50434C43
"""SQLite's application id of a catalogue file, "PCLC", so that another program's database is told apart."""
_MAGIC: Final = b"SQLite format 3\0"
_HEADER, _LOG_HEADER, _FRAME_HEADER = 100, 32, 24
_LOG_MAGICS: Final = (0x377F0682, 0x377F0683)
_MOST_FRAMES: Final = 20_000
"""More than the log's own limit of 64 MB holds."""


def begins_as_database(file: Path) -> bool:
    """Whether a file begins as SQLite's do; an empty one may become one.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as opened:
        head = opened.read(len(_MAGIC))
    return not head or head == _MAGIC


def refuse_what_is_not_ours(file: Path) -> None:
    """Return if nothing speaks against opening this file, no link to it, as a catalogue; looks, and changes nothing.

    Raises:
        CatalogError: another program's database, or a log that belongs to another file. OSError: it cannot be read.
    """
    log = file.with_name(file.name + "-wal")
    written = log.stat().st_size if log.is_file() else 0
    if not file.is_file():
        return
    with file.open("rb") as opened:
        head = opened.read(_HEADER)
    if written and _is_of_another(head, log):
        remedy = f"Move {log.name} to another folder, and {file.name}-shm if it is there, then start again."
        raise CatalogError("The log beside this catalogue belongs to another file.", path=log, remedy=remedy)
    if not written and _is_another_programs(head, file.stat().st_size):
        remedy = "Choose another file with --catalog."
        raise CatalogError("This database belongs to another program.", path=file, remedy=remedy)


def _is_another_programs(head: bytes, size: int) -> bool:
    """Whether it is a database with tables and without our mark; one page alone is one that was just begun."""
    return _is_database(head) and size > _page(head) and _mark(head) != APPLICATION_ID


def _is_of_another(head: bytes, log: Path) -> bool:
    """Whether a log cannot be this file's: ours are in its mode from their first byte on, and bear our mark."""
    if not head:
        return True
    if not _is_database(head):
        return False  # it is damaged itself, which SQLite says
    with log.open("rb") as opened:
        begun, marks = _committed_marks(opened)
    if not begun:
        return False  # SQLite passes over what is no log
    in_log_mode = head[18] == 2
    return not in_log_mode or any(mark != APPLICATION_ID for mark in marks)


def _committed_marks(log: BinaryIO) -> tuple[bool, tuple[int, ...]]:
    """Whether a log holds a commit, and the mark on the first page that the last such commit leaves, if any."""
    begun, committed, pending = False, (), ()  # type: tuple[bool, tuple[int, ...], tuple[int, ...]]
    for page, ends, head in _frames(log):
        if page == 1:
            pending = (_mark(head),)
        if ends:
            begun, committed = True, pending
    return begun, committed


def _frames(log: BinaryIO) -> Iterator[tuple[int, bool, bytes]]:
    """Page number, whether a commit ends there, and the page's first bytes, of each frame of the log's last start."""
    head = log.read(_LOG_HEADER)
    if len(head) < _LOG_HEADER or int.from_bytes(head[:4], "big") not in _LOG_MAGICS:
        return
    size, salt = int.from_bytes(head[8:12], "big"), head[16:24]
    for number in range(_MOST_FRAMES):
        log.seek(_LOG_HEADER + number * (_FRAME_HEADER + size))
        frame = log.read(_FRAME_HEADER + _HEADER)
        if len(frame) < _FRAME_HEADER + _HEADER or frame[8:16] != salt:
            return
        page, pages_after = struct.unpack(">II", frame[:8])
        yield page, pages_after != 0, frame[_FRAME_HEADER:]


def _is_database(head: bytes) -> bool:
    return head.startswith(_MAGIC) and len(head) == _HEADER and _page(head) >= 512


def _mark(head: bytes) -> int:
    return int.from_bytes(head[68:72], "big")


def _page(head: bytes) -> int:
    size = int.from_bytes(head[16:18], "big")
    return 65536 if size == 1 else size
