"""The command `watch`: keeps scoring what arrives in folders, unattended, until it is told to end."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from photocull.catalog.database import Catalog
from photocull.catalog.query import BY_NAME, on_a_drive_that_is_there, photo_ids
from photocull.catalog.records import Filter
from photocull.catalog.upkeep import keep_safe
from photocull.cli.failing import UNREADABLE
from photocull.cli.interrupting import ending
from photocull.cli.options import (
    AutoRateOption,
    CatalogOption,
    DeviceOption,
    DryRunOption,
    JobsOption,
    ModelOption,
    PolicyOption,
    WriteXmpOption,
    a_path,
)
from photocull.cli.session import Choices, Session, opened
from photocull.cli.waiting import begun_in_time
from photocull.cli.watch_log import WatchLog, log_file
from photocull.cli.watch_rating import WatchRating
from photocull.core.errors import CancelledError, UsageError, printable
from photocull.core.named import absolute
from photocull.core.settings import folders
from photocull.core.work import CancelToken
from photocull.photo.looking import look
from photocull.picks.policies import policy_named
from photocull.pipeline.run import Run
from photocull.pipeline.telling import Telling
from photocull.sidecar.rules import rules_of
from photocull.watch.autorating import AutoRating
from photocull.watch.chores import Chore
from photocull.watch.drives import Drives, outermost
from photocull.watch.finishing import Rater
from photocull.watch.lock import alone
from photocull.watch.remarks import Remarks
from photocull.watch.service import Watching
from photocull.watch.supervisor import BeatingToken, Supervisor

FoldersArgument = Annotated[
    list[Path], typer.Argument(parser=a_path, metavar="FOLDER", help="Folders to watch, with all below them.")
]

_LOOKED_AFTER: Final = 3600.0
"""Seconds between two looks whether a week has gone since the last backup."""


def watch_command(
    watched: FoldersArgument,
    auto_rate: AutoRateOption = False,
    policy: PolicyOption = None,
    write_xmp: WriteXmpOption = False,
    once: Annotated[
        bool, typer.Option("--once", help="Deal with what is there, files still being copied included, and end.")
    ] = False,
    poll: Annotated[
        bool, typer.Option("--poll", help="Look again and again; for drives that tell of no changes.")
    ] = False,
    dry_run: DryRunOption = False,
    log: Annotated[
        Path | None,
        typer.Option("--log", parser=a_path, metavar="FILE", help="Log file; watch.log in the log folder if left out."),
    ] = None,
    model: ModelOption = None,
    device: DeviceOption = None,
    catalog: CatalogOption = None,
    jobs: JobsOption = None,
) -> None:
    """Score what is in these folders, then whatever arrives, until Ctrl-C or the system ends it.

    A file that is still being copied is waited for, and so is a drive that is unplugged; a moved photo keeps what is
    known of it. What was scored is kept, however the watch ends; the next one goes on there.

    With --auto-rate a policy gives stars to each folder once nothing of it waits, with a line and a reason for each;
    --once --auto-rate --dry-run only shows which marks would change.
    """
    _check(auto_rate=auto_rate, policy=policy, once=once, dry_run=dry_run)
    file = folders().log / "watch.log" if log is None else log_file(log)
    supervisor, choices = Supervisor(), Choices(model, device, catalog, jobs)
    token = BeatingToken(supervisor.alive)
    with WatchLog(file) as lines, ending(token) as came:
        voices = _Voices(lines, supervisor)
        decides = _Deciding(policy, dry_run=dry_run) if auto_rate else None
        telling = write_xmp and not dry_run
        begin = partial(_begun, watched, choices, voices, decides, poll=poll, once=once, write_xmp=telling)
        try:
            with begin() if once else begun_in_time(begin, token, voices.say, supervisor.ready) as (watching, rater):
                if once:
                    watching.once(token)
                    if rater is not None:
                        rater.show()
                else:
                    supervisor.ready()
                    watching.watch(token)
        except CancelledError:
            lines.say("The watch was ended; what was scored is kept.")
            if once or signal.SIGINT in came:
                raise
            return
        finally:
            supervisor.stopping()
    if watching.faults:
        raise typer.Exit(UNREADABLE)


@dataclass(frozen=True, slots=True)
class _Voices:
    """Who hears what the watch says."""

    lines: WatchLog
    supervisor: Supervisor

    def say(self, text: str) -> None:
        """To people, and the last line to whoever looks at the service."""
        self.lines.say(text)
        self.supervisor.status(text)


@dataclass(frozen=True, slots=True)
class _Deciding:
    """How marks are decided: by a policy, or the one of the settings."""

    policy: str | None
    dry_run: bool


@contextmanager
def _begun(
    watched: list[Path],
    choices: Choices,
    voices: _Voices,
    decides: _Deciding | None,
    *,
    poll: bool,
    once: bool,
    write_xmp: bool,
) -> Iterator[tuple[Watching, WatchRating | None]]:
    with opened(choices, backs_up=once) as session:
        roots = _roots(watched, session)
        with alone(folders().data / "watching", session.catalog.location, roots):
            rater = None if decides is None else _rater(session, decides, voices)
            yield _watching(session, roots, voices, poll=poll, once=once, write_xmp=write_xmp, rater=rater), rater


def _watching(
    session: Session,
    roots: list[Path],
    voices: _Voices,
    *,
    poll: bool,
    once: bool,
    write_xmp: bool,
    rater: Rater | None = None,
) -> Watching:
    remarks = Remarks(voices.say, voices.lines.show)
    run = Run(session.catalog, session.scorer, session.previews, jobs=session.jobs, listener=remarks.hear)
    telling = Telling(session.catalog, session.model, rules_of(session.settings), remarks.hear) if write_xmp else None
    return Watching(
        roots,
        session.catalog,
        run,
        session.model,
        Drives(roots, [root for root in roots if _is_full(session, root, once=once)]),
        voices.say,
        rater=rater,
        telling=telling,
        chores=[Chore("The weekly backup", _LOOKED_AFTER, _Upkeep(session.catalog).work)],
        poll=poll,
    )


class _Upkeep:
    """The look at the catalogue after the start, and the weekly backup."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._looked = False

    def work(self, token: CancelToken) -> str | None:
        """Do what is due; a line where a backup was made."""
        first, self._looked = not self._looked, True
        made = keep_safe(self._catalog, token=token, looks=first)
        return None if made is None else f"The catalogue's weekly backup was made: {printable(made)}"


