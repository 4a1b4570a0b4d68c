"""The checkpoint store as Settings uses it, behind one small face; slow, so that it runs off the GUI thread."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from photocull.core.errors import ModelError
from photocull.core.work import CancelToken, Progressed
from photocull.models.registry import BUILT_IN, PUBLISHED, ModelCard
from photocull.ui.model_words import ModelEntry, State

if TYPE_CHECKING:
    from photocull.models.store import Listed

Tell = Callable[[Progressed], None]
"""Hears how many bytes are done."""
_STATES: Final[dict[str, State]] = {"downloadable": "download", "needs a file": "file", "damaged": "damaged"}


class ModelStore(Protocol):
    """What can be done with checkpoints. Each method raises PhotocullError with a sentence and a remedy."""

    def entries(self) -> list[ModelEntry]:
        """Every model that is here or could be: built-in ones, the person's, then those that are not here."""

    def bring(self, path: Path, token: CancelToken, tell: Tell) -> ModelCard:
        """Import a checkpoint file."""

    def fetch(self, name: str, token: CancelToken, tell: Tell) -> ModelCard:
        """Download a published checkpoint, going on where an earlier try ended."""

    def check(self, name: str) -> None:
        """Read every file of a model and compare it with its card."""

    def remove(self, name: str) -> None:
        """Take a model of the person's out of the store."""


class PersonsModels:
    """The person's own store, by the functions that the command line calls; see `ModelStore`.

    Their modules bring the networks' engines along, and so are imported where they are called: off the GUI thread.
    """

    def entries(self) -> list[ModelEntry]:
        """See `ModelStore`."""
        from photocull.models.store import listing

        return [_entry(listed) for listed in listing()]

    def bring(self, path: Path, token: CancelToken, tell: Tell) -> ModelCard:
        """Under a name of its own where another file has that of its kind already."""
        from photocull.models.importing import import_file
        from photocull.models.shelf import taken
        from photocull.models.store import cards

        try:
            return import_file(path, token=token, listener=tell)
        except ModelError as error:
            kind = next((name for name in PUBLISHED if taken(name).sentence == error.sentence), None)
            if kind is None:
                raise
        return import_file(path, name=free_name(kind, {card.name for card in cards()}), token=token, listener=tell)

    def fetch(self, name: str, token: CancelToken, tell: Tell) -> ModelCard:
        """See `ModelStore`."""
        from photocull.models.downloading import download

        return download(name, token=token, listener=tell)

    def check(self, name: str) -> None:
        """See `ModelStore`."""
        from photocull.models.verifying import verify

        for found in verify(name):
            if not found.sound:
                raise ModelError(found.sentence, remedy=found.remedy)

    def remove(self, name: str) -> None:
        """See `ModelStore`."""
        from photocull.models.store import remove

        remove(name)


def free_name(kind: str, names: set[str]) -> str:
    """``tanet-ava-2``: a name for another model of a kind, that no model has yet."""
    number = 2
    while f"{kind}-{number}" in names:
        number += 1
    return f"{kind}-{number}"


def _entry(listed: "Listed") -> ModelEntry:
    sound: State = "built-in" if listed.name in BUILT_IN else "here"
    state = _STATES.get(listed.state, sound)
    card = listed.card or ModelCard(listed.name, listed.name, "", "", "", "", (), (), (), (), {}, "", ())
    return ModelEntry(card, state, listed.problem or "")
