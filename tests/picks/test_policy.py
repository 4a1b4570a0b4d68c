"""Policies read from TOML: what may stand in them, and what is said of what may not."""

from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from photocull.core.errors import UsageError
from photocull.core.settings import folders
from photocull.core.vocabulary import FLAGS, LABELS
from photocull.picks.policies import policy_named, shelf
from photocull.picks.policy import FaultRule, Policy, Rule, SeriesRule
from photocull.picks.policy_reading import parse_policy, read_policy
from tests.conftest import ROOT

FILE = Path("/home/me/own.toml")
WHOLE = """
title = "All that there is"
[shoot]
gap_hours = 4.5
fewest = 30
[[give]]
stars = 5
pick = true
label = "green"
best_percent = 5
at_least = 6
score = "aesthetic"
[[give]]
stars = 4
best_count = 10
[series]
best_stars = 3
best_pick = true
best_label = "blue"
others_most_stars = 2
[faults.blurred]
do = "reject"
technical_below = 3.5
[faults.tilted]
do = "flag"
most_stars = 3
label = "yellow"
"""


def read(text: str) -> Policy:
    return parse_policy(text.encode(), "own", FILE)


def told(text: str) -> str:
    with pytest.raises(UsageError) as caught:
        read(text)
    return str(caught.value)


def test_everything_that_can_be_said_is_understood() -> None:
    assert read(WHOLE) == Policy(
        "own",
        "All that there is",
        4.5,
        30,
        (Rule(5, True, "green", 5, None, 6, "aesthetic"), Rule(4, best_count=10)),
        SeriesRule(3, True, "blue", 2),
        (FaultRule("blurred", "reject", 3.5), FaultRule("tilted", "flag", None, 3, "yellow")),
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("[[give]]\nstars = 6\nat_least = 5", "'give[1].stars' is 6; it must be a whole number from 1 to 5"),
        ("[[give]]\nstars = true\nat_least = 5", "'give[1].stars' is true; it must be a whole number from 1 to 5"),
        ("[[give]]\nstars = 3\nbest_percent = 0", "is 0; it must be a number above 0 and at most 100"),
        ("[[give]]\nstars = 3\nbest_percent = nan", "is nan; it must be a number above 0 and at most 100"),
        ("[[give]]\nstars = 3\nbest_percent = inf", "is inf; it must be a number above 0 and at most 100"),
        ("[[give]]\nstars = 3\nat_least = '5'", "'give[1].at_least' is \"5\"; it must be a number from 0 to 10"),
        ("[[give]]\nstar = 3\nat_least = 5", "there is no 'give[1].star'; did you mean 'stars'?"),
        ("[[give]]\nlabel = 'orange'\nat_least = 5", 'must be "red", "yellow", "green", "blue" or "purple"'),
        ("[[give]]\nstars = 3", "'give[1]' is for all photos; it needs 'best_percent', 'best_count' or 'at_least'"),
        ("[[give]]\nat_least = 3", "'give[1]' gives nothing; it needs 'stars', 'pick' or 'label'"),
        ("[[give]]\nstars=3\nbest_count=3\nbest_percent=3", "has 'best_percent' and 'best_count'; leave one of them"),
        ("[[give]]\nstars=3\nat_least=3\n[[give]]\nstars=0\nat_least=1", "'give[2].stars' is 0"),
        ("[faults.blury]\ndo = 'flag'", "there is no 'faults.blury'; did you mean 'blurred'?"),
        ("[faults.blurred]\ndo = 'delete'", '\'faults.blurred.do\' is "delete"; it must be "reject" or "flag"'),
        ("[faults.blurred]\nlabel = 'red'", '\'faults.blurred.do\' is missing; it must be "reject" or "flag"'),
        ("[faults.blurred]\ndo = 'reject'\nmost_stars = 1", "a rejected photo has no stars"),
        ("[faults]\nblurred = 'reject'", "'faults.blurred' is \"reject\"; it must be a table"),
        ("[shoot]\nfewest = 0", "'shoot.fewest' is 0; it must be a whole number from 1 to 1000000"),
        ("[shoot]\nfewest = 0x" + "f" * 6000, "'shoot.fewest' is a number without end; it must be a whole number"),
        ("[series]\nother_most = 2", "there is no 'series.other_most'; did you mean 'others_most_stars'?"),
        ("give = 3", "'give' is 3; it must be tables, each under [[give]]"),
        ("[zzz]", "there is no 'zzz'; there can be title, shoot, give, series, faults"),
        ("[series]", "so it would do nothing"),
        ("", "so it would do nothing"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_file_key_and_what_it_can_be(wrong: str, words: str) -> None:
    line = told(f'title = "x"\n{wrong}')
    assert line.startswith(f"{FILE}: The policy cannot be used: ")
    assert words in line
    assert "\n" not in line


@pytest.mark.parametrize("text", ["[[give]]\nstars = 3\nat_least = 5", "title = ''", "title = '''a\nb'''", "title = 3"])
def test_a_policy_has_a_title_of_one_line(text: str) -> None:
    assert "title" in told(text)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"title = ", b"x = 1\x00", b"a=" + b"[" * 5000, b"n = " + b"9" * 5000])
