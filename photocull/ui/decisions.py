"""What the photographer just decided and the catalogue may not hold yet: shown at once, dropped when it is saved."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from photocull.catalog.records import PhotoRow
from photocull.core.types import Decision


class PendingDecisions:
    """Decisions on their way, by photo and field; each batch has a ticket under which it is settled."""

    def __init__(self) -> None:
        self._values: dict[tuple[int, str], tuple[int, Decision]] = {}
        self._ticket = 0

    def add(self, decisions: Iterable[Decision]) -> int:
        """Remember a batch; a later decision on the same field of a photo wins."""
        self._ticket += 1
        for decision in decisions:
            self._values[decision.photo_id, decision.field] = (self._ticket, decision)
        return self._ticket

    def settle(self, ticket: int) -> None:
        """Forget what this batch decided, unless a later batch decided it again."""
        self._values = {key: kept for key, kept in self._values.items() if kept[0] != ticket}

    def still(self, ticket: int, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
        """Those of a batch that no later batch decided again."""
        return tuple(d for d in decisions if self._values.get((d.photo_id, d.field), (0, d))[0] == ticket)

    def show(self, rows: Sequence[PhotoRow]) -> list[PhotoRow]:
        """The rows as they will read once everything is saved."""
        return [self._shown(row) for row in rows] if self._values else list(rows)

    def _shown(self, row: PhotoRow) -> PhotoRow:
        for name in ("rating", "pick", "label"):
            kept = self._values.get((row.id, name))
            if kept is not None:
                row = decided(row, kept[1])
        return row


def decided(row: PhotoRow, decision: Decision) -> PhotoRow:
    """The row with this decision on it."""
    value: Any = decision.value
    row = replace(row, suggested=row.suggested - {decision.field})
    match decision.field:
        case "rating":
            return replace(row, rating=value, rated_by=None if value is None else "photographer")
        case "pick":
            return replace(row, pick=value)
        case "label":
            return replace(row, label=value)
