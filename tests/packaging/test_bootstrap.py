"""The bootstrap as a person meets it: a first start, a second, a broken one, and what it says."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.conftest import ROOT, Checkout, make_checkout, make_wheel

FirstStart = tuple[Checkout, subprocess.CompletedProcess[str]]


def test_a_first_start_installs_and_hands_over_arguments_stdin_and_exit_code(first_start: FirstStart) -> None:
    _, said = first_start
    assert said.stdout == "program 1.0 ['score', 'a b'] piped\n"
    assert said.returncode == 7
    assert "Installing Photocull's packages" in said.stderr


def test_a_finished_installation_leaves_no_downloads(first_start: FirstStart) -> None:
    checkout, _ = first_start
    assert not (checkout.venv / ".bootstrap" / "downloads").exists()
    assert not (checkout.venv / ".bootstrap" / "scratch").exists()


def test_an_environment_holds_nothing_but_pip_and_the_lock(first_start: FirstStart) -> None:
    checkout, _ = first_start
    [packages] = checkout.venv.glob("[Ll]ib/**/site-packages")
    names = {entry.name.split("-")[0] for entry in packages.iterdir() if entry.suffix == ".dist-info"}
    assert names == {"pip", "tiny"}


def test_packages_are_compiled_once_and_what_is_seldom_imported_is_not(first_start: FirstStart) -> None:
    checkout, _ = first_start
    [package] = checkout.venv.glob("[Ll]ib/**/site-packages/tiny")
    assert list(package.glob("__pycache__/__init__.*.pyc"))
    assert not list(package.glob("tests/__pycache__/*.pyc"))


def spent() -> float:
    """Seconds of processor time of all programs that were started; what else the machine does is left out."""
    times = os.times()
    return times.children_user + times.children_system


def test_a_second_start_says_nothing_and_takes_under_a_second(checkout: Checkout) -> None:
    checkout.start("run")  # this Python may have to compile the bootstrap itself
    begin = spent()
    said = checkout.start("run", "top")
    assert spent() - begin < 1
    assert (said.stdout, said.stderr, said.returncode) == ("program 1.0 ['top'] \n", "", 7)


def test_a_photo_folder_as_working_directory_offers_no_modules(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text("VERSION = 'hostile'\n")
    said = subprocess.run(
        checkout.command("run"), input="", capture_output=True, text=True, cwd=tmp_path, env=checkout.variables()
    )
    assert "program 1.0" in said.stdout


def test_a_changed_lock_is_installed_by_the_next_start(checkout: Checkout) -> None:
    checkout.lock("run", make_wheel(checkout.wheels, "2.0"))
    assert checkout.start("run").stdout.startswith("program 2.0")


def test_a_package_with_another_hash_is_refused_and_the_environment_stays_whole(checkout: Checkout) -> None:
    before = (checkout.folder / "packaging" / "locks" / "run.txt").read_text()
    checkout.lock("run", make_wheel(checkout.wheels, "2.0")[:-8] + "0000000\n")
    said = checkout.start("run")
    assert said.returncode == 3
    assert "is not the one that was recorded" in said.stderr
    assert said.stdout == ""
    checkout.lock("run", before)
    again = checkout.start("run")
    assert (again.stdout, again.stderr) == ("program 1.0 [] \n", "")


def test_without_a_network_one_sentence_says_so(checkout: Checkout) -> None:
    checkout.lock("run", make_wheel(checkout.wheels, "2.0"))
    nowhere = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "1"}
    said = checkout.start("run", **nowhere)
    assert said.returncode == 3
    assert "The package index cannot be reached. Connect this machine" in said.stderr
    assert "install.log" in said.stderr
    assert "Traceback" not in said.stderr
    assert "127.0.0.1" in (checkout.venv / ".bootstrap" / "install.log").read_text()


def test_settings_that_send_packages_elsewhere_do_not_hold(checkout: Checkout, tmp_path: Path) -> None:
    checkout.lock("run", make_wheel(checkout.wheels, "2.0"))
    said = checkout.start("run", PIP_TARGET=str(tmp_path / "elsewhere"), PIP_USER="1", PIP_QUIET="2")
    assert said.stdout.startswith("program 2.0")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.slow
def test_an_installation_broken_while_unpacking_is_made_anew(checkout: Checkout) -> None:
    (checkout.venv / ".bootstrap" / "half-done").touch()
    [package] = checkout.venv.glob("[Ll]ib/**/tiny/__init__.py")
    package.unlink()
    said = checkout.start("run")
    assert said.stdout == "program 1.0 [] \n"
    assert "Making the environment in .venv anew." in said.stderr


def others() -> Iterator[str]:
    """Pythons of other versions on which Photocull runs, that start here."""
    beside = Path(sys.base_prefix).parent.glob("*/bin/python3")
    named = [found for minor in range(11, 16) if (found := shutil.which(f"python3.{minor}"))]
    for python in [*named, *map(str, beside)]:
        ask = [python, "-c", "import sys, fcntl; print(*sys.version_info[:2])"]
        said = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.split()
        if len(said) == 2 and (3, 11) <= (int(said[0]), int(said[1])) != sys.version_info[:2]:
            yield python


def test_another_python_goes_on_with_a_whole_environment_and_changes_it_by_its_own(checkout: Checkout) -> None:
    other = next(others(), None)
    if other is None:
        pytest.skip("there is one Python here")
    before = checkout.start("run").stdout
    command = [other, *checkout.command("run")[1:]]
    for version in ("1.0", "2.0"):
        checkout.lock("run", make_wheel(checkout.wheels, version))
        said = subprocess.run(command, input="", capture_output=True, text=True, env=checkout.variables())
        assert said.stdout == f"program {version} [] \n", said.stderr
        assert "anew" not in said.stderr
    assert before.startswith("program 1.0")
    assert checkout.start("run").stderr == "", "nor does the first one have anything to do"


def test_an_environment_of_another_python_counts_as_long_as_it_is_what_it_was_made_for(
    checkout: Checkout, modules: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = modules["environment"].Environment(checkout.folder)
    packages = environment.packages
    monkeypatch.setattr(modules["environment"], "_version", lambda: "3.99")  # the system has another one now
    assert environment.current("run")
    assert environment.packages == packages
    environment.make(pytest.fail)
    said = checkout.venv / "pyvenv.cfg"
    made_for = ".".join(map(str, sys.version_info[:2]))
    said.write_text(said.read_text().replace(f"version = {made_for}.", "version = 3.98."))  # its link leads elsewhere
    assert not environment.current("run")
    words: list[str] = []
    monkeypatch.undo()
    environment.make(words.append)
    assert words == ["Making the environment in .venv anew."]


def test_install_again_makes_a_damaged_environment_whole_which_no_start_does(checkout: Checkout) -> None:
    assert checkout.start("install", "torch").returncode == 0
    [package] = checkout.venv.glob("[Ll]ib/**/tiny/__init__.py")
    package.write_text("raise ImportError('damaged')\n")
    for cached in package.parent.glob("__pycache__/*"):
        cached.unlink()
    assert "damaged" in checkout.start("run").stderr
    again = checkout.start("install", "again")
    assert (again.returncode, again.stdout) == (0, ""), again.stderr
    assert checkout.start("run").stdout == "program 1.0 [] \n"
    assert {"run", "torch"} <= set(json.loads((checkout.venv / ".bootstrap" / "stamps.json").read_text()))


def test_install_again_leaves_an_environment_of_someone_else_as_it_is(checkout: Checkout) -> None:
    (checkout.venv / ".bootstrap" / "made-here").unlink()
    said = checkout.start("install", "again")
    assert (said.returncode, "Move that folder away" in said.stderr) == (3, True), said.stderr
    assert checkout.start("run").stdout == "program 1.0 [] \n"


def test_an_environment_of_someone_else_that_does_not_work_is_left_alone(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path)
    (checkout.venv / "bin").mkdir(parents=True)
    (checkout.venv / "notes.txt").write_text("mine")
    said = checkout.start("run")
    assert said.returncode == 3
    assert "Move that folder away" in said.stderr
    assert (checkout.venv / "notes.txt").read_text() == "mine"


@pytest.mark.slow
def test_a_start_killed_in_the_middle_is_made_good_by_the_next(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path)
    checkout.lock("run", make_wheel(checkout.wheels, "3.0", files=1000))
    process = subprocess.Popen(checkout.command("run"), stderr=subprocess.DEVNULL, env=checkout.variables())
    place = Path("Lib") if os.name == "nt" else Path("lib", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    unpacked = checkout.venv / place / "site-packages" / "tiny" / "part_100.py"
    deadline = time.monotonic() + 60
    while not unpacked.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert not (checkout.venv / ".bootstrap" / "stamps.json").exists()
    said = checkout.start("run")
    assert said.stdout == "program 3.0 [] \n"
    assert len(list(checkout.venv.glob("[Ll]ib/**/part_*.py"))) == 1000


@pytest.mark.slow
def test_of_two_first_starts_the_second_waits_and_says_so(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path)
    both = [
        subprocess.Popen(
            checkout.command("run", str(number)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=checkout.variables(),
        )
        for number in range(2)
    ]
    answers = [process.communicate(timeout=800) for process in both]
    assert [out for out, _ in answers] == ["program 1.0 ['0'] \n", "program 1.0 ['1'] \n"]
    assert sum("waiting for it" in err for _, err in answers) == 1
    assert sum("Installing" in err for _, err in answers) == 1


@pytest.mark.skipif(sys.platform != "linux" or os.uname().machine != "x86_64", reason="only looked for there")
def test_a_card_brings_torch_and_its_failure_does_not_stop_the_start(checkout: Checkout, tmp_path: Path) -> None:
    card = tmp_path / "bin" / "nvidia-smi"
    card.parent.mkdir()
    card.write_text("#!/bin/sh\necho 'GPU 0: A card (UUID: GPU-0)'\n")
    card.chmod(0o755)
    checkout.lock("torch", "torch==9.9 --hash=sha256:" + "0" * 64 + "\n")
    path = f"{card.parent}{os.pathsep}{os.environ['PATH']}"
    first, second = (checkout.start("run", PATH=path) for _ in range(2))
    assert first.stdout == second.stdout == "program 1.0 [] \n"
    assert "adding PyTorch" in first.stderr
    assert "Going on without PyTorch" in first.stderr
    assert second.stderr == ""


def test_install_torch_adds_the_lock_of_torch(checkout: Checkout) -> None:
    said = checkout.start("install", "torch")
    assert (said.returncode, said.stdout) == (0, ""), said.stderr
    assert {"run", "torch"} <= set(json.loads((checkout.venv / ".bootstrap" / "stamps.json").read_text()))


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["fly"], 2), (["install", "jax"], 2), (["--help"], 0)])
def test_usage_goes_to_stderr(arguments: list[str], code: int) -> None:
    command = [sys.executable, str(ROOT / "packaging" / "bootstrap.py"), *arguments]
    said = subprocess.run(command, capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (code, "")
    assert said.stderr.startswith("usage: python3 packaging/bootstrap.py run")


def test_a_python_that_is_too_old_is_told_so() -> None:
    script = ROOT / "packaging" / "bootstrap.py"
    act = f"import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path({str(script)!r}, run_name='__main__')"
    said = subprocess.run([sys.executable, "-c", act], capture_output=True, text=True)
    assert said.returncode == 1
    assert said.stderr.startswith("Photocull needs Python 3.11 or newer, and this is Python 3.9.")
    assert "Traceback" not in said.stderr
