"""What the trunk looks at in training: a photo as it is, its mirror image, or one of the copies that are spoilt."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from photocull.core.types import Pixels
from photocull.training.composing import SPOILINGS
from photocull.training.damage import KINDS, fair_partner, spoilt
from photocull.training.unseen import mirrored

Change = Literal["plain", "mirror", "damaged", "sound", "spoilt", "composed"]
"""``sound`` and ``composed`` are the better partners of a damaged and of a badly composed copy."""
SPOILING: Final = {spoiling.name: spoiling for spoiling in SPOILINGS}
_STRONGEST: Final = 4


@dataclass(frozen=True, slots=True)
class Sight:
    """One picture to look at, told by a photo and what is done to it.

    Attributes:
        path: the photo.
        change: what is done. kind: of damage or spoiling, empty for the first two. strength: 1..4, 0 for those.
    """

    path: Path
    change: Change = "plain"
    kind: str = ""
    strength: int = 0

    @property
    def words(self) -> str:
        """What is done and all that it hangs on beside the photo's content, as part of a cache's key."""
        name = self.path.name if self.kind else ""
        return f"{self.change} {self.kind} {self.strength} {name}"

    def of(self, pixels: Pixels) -> Pixels:
        """The picture to look at; what is drawn hangs on the photo's name and the kind alone.

        Args:
            pixels: (H, W, 3) uint8 sRGB, the photo.
        """
        if self.change == "plain":
            return pixels
        if self.change == "mirror":
            return mirrored(pixels)
        if self.change in ("damaged", "sound"):
            made = spoilt if self.change == "damaged" else fair_partner
            return made(KINDS[self.kind], pixels, self.strength, self._seed)
        generator = np.random.default_rng(self._seed)
        pair = SPOILING[self.kind].pair(pixels, self.strength / _STRONGEST, generator)
        return pair.spoilt if self.change == "spoilt" else pair.good

    @property
    def _seed(self) -> int:
        digest = hashlib.blake2b(f"{self.path.name} {self.kind}".encode("utf-8", "surrogatepass"), digest_size=6)
        return int.from_bytes(digest.digest(), "big")
