"""What cannot be begun yet is waited for: who works for weeks may start before the catalogue's disk or server does."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Final, TypeVar

from photocull.catalog.faults import may_pass
from photocull.core.errors import CatalogError, OutputError
from photocull.core.work import CancelToken
from photocull.watch.patience import Patience

Begun = TypeVar("Begun")
PAUSE: Final = 5.0
"""Seconds between two tries at first."""


@contextmanager
def begun_in_time(
    begin: Callable[[], AbstractContextManager[Begun]],
    token: CancelToken,
    say: Callable[[str], None],
    waits: Callable[[], None],
) -> Iterator[Begun]:
    """Enter what ``begin`` makes; where a catalogue, or the folder of the locks, refuses for a while, again and again.

    Args:
        say: hears why there is a wait. waits: called before each wait; who started the program need not worry.

    Raises:
        CancelledError: the token said so meanwhile. CatalogError, OutputError: waiting would not help.
    """
    patience = Patience(say, PAUSE)
    with ExitStack() as stack:
        while True:
            token.check()
            try:
                begun = stack.enter_context(begin())
                break
            except (CatalogError, OutputError) as error:
                if not may_pass(error):
                    raise
                pause = patience.after(error)
            waits()
            token.rest(pause)
        yield begun
