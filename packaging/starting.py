"""What the bootstrap's commands do; says everything on stderr, for stdout belongs to the program that is started."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from environment import Environment
from installing import BootstrapError, install, install_again, say
from machine import has_nvidia_card

CHECKOUT: Final = Path(__file__).resolve().parent.parent
USAGE: Final = """\
usage: python3 packaging/bootstrap.py run [ARGS...]            start photocull ARGS; without ARGS, open the window
       python3 packaging/bootstrap.py test [--slow] [ARGS...]  run the tests; other ARGS go to pytest
       python3 packaging/bootstrap.py install torch            add PyTorch: training, imported models, GPU
       python3 packaging/bootstrap.py install again            make everything anew, if packages were damaged"""
WRONG_USAGE, NOT_SET_UP, INTERRUPTED = 2, 3, 130
ALONE: Final = ("-n", "--numprocesses", "--pdb", "--trace", "--co", "--collect-only")
"""pytest options that do not go with workers, or choose their number themselves."""


def main(arguments: list[str]) -> int:
    """Do what the first argument says.

    Returns:
        The started program's exit code; 0 after help and `install`; else one of the three above.
    """
    try:
        return _dispatch(arguments)
    except BootstrapError as error:
        say(str(error))
        return NOT_SET_UP
    except KeyboardInterrupt:
        say("Stopped. The next start goes on from here.")
        return INTERRUPTED


def _dispatch(arguments: list[str]) -> int:
    match arguments:
        case ["run", *rest]:
            return _run(rest)
        case ["test", *rest]:
            return _test(rest)
        case ["install", "torch"]:
            install(Environment(CHECKOUT), "torch")
            say("PyTorch is installed.")
            return 0
        case ["install", "again"]:
            install_again(Environment(CHECKOUT))
            return 0
        case ["--help" | "-h" | "help"]:
            say(USAGE)
            return 0
    say(USAGE)
    return WRONG_USAGE


def _run(arguments: list[str]) -> int:
    environment = Environment(CHECKOUT)
    install(environment, "run")
    if not environment.settled("torch") and has_nvidia_card():
        _add_torch(environment)
    return _become(environment, ["-m", "photocull", *arguments])


def _add_torch(environment: Environment) -> None:
    """Torch makes scoring faster, but nothing needs it: where it cannot be had, say so once and go on."""
    say("This machine has an NVIDIA card: adding PyTorch, so that photos are scored on it.")
    try:
        install(environment, "torch")
    except BootstrapError as error:
        environment.give_up("torch")
        say(f"{error}\nGoing on without PyTorch; 'bootstrap.py install torch' tries again.")


def _test(arguments: list[str]) -> int:
    environment = Environment(CHECKOUT)
    install(environment, "test")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.chdir(CHECKOUT)
    return _become(environment, ["-m", "pytest", *_workers(arguments), *arguments])


def _workers(arguments: list[str]) -> list[str]:
    if (os.cpu_count() or 1) < 2 or any(a.startswith(ALONE) for a in arguments):
        return []
    return ["-n", "3", "--dist", "worksteal"]  # for two cores: many tests wait for a file, a process or a drive


def _become(environment: Environment, arguments: list[str]) -> int:
    """Hand this process, its stdin, stdout and exit code over to the environment's Python."""
    # -P: a photo folder that is the working directory must not offer modules to import.
    command = [str(environment.python), "-P", *arguments]
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.call(command)  # Windows' exec would return to the shell before the program ends
