"""What a PostgreSQL server complains of, and what it means when there is none: as sentences with a remedy."""

import re
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

Words = tuple[str, str]
"""A sentence and its remedy."""
BUSY: Final = ("55P03", "40001", "40P01", "57014")
"""SQLSTATEs: a lock not got in time, a clash with another transaction, a statement that took too long."""
_LOST: Final = (
    "The connection to the catalogue's server was lost.",
    "Try again when the server answers; what was confirmed before is kept.",
)
_RIGHTS: Final = (
    "This user may not read and write this catalogue.",
    "Ask whoever keeps the server for the right to create and change tables in this database.",
)
_SENTENCES: Final[dict[str, Words]] = {
    "53100": ("The server's disk is full; the last change was not saved.", "Let room be made there, then try again."),
    "25006": ("This server only reads.", "Name the server that may write; this one may be a copy of it."),
    "42501": _RIGHTS,
    "3F000": (
        "The database has no schema to put the catalogue into.",
        "Let one be made, or correct search_path in the URL.",
    ),
    "58030": ("The server's disk failed.", "Let whoever keeps the server look at it."),
    "XX001": ("The catalogue is damaged on its server.", "Let whoever keeps the server put back a copy."),
    "XX002": ("The catalogue is damaged on its server.", "Let whoever keeps the server rebuild its indexes (REINDEX)."),
}
_LASTING: Final[tuple[tuple[str, Words], ...]] = (
    (
        r"authentication failed|no password supplied|role .* does not exist",
        (
            "The server does not accept this user and password.",
            "Correct them in the URL, @ and % in them escaped; a password is better kept in ~/.pgpass.",
        ),
    ),
    (
        r"database .* does not exist",
        (
            "There is no such database on the server.",
            "Correct its name, or let it be made: createdb NAME.",
        ),
    ),
    (r"permission denied|not permitted to log in|pg_hba\.conf", _RIGHTS),
)
_PASSING: Final[tuple[tuple[str, Words], ...]] = (
    (
        r"too many (clients|connections)|remaining connection slots",
        ("The server has no connection left.", "Try again later, or let max_connections be raised."),
    ),
    (
        r"starting up|shutting down|recovery mode|not accepting",
        ("The catalogue's server is just starting or stopping.", "Try again in a moment."),
    ),
    (
        r"resolve host|translate host name|Name or service",
        ("The catalogue's server is not known by this name.", "Correct the name in the URL, or connect the network."),
    ),
    (
        r"refused|timeout|timed out|unreachable|No route|No such file",
        (
            "The catalogue's server does not answer.",
            "Start it or connect its network, or correct the address and port in the URL.",
        ),
    ),
)
"""Why a connection was not made is told in words alone, with no code; in other languages the reason itself is shown."""


def words_for(error: SQLAlchemyError) -> Words | None:
    """The sentence and remedy for a complaint of PostgreSQL or its driver; None for any other."""
    if not isinstance(error, DBAPIError):
        return None
    if error.connection_invalidated:
        return _LOST
    return _at_the_door(str(error.orig)) if _refused(error) else _SENTENCES.get(sqlstate(error) or "")


def sqlstate(error: SQLAlchemyError) -> str | None:
    """The five characters by which PostgreSQL names a fault."""
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return state if isinstance(state, str) else None


def is_away(error: BaseException | None) -> bool:
    """Whether a server went away or was never reached, so that the next request would have to wait for it too."""
    return isinstance(error, DBAPIError) and (error.connection_invalidated or _refused(error))


def comes_back(error: BaseException | None) -> bool:
    """Whether a server that was not reached may be there later with nothing corrected, as it or its network starts."""
    if not isinstance(error, DBAPIError):
        return False
    passing = {words for _, words in _PASSING}
    return error.connection_invalidated or (_refused(error) and _matched(str(error.orig)) in passing)


def _refused(error: DBAPIError) -> bool:
    """Whether no connection was made: then there is neither a statement nor a code, not even for a wrong password."""
    sent = error.statement is not None or error.connection_invalidated
    return not sent and getattr(error.orig, "sqlstate", "") is None


def _matched(complaint: str) -> Words | None:
    return next((words for pattern, words in (*_LASTING, *_PASSING) if re.search(pattern, complaint)), None)


def _at_the_door(complaint: str) -> Words:
    if (words := _matched(complaint)) is not None:
        return words
    reason = re.split(r"FATAL:|failed:|bad:", complaint)[-1].strip().rstrip(".")
    return f"The catalogue's server cannot be used: {reason}.", "Correct the URL, or ask whoever keeps the server."
