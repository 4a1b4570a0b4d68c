"""A session that is waited for: who works for weeks may be started before the server of its catalogue is."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from photocull.catalog.faults import may_pass
from photocull.cli.session import Choices, Session, opened
from photocull.core.errors import CatalogError
from photocull.core.work import CancelToken
from photocull.watch.patience import Patience

PAUSE: Final = 5.0
"""Seconds between two tries at first."""


@contextmanager
def opened_in_time(
    choices: Choices, token: CancelToken, say: Callable[[str], None], waits: Callable[[], None]
) -> Iterator[Session]:
    """As `opened` without backups, but a catalogue that refuses for a while, such as one on a server, is waited for.

    Args:
        say: hears why there is a wait. waits: called before each wait; who started the program need not worry.

    Raises:
        CancelledError: the token said so meanwhile. CatalogError: waiting would not help.
    """
    patience = Patience(say, PAUSE)
    with ExitStack() as stack:
        while True:
            token.check()
            try:
                session = stack.enter_context(opened(choices, backs_up=False))
                break
            except CatalogError as error:
                if not may_pass(error):
                    raise
                pause = patience.after(error)
            waits()
            token.rest(pause)
        yield session
