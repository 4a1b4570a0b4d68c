"""What a command asks before it does what a person may regret."""

import sys

import typer

from photocull.core.errors import CancelledError, UsageError


def ask(question: str, *, yes: bool, remedy: str, refused: str) -> None:
    """Let a person confirm.

    Args:
        yes: it was said beforehand. remedy: where nobody can answer. refused: what is told after a no.

    Raises:
        UsageError: nobody can answer here. CancelledError: the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("This asks first, and nobody can answer here.", remedy=remedy)
    if not typer.confirm(question, err=True):
        raise CancelledError(refused)
