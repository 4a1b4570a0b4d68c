"""A checkout of its own for the bootstrap, whose one package lies in a folder, so that no network is needed."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = """\
import sys
import tiny
print("program", tiny.VERSION, sys.argv[1:], sys.stdin.read())
sys.exit(7)
"""


@dataclass(frozen=True)
class Checkout:
    """A copy of packaging/ beside a program of four lines."""

    folder: Path
    wheels: Path

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    def lock(self, kind: str, content: str) -> None:
        (self.folder / "packaging" / "locks" / f"{kind}.txt").write_text(content)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.folder / "packaging" / "bootstrap.py"), *arguments]

    def variables(self, **extra: str) -> dict[str, str]:
        own = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "DISPLAY", "WAYLAND"))}
        return kept | own | extra

    def start(self, *arguments: str, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
        variables = self.variables(**extra)
        return subprocess.run(
            self.command(*arguments), input=stdin, capture_output=True, text=True, env=variables, timeout=800
        )


def make_wheel(folder: Path, version: str, files: int = 0) -> str:
    """Put the package ``tiny`` there; returns the line of a lock that asks for it."""
    path = folder / f"tiny-{version}-py3-none-any.whl"
    info = f"tiny-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("tiny/__init__.py", f"VERSION = {version!r}\n")
        wheel.writestr("tiny/tests/__init__.py", "")
        for number in range(files):
            wheel.writestr(f"tiny/part_{number}.py", f"NUMBER = {number}\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        names = [*wheel.namelist(), f"{info}/RECORD"]
        wheel.writestr(f"{info}/RECORD", "".join(f"{name},,\n" for name in names))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"tiny=={version} --hash=sha256:{digest}\n"


def make_checkout(folder: Path) -> Checkout:
    """A checkout that was never started."""
    checkout = Checkout(folder / "photos and code", folder / "wheels")
    (checkout.folder / "photocull").mkdir(parents=True)
    (checkout.folder / "photocull" / "__main__.py").write_text(PROGRAM)
    checkout.wheels.mkdir()
    shutil.copytree(ROOT / "packaging", checkout.folder / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    for kind in ("run", "torch", "test"):
        checkout.lock(kind, make_wheel(checkout.wheels, "1.0"))
    return checkout


@pytest.fixture(scope="session")
def first_start(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Checkout, subprocess.CompletedProcess[str]]:
    """A checkout and what its very first start said."""
    checkout = make_checkout(tmp_path_factory.mktemp("first"))
    return checkout, checkout.start("run", "score", "a b", stdin="piped")


@pytest.fixture
def checkout(first_start: tuple[Checkout, object], tmp_path: Path) -> Checkout:
    """A started checkout that the test may spoil; it was moved to its place, as people do."""
    original, _ = first_start
    shutil.copytree(original.folder, tmp_path / "moved", symlinks=True)
    shutil.copytree(original.wheels, tmp_path / "wheels")
    return Checkout(tmp_path / "moved", tmp_path / "wheels")


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The bootstrap's modules by name, as its script would import them."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    names = ("starting", "installing", "environment", "machine")
    yield {name: __import__(name) for name in names}
    for name in names:
        sys.modules.pop(name, None)
