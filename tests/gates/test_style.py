"""Style, types and sizes: one test a gate, so that a red line names the gate."""

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gates.written import ROOT

LONGEST_MODULE = 300
Function = ast.FunctionDef | ast.AsyncFunctionDef


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A tool of this environment, by module name."""
    return subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True)


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize(
    "command", [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)], ids=" ".join
)
def test_the_code_passes(command: tuple[str, ...]) -> None:
    said = run(*command)
    assert said.returncode == 0, said.stdout + said.stderr


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in sources("photocull", "packaging", "tests")}
    long = {str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines > LONGEST_MODULE}
    assert len(lengths) > 50
    assert not long


@pytest.mark.slow
def test_every_module_says_its_purpose_in_one_to_three_lines() -> None:
    wrong = []
    for path in sources("photocull", "packaging", "tests"):
        tree = ast.parse(path.read_text("utf-8"))
        opening = (ast.get_docstring(tree) or "").partition("\n\n")[0]
        if tree.body and not 1 <= len(opening.strip().splitlines()) <= 3:
            wrong.append(str(path.relative_to(ROOT)))
    assert not wrong


def test_functions_are_short() -> None:
    lengths = [length for path in sources("photocull", "packaging") for length in _function_lengths(path)]
    assert statistics.median(lengths) < 10
    assert statistics.quantiles(lengths, n=10)[-1] < 30


def _function_lengths(path: Path) -> list[int]:
    """Lines of each function from its `def` to its end, without the docstring."""
    functions = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, Function)]
    return [_end(f) - f.lineno + 1 - _docstring_lines(f) for f in functions]


def _docstring_lines(function: Function) -> int:
    first = function.body[0]
    return _end(first) - first.lineno + 1 if ast.get_docstring(function) is not None else 0


def _end(node: ast.stmt) -> int:
    assert node.end_lineno is not None
    return node.end_lineno
