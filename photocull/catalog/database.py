"""Opens a catalogue and holds it: the engine for readers, the one writer, and what `catalog info` and `check` say."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from sqlalchemy import URL, Connection, Engine, func, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from photocull.catalog import schema, server
from photocull.catalog.authors import myself
from photocull.catalog.backup import backup
from photocull.catalog.claims import Claim, share
from photocull.catalog.columns import Columns
from photocull.catalog.engine import connect_engine, file_of, url_of
from photocull.catalog.faults import told
from photocull.catalog.integrity import faults_in
from photocull.catalog.kept import AUTOMATIC, backups
from photocull.catalog.location import look_at
from photocull.catalog.memory import Memory
from photocull.catalog.records import CatalogInfo, Filter
from photocull.catalog.sifting import View
from photocull.catalog.soundness import remedy_for
from photocull.catalog.upgrade import bring_up_to_date
from photocull.catalog.writer import Writer
from photocull.core.errors import CatalogDamagedError, CatalogError
from photocull.core.named import hashed

BUSY_SECONDS = 10.0
"""How long a writer waits for another process before it gives up; on a server, where many work, ``SERVER_SECONDS``."""
SERVER_SECONDS = 60.0


class Catalog:
    """An open catalogue; close it, or use it as a context manager.

    Attributes:
        writer: makes all changes. outside: held by whoever reads or writes sidecars, from the files to the catalogue,
            so that what is just being written is not taken for another program's news.
    """

    def __init__(
        self,
        engine: Engine,
        location: str,
        author: str,
        *,
        cache: Path | None = None,
        claim: Claim | None = None,
    ) -> None:
        self.engine = engine
        self.location = location
        self.memory = Memory(engine, None if cache is None else cache / f"columns-{hashed(location)}.npz")
        self.writer = Writer(engine, location, author)
        self.outside = threading.Lock()
        self._claim = claim

    def __enter__(self) -> "Catalog":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what is still queued, then let go of the database; a second call does nothing."""
        try:
            self.writer.close()
            self.memory.save()
        finally:
            self.engine.dispose()
            if self._claim is not None:
                self._claim.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection of its own that sees one moment of the catalogue; any thread.

        Raises:
            CatalogError: the database refuses.
        """
        with told(self.location), self.engine.connect() as connection:
            yield connection

    def view(self, filter: Filter, model: str, *, counts: bool = False) -> View | None:
        """All photos in memory, to answer a question about many; None where the database answers it as soon.

        Args:
            counts: of themes and flags are asked for.

        Raises:
            CatalogError: the database refuses.
        """
        with told(self.location):
            return self.memory.view(filter, model, counts=counts)

    def columns(self) -> Columns | None:
        """All photos, where they are in memory already.

        Raises:
            CatalogError: the database refuses.
        """
        with told(self.location):
            return self.memory.columns()

    @property
    def file(self) -> Path | None:
        """The catalogue's file, None where it lies on a server."""
        return file_of(self.engine.url)

    def backup(self, target: Path) -> Path:
        """Write a complete copy to ``target`` while the catalogue stays in use.

        Raises:
            CatalogError: the catalogue is not a file.
            OutputError: the copy cannot be written.
        """
        if self.file is None:
            remedy = "Use the backup tool of that server: pg_dump for PostgreSQL."
            raise CatalogError("Only a catalogue in a file can be copied.", path=self.location, remedy=remedy)
        return backup(self.file, target)

    def info(self) -> CatalogInfo:
        """What the catalogue holds."""
        photos, contents = schema.photos, schema.contents
        unreadable = select(func.count()).select_from(photos.join(contents)).where(contents.c.status == "unreadable")
        judged = (
            select(func.count())
            .select_from(photos)
            .where(photos.c.content_id.in_(select(schema.judgements.c.content_id)))
        )
        with self.reading() as connection:
            return CatalogInfo(
                location=self.location,
                revision=schema.REVISION,
                photos=connection.scalar(select(func.count()).select_from(photos)) or 0,
                judged=connection.scalar(judged) or 0,
                unreadable=connection.scalar(unreadable) or 0,
                decisions=connection.scalar(select(func.count()).select_from(schema.journal)) or 0,
                models=tuple(sorted(connection.scalars(select(schema.models.c.name).distinct()))),
                size_bytes=server.size_of(connection) if self.file is None else _size(self.file),
                last_backup=_last_backup(self.file),
            )

    def check(self) -> tuple[str, ...]:
        """Every fault found, a sentence each; empty for a sound catalogue."""
        self.writer.flush()
        return faults_in(self.engine, self.location)


