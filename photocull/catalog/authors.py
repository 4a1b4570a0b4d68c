"""Who makes changes to a catalogue that several people share: each undoes their own."""

import getpass
import platform

from photocull.catalog.paths import plain


def myself() -> str:
    """The person at this machine, ``anna@desk``: the same for the window and every command of theirs."""
    try:
        user = getpass.getuser()
    except (ImportError, KeyError, OSError):  # an account that the system does not name
        user = "somebody"
    machine = platform.node().partition(".")[0]  # what follows changes with the network
    return plain(f"{user}@{machine}")
