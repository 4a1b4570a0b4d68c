"""The folder .venv: whether it is up to date, whose turn it is to change it, and how it is made anew."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Literal

Kind = Literal["run", "test", "torch"]
CONTAINS: Final[dict[Kind, tuple[Kind, ...]]] = {"run": ("run",), "torch": ("torch",), "test": ("test", "run", "torch")}
"""Which stamps an installed lock earns: test.txt holds all of the other two, as a test sees to."""
OLDEST: Final = (3, 11)
"""Of the Pythons that Photocull runs on."""
_FORMAT: Final = "1"
"""Raise it to have every environment made anew."""


class Environment:
    """The .venv beside a checkout; everything the bootstrap keeps there lies in its folder `.bootstrap`."""

    def __init__(self, checkout: Path) -> None:
        self.checkout = checkout
        self.folder = checkout / ".venv"
        self.own = self.folder / ".bootstrap"
        self.log = self.own / "install.log"
        self.downloads = self.own / "downloads"
        self.scratch = self.own / "scratch"
        self._stamps = self.own / "stamps.json"
        self._half_done = self.own / "half-done"
        self._made_here = self.own / "made-here"
        scripts, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
        self.python = self.folder / scripts / name

    @property
    def packages(self) -> Path:
        """The folder site-packages."""
        base = {"base": str(self.folder), "platbase": str(self.folder), "py_version_short": self._made_for()}
        return Path(sysconfig.get_path("purelib", "venv", base))

    def lock(self, kind: Kind) -> Path:
        """The lock file of one kind of environment."""
        return self.checkout / "packaging" / "locks" / f"{kind}.txt"

    def current(self, kind: Kind) -> bool:
        """Whether all of this lock is installed; reads some small files, and starts nothing but another Python."""
        whole = self.python.exists() and not self._half_done.exists() and self._read().get(kind) == self._key(kind)
        # The link in an environment of another Python may lead to a newer one by now, which has none of the packages.
        return whole and (self._made_for() == _version() or self._version() == self._made_for())

    def settled(self, kind: Kind) -> bool:
        """Whether this lock is installed, or was tried without success before."""
        return self.current(kind) or self._read().get(f"{kind} given up") == self._key(kind)

    def give_up(self, kind: Kind) -> None:
        """Remember that this lock cannot be installed here, so that not every start tries."""
        self._write(self._read() | {f"{kind} given up": self._key(kind)})

    def stamp(self, kind: Kind) -> None:
        """Note that this lock is completely installed, and clear what the work has left."""
        pointer = os.path.relpath(self.checkout, self.packages)  # relative: a checkout may be moved
        (self.packages / "photocull-checkout.pth").write_text(f"{pointer}\n", "utf-8")
        self._write(self._read() | {name: self._key(name) for name in CONTAINS[kind]})
        self._half_done.unlink(missing_ok=True)
        for folder in (self.downloads, self.scratch):
            shutil.rmtree(folder, ignore_errors=True)

    def discard(self) -> tuple[Kind, ...]:
        """Have all of it made anew by the next installation, whatever the stamps say; what is to be installed then.

        Raises:
            ForeignEnvironmentError: it was not made here, and what else is in it is not to be lost.
        """
        if any(entry != self.own for entry in self.folder.iterdir()) and not self._made_here.exists():
            raise ForeignEnvironmentError(self._version())
        stamps = self._read()
        self.begin_change()
        if "test" in stamps:
            return ("test",)
        return ("run", "torch") if "torch" in stamps else ("run",)

    def begin_change(self) -> None:
        """Note that packages are being changed: whoever finds this note after a crash makes the environment anew."""
        self._half_done.touch()

    def end_change(self) -> None:
        """Take the note back: what is there is whole."""
        self._half_done.unlink(missing_ok=True)

    def make(self, say: Callable[[str], None]) -> None:
        """Have a sound environment, of another Python too if that will do; a new one is of this Python's version.

        A new one is empty and noted as being changed.

        Raises:
            ForeignEnvironmentError: there is another one that was not made here.
            OSError: the folder cannot be written.
        """
        for folder in (self.downloads, self.scratch):
            folder.mkdir(parents=True, exist_ok=True)
        content = [entry for entry in self.folder.iterdir() if entry != self.own]
        found = self._version() if content else None
        if found is not None and found == self._made_for() and _will_do(found) and not self._half_done.exists():
            return
        if content and not self._made_here.exists():
            raise ForeignEnvironmentError(found)
        if content:
            say("Making the environment in .venv anew.")
        self._clear(content)
        _create(self.folder)

    @contextmanager
    def turn(self, say: Callable[[str], None]) -> Iterator[IO[bytes]]:
        """Hold the environment against other bootstraps; waits, and says so, while one is at work."""
        self.own.mkdir(parents=True, exist_ok=True)
        with (self.own / "turn").open("ab") as file:
            if not _try_lock(file):
                say("Another start is setting up Photocull here: waiting for it.")
                _wait_lock(file)
            yield file

    def _clear(self, content: list[Path]) -> None:
        self._made_here.touch()
        self.begin_change()
        self._stamps.unlink(missing_ok=True)
        for entry in content:
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def _made_for(self) -> str:
        """Python version that the environment was made for; that of this Python where there is none yet."""
        try:
            lines = (self.folder / "pyvenv.cfg").read_text("utf-8").splitlines()
        except (OSError, ValueError):
            return _version()
        said = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
        parts = said.get("version", said.get("version_info", "")).split(".")  # uv and virtualenv call it version_info
        return ".".join(parts[:2]) if len(parts) > 1 else _version()

    def _version(self) -> str | None:
        """Python version of what lies there, asked of itself; None where it does not start."""
        question = [str(self.python), "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        try:
            answer = subprocess.run(question, capture_output=True, text=True, timeout=60, check=True)
        except (OSError, subprocess.SubprocessError):
            return None
        return answer.stdout.strip()

    def _key(self, kind: Kind) -> str:
        digest = hashlib.sha256(self.lock(kind).read_bytes())
        tag = f"{sys.implementation.name}-{self._made_for().replace('.', '')}"
        digest.update(f"{_FORMAT} {tag} {sysconfig.get_platform()}".encode())
        return digest.hexdigest()

    def _read(self) -> dict[str, str]:
        try:
            stamps = json.loads(self._stamps.read_bytes())
        except (OSError, ValueError):
            return {}
        return stamps if isinstance(stamps, dict) else {}

    def _write(self, stamps: dict[str, str]) -> None:
        beside = self._stamps.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(stamps, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._stamps)


class ForeignEnvironmentError(Exception):
    """`.venv` was made by someone else and does not fit; ``version`` is its Python, None where it does not start."""

    def __init__(self, version: str | None) -> None:
        super().__init__(version)
        self.version = version


def _version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def _will_do(version: str) -> bool:
    major, minor = version.split(".")
    return (int(major), int(minor)) >= OLDEST


def _create(folder: Path) -> None:
    import venv  # Debian's smallest Python comes without it

    venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(folder)


if sys.platform == "win32":
    import msvcrt
    import time

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait_lock(file: IO[bytes]) -> None:
        while not _try_lock(file):
            time.sleep(0.2)
else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait_lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)
