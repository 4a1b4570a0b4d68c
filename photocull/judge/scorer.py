"""The built-in scorer: one forward of the trunk a photo; heads, colours, technical facts, themes and maps from it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import ModelError
from photocull.core.types import DecodedPhoto, Grid, Judgement, Theme
from photocull.core.vocabulary import OverlayKind
from photocull.judge import themes as theme_reading
from photocull.judge.attention import Cells, as_map, read_top_layers, together
from photocull.judge.colour import Colours, read_colours
from photocull.judge.colour_head import ColourHead, ColourReading
from photocull.judge.colour_themes import colour_themes
from photocull.judge.light import NUMBERS, read_light
from photocull.judge.networks.embedding import last_means, read_projection
from photocull.judge.networks.heads import BLOCKS, FEATURES, TWICE, Calibration, Vector, numbers_of, read_head
from photocull.judge.networks.inputs import AREA_SIDE, trunk_input
from photocull.judge.networks.runtime import TrunkOutput, open_runtime
from photocull.judge.reasons import Scores, reasons
from photocull.judge.scheme import Tones
from photocull.judge.small import Small, small_of
from photocull.judge.softness import IN_AESTHETIC, blur_penalty, native_penalty
from photocull.judge.technical import technical_facts

ARITHMETIC: Final = 6
"""Raised with every change of code that changes a judgement, so that the catalogue asks anew."""
OVERALL: Final = (0.55, 0.1, 0.35)
"""Shares of aesthetic, colour and technical in the overall score.

