"""Reads a rating policy from TOML; whatever is wrong with it is told in one line: the file, the key, what it can be."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, get_args

from photocull.core.errors import UsageError, one_line, printable
from photocull.core.vocabulary import FLAGS, LABELS
from photocull.picks.policy import Consequence, FaultRule, Policy, Rule, Score, SeriesRule

_MOST_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a key can be: in words, and whether a value is it."""

    words: str
    fits: Callable[[Any], bool]


def _number(low: float, high: float, *, above: bool = False) -> _Kind:
    words = f"a number above {low:g} and at most {high:g}" if above else f"a number from {low:g} to {high:g}"
    return _Kind(words, lambda v: type(v) in (int, float) and low <= v <= high and not (above and v == low))


def _whole(low: int, high: int) -> _Kind:
    return _Kind(f"a whole number from {low} to {high}", lambda v: type(v) is int and low <= v <= high)


def _word(known: Sequence[str]) -> _Kind:
    return _Kind(", ".join(f'"{word}"' for word in known[:-1]) + f' or "{known[-1]}"', lambda v: v in known)


_TRUTH: Final = _Kind("true or false", lambda v: type(v) is bool)
_TEXT: Final = _Kind("one line of text", lambda v: type(v) is str and v.strip() != "" and v.isprintable())
_TABLE: Final = _Kind("a table", lambda v: type(v) is dict)
_TABLES: Final = _Kind("tables, each under [[give]]", lambda v: type(v) is list and all(type(t) is dict for t in v))
_LABEL: Final = _word(LABELS)

_POLICY: Final = {"title": _TEXT, "shoot": _TABLE, "give": _TABLES, "series": _TABLE, "faults": _TABLE}
_SHOOT: Final = {"gap_hours": _number(0, 8760, above=True), "fewest": _whole(1, 1_000_000)}
_GIVE: Final = {
    "stars": _whole(1, 5),
    "pick": _TRUTH,
    "label": _LABEL,
    "best_percent": _number(0, 100, above=True),
    "best_count": _whole(1, 1_000_000),
    "at_least": _number(0, 10),
    "score": _word(get_args(Score)),
}
_SERIES: Final = {
    "best_stars": _whole(1, 5),
    "best_pick": _TRUTH,
    "best_label": _LABEL,
    "others_most_stars": _whole(0, 5),
}
_FAULTS: Final = dict.fromkeys(FLAGS, _TABLE)
_FAULT: Final = {
    "do": _word(get_args(Consequence)),
    "technical_below": _number(0, 10, above=True),
    "most_stars": _whole(0, 5),
    "label": _LABEL,
}


class _WrongError(Exception):
    """Something in the file is wrong; the text says what and where."""


def read_policy(path: Path) -> Policy:
    """The policy of a TOML file, named as the file is; the name can be printed and stored whatever bytes it has.

    Raises:
        UsageError: the file cannot be read or is no policy.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be one of a file"
        raise UsageError(
            f"The policy cannot be read: {reason}.", path=path, remedy="See: photocull policies"
        ) from error
    if len(data) > _MOST_BYTES:
        raise UsageError("This is no policy: the file is too large.", path=path, remedy="See: photocull policies")
    return parse_policy(data, printable(path.stem), path)


def parse_policy(data: bytes, name: str, path: Path) -> Policy:
    """The policy that these bytes of ``path`` are; errors as `read_policy`."""
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # no UTF-8, no TOML, or numbers of thousands of digits
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else one_line(str(error), 200)
        raise UsageError(f"The policy is not TOML: {reason}.", path=path, remedy="Correct that place.") from error
    try:
        return _policy(table, name)
    except _WrongError as wrong:
        raise UsageError(f"The policy cannot be used: {wrong}.", path=path) from wrong


def _policy(table: dict[str, Any], name: str) -> Policy:
    _check(table, _POLICY, "")
    if "title" not in table:
        raise _WrongError("'title' is missing, which says in one line what the policy does")
    shoot = _part(table, "shoot", _SHOOT)
    rules = tuple(_rule(given, f"give[{n}]") for n, given in enumerate(table.get("give", []), 1))
    series = SeriesRule(**_part(table, "series", _SERIES)) if "series" in table else None
    faults = _check(table.get("faults", {}), _FAULTS, "faults")
    faulty = tuple(_fault(flag, faults[flag]) for flag in FLAGS if flag in faults)
    if not rules and not faulty and series in (None, SeriesRule()):
        raise _WrongError("it says nothing under [[give]], [series] or [faults], so it would do nothing")
    return Policy(name, table["title"].strip(), rules=rules, series=series, faults=faulty, **shoot)


def _rule(given: dict[str, Any], place: str) -> Rule:
    rule = Rule(**_check(given, _GIVE, place))
    if rule.stars is None and not rule.pick and rule.label is None:
        raise _WrongError(f"'{place}' gives nothing; it needs 'stars', 'pick' or 'label'")
    if rule.best_percent is not None and rule.best_count is not None:
        raise _WrongError(f"'{place}' has 'best_percent' and 'best_count'; leave one of them out")
    if not rule.ranks and rule.at_least is None:
        raise _WrongError(f"'{place}' is for all photos; it needs 'best_percent', 'best_count' or 'at_least'")
    return rule


def _fault(flag: str, given: dict[str, Any]) -> FaultRule:
    place = f"faults.{flag}"
    _check(given, _FAULT, place)
    if "do" not in given:
        raise _WrongError(f"'{place}.do' is missing; it must be {_FAULT['do'].words}")
    if given["do"] == "reject" and "most_stars" in given:
        raise _WrongError(f"'{place}.most_stars' goes with do = \"flag\"; a rejected photo has no stars")
    return FaultRule(flag, **given)


def _part(table: dict[str, Any], name: str, keys: Mapping[str, _Kind]) -> dict[str, Any]:
    return _check(table.get(name, {}), keys, name)


def _check(table: dict[str, Any], keys: Mapping[str, _Kind], place: str) -> dict[str, Any]:
    """The table, if it has no other keys, each with a value of its kind."""
    for key, value in table.items():
        name = f"{place}.{key}" if place else key
        if key not in keys:
            near = get_close_matches(key, keys, n=1, cutoff=0.55)
            hint = f"did you mean '{near[0]}'?" if near else f"there can be {', '.join(keys)}"
            raise _WrongError(f"there is no '{one_line(name, 60)}'; {hint.rstrip('?')}" + ("?" if near else ""))
        if not keys[key].fits(value):
            raise _WrongError(f"'{name}' is {_said(value)}; it must be {keys[key].words}")
    return table


def _said(value: object) -> str:
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{one_line(value, 40)}"'
    try:
        return one_line(str(value), 40)
    except ValueError:  # hexadecimal digits without end
        return "a number without end"
