"""How a run ended, in a line for the window's bar."""

from collections.abc import Iterable
from pathlib import Path

from photocull.core.amounts import counted
from photocull.core.errors import printable
from photocull.pipeline.run import RunReport


def finished_words(report: RunReport) -> str:
    """How a run ended, in one line."""
    if not report.ids:
        return "No photos found"
    words = [counted(len(report.ids), "photo")]
    words.append("nothing new" if not report.scored else f"{report.scored:,} scored in {report.seconds:,.0f} s")
    if report.videos:
        words.append(f"{counted(report.videos, 'video')} left out")
    return ", ".join(words)


def not_found_words(folders: Iterable[Path]) -> str:
    """That folders are not there, in one line."""
    names = ", ".join(sorted(printable(folder.name or folder) for folder in folders))
    return f"{names} cannot be found; what is known of it is shown"