Whether a picture is worth keeping is first what it shows and how; a fault of focus or exposure spoils a good picture
more often than its colours do. Colour has least, since it is not known to follow beauty
(docs/decisions/0003-colour-score.md); these shares agree with people better than 0.5, 0.2, 0.3 on all three validation
sets (docs/decisions/0002-built-in-model.md).
"""


@dataclass(frozen=True, slots=True, eq=False)
class BuiltinModel:
    """A built-in model's files, read and verified.

    Attributes:
        name: "builtin-1". identity: hash of the weights, and the views where the card names any.
        graph: the ONNX graph without weights.
        tensors: trunk and heads by name.
        views: sides of the squares with the views' areas; the first is what every head reads. Empty where the card
            names none.
    """

    name: str
    identity: str
    graph: bytes
    tensors: Mapping[str, NDArray[np.generic]]
    views: tuple[int, ...] = ()

    @property
    def sides(self) -> tuple[int, ...]:
        """The views; where the card names none, the one that such models were made for."""
        return self.views or (AREA_SIDE,)


class BuiltinScorer:
    """Implements `core.types.Scorer` with the shipped weights; safe to call from several threads.

    Args:
        model: the verified files. device: "auto", "cpu", "cuda" or "mps".
        threads: processor threads of the network; 0 lets the engine choose.

    Raises:
        ModelError: the files do not fit together, or the device cannot be used.
    """

    def __init__(self, model: BuiltinModel, *, device: str = "auto", threads: int = 0) -> None:
        self.name = model.name
        self.fingerprint = fingerprint_of(model.identity)
        self._views = model.sides
        looks = TWICE if len(self._views) > 1 else ""
        self._quality = read_head(model.tensors, f"{looks}quality")
        self._beauty = read_head(model.tensors, f"{looks}beauty")
        self._reads_light = self._quality.reads("light") or self._beauty.reads("light")
        self._themes = theme_reading.read_theme_heads(model.tensors)
        self._layers = read_top_layers(model.tensors)
        self._projection = read_projection(model.tensors) if "heads.embedding.centre" in model.tensors else None
        self._colour = ColourHead(model.tensors) if "heads.colour.calibration" in model.tensors else None
        self._technical = _calibration(model.tensors, f"{looks}technical")
        self._aesthetic = _calibration(model.tensors, f"{looks}aesthetic")
        self._shares = _pair(model.tensors, f"{looks}aesthetic.shares")
        self._runtime = open_runtime(model.graph, model.tensors, device=device, threads=threads)

    @property
    def device(self) -> str:
        """Where the network runs."""
        return self._runtime.device

    def score(self, batch: list[DecodedPhoto]) -> list[Judgement]:
        """See `core.types.Scorer.score`; photos run one by one, which on a processor is as fast as together."""
        return [self._judge(decoded) for decoded in batch]

    def _judge(self, decoded: DecodedPhoto) -> Judgement:
        looks = [self._runtime.run(trunk_input(decoded.preview, side)) for side in self._views]
        output, *again = looks
        small = small_of(decoded.preview)
        light = read_light(small.pixels) if self._reads_light else np.zeros(len(NUMBERS))
        numbers = numbers_of(output, light, *again)
        colours = read_colours(decoded.preview, small)
        technical = technical_facts(decoded, small)
        learnt = None if self._colour is None else self._colour.read(output, small.pixels)
        quality, beauty = (head.value_and_gradient(numbers) for head in (self._quality, self._beauty))
        colour = colours.score if learnt is None else learnt.score
        scores = self._scores(quality[0], beauty[0], colour, technical.facts)
        themes = self._read_themes(numbers, small, colours.tones)
        towards_aesthetic = self._shares[0] * quality[1] + self._shares[1] * beauty[1]
        facts = {**colours.facts, **technical.facts, "beauty": beauty[0]}
        if learnt is not None:
            facts |= learnt.facts
        maps: dict[OverlayKind, Grid] = {
            **self._attention(looks, towards_aesthetic, themes, numbers),
            **_colour_maps(colours, learnt),
            "focus": technical.focus_map,
            "clipping": technical.clipping_map,
        }
        return Judgement(
            model=self.name,
            model_fingerprint=self.fingerprint,
            aesthetic=scores.aesthetic,
            colour=scores.colour,
            technical=scores.technical,
            overall=scores.overall,
            themes=themes,
            scheme=colours.scheme,
            flags=technical.flags,
            reasons=reasons(scores, facts, technical.flags, colours.scheme, themes),
            facts=facts,
            attention=maps,
            embedding=self._embedding(output),
        )

    def _embedding(self, output: TrunkOutput) -> NDArray[np.float16]:
        return embedding(output) if self._projection is None else self._projection.embed(last_means(output))

    def _scores(self, quality: float, beauty: float, colour: float, facts: Mapping[str, float]) -> Scores:
        lost = blur_penalty(facts)
        technical = max(0.0, self._technical.shown(quality) - native_penalty(facts) - lost)
        pleasing = self._aesthetic.shown(self._shares[0] * quality + self._shares[1] * beauty)
        aesthetic = max(0.0, pleasing - IN_AESTHETIC * lost)
        overall = OVERALL[0] * aesthetic + OVERALL[1] * colour + OVERALL[2] * technical
        return Scores(aesthetic, colour, technical, overall)

    def _read_themes(self, numbers: Vector, small: Small, tones: Tones) -> tuple[Theme, ...]:
        seen = theme_reading.network_confidences(self._themes, numbers)
        tempered = theme_reading.tempered(seen, small)
        return theme_reading.best_first({**tempered, **colour_themes(tones)})

    def _attention(
        self, looks: Sequence[TrunkOutput], towards_aesthetic: Vector, themes: tuple[Theme, ...], numbers: Vector
    ) -> dict[OverlayKind, Grid]:
        cells = [Cells(look, self._layers) for look in looks]
        read = (towards_aesthetic[:FEATURES], towards_aesthetic[BLOCKS["fine"]])
        found = [one.evidence(gradient) for one, gradient in zip(cells, read, strict=False) if gradient.any()]
        maps: dict[OverlayKind, Grid] = {"aesthetic": as_map(together(found))}
        column = theme_reading.best_network_theme(themes)
        if column is not None:
            maps["theme"] = as_map(cells[0].evidence(theme_reading.theme_gradient(self._themes, numbers, column)))
        return maps


def fingerprint_of(identity: str) -> str:
    """Identity of a scorer of this `BuiltinModel.identity` and this arithmetic, known without opening it."""
    return hashlib.sha256(f"{identity}:{ARITHMETIC}".encode()).hexdigest()[:16]


def _colour_maps(colours: Colours, learnt: ColourReading | None) -> dict[OverlayKind, Grid]:
    """Where the colour score comes from: for and against; the published score lives where the scheme's colours lie."""
    if learnt is None:
        return {"colour": colours.map}
    return {"colour": np.maximum(learnt.map, learnt.against), "points": learnt.points}


def embedding(output: TrunkOutput) -> NDArray[np.float16]:
    """(320,) unit length: the last stage's means, for a model without a projection of its own."""
    last = last_means(output)
    return np.asarray(last / max(float(np.linalg.norm(last)), 1e-12), dtype=np.float16)


def _calibration(tensors: Mapping[str, NDArray[np.generic]], name: str) -> Calibration:
    return Calibration(*_pair(tensors, f"{name}.calibration"))


def _pair(tensors: Mapping[str, NDArray[np.generic]], name: str) -> tuple[float, float]:
    if name not in tensors or tensors[name].shape != (2,):
        raise ModelError(f"The built-in model lacks '{name}'.", remedy="Install Photocull again.")
    first, second = tensors[name].astype(np.float64)
    return float(first), float(second)
