"""What is to be judged, arrivals first, and the folders that are to be finished when nothing of them waits."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from photocull.catalog.records import FoundPhoto
from photocull.pipeline.queue import Place


@dataclass(slots=True)
class Unfinished:
    """A folder whose photos are to be rated and told: all of them, or those that were scored or lost their sidecar."""

    whole: bool = False
    untold: set[int] = field(default_factory=set)


class Backlog:
    """Photos that wait for the network, by id; used by one thread."""

    def __init__(self) -> None:
        self._arrived: list[int] = []
        self._rest: list[int] = []
        self._places: dict[int, FoundPhoto] = {}
        self._open: Counter[Path] = Counter()
        self._unfinished: dict[Path, Unfinished] = {}

    def __len__(self) -> int:
        """How many photos wait."""
        return len(self._places)

    @property
    def empty(self) -> bool:
        """Whether nothing waits and every folder is finished."""
        return not (self._places or self._unfinished)

    def add(self, places: Iterable[Place], *, arrived: bool) -> None:
        """Let photos wait: what arrived comes before all else, newest first, the rest by folders, newest first."""
        for photo_id, found in places:
            if photo_id in self._places:  # it may have been moved while it waited
                self._close(self._folder(photo_id))
            else:
                (self._arrived if arrived else self._rest).append(photo_id)
            self._open[found.photo.path.parent] += 1
            self._places[photo_id] = found
        if arrived:
            self._arrived.sort(key=self._age)
            return
        newest: dict[Path, int] = {}
        for photo_id in self._rest:
            photo = self._places[photo_id].photo
            newest[photo.path.parent] = max(photo.mtime_ns, newest.get(photo.path.parent, 0))
        self._rest.sort(key=lambda i: (newest[self._folder(i)], str(self._folder(i)), self._age(i)))

    def take(self, most: int) -> list[int]:
        """The photos that come next, taken out."""
        waiting = self._arrived or self._rest
        taken = waiting[-most:][::-1]
        del waiting[-most:]
        for photo_id in taken:
            self._close(self._folder(photo_id))
            del self._places[photo_id]
        return taken

    def untold(self, photo_id: int, folder: Path) -> None:
        """Let its folder be finished, and this photo told of, when nothing of the folder waits any more."""
        self._unfinished.setdefault(folder, Unfinished()).untold.add(photo_id)

    def whole(self, folders: Iterable[Path]) -> None:
        """Let these folders be finished with all that they hold."""
        for folder in folders:
            self._unfinished.setdefault(folder, Unfinished()).whole = True

    def finished(self) -> tuple[Path, Unfinished] | None:
        """A folder of which nothing waits, taken out; None where there is none."""
        for folder in self._unfinished:
            if folder not in self._open:
                return folder, self._unfinished.pop(folder)
        return None

    def forget(self, root: Path) -> None:
        """Nothing below this folder can be worked on any more."""
        gone = {i for i, found in self._places.items() if root in found.photo.path.parents}
        self._arrived = [i for i in self._arrived if i not in gone]
        self._rest = [i for i in self._rest if i not in gone]
        for photo_id in gone:
            del self._places[photo_id]
        for waiting in (self._open, self._unfinished):
            for folder in [f for f in waiting if f == root or root in f.parents]:
                del waiting[folder]

    def _close(self, folder: Path) -> None:
        """One photo less of a folder waits."""
        self._open[folder] -= 1
        if self._open[folder] <= 0:
            del self._open[folder]

    def _folder(self, photo_id: int) -> Path:
        return self._places[photo_id].photo.path.parent

    def _age(self, photo_id: int) -> int:
        return self._places[photo_id].photo.mtime_ns
