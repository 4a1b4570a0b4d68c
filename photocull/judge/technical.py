"""What is technically right and wrong with a photo, as numbers, flags and maps; gathers focus, exposure and noise."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from photocull.core.types import DecodedPhoto, Grid, NativeCrop
from photocull.judge.exposure import Exposure, read_exposure
from photocull.judge.focus import Focus, NativeGrey, read_focus
from photocull.judge.noise import Blocks, block_noise, quiet_noise, shadow_noise
from photocull.judge.small import Small
from photocull.judge.spaces import luma
from photocull.judge.tilt import read_tilt

NOISY: Final = 5.5
"""Grey levels of noise, at the size of the preview or double that, from which it is plain to see."""


@dataclass(frozen=True, slots=True, eq=False)
class TechnicalFacts:
    """The technical reading of one photo.

    Attributes:
        facts: name to value: those of `focus.read_focus`, `exposure.read_exposure` and `tilt.read_tilt`; ``noise`` and
            ``noise_shadows`` in grey levels of the native pixels; ``native_scale``, native pixels to one of the
            preview's.
        flags: words of `vocabulary.FLAGS`, most serious first.
        focus_map: where the picture is sharp, 0 (soft, or nothing to tell by) to 1 (crisp).
        clipping_map: share of each cell without detail because it is blown or blocked.
    """

    facts: dict[str, float]
    flags: tuple[str, ...]
    focus_map: Grid
    clipping_map: Grid


def technical_facts(decoded: DecodedPhoto, small: Small | None = None) -> TechnicalFacts:
    """Judge one photo's preview and native crops; depends on their pixels alone.

    Args:
        small: `small_of` the preview, if that is known already.
    """
    grey = luma(decoded.preview)
    blocks = block_noise(grey, _spacing(grey.size))
    scale = max(1.0, max(decoded.width, decoded.height) / max(grey.shape))
    noise, greys = _looked_at_closely(decoded, blocks) if scale > 1 else (_noise(blocks, 1), [])
    focus = read_focus(grey, quiet_noise(*blocks), greys)
    exposure = read_exposure(decoded.preview, small)
    tilt, tilted = read_tilt(grey)
    noise["native_scale"] = scale
    facts = focus.facts | exposure.facts | tilt | noise
    noisy = noise["noise"] / min(2.0, scale) >= NOISY
    return TechnicalFacts(facts, _flags(focus, exposure, noisy, tilted), focus.map, exposure.map)


def _looked_at_closely(decoded: DecodedPhoto, blocks: Blocks) -> tuple[dict[str, float], list[NativeGrey]]:
    """Noise by the native crops, and their luma; where the preview is the photo, crops would say nothing new."""
    crops = [(luma(crop.pixels), crop) for crop in decoded.crops]
    if not crops:
        return _noise(blocks, 1), []
    halved = max(1, round(decoded.crops[0].width * decoded.width / decoded.crops[0].pixels.shape[1]))
    spacing = _spacing(sum(pixels.size for pixels, _ in crops))
    noise = _noise(_joined([block_noise(pixels, spacing) for pixels, _ in crops]), halved)
    return noise, [NativeGrey(pixels, _box(crop), noise["noise"] / halved, halved) for pixels, crop in crops]


def _noise(blocks: Blocks, halved: int) -> dict[str, float]:
    """In grey levels of the native pixels: a mean over n x n of them has an nth of their noise."""
    return {"noise": halved * quiet_noise(*blocks), "noise_shadows": halved * shadow_noise(*blocks)}


def _spacing(size: int) -> int:
    """Every third row of blocks is enough of a large picture: some thousand blocks stand for all."""
    return 3 if size > 400_000 else 1


def _joined(parts: list[Blocks]) -> Blocks:
    return np.concatenate([noise for noise, _ in parts]), np.concatenate([level for _, level in parts])


def _box(crop: NativeCrop) -> tuple[float, float, float, float]:
    return crop.x, crop.y, crop.x + crop.width, crop.y + crop.height


def _flags(focus: Focus, exposure: Exposure, noisy: bool, tilted: bool) -> tuple[str, ...]:
    named = (("blurred", focus.blurred), ("misfocused", focus.misfocused), ("noisy", noisy), ("tilted", tilted))
    return tuple(flag for flag, raised in named[:2] if raised) + exposure.flags + tuple(f for f, up in named[2:] if up)
