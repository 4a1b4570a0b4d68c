"""The system's libraries: the program's tables name what Qt's files ask for, and CI installs it."""

import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from photocull.cli import screen
from tests.gates.written import ROOT


def test_ci_installs_what_a_window_needs_without_a_screen() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    listed = re.search(r"^packages=\((.*?)^\)", script, re.DOTALL | re.MULTILINE)
    assert listed
    packages = set(re.sub(r"#.*", "", listed[1]).split())
    assert set(screen.WINDOW.values()) <= packages


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("ldd"), reason="ldd tells what a library loads")
def test_every_system_library_that_qt_loads_is_in_the_tables() -> None:
    plugins = Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms"
    always = {
        "libc.so.6",
        "libm.so.6",
        "libgcc_s.so.1",
        "libstdc++.so.6",
        "libpthread.so.0",
        "libdl.so.2",
        "librt.so.1",
    }
    for plugin, table in (("libqoffscreen.so", {}), ("libqxcb.so", screen.X11), ("libqwayland.so", screen.WAYLAND)):
        needed = _loaded_directly(plugins / plugin)
        needed = {name for name in needed if not name.startswith("ld-linux")}
        assert needed - always <= set(screen.WINDOW | table), plugin


def _loaded_directly(library: Path) -> set[str]:
    """System libraries that this one, or one of the wheel's own that it loads, asks for by itself."""
    text = subprocess.run(["ldd", str(library)], capture_output=True, text=True, check=True).stdout
    found = {line.split()[0]: line.split()[2] for line in text.splitlines() if "=>" in line and "not" not in line}
    own = {name for name, place in found.items() if "PySide6" in place}
    asked: set[str] = set()
    for path in (library, *(Path(found[name]) for name in own)):
        asked |= _needed(path)
    return asked - own


def _needed(library: Path) -> set[str]:
    """The DT_NEEDED names of an ELF file, read from its string table."""
    data = library.read_bytes()
    (offset,), (size, count) = struct.unpack_from("<Q", data, 0x20), struct.unpack_from("<HH", data, 0x36)
    segments = [struct.unpack_from("<IIQQQQQQ", data, offset + i * size) for i in range(count)]
    loads = [(s[3], s[2], s[5]) for s in segments if s[0] == 1]
    [(start, length)] = [(s[2], s[5]) for s in segments if s[0] == 2]
    entries = [struct.unpack_from("<qQ", data, start + i) for i in range(0, length, 16)]
    [table] = [value for tag, value in entries if tag == 5]
    base = next(table - address + at for address, at, span in loads if address <= table < address + span)
    names = (data[base + value : data.index(b"\0", base + value)] for tag, value in entries if tag == 1)
    return {name.decode() for name in names}