def test_what_is_no_toml_is_told_in_one_line(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"The policy is not TOML: .*Correct that place\."):
        parse_policy(data, "own", FILE)


def test_a_file_that_windows_saved_with_a_mark_at_its_start_is_read() -> None:
    assert parse_policy(b"\xef\xbb\xbf" + WHOLE.encode(), "own", FILE) == read(WHOLE)


def test_a_file_that_is_not_there_not_a_file_or_huge_is_told(tmp_path: Path) -> None:
    (tmp_path / "huge.toml").write_bytes(b"#" * 2_000_000)
    for path in (tmp_path / "none.toml", tmp_path, tmp_path / "huge.toml", Path("a\0b.toml")):
        with pytest.raises(UsageError, match="policy"):
            read_policy(path)


names = st.sampled_from(["title", "give", "series", "faults", "shoot", "stars", "pick", "do", "label", *FLAGS, "odd"])
leaves = st.one_of(
    st.integers(-3, 200), st.floats(allow_nan=True), st.booleans(), st.text(max_size=8),
    st.sampled_from(["reject", "flag", "red", "overall"]), st.dates(), st.just(10**30),
)  # fmt: skip
tables = st.recursive(
    st.dictionaries(names, leaves, max_size=4),
    lambda inner: st.dictionaries(names, st.one_of(leaves, inner, st.lists(inner, max_size=3)), max_size=5),
    max_leaves=12,
)


def accepted_or_told(data: bytes) -> None:
    try:
        policy = parse_policy(data, "own", FILE)
    except UsageError as error:
        line = str(error)
        assert line.startswith(f"{FILE}: ")
        assert line.isprintable()
    else:
        assert policy.rules or policy.faults or policy.series is not None


@settings(max_examples=60, deadline=None)
@given(tables)
def test_any_table_is_a_policy_or_one_line(table: dict[str, Any]) -> None:
    try:
        text = tomli_w.dumps({"title": "x"} | table)
    except ValueError:  # numbers that cannot be written in full
        return
    accepted_or_told(text.encode())


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode(errors="replace"))))
def test_any_bytes_are_a_policy_or_one_line(data: bytes) -> None:
    accepted_or_told(data)


