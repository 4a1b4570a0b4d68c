"""What `doctor` says of one thing that it looked at; its checks and the page are made of these."""

from dataclasses import dataclass
from typing import Final, Literal

State = Literal["ok", "note", "broken"]
BROKEN: Final = "broken"
INSTALL: Final = "Set Photocull up again: python3 packaging/bootstrap.py install again"


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
