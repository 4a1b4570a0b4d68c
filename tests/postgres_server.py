"""A PostgreSQL server of the tests' own: a data folder that goes away with it, a free port, a password."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from photocull.catalog.database import open_catalog

USER, PASSWORD = "photocull", "s3cret/wörd"
CATALOG = "catalogue"


def binaries() -> Path:
    """The folder of initdb and postgres; skips the test where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda folder: (len(folder.parent.name), folder), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")


class PostgresServer:
    """One server on 127.0.0.1 with a password, in a language whose order is not that of code points where it can.

    Commits do not wait for the disk: what a loss of power does is PostgreSQL's own promise, and no test cuts it.
    """

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:  # which PostgreSQL refuses
            account = _account()
            self._as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            os.chown(folder, account.pw_uid, account.pw_gid)
        self._initialise()

    def _initialise(self) -> None:
        password = self.folder / "password"
        password.write_text(PASSWORD, "utf-8")
        password.chmod(0o644)
        command = [self._programs / "initdb", "-D", self._data, "-U", USER, "--pwfile", password, "--no-sync"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
        usage = subprocess.run([self._programs / "initdb", "--help"], capture_output=True, text=True, check=True).stdout
        if "--icu-locale" in usage:
            command += ["--locale-provider=icu", "--icu-locale=en-US"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, **self._as_user)
        assert done.returncode == 0, done.stderr

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = ["listen_addresses=127.0.0.1", f"port={self.port}", f"unix_socket_directories={self.folder}"]
        settings += ["fsync=off", "shared_buffers=32MB", "max_connections=60", "autovacuum=off"]
        command = [self._programs / "postgres", "-D", self._data, *(word for s in settings for word in ("-c", s))]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **self._as_user)
        deadline = time.monotonic() + 120
        while True:
            try:
                psycopg.connect(**self._address("postgres")).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self.folder / "log").read_text("utf-8", "replace")
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it and every connection; by SIGQUIT as a crash would."""
        self._disconnect()
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(120)
            self._process = None

    def close(self) -> None:
        """End it and remove all that it kept."""
        self.stop()
        shutil.rmtree(self.folder)

    def _disconnect(self) -> None:
        for name in ("_admin", "_emptying"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()

    @cached_property
    def _admin(self) -> "psycopg.Connection[Any]":
        return self.connect("postgres")

    @cached_property
    def _emptying(self) -> "psycopg.Connection[Any]":
        if self._admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [CATALOG]).fetchone() is None:
            open_catalog(self.make(CATALOG)).close()
        return self.connect(CATALOG)

    def run(self, statement: str, **names: str) -> None:
        """A statement to the server itself, with names quoted in it."""
        self._admin.execute(sql.SQL(statement).format(**{k: sql.Identifier(v) for k, v in names.items()}))  # type: ignore[arg-type]

    def make(self, name: str, template: str = "template1") -> str:
        """A new database; its URL."""
        self.run("CREATE DATABASE {name} TEMPLATE {template}", name=name, template=template)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.run("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)

    def url(self, name: str, **parts: Any) -> str:
        """As a person writes it, without a driver; parts of it can be others."""
        base = make_url("postgresql://127.0.0.1").set(username=USER, password=PASSWORD, port=self.port, database=name)
        return base._replace(**parts).render_as_string(hide_password=False)

    def connect(self, name: str) -> "psycopg.Connection[Any]":
        """A connection of another program."""
        return psycopg.connect(**self._address(name), autocommit=True)

    def _address(self, name: str) -> dict[str, Any]:
        return {"host": "127.0.0.1", "port": self.port, "user": USER, "password": PASSWORD, "dbname": name}

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """A database for one test: its URL."""
        name = f"test_{secrets.token_hex(6)}"
        url = self.make(name, template)
        try:
            yield url
        finally:
            self.drop(name)

    def emptied(self) -> str:
        """The URL of a catalogue with nothing in it: always the same one, as emptying takes a tenth of making."""
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        self._emptying.execute(others, [CATALOG])
        rows = self._emptying.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [sql.Identifier(name) for (name,) in rows if name != "alembic_version"]
        self._emptying.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(tables)))
        self._emptying.execute("INSERT INTO changes (photo_id, stamp) VALUES (0, 1)")  # as a new catalogue has it
        return self.url(CATALOG)


@contextmanager
def running() -> Iterator[PostgresServer]:
    """A started server that is removed with all that it holds."""
    programs = binaries()
    server = PostgresServer(Path(tempfile.mkdtemp(prefix="photocull-postgresql-")), programs)
    try:
        server.start()
        yield server
    finally:
        server.close()


def _account() -> Any:
    import pwd  # Windows, where nobody is root, lacks it

    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip("PostgreSQL does not run as root, and there is no other user to run it")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
