"""Rating without a person: a policy on the shoots of a catalogue, rehearsed or carried out.

Killed at any moment it leaves whole shoots; the next run finds the rest, and nothing to do where all is done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from photocull.catalog.database import Catalog
from photocull.catalog.marks import BY_POLICY, FIELDS, spoken
from photocull.catalog.outside import NONE
from photocull.catalog.query import standings
from photocull.catalog.ratable import Ratable, folders_of, ratable
from photocull.core.work import CancelToken
from photocull.picks.policy import Policy
from photocull.picks.rating import Proposal, proposals
from photocull.picks.shoots import Shoot, shoots

_UNDOING = f"{BY_POLICY}undo"


@dataclass(frozen=True, slots=True)
class RatingReport:
    """How rating went.

    Attributes:
        photos: judged photos of the shoots that were looked at. shoots: how many. unranked: those of them with fewer
            judged photos than the policy asks for. kept: photos with a mark of the photographer's.
        changes: the marks that changed, or that would.
    """

    photos: int
    shoots: int
    unranked: int
    kept: int
    changes: tuple[Proposal, ...]


class AutoRating:
    """Rates shoots by a policy; may be used again and again, from one thread at a time.

    Args:
        catalog: where scores come from and marks go. model: fingerprint of the model whose scores count.
    """

    def __init__(self, catalog: Catalog, model: str, policy: Policy) -> None:
        self._catalog = catalog
        self._model = model
        self._policy = policy

    def rate(self, ids: Sequence[int], token: CancelToken) -> RatingReport:
        """Rate the whole shoots that these photos belong to; each shoot is one batch of the journal.

        Raises:
            CancelledError: the token said so, between two shoots. CatalogError: the catalogue refuses.
        """
        return self._report(ids, token, carry_out=True)

    def propose(self, ids: Sequence[int], token: CancelToken) -> tuple[Proposal, ...]:
        """What `rate` would change; changes nothing. Raises as `rate`."""
        return self.rehearse(ids, token).changes

    def rehearse(self, ids: Sequence[int], token: CancelToken) -> RatingReport:
        """How `rate` would go; changes nothing. Raises as `rate`."""
        return self._report(ids, token, carry_out=False)

    def _report(self, ids: Sequence[int], token: CancelToken, *, carry_out: bool) -> RatingReport:
        report = RatingReport(0, 0, 0, 0, ())
        for shoot in self._shoots(ids, token):
            wanted = tuple(proposals(shoot, self._policy))
            if carry_out:
                wanted = _marked(self._catalog, wanted, f"{BY_POLICY}{self._policy.name}")
            report = _and(report, shoot, self._policy, wanted)
        return report

    def _shoots(self, ids: Sequence[int], token: CancelToken) -> Iterator[Shoot]:
        """The shoots in which any of these photos lies."""
        asked = frozenset(ids)
        for folder in folders_of(self._catalog, ids):
            token.check()
            photos = ratable(self._catalog, folder, self._model, alike=self._policy.series is not None)
            for shoot in shoots(photos, self._policy.gap_hours):
                if not asked.isdisjoint(photo.id for photo in shoot):
                    token.check()
                    yield shoot


def own_marks(catalog: Catalog, ids: Sequence[int], model: str) -> tuple[Proposal, ...]:
    """What `take_back` would change."""
    asked = frozenset(ids)
    return tuple(
        Proposal(photo.id, photo.path, field, spoken(field, photo.marks[field].value), None, "taken back")
        for folder in folders_of(catalog, ids)
        for photo in ratable(catalog, folder, model)
        if photo.id in asked
        for field in FIELDS
        if photo.marks[field].by == "photocull" and photo.marks[field].value is not None
    )


def take_back(catalog: Catalog, ids: Sequence[int], model: str) -> tuple[Proposal, ...]:
    """Clear every mark that is the program's own on these photos, in one batch; the marks that went.

    Raises:
        CatalogError: the catalogue refuses.
    """
    return _marked(catalog, own_marks(catalog, ids, model), _UNDOING)


def left_in_sidecars(catalog: Catalog, ids: Sequence[int]) -> int:
    """Of how many of these photos the sidecars still say a mark that the program gave and has taken back since."""
    return sum(
        any(
            (mark.value, mark.by) == (None, "photocull") and standing.said.get(name, NONE) != NONE
            for name, mark in standing.decided.items()
        )
        for standing in standings(catalog, ids).values()
    )


def _marked(catalog: Catalog, wanted: tuple[Proposal, ...], initiator: str) -> tuple[Proposal, ...]:
    """Carry proposals out; those that came true, as a photographer may have been quicker with any of them."""
    if not wanted:
        return ()
    change = catalog.writer.decide([proposal.decision for proposal in wanted], initiator=initiator).result()
    return tuple(proposal for proposal in wanted if (proposal.photo_id, proposal.field) in change.marks)


def _and(report: RatingReport, shoot: Shoot, policy: Policy, changes: tuple[Proposal, ...]) -> RatingReport:
    judged = sum(photo.scores is not None for photo in shoot)
    return RatingReport(
        report.photos + judged,
        report.shoots + 1,
        report.unranked + (judged < policy.fewest),
        report.kept + sum(map(_kept, shoot)),
        report.changes + changes,
    )


def _kept(photo: Ratable) -> bool:
    return any(mark.by == "photographer" for mark in photo.marks.values())
