"""Fits the built-in model's heads, chooses the aesthetic mixture on validation, and calibrates what is shown."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from photocull.judge.networks.heads import BLOCKS, TWICE, Head, LinearHeads
from photocull.judge.themes import NETWORK_THEMES
from photocull.training.datasets import DISTORTED
from photocull.training.embedding import fit_embedding
from photocull.training.material import Material, Materials
from photocull.training.objectives import Values, srcc, within_groups
from photocull.training.recipe import Recipe

if TYPE_CHECKING:
    from photocull.training.trainer import Lesson

_PERCENTILES: Final = (10.0, 90.0)
_HIDDEN: Final = np.float16


@dataclass(frozen=True, slots=True, eq=False)
class LookHeads:
    """The heads of one set of views, and what their answers come to.

    Attributes:
        quality, beauty: heads in standard units.
        quality_share: share of quality in the aesthetic score, the rest is beauty, both in ordinary photos' spread.
        shares: the factors of quality's and beauty's raw answers that this comes to.
        technical, aesthetic: (offset, slope) of the shown scores.
    """

    quality: Head
    beauty: Head
    quality_share: float
    shares: tuple[float, float]
    technical: tuple[float, float]
    aesthetic: tuple[float, float]

    def aesthetic_value(self, plain: NDArray[np.float32]) -> Values:
        """(n,) the aesthetic mixture before calibration."""
        return self.shares[0] * answers(self.quality, plain) + self.shares[1] * answers(self.beauty, plain)


@dataclass(frozen=True, slots=True, eq=False)
class FittedHeads:
    """Everything that stands on the trunk.

    Attributes:
        once: heads of a model that looks once. twice: of one that looks twice, where the recipe names two views.
        themes: one regression a theme. embedding: tensors of the embedding's projection.
    """

    once: LookHeads
    twice: LookHeads | None
    themes: LinearHeads
    embedding: Mapping[str, NDArray[np.float32]]


def fit_heads(train: Materials, validation: Materials, recipe: Recipe) -> FittedHeads:
    """Fit on the training split alone; the mixture's share is the one choice that validation makes."""
    from photocull.training.theme_probes import fit_theme_probes

    first = BLOCKS["classes"].stop
    themes = fit_theme_probes(
        train.themes.plain[:, :first], train.themes.mirrored[:, :first], theme_labels(train.themes)
    )
    photos = np.vstack(
        [
            part.plain[:, : BLOCKS["stages"].stop]
            for part in (train.biq2021, train.snapshots, train.beauty, train.themes)
        ]
    )
    once = _fit_looks(train, validation, recipe)
    twice = _fit_looks(train, validation, _reading_twice(recipe)) if len(recipe.views) > 1 else None
    return FittedHeads(once, twice, themes, fit_embedding(photos))


def _reading_twice(recipe: Recipe) -> Recipe:
    quality, beauty = (replace(one, reads=one.reads_twice) for one in (recipe.quality, recipe.beauty))
    return replace(recipe, quality=quality, beauty=beauty)


def _fit_looks(train: Materials, validation: Materials, recipe: Recipe) -> LookHeads:
    from photocull.training.trainer import fit_head

    quality = stored(fit_head(quality_lesson(train, recipe), recipe.quality, recipe.seed))
    beauty = stored(fit_head(beauty_lesson(train), recipe.beauty, recipe.seed))
    ordinary = ordinary_photos(train)
    q, b = answers(quality, ordinary), answers(beauty, ordinary)
    share = choose_share(quality, beauty, (float(q.std()), float(b.std())), validation, recipe.quality_shares)
    shares = (share / float(q.std()), (1 - share) / float(b.std()))
    mixed = shares[0] * q + shares[1] * b
    shown = calibrate(q, recipe.technical_spread), calibrate(mixed, recipe.aesthetic_spread)
    return LookHeads(quality, beauty, share, shares, *shown)


def quality_lesson(train: Materials, recipe: Recipe) -> "Lesson":
    """BIQ2021 and the snapshots together: both are mean opinions of quality on 0..1."""
    from photocull.training.trainer import lesson_of

    biq, snapshots = train.biq2021, train.snapshots
    opinions = np.concatenate([biq.opinions, snapshots.opinions])
    weights = [recipe.group_weights.get(str(group), 1.0) for group in biq.groups]
    return lesson_of(
        np.vstack([biq.plain, snapshots.plain]),
        np.vstack([biq.mirrored, snapshots.mirrored]),
        ((opinions - opinions.mean()) / opinions.std()).astype(np.float32),
        np.array(weights + [1.0] * len(snapshots), dtype=np.float32),
        train.damaged.better,
        train.damaged.worse,
    )