label = st.one_of(st.none(), st.sampled_from(LABELS))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any policy that can be said."""
    rules = []
    for _ in range(draw(st.integers(0, 4))):
        stars, pick, word = draw(st.one_of(st.none(), st.integers(1, 5))), draw(st.booleans()), draw(label)
        by = draw(st.sampled_from(["percent", "count", "score", "percent and score"]))
        rules.append(
            Rule(
                stars if pick or word else stars or 3,
                pick,
                word,
                draw(st.floats(0.1, 100)) if "percent" in by else None,
                draw(st.integers(1, 9)) if by == "count" else None,
                draw(st.floats(0, 10)) if "score" in by else None,
                draw(st.sampled_from(["overall", "aesthetic", "colour", "technical"])),
            )
        )
    series = SeriesRule(
        draw(st.one_of(st.none(), st.integers(1, 5))), draw(st.booleans()), draw(label), draw(st.integers(0, 5))
    )
    faults = []
    for fault in draw(st.lists(st.sampled_from(FLAGS), unique=True, max_size=3)):
        do = draw(st.sampled_from(["reject", "flag"]))
        most = draw(st.one_of(st.none(), st.integers(0, 5))) if do == "flag" else None
        faults.append(FaultRule(fault, do, draw(st.one_of(st.none(), st.floats(0.1, 10))), most, draw(label)))  # type: ignore[arg-type]
    faults.sort(key=lambda rule: FLAGS.index(rule.fault))
    gap, fewest = draw(st.one_of(st.none(), st.floats(0.5, 48))), draw(st.integers(1, 6))
    return Policy("own", "Made up", gap, fewest, tuple(rules), draw(st.sampled_from([None, series])), tuple(faults))


def written(policy: Policy) -> str:
    def said(value: Any, left_out: tuple[str, ...] = ()) -> dict[str, Any]:
        entries = ((name, getattr(value, name)) for name in value.__slots__ if name not in left_out)
        return {name: entry for name, entry in entries if entry is not None}

    table = {"title": policy.title, "shoot": said(policy, ("name", "title", "rules", "series", "faults"))}
    table |= {"give": [said(rule) for rule in policy.rules]}
    table |= {"series": said(policy.series)} if policy.series else {}
    return tomli_w.dumps(table | {"faults": {rule.fault: said(rule, ("fault",)) for rule in policy.faults}})


@settings(max_examples=60, deadline=None)
@given(policies().filter(lambda p: bool(p.rules or p.faults or p.series)))
def test_whatever_policy_is_written_is_read_as_it_was_meant(policy: Policy) -> None:
    assert read(written(policy)) == policy


def test_the_policies_that_come_along_are_sound_and_the_default_never_picks_or_rejects() -> None:
    by_name = {place.name: read_policy(place.path) for place in shelf(folders())}
    assert sorted(by_name) == ["absolute", "cautious", "strict", "wedding"]
    cautious = by_name["cautious"]
    assert all(rule.ranks and not rule.pick for rule in cautious.rules)
    assert all(rule.do == "flag" for rule in cautious.faults)
    assert cautious.series is None


def test_the_example_in_the_document_is_a_policy_that_says_all_there_is() -> None:
    text = (ROOT / "docs" / "policies.md").read_text("utf-8").split("```toml\n")[1].split("```")[0]
    policy = read(text)
    said = policy.rules[0]
    assert None not in (said.stars, said.label, said.best_percent, said.at_least, policy.rules[1].best_count)
    assert policy.series == SeriesRule(3, True, "blue", 1)
    assert policy.faults == (FaultRule("blurred", "reject", 3.5, None, "red"), FaultRule("tilted", "flag", None, 3))


def test_the_document_names_every_policy_that_comes_along() -> None:
    text = (ROOT / "docs" / "policies.md").read_text("utf-8")
    assert [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")] == [
        "cautious", "absolute", "strict", "wedding",
    ]  # fmt: skip
    assert {place.name for place in shelf(folders())} == {"cautious", "absolute", "strict", "wedding"}


def test_a_policy_of_ones_own_is_found_by_name_and_goes_before_one_that_came_along() -> None:
    own = folders().policies
    own.mkdir(parents=True)
    (own / "mine.toml").write_text(WHOLE)
    (own / "cautious.toml").write_text(WHOLE)
    (own / "notes.txt").write_text("no policy")
    assert policy_named("mine", folders()).title == "All that there is"
    assert policy_named("cautious", folders()).title == "All that there is"
    assert {place.name: place.own for place in shelf(folders())} == {
        "absolute": False, "cautious": True, "mine": True, "strict": False, "wedding": False,
    }  # fmt: skip


def test_a_policy_is_found_by_file_too(tmp_path: Path) -> None:
    (tmp_path / "some.toml").write_text(WHOLE)
    assert policy_named(str(tmp_path / "some.toml"), folders()).name == "some"
    with pytest.raises(UsageError, match="There is no such file"):
        policy_named(str(tmp_path / "none.toml"), folders())


def test_a_name_that_there_is_not_brings_the_near_one_or_all() -> None:
    with pytest.raises(UsageError, match="There is no policy 'cautius'") as near:
        policy_named("cautius", folders())
    assert near.value.remedy == "Did you mean 'cautious'?"
    with pytest.raises(UsageError) as far:
        policy_named("zzz", folders())
    assert far.value.remedy is not None
    assert "absolute, cautious, strict, wedding" in far.value.remedy