def _rater(session: Session, decides: _Deciding, voices: _Voices) -> WatchRating:
    chosen = policy_named(decides.policy or session.settings.policy, folders())
    rating = AutoRating(session.catalog, session.model, chosen)
    return WatchRating(rating, chosen, voices.say, dry_run=decides.dry_run)


def _check(*, auto_rate: bool, policy: str | None, once: bool, dry_run: bool) -> None:
    if policy is not None and not auto_rate:
        raise UsageError("--policy says how --auto-rate decides.", remedy="Add --auto-rate.")
    if dry_run and not (auto_rate and once):
        remedy = "Say --once --auto-rate --dry-run."
        raise UsageError("--dry-run shows what --auto-rate would do with what is there now.", remedy=remedy)


def _roots(named: list[Path], session: Session) -> list[Path]:
    """The folders as the catalogue knows them; one that is not there now is away if its photos are known.

    Raises:
        UsageError: one is no folder, or not there.
    """
    roots = outermost([absolute(path) for path in named])
    for root in roots:
        try:
            what = look(root).what
        except TimeoutError:
            continue
        except OSError as error:
            if _known(session, root):
                continue
            raise UsageError("There is no such folder.", path=root, remedy="Check the spelling.") from error
        if what != "folder":
            raise UsageError("This is no folder.", path=root, remedy="Name the folder that it lies in.")
    return roots


def _is_full(session: Session, root: Path, *, once: bool) -> bool:
    """Whether a folder that is empty now has lost its drive; ``once`` meets inboxes that were emptied since."""
    if once and on_a_drive_that_is_there(session.catalog, root):
        return False
    return _known(session, root, hidden=False)


def _known(session: Session, root: Path, *, hidden: bool = True) -> bool:
    """Whether the catalogue knows photos in a folder; ``hidden``: even if all were gone when it was looked at last."""
    where = Filter(folders=frozenset((root,)), missing=hidden)
    return bool(photo_ids(session.catalog, where, BY_NAME, ""))
