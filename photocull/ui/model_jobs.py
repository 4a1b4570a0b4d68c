"""A piece of work on a model: what it is, how it goes on and how it ended, in one line each. No Qt here."""

from dataclasses import dataclass
from typing import Final, Literal

from photocull.core.amounts import bytes_words
from photocull.core.work import Progressed
from photocull.ui.facts import time_words

_BEGUN: Final = {
    "import": "Importing {name}…",
    "download": "Downloading {name}…",
    "verify": "Verifying {name}…",
    "remove": "Removing {name}…",
}
_DONE: Final = {
    "import": "{name} is on this computer now. Choose it above to let it judge.",
    "download": "{name} is on this computer now. Choose it above to let it judge.",
    "verify": "{name} is whole: its files are those of its card.",
    "remove": "{name} was removed from this computer; the scores that it gave are kept.",
}
_STOPPED: Final = "The download was stopped; what has come is kept for the next try."


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work; ``name`` is the model's, or the file's before it is one."""

    kind: Literal["list", "import", "download", "verify", "remove"]
    name: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended.

    Attributes:
        model: name of the model that it was about, where there is one. fault: why it failed; empty where it did not.
        stopped: the person stopped it.
    """

    job: Job
    model: str = ""
    fault: str = ""
    stopped: bool = False


def begun_words(job: Job, title: str) -> str:
    """That a job is being done."""
    return _BEGUN[job.kind].format(name=title) if job.kind in _BEGUN else ""


def progress_words(progress: Progressed) -> str:
    """``12 MB of 53 MB, 2.4 MB/s, 18 s left``; what is not known yet is left out."""
    done = bytes_words(progress.done)
    parts = [f"{done} of {bytes_words(progress.total)}" if progress.total else done]
    if progress.rate:
        parts.append(f"{bytes_words(int(progress.rate))}/s")
    if progress.total and progress.rate and progress.seconds_left is not None:
        parts.append(f"{time_words(progress.seconds_left)} left")
    return ", ".join(parts)


def ended_words(ended: Ended, title: str) -> str:
    """How a job ended: its fault in the words of the error, or what is true now."""
    if ended.fault:
        return ended.fault
    if ended.stopped:
        return _STOPPED if ended.job.kind == "download" else "The import was stopped; nothing was changed."
    return _DONE[ended.job.kind].format(name=title) if ended.job.kind in _DONE else ""
