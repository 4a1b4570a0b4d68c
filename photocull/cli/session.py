"""What a scoring command works with: settings, catalogue, model, previews, and a run to be watched and stopped."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.query import BY_NAME, photo_ids
from photocull.catalog.query import away as find_away
from photocull.catalog.records import Filter
from photocull.catalog.upkeep import kept_safe
from photocull.cli.failing import warn
from photocull.cli.refusals import Refusals, not_of_writing
from photocull.cli.watching import watched
from photocull.core.amounts import counted
from photocull.core.errors import UsageError, printable
from photocull.core.named import from_root
from photocull.core.settings import Folders, Settings, folders, load
from photocull.core.types import Scorer
from photocull.models.store import open_scorer, scorer_fingerprint
from photocull.photo.previews import PreviewStore
from photocull.pipeline.deferred import DeferredScorer
from photocull.pipeline.run import Run, RunReport, engine_threads
from photocull.pipeline.telling import Telling
from photocull.sidecar.rules import rules_of


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line says instead of the settings; None leaves the settings' word."""

    model: str | None = None
    device: str | None = None
    catalog: str | None = None
    jobs: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """An open catalogue with the model and the previews that go with it."""

    catalog: Catalog
    scorer: Scorer
    previews: PreviewStore
    jobs: int
    settings: Settings = field(default_factory=Settings)

    @property
    def model(self) -> str:
        """The identity under which this session's judgements are kept."""
        return self.scorer.fingerprint

    def score(self, paths: Sequence[Path], *, writes: bool = False) -> RunReport:
        """Score what is missing under these paths, with a progress line on a terminal and problems named as they come.

        Args:
            writes: sidecars are going to be written, so what an earlier run could not write is no news.

        Raises:
            UsageError: a path does not exist, or no photo lies under any of them.
            CancelledError: Ctrl-C; a second one ends at once.
        """
        self._refuse_away(paths)
        with watched("Scoring") as watch:
            hear = not_of_writing(watch.hear) if writes else watch.hear
            run = Run(self.catalog, self.scorer, self.previews, jobs=self.jobs, listener=hear)
            report = run.score(paths, watch.token)
        _sum_up(report, paths)
        return report

    def enter(self, paths: Sequence[Path]) -> RunReport:
        """As `score`, but nothing is judged: the catalogue learns what lies there.

        Raises:
            As `score`.
        """
        self._refuse_away(paths)
        with watched("Looking") as watch:
            run = Run(self.catalog, self.scorer, self.previews, jobs=self.jobs, listener=watch.hear)
            report = run.enter(paths, watch.token)
        _sum_up(report, paths)
        return report

    def known(self, paths: Sequence[Path]) -> tuple[list[Path], tuple[int, ...]]:
        """Those of these paths that are there, and the photos that the catalogue knows of those on drives that are not.

        Raises:
            UsageError: of such a path nothing is known.
        """
        away = find_away(self.catalog)
        gone = [path for path in map(from_root, paths) if away.folder_of(path) is not None]
        ids: list[int] = []
        for path in gone:
            here = Filter(folders=frozenset({path}), paths=frozenset({path}))
            found = photo_ids(self.catalog, here, BY_NAME, self.model)
            if not found:
                self._refuse_away([path])
            warn(f"{printable(path)}: {away.word(path)}; this is what the catalogue knows of it.")
            ids += found
        return [path for path in paths if from_root(path) not in gone], tuple(dict.fromkeys(ids))

    def _refuse_away(self, paths: Sequence[Path]) -> None:
        away = find_away(self.catalog)
        for path in paths:
            word = away.word(from_root(path))
            if word:
                raise UsageError(f"{word}.", path=path, remedy="Connect it and try again.")

    def write_sidecars(self, report: RunReport) -> bool:
        """Write the sidecars of a run's photos; whether all could be written. What could not is named or counted.

        Raises:
            UsageError: the settings hold a word that no rule has. CancelledError: Ctrl-C, between two photos.
        """
        with watched("Writing sidecars") as watch:
            refusals = Refusals(watch.hear)
            telling = Telling(self.catalog, self.model, rules_of(self.settings), refusals.hear)
            try:
                outcome = telling.tell(report.ids, watch.token)
            finally:
                refusals.end()
        if sys.stderr.isatty():
            warn(f"{outcome.written} sidecars written, {outcome.unchanged} were as they should be.")
        return not outcome.problems


@contextmanager
def opened(choices: Choices, *, backs_up: bool = True) -> Iterator[Session]:
    """A session by the settings and what the command line says instead; everything is closed at the end.

    Args:
        backs_up: see to the weekly backup beside the work; no for who does that himself.
    """
    where = folders()
    settings = load(where.settings)
    with ExitStack() as stack:
        scorer = scorer_of(choices.model or settings.model, choices.device or settings.device)
        catalog = stack.enter_context(open_catalog(choices.catalog or where.catalog, cache=where.cache))
        if backs_up:
            stack.enter_context(kept_safe(catalog, lambda fault: warn(str(fault))))
        previews = stack.enter_context(open_previews(where, settings))
        jobs = settings.jobs if choices.jobs is None else choices.jobs
        yield Session(catalog, scorer, previews, jobs, settings)


def scorer_of(model: str, device: str) -> Scorer:
    """The scorer of a model by name; its network is opened by the first photo that needs it.

    Raises:
        ModelError: there is no such model here.
    """
    return DeferredScorer(
        model, scorer_fingerprint(model), lambda: open_scorer(model, device, threads=engine_threads(model))
    )


def open_previews(where: Folders, settings: Settings) -> PreviewStore:
    """The preview store in the cache folder, bounded as the settings say."""
    return PreviewStore(where.previews, limit_bytes=settings.preview_limit_mb * 2**20)


def _sum_up(report: RunReport, paths: Sequence[Path]) -> None:
    if report.videos:
        warn(f"{counted(report.videos, 'video')} left out.")
    if not report.ids and not report.problems:  # what could not be read may well be photos
        where = ", ".join(printable(path) for path in paths[:3]) + (", …" if len(paths) > 3 else "")
        raise UsageError(f"There is no photo under {where}.")
    if report.scored and sys.stderr.isatty():
        rate = report.scored / report.seconds
        cached = f", {report.cached} known already" if report.cached else ""
        warn(f"{report.scored} scored in {report.seconds:.1f} s ({rate:.1f} photos/s){cached}.")
