"""Ways in which a catalogue's file is spoilt: by a disk, by a program that writes over it, by a crash of the system."""

import sqlite3
from contextlib import closing
from pathlib import Path


def spoil_pages(location: Path, first: int, last: int | None = None) -> None:
    """Write nonsense over some of the file's pages; page 1 is the one that leads to all others."""
    with closing(sqlite3.connect(location)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        size = int(connection.execute("PRAGMA page_size").fetchone()[0])
    pages = location.stat().st_size // size
    with location.open("r+b") as file:
        for page in range(first, (last or pages) + 1):
            file.seek((page - 1) * size)
            file.write(b"\xa5" * size)


def spoil_head(location: Path) -> None:
    """Write nonsense over the list of tables, so that nothing can be opened."""
    spoil_pages(location, 1, 1)


def pages_of(location: Path, *tables: str) -> list[int]:
    """The pages in which these tables and their indexes lie."""
    with closing(sqlite3.connect(location)) as connection:
        marks = ",".join("?" * len(tables))
        rows = connection.execute(f"SELECT rootpage FROM sqlite_master WHERE tbl_name IN ({marks})", tables).fetchall()
    return [int(row[0]) for row in rows if row[0]]


def spoil_table(location: Path, *tables: str) -> None:
    """Write nonsense over the first page of these tables and of their indexes."""
    for page in pages_of(location, *tables):
        spoil_pages(location, page, page)
