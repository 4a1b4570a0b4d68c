"""The workers of one run must find the same tests: no name of one may hold a time, an address or a set's order."""

import os
import subprocess
import sys

import pytest

from tests.gates.written import ROOT


@pytest.mark.slow
def test_every_process_finds_the_same_tests_by_the_same_names() -> None:
    first, second = (_found({"PYTHONHASHSEED": seed, "TZ": zone}) for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")))
    assert len(first) > 5000
    assert first == second


def _found(settings: dict[str, str]) -> list[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "tests", "--collect-only", "-q", "-p", "no:cacheprovider"]
    run = subprocess.run(command, cwd=ROOT, env=plain | settings, capture_output=True, text=True, check=True)
    return [line for line in run.stdout.splitlines() if "::" in line]
