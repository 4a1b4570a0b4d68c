"""A scorer that opens its model with the first photo: a run that finds everything cached never loads the network."""

import threading
from collections.abc import Callable

from photocull.core.errors import ModelError
from photocull.core.types import DecodedPhoto, Judgement, Scorer


class DeferredScorer:
    """Implements `core.types.Scorer`.

    Args:
        name: the model's name. fingerprint: its identity, known from its card.
        opener: opens the model; called once, by the first `score`.
    """

    def __init__(self, name: str, fingerprint: str, opener: Callable[[], Scorer]) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._opener = opener
        self._scorer: Scorer | None = None
        self._lock = threading.Lock()

    def score(self, batch: list[DecodedPhoto]) -> list[Judgement]:
        """See `core.types.Scorer.score`.

        Raises:
            ModelError: the model cannot be opened, or is not the one that its card names.
        """
        return self._opened().score(batch)

    def _opened(self) -> Scorer:
        with self._lock:
            if self._scorer is None:
                opened = self._opener()
                if opened.fingerprint != self.fingerprint:
                    raise ModelError(f"The model '{self.name}' is not what its card says.", remedy="Install it again.")
                self._scorer = opened
            return self._scorer
