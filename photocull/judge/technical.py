"""What is technically right and wrong with a photo, as numbers, flags and maps; gathers focus, exposure and noise."""

from dataclasses import dataclass

from photocull.core.types import Grid


@dataclass(frozen=True, slots=True, eq=False)
class TechnicalFacts:
    """The technical reading of one photo.

    Attributes:
        facts: name to value; see the functions of `focus`, `exposure` and `noise` for each name's unit.
        flags: words of `vocabulary.FLAGS`, most serious first.
        focus_map: where the picture is sharp, 0 (soft, or nothing to tell by) to 1 (crisp).
        clipping_map: share of each cell without detail because it is blown or blocked.
    """

    facts: dict[str, float]
    flags: tuple[str, ...]
    focus_map: Grid
    clipping_map: Grid
