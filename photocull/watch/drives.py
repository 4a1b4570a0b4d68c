"""Whether the watched folders are there: drives are unplugged, come back, or another one takes their place."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photocull.core.work import CancelToken
from photocull.photo.drives import silent_drive, told_by_linux
from photocull.photo.looking import list_folder, look
from photocull.pipeline.register import tops

_MOUNTS: Final = Path("/proc/self/mountinfo")


@dataclass(frozen=True, slots=True)
class _Standing:
    """Which folder it is, as far as the system tells at once, and the drives that are mounted there and below."""

    identity: tuple[int, int]
    mounts: frozenset[str]


class Drives:
    """The watched folders by whether they are there.

    Args:
        roots: the folders. known: those in which the catalogue knows photos. Where such a one is empty at first, or
            an empty one takes the place of one, it counts as away: that is what an unplugged drive leaves.
    """

    def __init__(self, roots: Sequence[Path], known: Sequence[Path] = ()) -> None:
        self._standing: dict[Path, _Standing | None] = dict.fromkeys(roots)
        self._last: dict[Path, _Standing] = {}
        self._known = frozenset(known)

    @property
    def present(self) -> list[Path]:
        """Those that were there when they were looked at last."""
        return [root for root, standing in self._standing.items() if standing is not None]

    def root_of(self, path: Path) -> Path | None:
        """The watched folder in which a path lies."""
        return next((root for root in self._standing if root == path or root in path.parents), None)

    def look(self, token: CancelToken) -> tuple[list[Path], list[Path]]:
        """Look at all of them anew: which are gone since the last time, and which came or are others than before.

        Raises:
            CancelledError: the token said so while a drive did not answer.
        """
        away: list[Path] = []
        back: list[Path] = []
        for root, before in list(self._standing.items()):
            now = self._standing[root] = self._now(root, token)
            if now is not None:
                self._last[root] = now
            if now != before:
                (away if now is None else back).append(root)
        return away, back

    def is_there(self, path: Path, token: CancelToken) -> bool:
        """Whether the watched folder of a path is there at this very moment, the same as before.

        Raises:
            CancelledError: the token said so while a drive did not answer.
        """
        root = self.root_of(path)
        return root is not None and self._standing[root] is not None and self._now(root, token) == self._standing[root]

    def _now(self, root: Path, token: CancelToken) -> _Standing | None:
        last = self._last.get(root)
        try:
            now = _Standing(_identity(root, token), _mounts(root))
            unsure = root in self._known if last is None else now != last
            return None if unsure and not list_folder(root, token=token).entries else now
        except OSError:
            return None


def outermost(folders: Sequence[Path]) -> list[Path]:
    """The folders that lie in no other one of them, in their order."""
    kept = tops(folders)
    return [folder for folder in dict.fromkeys(folders) if folder in kept]


def _identity(root: Path, token: CancelToken) -> tuple[int, int]:
    """The same as long as it is the same folder; of a drive that may fall silent only whether it is one.

    Raises:
        OSError: it is no folder, or cannot be reached. CancelledError: the token said so.
    """
    if silent_drive(root) is None:
        state = root.stat()
        if not root.is_dir():
            raise NotADirectoryError
        return state.st_dev, state.st_ino
    if look(root, token=token).what != "folder":
        raise NotADirectoryError
    return 0, 0


def _mounts(root: Path) -> frozenset[str]:
    """Linux: that a drive is mounted below a folder, or no more, says nothing else of itself."""
    if not sys.platform.startswith("linux"):
        return frozenset()
    try:
        lines = _MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return frozenset()
    return frozenset(line for line in lines if any(_below(root, place) for place in told_by_linux(line, every=True)))


def _below(root: Path, place: str) -> bool:
    return Path(place) == root or root in Path(place).parents
