"""The program as a process of its own, in a home of its own: what journeys on the command line call."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.conftest import ROOT


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment; the test's PHOTOCULL_HOME is in it."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **(extra or {})}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "photocull", *map(str, arguments)]


def photocull(*arguments: object, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), env=environment(extra), capture_output=True, text=True, timeout=800, check=False
    )


def score(*arguments: object, **extra: str) -> list[dict[str, Any]]:
    """Records of a run that is to succeed."""
    done = photocull("score", *arguments, "--format", "json", **extra)
    assert done.returncode == 0, done.stderr
    records: list[dict[str, Any]] = json.loads(done.stdout)
    return records


def by_name(records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {Path(record["path"]).name: record for record in records}


def state_of(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Content, modification time and mode of every file in a folder and below."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mtime_ns,
            path.stat().st_mode,
        )
        for path in sorted(folder.rglob("*"))
    }
