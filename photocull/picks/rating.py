"""Photos and a policy become proposals: which marks would change and why. Pure, in a stated order, free of chance.

Only the program's own marks and unmarked fields are ever proposed for change; the journal refuses anything else again.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photocull.catalog.marks import FIELDS, Mark, spoken, worded
from photocull.catalog.ratable import Ratable
from photocull.core.types import Decision, DecisionField
from photocull.core.vocabulary import shown
from photocull.judge.series import Frame, series_of
from photocull.picks.choose import size_of
from photocull.picks.policy import FaultRule, Policy, Rule, Score
from photocull.picks.shoots import Shoot

Wish = tuple[int | str, str]
"""A mark and why."""
Wishes = dict[DecisionField, Wish]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mark that a policy would change, from ``before``, nobody's or the program's own, to ``after``; None is none."""

    photo_id: int
    path: Path
    field: DecisionField
    before: int | str | None
    after: int | str | None
    reason: str

    @property
    def decision(self) -> Decision:
        """As the journal takes it."""
        after: Any = self.after
        return Decision(self.photo_id, self.field, after, "policy", self.reason)


def proposals(shoot: Shoot, policy: Policy) -> list[Proposal]:
    """What the policy would change in one shoot, by path; nothing where all is as it wants it.

    Photos that are not judged yet are left as they are.
    """
    wanted = wishes(shoot, policy)
    photos = sorted((photo for photo in shoot if photo.id in wanted), key=lambda photo: photo.path)
    return [change for photo in photos for change in _changes(photo, wanted[photo.id], policy)]


def wishes(shoot: Shoot, policy: Policy) -> dict[int, Wishes]:
    """What the policy would give each judged photo of a shoot, whoever marked it.

    Of the marks only the photographer's picks and rejects count, for which frame is the best of its series.
    """
    judged = [photo for photo in shoot if photo.scores is not None]
    held = _Series.of(judged, policy)
    field = [photo for photo in judged if held.leads(photo)]
    orders = {rule.score: _Order.of(field, rule.score, len(judged)) for rule in policy.rules}
    ranked = len(judged) >= policy.fewest
    return {photo.id: _wished(photo, policy, orders, held, ranked=ranked) for photo in judged}


def _changes(photo: Ratable, wanted: Wishes, policy: Policy) -> Iterator[Proposal]:
    for field in FIELDS:
        if _decided(photo, field):
            continue
        before = spoken(field, _mark(photo, field).value)
        after, reason = wanted.get(field, (None, f"the policy '{policy.name}' gives it {worded(field, None)} now"))
        if _contradicts(photo, field):
            after, reason = None, "you have decided about this photo"
        if after != before:
            yield Proposal(photo.id, photo.path, field, before, after, reason)


def _mark(photo: Ratable, field: DecisionField) -> Mark:
    return photo.marks.get(field, Mark())


def _decided(photo: Ratable, field: DecisionField) -> bool:
    """Whether a field is the photographer's: marked, cleared, or said differently by two of their programs."""
    return _mark(photo, field).by == "photographer" or field in photo.disputed


def _contradicts(photo: Ratable, field: DecisionField) -> bool:
    """Whether any mark of ours on this field would speak against what the photographer said on another."""
    if field == "pick":
        return _decided(photo, "rating")
    if field == "rating":
        return "pick" in photo.disputed or _mark(photo, "pick") == Mark("reject", "photographer")
    return False


def _wished(photo: Ratable, policy: Policy, orders: "_Orders", held: "_Series", *, ranked: bool) -> Wishes:
    faults = list(_faults(photo, policy))
    rejecting = [rule for rule in faults if rule.do == "reject"]
    wanted: Wishes = {}
    if rejecting:
        named = ", ".join(shown(rule.fault) for rule in rejecting)
        wanted["pick"] = ("reject", f"{named}; the policy '{policy.name}' rejects such photos")
    else:
        _give(wanted, photo, policy.rules, orders, ranked=ranked)
        held.adjust(wanted, photo)
        _hold_down(wanted, faults)
    for rule in reversed(faults):
        if rule.label is not None:
            wanted["label"] = (rule.label, shown(rule.fault))
    return {field: wish for field, wish in wanted.items() if wish[0] != 0}


def _faults(photo: Ratable, policy: Policy) -> Iterator[FaultRule]:
    """What the policy holds against a photo; in a bracketing, dark and soft shots are meant."""
    if photo.bracketed or photo.scores is None:
        return
    for rule in policy.faults:
        sure = rule.technical_below is None or photo.scores["technical"] < rule.technical_below
        if rule.fault in photo.faults and sure:
            yield rule


