"""What is known of each model: its card, as it is shipped, shown and verified against."""

import dataclasses
import json
import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from photocull.core.errors import ModelError
from photocull.core.settings import Settings, resources

BUILT_IN: Final[tuple[str, ...]] = ("builtin-1", "builtin-1-fast")
"""Models that are shipped with the program: one set of weights, looked through twice or once; see `built_in`."""
DEFAULT: Final = Settings().model
"""The built-in model that judges where nothing else is said; decided in docs/decisions/0017-views.md."""
REINSTALL: Final = "Install Photocull again."
"""The remedy for a file that comes with the program: nobody can import it."""
PUBLISHED: Final[tuple[str, ...]] = (
    "tanet-tad66k",
    "tanet-ava",
    "delegate-icaa17k",
    "delegate-spaq",
    "places365-resnet18",
)
"""Checkpoints of papers' authors that the program knows; their cards lie in resources/models."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model: its name beside the card, its size in bytes and its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelResult:
    """One measured figure.

    Attributes:
        score: which number was measured ("technical"). data: on what ("BIQ2021, validation").
        measure: "SRCC", "AP"... value: the figure. low, high: its 95 % interval, None where there is none.
        photos: how many photos it rests on; 0 where its source does not say.
    """

    score: str
    data: str
    measure: str
    value: float
    low: float | None
    high: float | None
    photos: int


@dataclass(frozen=True, slots=True)
class SeedSpread:
    """One figure over trainings that differ by their seed alone.

    Attributes:
        score, data, measure: as in `ModelResult`. values: one of each seed, at least two.
    """

    score: str
    data: str
    measure: str
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Their mean."""
        return statistics.fmean(self.values)

    @property
    def steady(self) -> bool:
        """Whether the seed makes no difference, so that an interval would tell of nothing."""
        return len(set(self.values)) == 1

    @property
    def margin(self) -> float:
        """Half the 95 % interval of the mean (Student 1908); of eleven seeds or more, that of eleven."""
        freedom = min(len(self.values) - 1, len(_STUDENT))
        return _STUDENT[freedom - 1] * statistics.stdev(self.values) / math.sqrt(len(self.values))


_STUDENT: Final = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
"""97.5th percentile of Student's t at one, two, three... degrees of freedom."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What one way of looking costs and brings.

    Attributes:
        views: sides of the squares with the views' areas, in pixels. heads: what reads them: "ridge", "perceptrons".
        milliseconds: of the network for one photo on one processor thread, where it was measured.
        ratio: that time to the time of one view of 224, of the same run.
        srcc: agreement by set ("BIQ2021"), on validation photos.
    """

    views: tuple[int, ...]
    heads: str
    milliseconds: float
    ratio: float
    srcc: Mapping[str, float]

    @property
    def photos_per_second(self) -> float:
        """What the network alone would allow."""
        return 1000 / self.milliseconds


@dataclass(frozen=True, slots=True)
class ModelSource:
    """Where the authors publish a checkpoint; what they did not publish is empty.

    Attributes:
        repository: "owner/name" on GitHub. path: the file in it; empty where it lies elsewhere.
        git_blob: SHA-1 of ``blob <size>\\0`` and the content, as git names it.
        file_name: as the authors call it. largest: bytes beyond which a download cannot be this file.
    """

    repository: str
    path: str
    git_blob: str
    file_name: str
    largest: int = 0

    @property
    def downloadable(self) -> bool:
        """Whether the program can fetch and prove it."""
        return bool(self.repository and self.path and self.git_blob)


