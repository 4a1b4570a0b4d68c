"""A scorer small enough to foresee: arithmetic on the preview's pixels, so that any mix-up of photos shows."""

import threading
import zlib
from collections.abc import Callable

import numpy as np

from photocull.core.types import ColourScheme, DecodedPhoto, Judgement, Reason, Swatch, Theme
from photocull.models.registry import BUILT_IN


class PixelScorer:
    """Judges brightness, contrast and colour; counts what it was given and may be told to misbehave.

    Args:
        before: called with each batch first; whatever it raises is the scorer's fault.
    """

    def __init__(
        self, fingerprint: str = "pixels-1", before: Callable[[list[DecodedPhoto]], None] = lambda batch: None
    ) -> None:
        self.name = "pixels"
        self.fingerprint = fingerprint
        self.seen: list[str] = []
        self.batches: list[int] = []
        self.threads: set[str] = set()
        self._before = before

    def score(self, batch: list[DecodedPhoto]) -> list[Judgement]:
        self.threads.add(threading.current_thread().name)
        self._before(batch)
        self.batches.append(len(batch))
        self.seen += [decoded.photo.path.name for decoded in batch]
        return [self._judge(decoded.preview) for decoded in batch]

    def _judge(self, pixels: np.ndarray) -> Judgement:
        mean = pixels.reshape(-1, 3).mean(axis=0)
        scores = (float(mean.mean()) / 25.5, float(pixels.std()) / 25.5, zlib.crc32(pixels.tobytes()) / 2**32 * 10)
        theme = "sunset" if mean[0] > mean[2] else "sea"
        scheme = ColourScheme("complementary", "orange_blue", "complementary", (Swatch("#e08a3c", 1.0),))
        return Judgement(
            model=self.name,
            model_fingerprint=self.fingerprint,
            aesthetic=scores[0],
            colour=min(10.0, scores[1]),
            technical=scores[2],
            overall=sum(scores) / 3,
            themes=(Theme(theme, 0.8), Theme("sky", 0.4)),
            scheme=scheme,
            flags=("underexposed",) if scores[0] < 3 else (),
            reasons=(Reason("bright", 1.0, "aesthetic"),),
            attention={"aesthetic": np.full((2, 3), 0.5, np.float16)},
        )


class BuiltIn(PixelScorer):
    """The same under the built-in model's name, by which a run knows that it may judge in several threads."""

    def __init__(
        self, fingerprint: str = "pixels-1", before: Callable[[list[DecodedPhoto]], None] = lambda batch: None
    ) -> None:
        super().__init__(fingerprint, before)
        self.name = BUILT_IN[0]
