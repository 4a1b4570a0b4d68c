"""Installs a lock file into .venv with pip: hashes checked, wheels only, all of it logged, one sentence on failure."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from environment import Environment, ForeignEnvironmentError, Kind

TITLES: Final[dict[Kind, str]] = {
    "run": "Photocull's packages",
    "test": "Photocull's packages, PyTorch and the test tools",
    "torch": "PyTorch",
}
_WITH_CUDA: Final = sys.platform == "linux" and platform.machine() == "x86_64"
"""Whether this machine's torch brings the CUDA libraries along."""
ROOM: Final = {"pyside6-essentials": 600, "imagecodecs": 100, "torch": 5_900 if _WITH_CUDA else 1_500, "pytest": 400}
"""Megabytes that a lock takes for the large packages it names, what they need included."""
SELDOM: Final = r"[\\/](tests?|pip|lexers|scripts|f2py|transformers|quantization|tools|mssql|mysql|oracle)[\\/]"
"""Folders of packages whose modules are left to be compiled when they are imported, if ever."""
FAILURES: Final = (
    (
        r"No space left on device|Errno 28|WinError 112|not enough space",
        "The disk is full.",
        "Free some space and start again.",
    ),
    (
        r"DO NOT MATCH THE HASHES|THESE PACKAGES DO NOT MATCH",
        "A downloaded package is not the one that was recorded, so it was not installed.",
        "Start again; if it stays so, ask who runs your network or package mirror.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "The package index cannot be trusted: its certificate does not fit.",
        "Check the date of this machine, and the certificate settings of pip if your network has a proxy.",
    ),
    (
        r"NewConnectionError|NameResolutionError|name resolution|getaddrinfo|Connection refused|Network is unreachable"
        r"|Connect(ion|Read)?Timeout|Read timed out|ProxyError|Connection ?reset|RemoteDisconnected|ConnectionError",
        "The package index cannot be reached.",
        "Connect this machine to the internet and start again.",
    ),
    (
        r"No matching distribution found|is not a supported wheel|requires a different Python",
        "There is no package for this kind of machine and Python.",
        "Use a 64-bit Python 3.11, 3.12, 3.13 or 3.14 from python.org or your system.",
    ),
    (
        r"Permission denied|PermissionError|Access is denied|Read-only file system",
        "The folder .venv cannot be written.",
        "Make the folder of Photocull yours, or clone it to a place that is.",
    ),
)
"""What pip's output tells: pattern, sentence, remedy; the first that is found counts."""


class BootstrapError(Exception):
    """What went wrong and what to do about it, for the person."""


def say(text: str) -> None:
    """A line for the person, on stderr."""
    print(text, file=sys.stderr, flush=True)


def install(environment: Environment, kind: Kind) -> None:
    """Bring .venv up to this lock; returns at once where it is.

    Raises:
        BootstrapError: it could not be done; what was whole before still is, or is made anew by the next start.
    """
    if environment.current(kind):
        return
    with _sentences(environment), environment.turn(say) as turn:
        if not environment.current(kind):
            _install(environment, kind, turn)


def install_again(environment: Environment) -> None:
    """Make .venv anew with all that was in it: stamps say nothing of packages that were damaged since.

    Raises:
        BootstrapError: as `install`, or this is the very Python that is to be deleted.
    """
    if environment.folder.resolve() == Path(sys.prefix).resolve():
        raise BootstrapError("This Python lies in .venv itself. Start again with the Python of your system.")
    with _sentences(environment), environment.turn(say):
        kinds = environment.discard()
    for kind in kinds:
        install(environment, kind)


@contextmanager
def _sentences(environment: Environment) -> Iterator[None]:
    try:
        yield
    except ForeignEnvironmentError as error:
        made = f"made with Python {error.version}" if error.version else "that does not work"
        remedy = "Move that folder away and start again."
        raise BootstrapError(f"{environment.folder} is an environment of someone else's, {made}. {remedy}") from error
    except ImportError as error:
        raise BootstrapError(_without_venv()) from error
    except OSError as error:
        raise BootstrapError(_explained(f"{error!r} {error}", environment, str(error))) from error


def _install(environment: Environment, kind: Kind, turn: IO[bytes]) -> None:
    environment.make(say)
    _check_space(environment, kind)
    say(f"Installing {TITLES[kind]} into {environment.folder}. This is done once and takes a few minutes.")
    with environment.log.open("w", encoding="utf-8", errors="backslashreplace") as log:
        pip = _pip(environment, log, turn)
        environment.end_change()
        # Locks are complete, and no package runs code to build; compiled afterwards, but for what is seldom imported.
        options = [
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--no-deps",
            "--no-compile",
            "--no-warn-script-location",
        ]
        _pip_run(environment, [*pip, "install", *options, "-r", str(environment.lock(kind))], log, turn)
        _compile(environment, log)
    environment.stamp(kind)
    say("Done.")


