"""Rated sets that the tests draw: photos whose brightness people like, and a scorer that sees brightness."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from photocull.core.types import DecodedPhoto, Judgement
from photocull.training.rated import RatedPhoto, RatedSet, Split
from tests.building import make_photo
from tests.pixel_scorer import PixelScorer


def rated_set(
    folder: Path,
    count: int = 12,
    *,
    name: str = "tad66k",
    split: Split = "test",
    decorate: Callable[[int, RatedPhoto], RatedPhoto] = lambda k, photo: photo,
) -> RatedSet:
    """``count`` photos that get brighter one by one, people's opinion rising with them; two themes in turn."""
    photos = []
    for k in range(count):
        path = make_photo(folder / f"photo_{k:02}.jpg", size=(64, 48), seed=3, stops=-2 + 4 * k / count)
        opinion = 1 + 8 * k / count
        photo = RatedPhoto(path, split, opinion, (opinion / 10,), "sea" if k % 2 else "sky", name=path.name)
        photos.append(decorate(k, photo))
    return RatedSet(name, tuple(photos), (), "score", 0.0, 10.0, ("score",))


class EmbeddingScorer(PixelScorer):
    """As `PixelScorer`, with an embedding, and votes where asked for."""

    def __init__(self, *, votes: bool = False) -> None:
        super().__init__("embedding-1")
        self._votes = votes

    def score(self, batch: list[DecodedPhoto]) -> list[Judgement]:
        return [self._more(decoded, judged) for decoded, judged in zip(batch, super().score(batch), strict=True)]

    def _more(self, decoded: DecodedPhoto, judged: Judgement) -> Judgement:
        means = decoded.preview.reshape(-1, 3).mean(axis=0)
        embedding = (means / np.linalg.norm(means)).astype(np.float16)
        judged = replace(judged, embedding=embedding)
        if not self._votes:
            return judged
        shares = np.exp(-((np.arange(1, 11) - 1 - 0.9 * judged.aesthetic) ** 2))
        shares /= shares.sum()
        facts = {f"drawn.votes_{vote}": float(share) for vote, share in enumerate(shares, 1)}
        return replace(judged, aesthetic=float(shares @ np.arange(1, 11)), facts=facts)
