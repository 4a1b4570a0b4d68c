"""Memory between the photos of a run: kept while it lasts, given back afterwards."""

import ctypes
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from photocull.core.memory import kept_memory

glibc_alone = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has this setting")

_BLOCKS = """
import resource, sys
import numpy as np
from contextlib import nullcontext
from photocull.core.memory import kept_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        held = [np.ones(6_000_000, dtype=np.uint8) for _ in range(4)]
        del held
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1_000_000

with kept_memory() if sys.argv[1] == "kept" else nullcontext():
    faults()
    print(faults(), resident())
print(resident())
"""


def _measured(how: str) -> list[int]:
    command = [sys.executable, "-c", _BLOCKS, how]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=800)
    return [int(number) for number in ended.stdout.split()]


@glibc_alone
def test_blocks_freed_within_are_handed_out_again_without_new_pages() -> None:
    kept, plain = _measured("kept"), _measured("plain")
    assert kept[0] < plain[0] / 10


@glibc_alone
def test_afterwards_they_go_back_to_the_system() -> None:
    _, within, afterwards = _measured("kept")
    assert within - afterwards > 15


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(ctypes, "CDLL")
    with kept_memory():
        (tmp_path / "written").write_text("all the same")
    assert (tmp_path / "written").exists()


def test_what_goes_wrong_inside_comes_out() -> None:
    with pytest.raises(ValueError, match="broken"), kept_memory():
        raise ValueError("broken")
