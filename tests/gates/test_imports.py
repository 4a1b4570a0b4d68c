"""Imports run one way through the house; a wrong one that is planted in a copy must be found."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.gates.written import ROOT

CHECK = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
PLANTED = {
    "photocull/core/planted.py": "from photocull.photo import scan\n",
    "photocull/photo/planted.py": "from photocull.judge import scorer\n",
    "photocull/pipeline/planted.py": "from PySide6 import QtCore\n",
    "photocull/judge/planted.py": "def late():\n    import sqlalchemy\n",
}


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", CHECK], cwd=folder, capture_output=True, text=True)


def test_imports_keep_the_contracts() -> None:
    said = check(ROOT)
    assert said.returncode == 0, said.stdout
    assert "3 kept, 0 broken" in said.stdout


def test_planted_wrong_imports_break_each_contract(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "photocull", tmp_path / "photocull", ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in PLANTED.items():
        (tmp_path / name).write_text(text)
    said = check(tmp_path)
    assert said.returncode == 1
    assert "0 kept, 3 broken" in said.stdout
    for name in PLANTED:
        assert name.removesuffix(".py").replace("/", ".") in said.stdout


def test_help_loads_neither_torch_nor_qt() -> None:
    act = (
        "import sys\nfrom photocull.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    said = subprocess.run([sys.executable, "-c", act], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert "Usage" in said.stdout
    loaded = set(said.stderr.split())
    assert "photocull" in loaded
    assert not loaded & {"torch", "torchvision", "PySide6", "shiboken6"}