def _give(wanted: Wishes, photo: Ratable, rules: Sequence[Rule], orders: "_Orders", *, ranked: bool) -> None:
    for rule in rules:
        if rule.ranks and not ranked:
            continue
        reason = orders[rule.score].why(photo, rule)
        if reason is None:
            continue
        given: dict[DecisionField, Any] = {
            "rating": rule.stars, "pick": "pick" if rule.pick else None, "label": rule.label,
        }  # fmt: skip
        for field, value in given.items():
            if value is not None:
                wanted.setdefault(field, (value, reason))


def _hold_down(wanted: Wishes, faults: Sequence[FaultRule]) -> None:
    for rule in faults:
        wanted.pop("pick", None)
        if rule.most_stars is not None:
            _lower(wanted, rule.most_stars, shown(rule.fault))


def _lower(wanted: Wishes, most: int, why: str) -> None:
    stars, reason = wanted.get("rating", (0, ""))
    if isinstance(stars, int) and stars > most:
        wanted["rating"] = (most, f"{reason}; no more than {most}: {why}")


@dataclass(frozen=True, slots=True)
class _Order:
    """The photos of a shoot that compete with each other by one score, the best first, equal ones by path."""

    score: str
    keys: Sequence[tuple[float, Path]]
    among: str

    @classmethod
    def of(cls, field: Sequence[Ratable], score: str, size: int) -> "_Order":
        keys = sorted(_key(photo, score) for photo in field)
        photos = f"{size} photos in this shoot"
        return cls(score, keys, photos if len(field) == size else f"{len(field)} series and single frames ({photos})")

    def why(self, photo: Ratable, rule: Rule) -> str | None:
        """Why a photo meets a rule's conditions, None where it does not."""
        key = _key(photo, self.score)
        words: list[str] = []
        if rule.ranks:
            most = size_of(len(self.keys), rule.best_count, rule.best_percent)
            if bisect_left(self.keys, key) >= most:
                return None
            best = (
                f"the best {rule.best_percent:g} %" if rule.best_percent is not None else f"the best {rule.best_count}"
            )
            by = "" if self.score == "overall" else f" by {self.score} score"
            words.append(f"among {best} of {self.among}{by}")
        if rule.at_least is not None:
            if -key[0] < rule.at_least:
                return None
            words.append(f"{self.score} score {-key[0]:.1f}, which is {rule.at_least:g} or more")
        return ", ".join(words)


_Orders = Mapping[Score, _Order]


def _key(photo: Ratable, score: str) -> tuple[float, Path]:
    return (-(photo.scores or {})[score], photo.path)


@dataclass(frozen=True, slots=True)
class _Series:
    """The series of a shoot, where the policy asks for them: of each photo in one, its size, and which is the best."""

    policy: Policy
    size: dict[int, int]
    best: frozenset[int]

    @classmethod
    def of(cls, judged: Sequence[Ratable], policy: Policy) -> "_Series":
        if policy.series is None:
            return cls(policy, {}, frozenset())
        by_id = {photo.id: photo for photo in judged}
        frames = (
            Frame(p.id, str(p.path), p.seconds, p.camera, p.burst, p.embedding) for p in judged if not p.bracketed
        )
        groups = series_of(frames)
        best = (min((by_id[i] for i in group), key=lambda photo: _worth(photo, policy)).id for group in groups)
        return cls(policy, {i: len(group) for group in groups for i in group}, frozenset(best))

    def leads(self, photo: Ratable) -> bool:
        """Whether a photo competes in the shoot: single, or the best of its series, which speaks for the others."""
        return photo.id not in self.size or photo.id in self.best

    def adjust(self, wanted: Wishes, photo: Ratable) -> None:
        """Lift the best of a series, and hold the others down, as the policy says."""
        rule = self.policy.series
        if rule is None or photo.id not in self.size:
            return
        series = f"its series of {self.size[photo.id]}"
        if photo.id not in self.best:
            wanted.pop("pick", None)
            if rule.others_most_stars is not None:
                _lower(wanted, rule.others_most_stars, f"another frame of {series} is better")
            return
        reason = f"the best of {series}"
        stars = wanted.get("rating", (0, ""))[0]
        if rule.best_stars is not None and isinstance(stars, int) and stars < rule.best_stars:
            wanted["rating"] = (rule.best_stars, reason)
        if rule.best_pick:
            wanted.setdefault("pick", ("pick", reason))
        if rule.best_label is not None:
            wanted.setdefault("label", (rule.best_label, reason))


def _worth(photo: Ratable, policy: Policy) -> tuple[bool, bool, bool, float, Path]:
    """What the best of a series is least in: a frame that is rejected never is, if there is another.

    What the photographer picked goes before all; what they rejected goes behind what a policy would, for they saw it.
    """
    mark = _mark(photo, "pick")
    picked, rejected = (mark == Mark(flag, "photographer") for flag in ("pick", "reject"))
    faulty = any(rule.do == "reject" for rule in _faults(photo, policy))
    return (not picked, rejected, faulty, *_key(photo, "overall"))