@dataclass(frozen=True, slots=True)
class ModelOrigin:
    """The file that a model of the person was made from: name, git blob, and whether it is the published one."""

    file_name: str
    git_blob: str
    as_published: bool


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model in words and figures.

    Attributes:
        name: as in ``--model``. title: for people. summary: one or two sentences.
        licence: SPDX name of the weights' licence and whose they are. paper: what it builds on.
        preprocessing: what is done to a photo before the network, in words.
        data: the sets it was trained on. limits: what it is known not to do well.
        files: weights first, then graph. results: what was measured, on data that it was not trained on.
        training: seed, recipe and choices as written by training.
        architecture: "builtin", or an id of `architectures.ARCHITECTURES`.
        judges: the scores it gives: "aesthetic", "colour", "technical"; empty for a part of other networks.
        source: where it is published, if it is. published: the figures that its authors state.
        origin: the person's file that it was made from; None for shipped cards.
        views: sides of the squares with the views' areas, in pixels; the first is what every head reads, a second one
            only those of quality and beauty. Empty on cards that do not say.
        recipe: every value of the recipe by its name, its file first. seeds: of the trainings behind ``over_seeds``.
        over_seeds: how far figures differ between trainings of other seeds. not_for: what it must not be used for.
        curve: what other views would cost and bring. notes: a group of figures (`grouping`), and what is said of it.
    """

    name: str
    title: str
    summary: str
    licence: str
    paper: str
    preprocessing: str
    data: tuple[str, ...]
    limits: tuple[str, ...]
    files: tuple[ModelFile, ...]
    results: tuple[ModelResult, ...]
    training: Mapping[str, Any]
    architecture: str = "builtin"
    judges: tuple[str, ...] = ("aesthetic", "colour", "technical")
    source: ModelSource | None = None
    published: tuple[ModelResult, ...] = ()
    origin: ModelOrigin | None = None
    views: tuple[int, ...] = ()
    recipe: tuple[tuple[str, str], ...] = ()
    seeds: tuple[int, ...] = ()
    over_seeds: tuple[SeedSpread, ...] = ()
    not_for: tuple[str, ...] = ()
    curve: tuple[CurvePoint, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


def shipped_models() -> Path:
    """The folder of what comes with the program: built-in models, and the cards of published ones."""
    return resources() / "models"


def built_in(folder: Path | None = None) -> tuple[str, ...]:
    """The built-in models whose card lies in this folder (the program's resources), the default one first."""
    place = shipped_models() if folder is None else folder
    names = (name for name in BUILT_IN if name == DEFAULT or (place / f"{name}.json").is_file())
    return tuple(sorted(names, key=lambda name: name != DEFAULT))


def published_card(name: str) -> ModelCard:
    """What is known of a published checkpoint, whether it is here or not.

    Raises:
        ModelError: no checkpoint is published under this name, or the installation is incomplete.
    """
    if name not in PUBLISHED:
        remedy = f"Published models: {', '.join(PUBLISHED)}."
        raise ModelError(f"No model '{name}' is published that Photocull knows.", remedy=remedy)
    return read_card(shipped_models() / f"{name}.json")


def published_cards() -> tuple[ModelCard, ...]:
    """All of them, in the order they are listed."""
    return tuple(published_card(name) for name in PUBLISHED)


def read_card(path: Path) -> ModelCard:
    """The card in a JSON file.

    Raises:
        ModelError: the file is missing or is not a card.
    """
    try:
        table = json.loads(path.read_text("utf-8"))
        return _card(table)
    except FileNotFoundError as error:
        raise ModelError("The model's card is missing.", path=path, remedy=REINSTALL) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError("The model's card cannot be read.", path=path, remedy=REINSTALL) from error


def card_text(card: ModelCard) -> str:
    """The card as `read_card` reads it."""
    return json.dumps(dataclasses.asdict(card), ensure_ascii=False, indent=1) + "\n"


def _card(table: Mapping[str, Any]) -> ModelCard:
    more: dict[str, Any] = {
        key: str(table[key]) for key in ("name", "title", "summary", "licence", "paper", "preprocessing")
    }
    if "judges" in table:
        more["judges"] = tuple(map(str, table["judges"]))
    if table.get("source"):
        more["source"] = ModelSource(**table["source"])
    if table.get("origin"):
        more["origin"] = ModelOrigin(**table["origin"])
    more.update(_making(table))
    return ModelCard(
        data=tuple(map(str, table["data"])),
        limits=tuple(map(str, table["limits"])),
        files=tuple(_file(entry) for entry in table["files"]),
        results=tuple(ModelResult(**entry) for entry in table["results"]),
        training=dict(table["training"]),
        architecture=str(table.get("architecture", "builtin")),
        published=tuple(ModelResult(**entry) for entry in table.get("published", ())),
        **more,
    )


def _making(table: Mapping[str, Any]) -> dict[str, Any]:
    """What newer cards tell of how the model was made."""
    return {
        "views": tuple(map(int, table.get("views", ()))),
        "recipe": tuple((str(name), str(value)) for name, value in table.get("recipe", ())),
        "seeds": tuple(map(int, table.get("seeds", ()))),
        "over_seeds": tuple(
            SeedSpread(**{**entry, "values": tuple(map(float, entry["values"]))})
            for entry in table.get("over_seeds", ())
        ),
        "not_for": tuple(map(str, table.get("not_for", ()))),
        "notes": tuple((str(group), str(text)) for group, text in table.get("notes", ())),
        "curve": tuple(
            CurvePoint(**{**entry, "views": tuple(map(int, entry["views"]))}) for entry in table.get("curve", ())
        ),
    }


def _file(entry: Mapping[str, Any]) -> ModelFile:
    """Only a plain name: a card must not lead to a file outside its folder."""
    name, size, sha256 = str(entry["name"]), int(entry["size"]), str(entry["sha256"])
    if Path(name).name != name or name in {"", ".", ".."} or "\\" in name:
        raise ValueError("a file's name leads elsewhere")
    return ModelFile(name, size, sha256)
