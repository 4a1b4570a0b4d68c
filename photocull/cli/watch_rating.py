"""Auto-rating in a watch: a policy on each folder that came to rest, and each mark that changed as a line."""

from collections.abc import Callable, Sequence
from typing import Final

from photocull.cli.proposals import change_words, show_changes, summary
from photocull.core.errors import printable
from photocull.core.work import CancelToken
from photocull.picks.policy import Policy
from photocull.picks.rating import Proposal
from photocull.watch.autorating import AutoRating, RatingReport

_FEW: Final = 8
"""Up to so many marks at once have a line each; each mark's reason is kept in the catalogue all the same."""


class WatchRating:
    """Rates what the watch hands on.

    Args:
        say: hears lines for people. dry_run: only collect what would change, for `show`.
    """

    def __init__(self, rating: AutoRating, policy: Policy, say: Callable[[str], None], *, dry_run: bool) -> None:
        self._rating = rating
        self._policy = policy
        self._say = say
        self._dry_run = dry_run
        self._wished: dict[tuple[int, str], Proposal] = {}

    def rate(self, ids: Sequence[int], token: CancelToken) -> RatingReport:
        """Rate these photos of one folder, and say what changed; raises as `AutoRating.rate`."""
        if self._dry_run:
            report = self._rating.rehearse(ids, token)
            asked = frozenset(ids)  # what an earlier rehearsal wished for them is out of date
            self._wished = {key: change for key, change in self._wished.items() if key[0] not in asked}
            self._wished |= {(change.photo_id, change.field): change for change in report.changes}
            return report
        report = self._rating.rate(ids, token)
        if len(report.changes) <= _FEW:
            for change in report.changes:
                self._say(f"{printable(change.path)}: {change_words(change)}, {change.reason}.")
        else:
            self._say(f"{printable(report.changes[0].path.parent)}: {summary(report.changes, done=True)}")
        return report

    def show(self) -> None:
        """What a dry run found, on standard output."""
        if self._dry_run:
            ordered = sorted(self._wished.values(), key=lambda change: (str(change.path), change.field))
            show_changes(ordered, self._policy, "table", done=False)
