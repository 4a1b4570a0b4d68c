"""A store of models without networks: the shipped cards, some of them "here", and work that can be halted."""

import dataclasses
import threading
from collections.abc import Sequence
from pathlib import Path

from photocull.core.errors import ModelError
from photocull.core.settings import resources
from photocull.core.work import CancelToken, Progressed
from photocull.models.registry import (
    BUILT_IN,
    DEFAULT,
    ModelCard,
    ModelFile,
    ModelOrigin,
    ModelResult,
    published_card,
    published_cards,
    read_card,
)
from photocull.ui.model_store import Tell
from photocull.ui.model_words import ModelEntry, State

OWN = DEFAULT
SIZE = 55_000_000


def here(name: str, *, as_published: bool = True) -> ModelCard:
    """The card of a published model as it is once its file was imported."""
    file = ModelFile("weights.safetensors", SIZE, "ab" * 32)
    origin = ModelOrigin(f"{name}.pth", "cd" * 20, as_published)
    speed = ModelResult("speed", "two processor cores", "photos/s", 4.2, None, None, 0)
    return dataclasses.replace(published_card(name), files=(file,), origin=origin, results=(speed,))


class FakeModels:
    """Implements `ModelStore`.

    Attributes:
        faults: sentence by method name; the method fails with it. go: lets a download end. done: what was asked for.
    """

    def __init__(self, *names: str) -> None:
        self.cards = [read_card(resources() / "models" / f"{OWN}.json"), *map(here, names)]
        self.faults: dict[str, str] = {}
        self.go = threading.Event()
        self.done: list[tuple[str, str]] = []
        self.threads: set[str] = set()

    def entries(self) -> list[ModelEntry]:
        self._ask("entries", "")
        names = {card.name for card in self.cards}
        found = [ModelEntry(card, "built-in" if card.name in BUILT_IN else "here") for card in self.cards]
        return found + [ModelEntry(card, _absent(card)) for card in published_cards() if card.name not in names]

    def bring(self, path: Path, token: CancelToken, tell: Tell) -> ModelCard:
        self._ask("bring", path.name)
        return self._add(path.name.partition(".")[0])

    def fetch(self, name: str, token: CancelToken, tell: Tell) -> ModelCard:
        self._ask("fetch", name)
        tell(Progressed(SIZE // 4, SIZE, 2_400_000.0, 17.2))
        while not self.go.wait(0.005):
            token.check()
        return self._add(name)

    def check(self, name: str) -> None:
        self._ask("check", name)

    def remove(self, name: str) -> None:
        self._ask("remove", name)
        self.cards = [card for card in self.cards if card.name != name]

    def asked(self, *methods: str) -> Sequence[str]:
        """The names that these methods were called with."""
        return [name for method, name in self.done if method in methods]

    def _ask(self, method: str, name: str) -> None:
        self.threads.add(threading.current_thread().name)
        self.done.append((method, name))
        if method in self.faults:
            raise ModelError(self.faults[method], remedy="Choose another file.")

    def _add(self, name: str) -> ModelCard:
        card = here(name)
        self.cards.append(card)
        return card


def _absent(card: ModelCard) -> State:
    return "download" if card.source is not None and card.source.downloadable else "file"
