"""PyTorch comes in beside a window that goes on drawing; each case in a process of its own, before any import of it."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is an extra"),
    pytest.mark.skipif(sys.platform == "win32", reason="PyTorch does so by itself there"),
]
ROOT = Path(__file__).resolve().parents[3]
BEATING = """
import json, sys, threading, time
from photocull.judge.networks.torch_loading import load_torch

def beaten(work):
    thread = threading.Thread(target=work)
    begun = last = time.perf_counter()
    longest = 0.0
    thread.start()
    while thread.is_alive():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return longest / (last - begun)

def enter():
    import torch

print(json.dumps([beaten(load_torch), "torch" in sys.modules, beaten(enter), "torch" in sys.modules]))
"""
LIBRARIES = """
import json, os, sys
from photocull.judge.networks.torch_loading import load_torch
{before}
load_torch()
{after}
with open("/proc/self/maps") as file:
    print(json.dumps(sorted({{line.split()[-1] for line in file if ".so" in line and "torch" in line}})))
"""


def told(program: str, **variables: str) -> Any:
    """What a fresh interpreter prints, as JSON."""
    clean = {
        name: value for name, value in os.environ.items() if name not in ("LD_LIBRARY_PATH", "TORCH_USE_RTLD_GLOBAL")
    }
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=clean | variables, capture_output=True, text=True, timeout=800
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_another_thread_goes_on_while_torch_comes_in() -> None:
    loading, early, importing, imported = told(BEATING)
    assert loading < 0.5, "with Python's lock held the thread would stand still all the time"
    assert importing < 0.5
    assert (early, imported) == (False, True)


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux tells of a process")
class TestOnLinux:
    def test_the_largest_libraries_are_there_before_the_import(self) -> None:
        names = {
            Path(path).name for path in told(LIBRARIES.format(before="", after="assert 'torch' not in sys.modules"))
        }
        assert "libtorch_cpu.so" in names
        assert "libtorch_python.so" not in names, "it calls Python, and must not without its lock"

    @pytest.mark.slow
    def test_the_import_finds_the_very_files_that_it_finds_alone(self) -> None:
        alone = told(
            LIBRARIES.format(before="sys.modules['torch'] = None", after="del sys.modules['torch']; import torch")
        )
        assert told(LIBRARIES.format(before="", after="import torch")) == alone
        assert told(LIBRARIES.format(before="import torch", after="")) == alone

    @pytest.mark.parametrize("name", ["LD_LIBRARY_PATH", "TORCH_USE_RTLD_GLOBAL"])
    def test_an_order_of_torchs_own_is_left_to_it(self, name: str) -> None:
        assert told(LIBRARIES.format(before="", after=""), **{name: "1"}) == []

    @pytest.mark.parametrize("content", [None, b"no library"])
    def test_files_that_are_not_as_expected_are_left_to_the_import(self, content: bytes | None, tmp_path: Path) -> None:
        package = tmp_path / "torch"
        (package / "lib").mkdir(parents=True)
        (package / "__init__.py").touch()
        if content is not None:
            (package / "lib" / "libtorch_global_deps.so").write_bytes(content)
        found = told(LIBRARIES.format(before=f"sys.path.insert(0, {str(tmp_path)!r})", after=""))
        assert found == []

    def test_where_torch_is_not_installed_nothing_is_looked_for(self) -> None:
        names = "import importlib.util\nimportlib.util.find_spec = lambda name: None"
        assert told(LIBRARIES.format(before=names, after="")) == []
