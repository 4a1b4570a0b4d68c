"""Why the program gave the marks that are its own: the reasons that its policies left in the journal."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, select

from photocull.catalog.chunks import chunked
from photocull.catalog.marks import BY_POLICY
from photocull.catalog.records import MarkReason
from photocull.catalog.schema import batches, journal
from photocull.core.types import DecisionField

_REASONS: Final = (
    select(journal.c.photo_id, journal.c.field, journal.c.after, journal.c.reason, batches.c.initiator)
    .join(batches, batches.c.id == journal.c.batch_id)
    .where(journal.c.who == "policy", journal.c.reason.is_not(None))
    .order_by(journal.c.id)
)


def mark_reasons(
    connection: Connection, suggested: Mapping[int, Mapping[DecisionField, str]]
) -> dict[int, tuple[MarkReason, ...]]:
    """By photo, why a policy last gave each mark of the program's; marks of unknown reason are left out.

    Args:
        suggested: photo id -> field -> the program's mark, as the journal writes it.
    """
    kept: dict[int, dict[str, MarkReason]] = {}
    for part in chunked([photo for photo, marks in suggested.items() if marks]):
        for row in connection.execute(_REASONS.where(journal.c.photo_id.in_(part))):
            if suggested[row.photo_id].get(row.field) == row.after:
                policy = row.initiator.removeprefix(BY_POLICY)
                kept.setdefault(row.photo_id, {})[row.field] = MarkReason(row.field, policy, row.reason)
    return {photo: tuple(reasons.values()) for photo, reasons in kept.items()}
