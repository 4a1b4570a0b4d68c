"""What was decided and scored goes into the sidecars: read anew, merged, written only where something changes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from photocull.catalog.database import Catalog
from photocull.catalog.outside import Standing
from photocull.catalog.query import away as find_away
from photocull.catalog.query import photo_details, standings
from photocull.catalog.records import Heard, PhotoDetail
from photocull.core.errors import SidecarError, one_line, printable
from photocull.core.showing import present
from photocull.core.types import Photo
from photocull.core.vocabulary import shown
from photocull.core.work import CancelToken, Problem
from photocull.photo.looking import is_present, list_folder, reason
from photocull.pipeline.hearing import Listened, listen
from photocull.sidecar.dialects import NONE, Recorded
from photocull.sidecar.naming import Beside, beside, refreshed, writable
from photocull.sidecar.rules import Record, Rules, Scores
from photocull.sidecar.updating import update

INITIATOR: Final = "sidecars"
_CHUNK = 50


@dataclass(frozen=True, slots=True)
class TellingReport:
    """What came of it: sidecars written, those that said it already, and photos whose sidecars failed, with a line."""

    written: int
    unchanged: int
    problems: tuple[Problem, ...]


class Telling:
    """Writes the sidecars of photos; may be used again and again, one `tell` at a time.

    Args:
        catalog: what is known. model: fingerprint of the model whose scores are written. rules: as the person chose.
        told: hears of each sidecar that could not be written.
    """

    def __init__(
        self, catalog: Catalog, model: str, rules: Rules, told: Callable[[Problem], None] = lambda _problem: None
    ) -> None:
        self._catalog = catalog
        self._model = model
        self._rules = rules
        self._told = told

    def untold(self, ids: Sequence[int]) -> list[int]:
        """Those of these photos with a decision that their sidecars do not have yet."""
        return [photo_id for photo_id, standing in standings(self._catalog, ids).items() if standing.untold]

    def tell(self, ids: Sequence[int], token: CancelToken) -> TellingReport:
        """Bring the sidecars of these photos up to date.

        What was changed in one since it was last read is taken in first, so it is never written over; a field on which
        catalogue and sidecar disagree is left as it is, and told.

        Raises:
            CancelledError: the token said so, between two photos. CatalogError: the catalogue refuses.
        """
        report = TellingReport(0, 0, ())
        for start in range(0, len(ids), _CHUNK):
            details = photo_details(self._catalog, ids[start : start + _CHUNK], self._model)
            with self._catalog.outside:
                report = _sum(report, self._tell(details, token))
        return report

    def _tell(self, details: Sequence[PhotoDetail], token: CancelToken) -> TellingReport:
        problems: list[Problem] = []
        works = list(self._gathered(details, token, problems))
        standing = standings(self._catalog, [work.id for work in works])
        done = [self._write(work, standing[work.id], token) for work in works if work.id in standing]
        after = [one.after for one in done if one.after is not None]
        if after:
            self._catalog.writer.hear(after, initiator=INITIATOR).result()
        problems += [problem for one in done for problem in one.problems]
        for problem in problems:
            self._told(problem)
        return TellingReport(sum(one.written for one in done), sum(one.unchanged for one in done), tuple(problems))

    def _gathered(
        self, details: Sequence[PhotoDetail], token: CancelToken, problems: list[Problem]
    ) -> Iterator["_Work"]:
        """The photos that are there, with what lies beside them now; what changed outside is taken in first.

        Photos on a drive that is away are passed over in silence.
        """
        folders: dict[Path, _Folder | str] = {}
        known = standings(self._catalog, [detail.row.id for detail in details])
        away = find_away(self._catalog)
        news: list[Heard] = []
        works: list[_Work] = []
        for detail in details:
            token.check()
            place = detail.photo.path.parent
            if away.folder_of(detail.photo.path) is not None:
                continue  # written when its drive is back: what its sidecar lacks is known
            folder = folders[place] if place in folders else folders.setdefault(place, _listed(place, token))
            if isinstance(folder, str) or not _present(detail.photo.path, folder):
                fault = folder if isinstance(folder, str) else "the photo is not there"
                problems.append(Problem(detail.photo.path, f"Its sidecar was not written: {fault}."))
            elif detail.row.id in known:
                photo = refreshed(detail.photo, folder.beside)
                listened = listen(detail.row.id, photo, known[detail.row.id], token=token)
                works.append(_Work(detail, photo, listened, folder))
                if listened.is_news(known[detail.row.id]):
                    news.append(listened.heard)
        if news:
            self._catalog.writer.hear(news, initiator=INITIATOR).result()
        yield from works

    def _write(self, work: "_Work", standing: Standing, token: CancelToken) -> "_Done":
        record = _record(work.detail, standing)
        faults: list[str] = []
        written = unchanged = 0
        paths = writable(work.photo, work.folder.beside, self._rules.naming)
        for path in paths:
            if path in work.listened.faults:
                faults.append(work.listened.faults[path])
                continue
            try:
                changed = update(path, record, self._rules, work.listened.contents.get(path))
            except SidecarError as error:
                faults.append(one_line(f"{printable(path.name)}: {error.sentence}"))
            else:
                written, unchanged = written + changed, unchanged + (not changed)
        heard = work.listened.heard
        if written:
            now = replace(work.photo, sidecars=tuple(dict.fromkeys((*work.photo.sidecars, *paths))))
            heard = _echoed(listen(work.id, now, standing, token=token).heard, record)
        heard = replace(heard, notes=tuple(dict.fromkeys((*heard.notes, *faults))))
        news = written or heard.notes != standing.notes
        problems = tuple(Problem(work.photo.path, fault) for fault in faults)
        return _Done(heard if news else None, written, unchanged, problems)


@dataclass(frozen=True, slots=True)
class _Folder:
    """Names of all files in a folder, and its photos and sidecars."""

    names: frozenset[str]
    beside: Beside


@dataclass(frozen=True, slots=True)
class _Work:
    """A photo whose sidecars are to be written: as known, as it lies there now, and what its sidecars say now."""

    detail: PhotoDetail
    photo: Photo
    listened: Listened
    folder: _Folder

    @property
    def id(self) -> int:
        return self.detail.row.id


@dataclass(frozen=True, slots=True)
class _Done:
    """What the sidecars say after the writing, if that is news, so that no run need read them again; how it went."""

    after: Heard | None
    written: int
    unchanged: int
    problems: tuple[Problem, ...]


def _record(detail: PhotoDetail, standing: Standing) -> Record:
    marks = {name: Recorded(mark.value or NONE, mark.by or "photographer") for name, mark in standing.decided.items()}
    return Record(marks, _scores(detail), tuple(map(shown, present(detail.themes))))


def _scores(detail: PhotoDetail) -> Scores | None:
    row = detail.row
    if row.aesthetic is None or row.colour is None or row.technical is None or row.overall is None:
        return None
    model, identity = detail.model or "", detail.model_fingerprint or ""
    return Scores(row.aesthetic, row.colour, row.technical, row.overall, model, identity, row.fingerprint)


def _echoed(heard: Heard, record: Record) -> Heard:
    """What repeats our own writing is known as such: the person may have decided otherwise since."""
    sayings = {
        name: replace(saying, echo=name in record.marks and saying.key == record.marks[name].value)
        for name, saying in heard.sayings.items()
    }
    return replace(heard, sayings=sayings)


def _listed(folder: Path, token: CancelToken) -> _Folder | str:
    """A folder's files, or why they are not known."""
    try:
        names = frozenset(seen.name for seen in list_folder(folder, token=token).entries)
    except OSError as error:
        return f"the folder could not be read, {reason(error)}"
    return _Folder(names, beside(folder, names))


def _present(path: Path, folder: _Folder) -> bool:
    """Whether the photo is there; one with a leading dot is in no list."""
    return path.name in folder.names or (path.name.startswith(".") and is_present(path))


def _sum(one: TellingReport, other: TellingReport) -> TellingReport:
    written, unchanged = one.written + other.written, one.unchanged + other.unchanged
    return TellingReport(written, unchanged, (*one.problems, *other.problems))
