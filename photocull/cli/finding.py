"""What `doctor` says of one thing that it looked at; its checks and the page are made of these."""

from dataclasses import dataclass
from typing import Final, Literal

from photocull.core.errors import SET_UP

State = Literal["ok", "note", "broken"]
BROKEN: Final = "broken"
INSTALL: Final = SET_UP


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        topic: what. text: what was found, one line. remedy: what to do, where there is something to do.
        state: "ok", "note" (works, but less well or not everywhere) or "broken".
    """

    topic: str
    state: State
    text: str
    remedy: str | None = None