def beauty_lesson(train: Materials) -> "Lesson":
    """Beauty in standard units of its category, so that the head learns which scene is fine, not that scenes are."""
    from photocull.training.trainer import lesson_of

    beauty = train.beauty
    wanted = within_groups(beauty.opinions, beauty.groups).astype(np.float32)
    return lesson_of(
        beauty.plain,
        beauty.mirrored,
        wanted,
        np.ones(len(beauty), dtype=np.float32),
        # A fault of light or level spoils beauty too, and beauty rules the overall score.
        np.vstack([train.composed.better, train.damaged.better]),
        np.vstack([train.composed.worse, train.damaged.worse]),
    )


def theme_labels(themes: Material) -> NDArray[np.float32]:
    """(n, 39) 1 where a photo is known to show the theme."""
    rows = [[name in known for name in NETWORK_THEMES] for known in themes.themes]
    return np.array(rows, dtype=np.float32).reshape(len(themes), len(NETWORK_THEMES))


def ordinary_photos(train: Materials) -> NDArray[np.float32]:
    """Features of the photos that the shown scores are spread over: all but those spoilt on purpose."""
    kept = train.biq2021.plain[train.biq2021.groups != DISTORTED]
    return np.vstack([kept, train.snapshots.plain, train.beauty.plain])


def answers(head: Head, plain: NDArray[np.float32]) -> Values:
    """(n,) a head's answers to (n, 2568) features."""
    return np.array([head.value(row) for row in plain.astype(np.float64)])


def choose_share(
    quality: Head, beauty_head: Head, spreads: tuple[float, float], validation: Materials, shares: tuple[float, ...]
) -> float:
    """The share of quality at which the mixture orders validation's snapshots and beauty best, both counted alike."""
    snapshots, beauty = validation.snapshots, validation.beauty
    wanted = within_groups(beauty.opinions, beauty.groups)
    parts = [
        (answers(quality, part.plain) / spreads[0], answers(beauty_head, part.plain) / spreads[1])
        for part in (snapshots, beauty)
    ]

    def agreement(share: float) -> float:
        first, second = (share * q + (1 - share) * b for q, b in parts)
        return srcc(first, snapshots.opinions) + srcc(within_groups(second, beauty.groups), wanted)

    return max(shares, key=agreement)


def calibrate(values: Values, spread: tuple[float, float]) -> tuple[float, float]:
    """(offset, slope) at which the 10th and 90th percentile of ``values`` are shown as ``spread``."""
    low, high = np.percentile(values, _PERCENTILES)
    ends = [math.log(score / (10 - score)) for score in spread]
    slope = (ends[1] - ends[0]) / max(float(high - low), 1e-9)
    return ends[0] - slope * float(low), slope


def stored(head: Head) -> Head:
    """The head as it will be read back: its wide matrix in float16, the rest in float32."""
    return Head(
        columns=head.columns,
        centre=_single(head.centre),
        scale=_single(head.scale),
        hidden=head.hidden.astype(_HIDDEN).astype(np.float64),
        hidden_bias=_single(head.hidden_bias),
        output=_single(head.output),
        output_bias=float(np.float32(head.output_bias)),
    )


def _single(values: Values) -> Values:
    return values.astype(np.float32).astype(np.float64)


def head_tensors(fitted: FittedHeads) -> dict[str, NDArray[np.generic]]:
    """The heads by the names that `judge.scorer` reads, as `stored` rounded them."""
    tensors = _look_tensors(fitted.once, "")
    if fitted.twice is not None:
        tensors |= _look_tensors(fitted.twice, TWICE)
    for part in ("centre", "scale", "weight", "bias"):
        tensors[f"heads.themes.{part}"] = getattr(fitted.themes, part)
    tensors |= fitted.embedding
    return {name: np.ascontiguousarray(values, dtype=_kind(name)) for name, values in tensors.items()}


def _look_tensors(heads: LookHeads, before: str) -> dict[str, NDArray[Any]]:
    tensors: dict[str, NDArray[Any]] = {
        f"{before}aesthetic.shares": np.array(heads.shares),
        f"{before}aesthetic.calibration": np.array(heads.aesthetic),
        f"{before}technical.calibration": np.array(heads.technical),
    }
    for name, head in (("quality", heads.quality), ("beauty", heads.beauty)):
        for part in ("columns", "centre", "scale", "hidden", "hidden_bias", "output"):
            tensors[f"heads.{before}{name}.{part}"] = getattr(head, part)
        tensors[f"heads.{before}{name}.output_bias"] = np.array([head.output_bias])
    return tensors


def _kind(name: str) -> type[np.generic]:
    if name.endswith(".columns"):
        return np.int32
    return _HIDDEN if name.endswith(".hidden") else np.float32
