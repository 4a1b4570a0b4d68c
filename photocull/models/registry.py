"""What is known of each model: its card, as it is shipped, shown and verified against."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from photocull.core.errors import ModelError

BUILT_IN: Final[tuple[str, ...]] = ("builtin-1",)
"""Models that are shipped with the program, newest last."""


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
        photos: how many photos it rests on.
    """

    score: str
    data: str
    measure: str
    value: float
    low: float | None
    high: float | None
    photos: int


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


def read_card(path: Path) -> ModelCard:
    """The card in a JSON file.

    Raises:
        ModelError: the file is missing or is not a card.
    """
    remedy = "Install Photocull again."
    try:
        table = json.loads(path.read_text("utf-8"))
        return _card(table)
    except FileNotFoundError as error:
        raise ModelError("The model's card is missing.", path=path, remedy=remedy) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError("The model's card cannot be read.", path=path, remedy=remedy) from error


def _card(table: Mapping[str, Any]) -> ModelCard:
    words = {key: str(table[key]) for key in ("name", "title", "summary", "licence", "paper", "preprocessing")}
    return ModelCard(
        **words,
        data=tuple(map(str, table["data"])),
        limits=tuple(map(str, table["limits"])),
        files=tuple(ModelFile(**entry) for entry in table["files"]),
        results=tuple(ModelResult(**entry) for entry in table["results"]),
        training=dict(table["training"]),
    )