def _compile(environment: Environment, log: IO[str]) -> None:
    """Compile now, so that no start has to, not even where Python may not write; what cannot be is no matter."""
    # Inside the folder, for the pattern must not see the names of the folders above.
    command = [str(environment.python), "-I", "-m", "compileall", "-q", "-j", "0", "-x", SELDOM, "."]
    subprocess.run(command, cwd=environment.packages, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)


def _check_space(environment: Environment, kind: Kind) -> None:
    asked = {line.partition("==")[0] for line in environment.lock(kind).read_text("utf-8").splitlines()}
    needed = sum(megabytes for name, megabytes in ROOM.items() if name in asked)
    free = shutil.disk_usage(environment.checkout).free // 1_000_000
    if free < needed:
        raise BootstrapError(
            f"{TITLES[kind]} take {needed:,} MB and {environment.checkout} has {free:,} MB left. "
            "Free some space, or move the folder of Photocull to a larger disk."
        )


def _pip(environment: Environment, log: IO[str], turn: IO[bytes]) -> list[str]:
    """The command that is pip: in the environment, else put there by this Python, else this Python's own."""
    python = str(environment.python)
    inside = [python, "-I", "-m", "pip"]
    if (environment.packages / "pip").is_dir():
        return inside
    if importlib.util.find_spec("ensurepip"):
        _pip_run(environment, [python, "-I", "-m", "ensurepip", "--default-pip"], log, turn)
        if (environment.packages / "setuptools").is_dir():  # Python 3.11 brings it along; nothing here needs it
            _pip_run(environment, [*inside, "uninstall", "--yes", "setuptools"], log, turn)
        return inside
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", python]
    raise BootstrapError(_without_venv())


def _without_venv() -> str:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return (
        "This Python comes without the parts that make environments. On Debian and Ubuntu install them with "
        f"'sudo apt install python3-venv' (or python{version}-venv), elsewhere use the Python from python.org."
    )


def _pip_run(environment: Environment, command: list[str], log: IO[str], turn: IO[bytes]) -> None:
    """Run to the end, everything into the log, progress to the person.

    Raises:
        BootstrapError: it failed.
    """
    lines: list[str] = []
    held = (
        (turn.fileno(),) if os.name == "posix" else ()
    )  # pip outlives a killed bootstrap: it keeps the turn till it ends
    print("$", *command, file=log, flush=True)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=_variables(environment),
        pass_fds=held,
    ) as process:
        for line in process.stdout or ():
            print(line, end="", file=log, flush=True)
            lines.append(line)
            _follow(environment, line)
    if process.returncode:
        raise BootstrapError(_explained("".join(lines), environment, _last_error(lines)))


def _variables(environment: Environment) -> dict[str, str]:
    """The person's own pip settings (index, proxy) hold, those that would install elsewhere or in silence do not."""
    unwanted = (
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_ROOT",
        "PIP_REQUIRE_VIRTUALENV",
        "PIP_PYTHON",
        "PIP_LOG",
        "PIP_DRY_RUN",
    )
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    own = {
        "PIP_USER": "0",
        "PIP_QUIET": "0",
        "PIP_NO_INPUT": "1",
        "PIP_PROGRESS_BAR": "off",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PYTHONIOENCODING": "utf-8",
        "TMPDIR": str(environment.scratch),  # /tmp may be small; this is on the disk that was checked
        "TEMP": str(environment.scratch),
    }
    if "PIP_CACHE_DIR" not in kept:
        own["PIP_CACHE_DIR"] = str(environment.downloads)  # till the end: a broken start need not load twice
    return kept | own


def _follow(environment: Environment, line: str) -> None:
    if line.startswith("Installing collected packages"):
        environment.begin_change()
        if (count := line.count(",") + 1) > 2:  # else it is pip itself
            say(f"Unpacking {count} packages.")
    large = re.match(r"\s*Downloading (\S+?)-\d\S* \((\d{2,}(?:\.\d)? MB|[\d.]+ GB)\)", line)
    if large:
        say(f"Downloading {large[1].split('/')[-1]} ({large[2]}).")


def _last_error(lines: list[str]) -> str:
    errors = [line.strip() for line in lines if line.startswith("ERROR")]
    return (errors or [line.strip() for line in lines[-1:]] or ["no reason given"])[-1]


def _explained(output: str, environment: Environment, otherwise: str) -> str:
    where = f"Everything that happened is in {environment.log}." if environment.log.exists() else ""
    for pattern, sentence, remedy in FAILURES:
        if re.search(pattern, output):
            return f"{sentence} {remedy} {where}".strip()
    return f"The packages could not be installed: {otherwise} {where}".strip()
