"""A model's card as the window shows it: its state, what it gives, and its facts and figures as lines. No Qt here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from photocull.core.amounts import bytes_words
from photocull.judge.naming import parts
from photocull.models.grouping import SPEED, STEADY, UNITS
from photocull.models.registry import BUILT_IN, REINSTALL, ModelCard, ModelResult, SeedSpread
from photocull.ui.model_choice import SCORES

State = Literal["built-in", "here", "damaged", "download", "file"]
"""Shipped; in the person's store; there but not whole; not here but to be fetched; only its authors have the file."""
_MEASURES: Final[Mapping[str, str]] = {
    "SRCC": "how far the order is people's, 1 at best",
    "PLCC": "how far the scores go with people's, 1 at best",
    "LCC": "how far the scores go with people's, 1 at best",
    "MSE": "squared error, 0 at best",
    "EMD": "how far the votes lie from people's, 0 at best",
    "accuracy": "how often it takes people's side of the middle, 1 at best",
    "AUC": "how well photos with it are told from those without, 1 at best",
    "AP": "how purely photos with it come first, 1 at best",
    "mean AP": "AP, averaged over the themes",
    "mean AUC": "AUC, averaged over the themes",
    "precision": "how many of the photos that it names have it",
    "recall": "how many of the photos that have it are named",
    "F1": "precision and recall in one figure, 1 at best",
    "macro F1": "F1, averaged over the themes",
    "gain in SRCC": "SRCC with it less SRCC without it",
    "lower at visible strength": "how often the spoilt copy scores lower where anybody sees the fault",
    "order of strengths": "how often more of the fault scores lower than less",
    "pairs in order": "how often the spoilt copy scores lower than the photo",
    "triples in order": "how often two pictures of one scene lie closer than two strangers",
    "unmoved": "share of photos whose score moves by less than 0.15 where nobody sees a change",
    "calibration error": "how far confidences lie from how often they are right, 0 at best",
}
_SCORES_SHOWN: Final[Mapping[str, str]] = {
    "aesthetic": "Aesthetic score",
    "colour": "Colour score",
    "technical": "Technical score",
}


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model of the list, whether it is on this computer or not; ``problem`` says in what way it is damaged."""

    card: ModelCard
    state: State
    problem: str = ""

    @property
    def here(self) -> bool:
        """Whether it can judge."""
        return self.state in ("built-in", "here")

    @property
    def removable(self) -> bool:
        """Whether it is the person's own."""
        return self.state in ("here", "damaged") and self.card.name not in BUILT_IN


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table of figures, in words: ``0.876``, ``0.853 to 0.895``, ``636``; what is not known is empty."""

    score: str
    data: str
    measure: str
    value: str
    interval: str
    photos: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A heading of the card and the lines under it."""

    heading: str
    lines: tuple[str, ...]


def score_words(score: str) -> str:
    """``Aesthetic score``."""
    return _SCORES_SHOWN.get(score, score.capitalize())


def state_words(entry: ModelEntry, judged: Sequence[str]) -> str:
    """The line under a model's title in the list.

    Args:
        judged: the scores that it gives now.
    """
    if judged:
        return "Judges now" if len(judged) == len(SCORES) else f"Judges now: {', '.join(judged)}"
    if not entry.card.judges and entry.state != "damaged":
        return "For training" if entry.here else "For training, can be downloaded"
    return {
        "built-in": "Comes with Photocull",
        "here": "On this computer",
        "damaged": "Damaged",
        "download": "Can be downloaded",
        "file": "Needs the authors' file",
    }[entry.state]


def gives_words(card: ModelCard) -> str:
    """Which scores the model gives and which come from the built-in model."""
    if not card.title:
        return ""
    given = [score for score in SCORES if score in card.judges]
    rest = [score for score in SCORES if score not in card.judges]
    if not given:
        return "No score by itself; it is a part that training starts from."
    words = f"The {_listed(given)} score{'s' if len(given) > 1 else ''}."
    if not rest:
        return words
    return f"{words} The {_listed(rest)} score{'s come' if len(rest) > 1 else ' comes'} from the built-in model."


def judged_words(name: str, cards: Sequence[ModelCard]) -> str:
    """Who judges under a (joined) name: ``TANet, trained on TAD66K judges``.

    The scores that are asked of a model stand behind its title, where they are not all that it gives.
    """
    titles = {card.name: card.title for card in cards}
    named = [
        titles.get(part.name, part.name) + (f" ({' and '.join(part.scores)})" if part.scores else "")
        for part in parts(name)
    ]
    return f"{_listed(named)} judge{'s' if len(named) == 1 else ''}"


