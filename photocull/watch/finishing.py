"""What is done for a folder when nothing of it waits to be scored: marks by a policy, then sidecars."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from photocull.catalog.database import Catalog
from photocull.catalog.query import in_folder
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


class Finishing:
    """Rates and tells, as far as that is asked for.

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

    @property
    def wanted(self) -> bool:
        """Whether there is anything to be done."""
        return self._rater is not None or self._telling is not None

    def finish(self, folder: Path, unfinished: Unfinished, token: CancelToken) -> Sequence[Problem]:
        """Rate the photos of a folder and write their sidecars; what could not be written.

        Raises:
            CancelledError: the token said so, between two photos. CatalogError: the catalogue refuses.
        """
        if not self.wanted or not is_present(folder, token=token):  # it went since; whoever heard of that sees to it
            return ()
        ids = in_folder(self._catalog, folder)
        if self._rater is not None:
            self._rater.rate(ids, token)
        if self._telling is None:
            return ()
        told = set(ids) if unfinished.whole else set(unfinished.untold)
        if self._rater is not None:
            told |= set(self._telling.untold(ids))
        report = self._telling.tell([i for i in ids if i in told], token)
        if report.written:
            noun = "sidecar" if report.written == 1 else "sidecars"
            self._say(f"{printable(folder)}: {report.written} {noun} written.")
        return report.problems
