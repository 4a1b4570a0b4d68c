"""All that may be chosen in training a published network, read from and written to TOML; no default is in the code."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import tomli_w

from photocull.core.errors import TrainingError
from photocull.core.settings import resources

Number = int | float
LOSSES: Final = ("squared", "emd")
PRECISIONS: Final = ("auto", "float32", "bfloat16", "float16")


@dataclass(frozen=True, slots=True)
class NetworkRecipe:
    """One training run of a published network.

    Attributes:
        architecture: what is trained, as `models.architectures` names it.
        columns: which of the set's targets the outputs learn, in order; all of them where empty.
        watched: the column by whose SRCC on the validation photos the best epoch is chosen and the run stopped early;
            the mean of the votes where the columns are votes.
        seed: of everything that is drawn.
        loss: "squared" (mean squared error) or "emd" (earth mover's distance of the votes, r = 2).
        epochs: passes over the training photos, at most. patience: epochs without a better SRCC after which it stops.
        batch: photos behind each step of the optimiser. step: photos in memory at once; their gradients add up.
        resize, crop: side of the square that a photo is squeezed to, and of the piece drawn from it, in pixels.
        flip: chance of a photo to be mirrored.
        betas, epsilon, weight_decay: of Adam. clip: largest norm of all gradients; 0 leaves them.
        precision: "float32", "bfloat16", "float16", or "auto": the device's fast one on a GPU, float32 elsewhere.
        frozen: parts that keep their weights and running statistics.
        start: models whose weights the run starts from, later ones over earlier ones, where the store has them.
        drop_path: highest chance of a block to be skipped; of the Delegate Transformer alone.
        save_minutes: time between checkpoints within an epoch; one follows every epoch.
        cache_gb: most disk space for squeezed photos; what is beyond it is decoded in every epoch.
        learning_rates: of each part of the network.
        search: for `tune`: a value's name ("batch", "learning_rates.head", "learning_rates" for all) -> what to try.
        shape: the Delegate Transformer's numbers; empty for TANet.
    """

    architecture: str
    columns: tuple[str, ...]
    watched: str
    seed: int
    loss: str
    epochs: int
    patience: int
    batch: int
    step: int
    resize: int
    crop: int
    flip: float
    betas: tuple[float, ...]
    epsilon: float
    weight_decay: float
    clip: float
    precision: str
    frozen: tuple[str, ...]
    start: tuple[str, ...]
    drop_path: float
    save_minutes: float
    cache_gb: float
    learning_rates: dict[str, float]
    search: dict[str, tuple[Number, ...]]
    shape: dict[str, Number | tuple[int, ...]]

    def changed(self, values: Mapping[str, Number]) -> "NetworkRecipe":
        """The same with some values replaced, by the names that ``search`` uses.

        Raises:
            TrainingError: a name or value that no recipe has.
        """
        table = asdict(self)
        for name, value in values.items():
            _put(table, name, value)
        return _checked(table, None)


def shipped_recipe(architecture: str) -> Path:
    """The recipe by which the authors trained this network."""
    return resources() / "recipes" / f"{architecture}.toml"


def read_network_recipe(path: Path, *, seed: int | None = None) -> NetworkRecipe:
    """A recipe from a TOML file; ``seed`` replaces the file's.

    Raises:
        TrainingError: the file cannot be read, is not TOML, or lacks, misnames or misstates a value.
    """
    try:
        recipe = _checked(tomllib.loads(path.read_text("utf-8")), path)
    except OSError as error:
        raise TrainingError(f"The recipe cannot be read: {error.strerror}.", path=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrainingError(f"The recipe is not TOML: {error}.", path=path) from error
    return recipe if seed is None else replace(recipe, seed=seed)


def recipe_text(recipe: NetworkRecipe) -> str:
    """The recipe as TOML that `read_network_recipe` reads."""
    return tomli_w.dumps(_listed(asdict(recipe)))


def first_difference(one: NetworkRecipe, other: NetworkRecipe, *, besides: tuple[str, ...] = ()) -> str | None:
    """The first name whose value differs, None where there is none; ``besides`` names what may differ."""
    for field in fields(NetworkRecipe):
        if field.name not in besides and getattr(one, field.name) != getattr(other, field.name):
            return field.name
    return None


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _listed(entry) for name, entry in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _put(table: dict[str, Any], name: str, value: Number) -> None:
    head, _, part = name.partition(".")
    known = table.get(head)
    if part and isinstance(known, dict) and part in known:
        known[part] = value
    elif not part and head == "learning_rates":
        table[head] = dict.fromkeys(table[head], value)
    elif not part and isinstance(known, int | float):
        table[head] = value
    else:
        raise TrainingError(f"The search names '{name}', which is no number of the recipe.")


def _checked(table: Mapping[str, Any], path: Path | None) -> NetworkRecipe:
    names = [field.name for field in fields(NetworkRecipe)]
    try:
        for name in table:
            if name not in names:
                raise ValueError(f"unknown name '{name}'")
        for name in names:
            if name not in table:
                raise ValueError(f"'{name}' is missing")
        return NetworkRecipe(**{name: _KINDS[name](name, table[name]) for name in names})
    except ValueError as error:
        remedy = "Start from a shipped recipe in resources/recipes."
        raise TrainingError(f"The recipe lacks or misstates a value: {error}.", path=path, remedy=remedy) from error


def _number(name: str, value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"'{name}' is a number from {low:g} to {high:g}")
    return float(value)


def _whole(low: int, high: int) -> Callable[[str, object], int]:
    def check(name: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"'{name}' is a whole number from {low} to {high}")
        return value

    return check


def _real(low: float, high: float) -> Callable[[str, object], float]:
    return lambda name, value: _number(name, value, low, high)


def _one_of(*words: str) -> Callable[[str, object], str]:
    def check(name: str, value: object) -> str:
        if not isinstance(value, str) or (words and value not in words):
            raise ValueError(f"'{name}' is {'a word' if not words else 'one of ' + ', '.join(words)}")
        return value

    return check


def _words(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        raise ValueError(f"'{name}' is a list of words")
    return tuple(value)


def _betas(name: str, value: object) -> tuple[float, ...]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError(f"'{name}' is two numbers")
    return tuple(_number(name, entry, 0, 0.9999999) for entry in value)


def _rates(name: str, value: object) -> dict[str, float]:
    if not isinstance(value, dict) or not value:
        raise ValueError(f"'{name}' is a table with a learning rate for each part")
    return {part: _number(f"{name}.{part}", rate, 0, 1) for part, rate in value.items()}


def _search(name: str, value: object) -> dict[str, tuple[Number, ...]]:
    if not isinstance(value, dict):
        raise ValueError(f"'{name}' is a table of lists")
    for key, choices in value.items():
        if not isinstance(choices, list | tuple) or not choices or not all(map(_is_number, choices)):
            raise ValueError(f"'{name}.{key}' is a list of numbers")
    return {key: tuple(choices) for key, choices in value.items()}


def _shape(name: str, value: object) -> dict[str, Number | tuple[int, ...]]:
    if not isinstance(value, dict):
        raise ValueError(f"'{name}' is a table")
    found: dict[str, Number | tuple[int, ...]] = {}
    for key, entry in value.items():
        if isinstance(entry, list | tuple) and all(isinstance(number, int) for number in entry):
            found[key] = tuple(entry)
        elif _is_number(entry):
            found[key] = entry
        else:
            raise ValueError(f"'{name}.{key}' is a number or a list of whole numbers")
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_KINDS: Final[Mapping[str, Callable[[str, object], Any]]] = {
    "architecture": _one_of(),
    "columns": _words,
    "watched": _one_of(),
    "seed": _whole(0, 2**63 - 1),
    "loss": _one_of(*LOSSES),
    "epochs": _whole(1, 100_000),
    "patience": _whole(1, 100_000),
    "batch": _whole(2, 100_000),
    "step": _whole(1, 100_000),
    "resize": _whole(8, 4096),
    "crop": _whole(8, 4096),
    "flip": _real(0, 1),
    "betas": _betas,
    "epsilon": _real(0, 1),
    "weight_decay": _real(0, 1),
    "clip": _real(0, 1e9),
    "precision": _one_of(*PRECISIONS),
    "frozen": _words,
    "start": _words,
    "drop_path": _real(0, 0.99),
    "save_minutes": _real(0, 1e6),
    "cache_gb": _real(0, 1e6),
    "learning_rates": _rates,
    "search": _search,
    "shape": _shape,
}
