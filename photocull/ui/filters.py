"""What a click in the side bar or on a chip does to a `Filter`, and how a filter reads as chips; no Qt here."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from photocull.catalog.records import Filter
from photocull.core.errors import printable
from photocull.core.vocabulary import FLAGS, HARMONIES, LABELS, shown

SetGroup = Literal["themes", "schemes", "harmonies", "picks", "labels", "flags", "ratings"]
"""Fields of `Filter` that are sets of words or stars."""
Group = Literal[SetGroup, "paths", "stars", "problems", "minimum", "text"]
Value = str | int | float

_COLOUR: Final[dict[str, str]] = {
    "black": "#161616", "blue": "#3f74b5", "darkgreen": "#24543a", "darkorange": "#b4622a", "darkyellow": "#a8862c",
    "gray": "#8f8f8f", "green": "#559c50", "lightblue": "#93bfe0", "lightpink": "#eab9c4", "orange": "#e08a3c",
    "pink": "#d9719a", "red": "#c64a43", "violet": "#7f52a8", "white": "#e9e9e6", "yellow": "#e4c24c",
}  # fmt: skip
_PICKS: Final[dict[str, str]] = {"pick": "picked", "reject": "rejected", "none": "no flag"}
_SET_GROUPS: Final[tuple[SetGroup, ...]] = ("schemes", "harmonies", "themes", "picks", "ratings", "labels", "flags")


@dataclass(frozen=True, slots=True)
class Chip:
    """One restriction of a filter, as shown above the photos.

    Attributes:
        group, value: which restriction this is; what `without` needs.
        word: how it reads. colours: none or two colours (``#rrggbb``) drawn before the word.
    """

    group: Group
    value: Value
    word: str
    colours: tuple[str, ...] = ()


def toggled(filter: Filter, group: SetGroup, value: Value, *, add: bool = False) -> Filter:
    """A click on a word: only this word; a second click takes it back; with ``add`` (Ctrl) the others stay."""
    before: frozenset[Value] = getattr(filter, group)
    if add:
        return _with(filter, group, before ^ {value})
    return _with(filter, group, frozenset() if before == {value} else frozenset({value}))


def with_stars(filter: Filter, least: int) -> Filter:
    """``least`` stars or more; the same again takes it back."""
    same = filter.min_rating == least and filter.max_rating is None and not filter.ratings
    return replace(filter, min_rating=None if same else least, max_rating=None, ratings=frozenset())


def with_problems(filter: Filter) -> Filter:
    """Only photos with a problem; again takes it back."""
    return replace(filter, problems_only=not filter.problems_only)


def with_minimum(filter: Filter, score: str, least: float | None) -> Filter:
    """Photos whose score is at least this; None lifts it."""
    others = tuple((name, value) for name, value in filter.minimum if name != score)
    return replace(filter, minimum=others if least is None else (*others, (score, least)))


def is_on(filter: Filter, group: SetGroup, value: Value) -> bool:
    """Whether this word restricts the filter."""
    return value in getattr(filter, group)


def cleared(filter: Filter) -> Filter:
    """The folders alone: where one is stays, what one looks for goes."""
    return Filter(folders=filter.folders)


def chips(filter: Filter) -> tuple[Chip, ...]:
    """Every restriction but the folders; removing all of them gives `cleared`."""
    found = [chip for group in _SET_GROUPS for chip in _set_chips(filter, group)]
    found += [Chip("paths", "", _paths_word(filter))] if filter.paths else []
    if filter.min_rating is not None or filter.max_rating is not None:
        found.append(Chip("stars", "", _stars_word(filter)))
    found += [Chip("minimum", name, f"{_score_word(name)} {least:.1f} or more") for name, least in filter.minimum]
    found += [Chip("problems", "", "with problems")] if filter.problems_only else []
    found += [Chip("text", filter.text, f"“{filter.text}”")] if filter.text else []
    return tuple(found)


def without(filter: Filter, chip: Chip) -> Filter:
    """The filter with this one restriction lifted."""
    match chip.group:
        case "paths":
            return replace(filter, paths=frozenset())
        case "stars":
            return replace(filter, min_rating=None, max_rating=None)
        case "problems":
            return replace(filter, problems_only=False)
        case "minimum":
            return with_minimum(filter, str(chip.value), None)
        case "text":
            return replace(filter, text="")
        case group:
            return _with(filter, group, getattr(filter, group) - {chip.value})


def swatch(group: Group, value: Value) -> tuple[str, ...]:
    """The two colours that stand for a colour scheme; none for other words."""
    if group != "schemes":
        return ()
    parts = [_COLOUR.get(part, "#8f8f8f") for part in str(value).split("_")]
    return (parts[0], parts[1]) if len(parts) > 1 else (parts[0], _deeper(parts[0]))


def word(group: Group, value: Value) -> str:
    """How a value of a group reads."""
    if group == "picks":
        return _PICKS[str(value)]
    if group == "labels":
        return "no label" if value == "none" else f"{value} label"
    if group == "ratings":
        return "unrated" if value == 0 else f"{'★' * int(value)} exactly"
    return shown(str(value))


def _with(filter: Filter, group: SetGroup, values: frozenset[Value]) -> Filter:
    changed = replace(filter, **{group: values})  # type: ignore[arg-type]  # the group names the field of these values
    return changed if changed.themes else replace(changed, min_theme=Filter().min_theme)


def _set_chips(filter: Filter, group: SetGroup) -> list[Chip]:
    values: frozenset[Value] = getattr(filter, group)
    return [Chip(group, v, word(group, v), swatch(group, v)) for v in sorted(values, key=lambda v: _place(group, v))]


def _place(group: SetGroup, value: Value) -> tuple[int, str]:
    orders: dict[str, tuple[str, ...]] = {"labels": LABELS, "flags": FLAGS, "harmonies": HARMONIES}
    order = orders.get(group, ())
    return (order.index(str(value)) if value in order else len(order), str(value))


def _paths_word(filter: Filter) -> str:
    if len(filter.paths) == 1:
        return printable(next(iter(filter.paths)).name)
    return f"{len(filter.paths):,} chosen files"


def _stars_word(filter: Filter) -> str:
    least, most = filter.min_rating, filter.max_rating
    if most is None:
        return "rated" if least == 1 else f"{_stars(least or 0)} or more"
    if least is None:
        return f"{_stars(most)} or fewer"
    return f"{_stars(least)} only" if least == most else f"{least} to {most} stars"


def _stars(count: int) -> str:
    return "★" * count if count else "no star"


def _score_word(name: str) -> str:
    return "score" if name == "overall" else name


def _deeper(colour: str) -> str:
    red, green, blue = (int(int(colour[i : i + 2], 16) * 0.62) for i in (1, 3, 5))
    return f"#{red:02x}{green:02x}{blue:02x}"
