"""What is done for a folder when nothing of it waits to be scored: marks by a policy, then sidecars."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from photocull.catalog.database import Catalog
from photocull.catalog.query import found, in_folder
from photocull.core.amounts import counted
from photocull.core.errors import printable
from photocull.core.work import CancelToken, Problem
from photocull.photo.looking import is_present
from photocull.pipeline.telling import Telling
from photocull.watch.backlog import Unfinished


class Rater(Protocol):
    """Decides marks by a policy."""

    def rate(self, ids: Sequence[int], token: CancelToken) -> object:
        """Decide for these photos, all of one folder; what the photographer decided is left alone."""
        ...


@dataclass(frozen=True, slots=True)
class Finished:
    """How it went: what could not be written, and photos whose sidecars failed before and are as they should be now."""

    problems: tuple[Problem, ...] = ()
    mended: tuple[Path, ...] = ()


class Finishing:
    """Rates and tells, as far as that is asked for; remembers what could not be told.

    Args:
        rater: decides marks, if anything does. telling: writes sidecars, if anything does. say: hears lines for people.
    """

    def __init__(
        self, catalog: Catalog, rater: Rater | None, telling: Telling | None, say: Callable[[str], None]
    ) -> None:
        self._catalog = catalog
        self._rater = rater
        self._telling = telling
        self._say = say
        self._untold: dict[int, Path] = {}

    @property
    def untold(self) -> Mapping[int, Path]:
        """Photos whose sidecars failed when they were tried last: what was in the way may be over later."""
        return self._untold

    @property
    def wanted(self) -> bool:
        """Whether there is anything to be done."""
        return self._rater is not None or self._telling is not None

    def finish(self, folder: Path, unfinished: Unfinished, token: CancelToken) -> Finished:
        """Rate the photos of a folder and write their sidecars.

        Raises:
            CancelledError: the token said so, between two photos. CatalogError: the catalogue refuses.
        """
        if not self.wanted or not is_present(folder, token=token):  # it went since; whoever heard of that sees to it
            self._untold = {i: path for i, path in self._untold.items() if path.parent != folder}
            return Finished()
        ids = in_folder(self._catalog, folder)
        if self._rater is not None:
            self._rater.rate(ids, token)
        if self._telling is None:
            return Finished()
        told = set(ids) if unfinished.whole else set(unfinished.untold)
        if self._rater is not None:
            told |= set(self._telling.untold(ids))
        asked = [i for i in ids if i in told]
        report = self._telling.tell(asked, token)
        if report.written:
            self._say(f"{printable(folder)}: {counted(report.written, 'sidecar')} written.")
        return Finished(report.problems, self._mended(asked, report.problems))

    def _mended(self, asked: Sequence[int], problems: Sequence[Problem]) -> tuple[Path, ...]:
        failed = {problem.path for problem in problems}
        before = {i: self._untold.pop(i) for i in asked if i in self._untold}
        if failed:
            places = ((i, one.photo.path) for i, one in found(self._catalog, asked))
            self._untold |= {i: path for i, path in places if path in failed}
        return tuple(path for i, path in before.items() if i not in self._untold)
