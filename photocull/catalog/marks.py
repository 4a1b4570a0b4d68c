"""What a mark is: a field's value and whose it is, who may change it, and how a batch of marks is put in words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from photocull.core.amounts import counted
from photocull.core.errors import UsageError
from photocull.core.types import Decision, DecisionField, Who
from photocull.core.vocabulary import LABELS

Side = Literal["photographer", "photocull"]
FIELDS: Final[tuple[DecisionField, ...]] = ("rating", "pick", "label")
BY_POLICY: Final = "policy:"
"""How the initiator of a policy's batch begins; the policy's name follows."""
_PICKS: Final = ("pick", "reject")
_CLEARED: Final[dict[str, str]] = {"rating": "no stars", "pick": "no flag", "label": "no label"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One field's state: its value as the journal's text, and whose it is; nobody's where it was never touched."""

    value: str | None = None
    by: Side | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One field of one photo going from one mark to another."""

    photo_id: int
    field: DecisionField
    before: Mark
    after: Mark
    who: Who
    reason: str = ""


def mark_of(row: Mapping[Any, Any], field: str) -> Mark:
    """The mark that the columns of a photo's row hold."""
    value = row[field]
    return Mark(None if value is None else str(value), row[f"{field}_by"])


def side(who: Who) -> Side:
    """Whose a mark becomes: what a sidecar says is the photographer's."""
    return "photocull" if who == "policy" else "photographer"


def wished(decision: Decision) -> Mark:
    """The mark that a decision asks for; 0 stars are no stars.

    Raises:
        UsageError: a value that the field cannot have.
    """
    value = decision.value
    if value is not None and not _possible(decision.field, value):
        raise UsageError(f"'{value}' is not a {decision.field} that a photo can have.")
    cleared = value is None or (decision.field == "rating" and value == 0)
    return Mark(None if cleared else str(value), side(decision.who))


def _possible(field: DecisionField, value: int | str) -> bool:
    if field == "rating":
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 5
    return value in (_PICKS if field == "pick" else LABELS)


def allowed(step: Step) -> bool:
    """Whether a decision changes anything, and is not a policy's on what the photographer marked."""
    if step.before == step.after:
        return False
    return step.after.by == "photographer" or step.before.by != "photographer"


def spoken(field: str, value: str | None) -> int | str | None:
    """A journal's text as the value it stands for."""
    return int(value) if field == "rating" and value is not None else value


def possible(field: DecisionField, text: str | None) -> bool:
    """Whether a text, from wherever it comes, stands for a value that the field can have."""
    try:
        value = spoken(field, text)
    except ValueError:
        return False
    return value is None or _possible(field, value)


def sentence(steps: Iterable[Step]) -> str:
    """The marks in words: "4 stars on 3 photos", "reject"; more than two different ones are only counted."""
    steps = list(steps)
    counts = Counter(_words(step) for step in steps)
    if len(counts) > 2:
        return f"{len(steps)} marks on {counted(len({step.photo_id for step in steps}), 'photo')}"
    return ", ".join(
        words if count == 1 else f"{words} on {counted(count, 'photo')}" for words, count in counts.items()
    )


def _words(step: Step) -> str:
    return worded(step.field, step.after.value)


def worded(field: DecisionField, value: str | None) -> str:
    """A mark in words: "4 stars", "no label"."""
    if value is None:
        return _CLEARED[field]
    if field == "rating":
        return "1 star" if value == "1" else f"{value} stars"
    return f"{value} label" if field == "label" else value
