"""What a run has come to so far: counts, pace and problems, each told to the listener as it happens."""

from pathlib import Path

from photocull.catalog.records import Scored
from photocull.core.types import Photo
from photocull.core.work import Listener, Pace, Problem
from photocull.pipeline.queue import Request
from photocull.pipeline.stages import Unread


class Tally:
    """Counts one run, on the thread that called it.

    Attributes:
        scored: photos judged so far; copies of one content count each.
    """

    def __init__(self, tell: Listener) -> None:
        self.scored = 0
        self._tell = tell
        self._pace = Pace(0)
        self._problems: dict[Path, Problem] = {}
        self._changed: dict[Path, Photo] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Each file once, in the order of their paths."""
        return tuple(self._problems[path] for path in sorted(self._problems, key=str))

    def problem(self, problem: Problem) -> None:
        """Keep and tell a problem, unless that file has one already."""
        if problem.path not in self._problems:
            self._problems[problem.path] = problem
            self._tell(problem)

    def remark(self, problem: Problem) -> None:
        """Tell what concerns a photo's sidecars alone: the photo is read and judged all the same."""
        self._tell(problem)

    def take_changed(self) -> list[Photo]:
        """What changed while it was read, as it was found; forgotten here, and not counted as done."""
        changed, self._changed = self._changed, {}
        return list(changed.values())

    def passed(self, count: int) -> None:
        """So many photos need no more work."""
        self._tell(self._pace.step(0, cached=count))

    def begin(self, total: int, *, cached: int) -> None:
        """So many photos are asked for, and so many of them need no work."""
        self._pace = Pace(total)
        self._tell(self._pace.step(0, cached=cached))

    def result(self, request: Request, result: Scored | Unread) -> None:
        """Count a result for all places of its content, or for the first one where only that file is at fault.

        A file that changed while it was read is kept for another look, see `take_changed`.
        """
        places = request.places
        if isinstance(result, Unread) and result.changed:
            self._changed[request.found.photo.path] = request.found.photo
            return
        if isinstance(result, Scored):
            self.scored += len(places)
        else:
            places = places if result.lasting else places[:1]
            for _, found in places:
                self.problem(Problem(found.photo.path, result.sentence))
        self._tell(self._pace.step(1, cached=len(places) - 1))
