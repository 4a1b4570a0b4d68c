"""Drives that tests make: small ones, to be filled, and folders that are mounted at a second place."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def small_drive(folder: Path, size: str) -> Iterator[Path]:
    """A drive of its own at this folder while entered; the test is skipped where none can be mounted.

    Args:
        size: as tmpfs takes it, "256k" or "4m".
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small drive")
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small drive cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def second_mount(folder: Path, at: Path) -> Iterator[Path]:
    """A folder, to be found at another place too while entered; the test is skipped where nothing can be mounted."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a folder")
    for one in (folder, at):
        one.mkdir(parents=True, exist_ok=True)
    if subprocess.run(["mount", "--bind", str(folder), str(at)], check=False, capture_output=True).returncode != 0:
        pytest.skip("a folder cannot be mounted here")
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


def fill(folder: Path, *, but: int = 0) -> Path:
    """Fill the drive until so many bytes are left; the file that takes the room."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    if but:
        os.truncate(ballast, max(0, ballast.stat().st_size - but))
    return ballast
