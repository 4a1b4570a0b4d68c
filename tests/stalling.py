"""A real drive that stalls: a file system of the kernel's (FUSE), served by a small process that can fall silent.

`python -m tests.stalling SOURCE MOUNT` shows SOURCE read-only under MOUNT, as a network drive would. What has "silent"
in its name never answers when it is read (a file) or listed (a folder), and "slow" comes piece by piece; "forbidden"
may not be opened and "torn" cannot be read, as root never sees it elsewhere. Stopping the process silences all of it.
"""

import ctypes
import errno
import os
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from photocull.photo import drives
from tests.conftest import ROOT

_IN: Final = struct.Struct("<IIQQIIII")
_OUT: Final = struct.Struct("<IiQ")
_DETACH: Final = 2
_BUFFER: Final = 1 << 20
SLOWNESS: Final = 0.1
"""Seconds for a piece, which is 128 KiB as the kernel asks for it."""
LOOKUP, FORGET, GETATTR, OPEN, READ, STATFS, RELEASE, INIT = 1, 2, 3, 14, 15, 17, 18, 26
OPENDIR, READDIR, RELEASEDIR, INTERRUPT, BATCH_FORGET = 27, 28, 29, 36, 42
"""Operations of the kernel's protocol, linux/fuse.h, version 7.31."""


class Server:
    """Answers the kernel one request after the other; every file's number is its place in ``paths``."""

    def __init__(self, source: Path, device: int) -> None:
        self._paths = [source, source]
        self._numbers = {source: 1}
        self._device = device

    def serve(self) -> None:
        """Until the drive is unmounted."""
        while True:
            try:
                request = os.read(self._device, _BUFFER + 4096)
            except OSError as error:
                if error.errno in (errno.ENOENT, errno.EINTR):  # the one who asked was ended meanwhile
                    continue
                return
            _, operation, unique, number, *_ = _IN.unpack_from(request)
            self._answer(operation, unique, number, request[_IN.size :])

    def _answer(self, operation: int, unique: int, number: int, body: bytes) -> None:
        if operation in (FORGET, BATCH_FORGET, INTERRUPT) or self._silent(operation, number):
            return
        try:
            code, content = 0, self._content(operation, number, body)
        except OSError as error:
            code, content = -(error.errno or errno.EIO), b""
        try:
            os.write(self._device, _OUT.pack(_OUT.size + len(content), code, unique) + content)
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise

    def _silent(self, operation: int, number: int) -> bool:
        return operation in (READ, READDIR) and "silent" in self._paths[number].name

    def _content(self, operation: int, number: int, body: bytes) -> bytes:
        path = self._paths[number]
        if operation == INIT:
            return struct.pack("<IIIIHHIIHHI28x", 7, 31, _BUFFER, 0, 12, 10, _BUFFER, 1, 256, 0, 0)
        if operation == LOOKUP:
            return self._entry(path / os.fsdecode(body.rstrip(b"\0")))
        if operation == GETATTR:
            return struct.pack("<QII", 0, 0, 0) + self._attributes(path)
        if operation in (OPEN, OPENDIR) and "forbidden" in path.name:
            raise OSError(errno.EACCES, "forbidden")
        if operation in (READ, READDIR) and "torn" in path.name:
            raise OSError(errno.EIO, "torn")
        if operation in (OPEN, OPENDIR):
            return struct.pack("<QII", 0, 0, 0)
        if operation in (READ, READDIR):
            _, offset, size = struct.unpack_from("<QQI", body)
            return self._read(path, offset, size) if operation == READ else self._listed(path, offset, size)
        if operation in (RELEASE, RELEASEDIR):
            return b""
        raise OSError(errno.ENOSYS, "not needed")

    def _entry(self, path: Path) -> bytes:
        attributes = self._attributes(path)
        return struct.pack("<QQQQII", self._number(path), 0, 0, 0, 0, 0) + attributes

    def _number(self, path: Path) -> int:
        if path not in self._numbers:
            self._numbers[path] = len(self._paths)
            self._paths.append(path)
        return self._numbers[path]

    def _attributes(self, path: Path) -> bytes:
        state = path.lstat()
        times = [divmod(t, 10**9) for t in (state.st_atime_ns, state.st_mtime_ns, state.st_ctime_ns)]
        seconds, rests = zip(*times, strict=True)
        return struct.pack(
            "<6Q3I7I", self._number(path), state.st_size, state.st_blocks, *seconds, *rests,
            state.st_mode, state.st_nlink, os.getuid(), os.getgid(), 0, 4096, 0,
        )  # fmt: skip

    @staticmethod
    def _read(path: Path, offset: int, size: int) -> bytes:
        time.sleep(SLOWNESS if "slow" in path.name else 0)
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(size)

    def _listed(self, path: Path, offset: int, size: int) -> bytes:
        listed = b""
        for place, name in enumerate(sorted(os.listdir(path))[offset:], offset + 1):  # noqa: PTH208
            encoded = os.fsencode(name)
            kind = stat.S_IFMT((path / name).lstat().st_mode) >> 12
            entry = struct.pack("<QQII", self._number(path / name), place, len(encoded), kind) + encoded
            entry += bytes(-len(entry) % 8)
            if len(listed) + len(entry) > size:
                break
            listed += entry
        return listed


def mount(mountpoint: Path, device: int) -> None:
    """Put the drive into the tree.

    Raises:
        OSError: this user may not.
    """
    library = ctypes.CDLL(None, use_errno=True)
    options = f"fd={device},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()},max_read={_BUFFER}"
    if library.mount(b"silent-drive", os.fsencode(mountpoint), b"fuse", 6, options.encode()):
        raise OSError(ctypes.get_errno(), "cannot mount")


def unmount(mountpoint: Path) -> None:
    """Take it out of the tree, whoever still waits for it."""
    ctypes.CDLL(None).umount2(os.fsencode(mountpoint), _DETACH)


@contextmanager
def served(source: Path, mountpoint: Path) -> Iterator[subprocess.Popen[str]]:
    """The drive while the block runs, and the process that serves it; afterwards it is gone, whoever waits for it."""
    mountpoint.mkdir()
    command = [sys.executable, "-m", "tests.stalling", str(source), str(mountpoint)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            assert server.stdout.readline() == "ready\n"
            _look_again()
            yield server
        finally:
            server.kill()
            unmount(mountpoint)
            _look_again()


def _look_again() -> None:
    """The table of drives is remembered for a moment."""
    drives._places.cache_clear()
    drives._crossed.cache_clear()


def why_not() -> str:
    """Why no such drive can be had here; empty where it can."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "only root may mount a drive on Linux by itself"
    return "" if Path("/dev/fuse").exists() else "the kernel has no FUSE"


if __name__ == "__main__":
    opened = os.open("/dev/fuse", os.O_RDWR)
    mount(Path(sys.argv[2]), opened)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    Server(Path(sys.argv[1]), opened).serve()