def facts(entry: ModelEntry) -> list[Fact]:
    """What is known of a model, without its figures; what is not known is left out."""
    card = entry.card
    found = [
        Fact("What is wrong", (f"{entry.problem} {_remedy(entry)}",) if entry.problem else ()),
        Fact("Gives", (gives_words(card), *_speed(card))),
        Fact("Licence", (_begun(card.licence),)),
        Fact("Paper", (card.paper,)),
        Fact("What it sees", (_begun(card.preprocessing),)),
        Fact("Trained on", tuple(map(_begun, card.data))),
        Fact("Limits", card.limits),
        Fact("What it must not be used for", card.not_for),
        Fact("Where it comes from", tuple(_source_lines(entry))),
        Fact("File" if len(card.files) == 1 else "Files", tuple(_file_lines(entry))),
    ]
    return [fact for fact in found if any(fact.lines)]


def _remedy(entry: ModelEntry) -> str:
    return REINSTALL if entry.card.name in BUILT_IN else "Remove it, then import or download it again."


def recipe_lines(card: ModelCard) -> list[str]:
    """The recipe's file, then its values in one paragraph."""
    named = dict(card.recipe)
    where = named.pop("file", "")
    values = "; ".join(f"{name} {value}" for name, value in named.items())
    return [line for line in (where, values) if line]


def seed_lines(card: ModelCard) -> tuple[str, ...]:
    """``Technical, BIQ2021, validation: SRCC 0.889 (0.886 to 0.892) on average over 5 trainings``."""
    return tuple(
        f"{_begun(one.score)}, {one.data}: {one.measure} {one.mean:.3f}{_over_seeds(one)}" for one in card.over_seeds
    )


def _over_seeds(spread: SeedSpread) -> str:
    if spread.steady:
        return f", {STEADY}"
    low, high = spread.mean - spread.margin, spread.mean + spread.margin
    return f" ({low:.3f} to {high:.3f}) on average over {len(spread.values)} trainings"


def origin_words(entry: ModelEntry) -> str:
    """Whether the file is what its authors published, as far as that is known."""
    card, origin = entry.card, entry.card.origin
    if entry.state == "built-in":
        return "Made by Photocull's developers."
    if origin is None:
        return "" if not entry.here else "Trained or imported here; nobody published it."
    if origin.as_published:
        return f"Verified: made from {origin.file_name}, byte for byte the file that its authors published."
    if card.source is not None and card.source.git_blob:
        return f"Not verified: {origin.file_name} is not the file that the authors published."
    return f"Not verified: made from {origin.file_name}; the authors give no means to prove their file."


def figures(results: Sequence[ModelResult]) -> list[Figure]:
    """Measured or published figures as lines of a table; speeds are told apart, see `speed_words`."""
    return [_figure(result) for result in results if result.measure not in UNITS]


def measures_words(results: Iterable[ModelResult]) -> str:
    """What the measures in a table mean, each in a few words."""
    used = dict.fromkeys(result.measure for result in results)
    return " ".join(f"{measure}: {_MEASURES[measure]}." for measure in used if measure in _MEASURES)


def speed_words(card: ModelCard) -> str:
    """``About 5.2 photos/s (two-core CPU).``; empty where the card does not know."""
    known = next((result for result in card.results if result.measure == SPEED), None)
    return "" if known is None else f"About {known.value:.1f} photos/s ({known.data})."


def address(card: ModelCard) -> str:
    """Where its authors show it, to be copied; empty where that is not known."""
    return f"https://github.com/{card.source.repository}" if card.source is not None and card.source.repository else ""


def _figure(result: ModelResult) -> Figure:
    interval = "" if result.low is None or result.high is None else f"{result.low:.3f} to {result.high:.3f}"
    photos = f"{result.photos:,}" if result.photos else ""
    return Figure(result.score.capitalize(), result.data, result.measure, f"{result.value:.3f}", interval, photos)


def _speed(card: ModelCard) -> tuple[str, ...]:
    words = speed_words(card)
    return (words,) if words else ()


def _source_lines(entry: ModelEntry) -> list[str]:
    """Where its authors show it, and how its file is had if it is not here."""
    source = entry.card.source
    if source is None:
        return []
    lines = [address(entry.card), source.path]
    if entry.state == "download":
        lines.append(f"At most {bytes_words(source.largest)} to download.")
    if entry.state == "file":
        called = f" It is called {source.file_name}." if source.file_name else ""
        lines.append(f"Its authors share the file themselves: get it from them, then import it here.{called}")
    return [line for line in lines if line]


def _file_lines(entry: ModelEntry) -> list[str]:
    lines = [f"{file.name}, {bytes_words(file.size)}, SHA-256 {file.sha256}" for file in entry.card.files]
    return [*lines, origin_words(entry)] if entry.here else []


def _begun(line: str) -> str:
    return line[:1].upper() + line[1:]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