def open_catalog(
    location: str | Path,
    *,
    cache: Path | None = None,
    backup: bool = True,
    busy_seconds: float | None = None,
    create: bool = True,
    author: str | None = None,
) -> Catalog:
    """Open the catalogue at a file or SQLAlchemy URL; a new one is created, an older one migrated.

    Args:
        location: SQLite file or SQLAlchemy URL.
        cache: folder for what a large catalogue keeps in memory, so that the next process has it at once.
        backup: copy an older catalogue into ``backups`` beside it before it is migrated.
        busy_seconds: how long to wait for another process that writes; None for what suits the place.
        create: make the tables where there is nothing yet.
        author: whose undo takes back what is decided here; None for the person at this machine.

    Raises:
        CatalogBusyError: another process holds it, or puts back a backup.
        CatalogDamagedError: it is damaged; the remedy names the newest backup that is not.
        CatalogError: missing folder, read-only, another program's, or made by a newer version.
        OutputError: the backup before a migration cannot be written.
    """
    url, engine = _connected(location, busy_seconds)
    file = file_of(url)
    name = server.shown(url) if file is None else str(file)
    if file is not None:
        look_at(file)
    claim = None if file is None else share(file)
    try:
        _refuse_emptied(file)
        with told(name):
            bring_up_to_date(engine, name, keep_copy=backup, create=create)
    except BaseException as error:
        engine.dispose()
        if claim is not None:
            claim.release()
        if isinstance(error, CatalogDamagedError) and file is not None:
            raise CatalogDamagedError(error.sentence, path=file, remedy=remedy_for(file)) from error
        raise
    return Catalog(engine, name, myself() if author is None else author, cache=cache, claim=claim)


def file_at(location: str | Path) -> Path | None:
    """Where a catalogue's file lies or is to lie; None for one on a server.

    Raises:
        CatalogError: the text looks like a URL and is none.
    """
    with _named(location):
        return file_of(url_of(location))


def _refuse_emptied(file: Path | None) -> None:
    """A file of no bytes becomes a new catalogue, but not where there was one before."""
    if file is not None and file.is_file() and file.stat().st_size == 0 and backups(file):
        raise CatalogDamagedError("The catalogue is empty.", path=file)


def _last_backup(file: Path | None) -> str | None:
    made = [] if file is None else [kept.at for kept in backups(file) if kept.kind == AUTOMATIC]
    return made[0].isoformat(timespec="seconds") if made else None


def _connected(location: str | Path, busy_seconds: float | None) -> tuple[URL, Engine]:
    with _named(location):
        url = url_of(location)
        if url.get_backend_name() == "sqlite" and file_of(url) is None:  # each connection would see one of its own
            raise ArgumentError("a catalogue in memory is lost at once")
        if "@" in (url.host or ""):
            raise ValueError("what was meant as a password is half of it taken for the server's name")
        usual = SERVER_SECONDS if server.is_server(url) else BUSY_SECONDS
        return url, connect_engine(url, usual if busy_seconds is None else busy_seconds)


@contextmanager
def _named(location: str | Path) -> Iterator[None]:
    """Say in a sentence what is wrong with the name of a catalogue."""
    try:
        yield
    except (ArgumentError, NoSuchModuleError) as error:
        raise _no_catalog(location, f"This is no catalogue that can be opened: {error}.") from error
    except ImportError as error:
        module = error.name or "its driver"
        raise _no_catalog(location, f"A database of this kind cannot be opened here: {module} is missing.") from error
    except ValueError:  # its words may hold a part of the password, which must not reach a log
        raise _no_catalog(
            location, "This is no URL: the port is no number, or an @ in the password is not escaped (%40)."
        ) from None


def _no_catalog(location: str | Path, sentence: str) -> CatalogError:
    scheme, *rest = str(location).split("://", 1)
    remedy = "Name a file, or a URL such as postgresql://user@server/photos."
    return CatalogError(sentence, path=f"{scheme}://…" if rest else location, remedy=remedy)


def _size(file: Path) -> int:
    parts = [file, file.with_name(file.name + "-wal")]
    return sum(part.stat().st_size for part in parts if part.exists())
