"""`rate` and `policies` as a person calls them: seen first, done, told why, taken back; marks of one's own stay."""

import os
import sys
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.core.settings import Settings, folders, save
from tests.building import make_folder
from tests.cli.conftest import Photocull, names
from tests.cli.marking import mark, rows

POLICY = """
title = "The best half"
[shoot]
fewest = 4
[[give]]
stars = 4
pick = true
best_percent = 50
"""


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    make_folder(tmp_path / "shoot", 6)
    return tmp_path / "shoot"


@pytest.fixture
def half(tmp_path: Path) -> Path:
    (tmp_path / "half.toml").write_text(POLICY)
    return tmp_path / "half.toml"


def rated(photocull: Photocull, folder: Path) -> list[str]:
    return [row.path.name for row in rows(photocull, folder) if row.rating == 4]


def test_a_dry_run_shows_each_change_with_its_reason_and_changes_nothing(
    photocull: Photocull, shoot: Path, half: Path
) -> None:
    answer = photocull("rate", shoot, "--policy", half, "--dry-run")
    assert (answer.code, answer.err) == (0, "")
    *changes, total, looked = answer.out.splitlines()
    assert len(changes) == 6
    assert changes[0].split(maxsplit=1)[1] == "– → ☆☆☆☆       among the best 50 % of 6 photos in this shoot"
    assert changes[1].split(maxsplit=1)[1] == "– → pick       among the best 50 % of 6 photos in this shoot"
    assert total == "6 marks on 3 photos would change: 4 stars 3, pick 3."
    assert looked == "Looked at 6 photos in 1 shoot by the policy 'half'."
    assert rated(photocull, shoot) == []
    done = photocull("rate", shoot, "--policy", half)
    assert done.out.splitlines()[:6] == changes
    assert done.out.splitlines()[6] == "6 marks on 3 photos changed: 4 stars 3, pick 3."
    assert sorted(rated(photocull, shoot)) == sorted({line.split()[0] for line in changes})


def test_rating_again_has_nothing_to_change(photocull: Photocull, shoot: Path, half: Path) -> None:
    photocull("rate", shoot, "--policy", half)
    assert photocull("rate", shoot, "--policy", half, "--format", "json").records == []
    assert photocull("rate", shoot, "--policy", half, "--dry-run").out.startswith("Nothing would change.")


def test_json_tells_each_change(photocull: Photocull, shoot: Path, half: Path) -> None:
    records = photocull("rate", shoot, "--policy", half, "--format", "json").records
    assert len(records) == 6
    assert records[0] == {
        "path": str(shoot / names(records)[0]),
        "field": "rating",
        "before": None,
        "after": 4,
        "reason": "among the best 50 % of 6 photos in this shoot",
        "policy": "half",
        "done": True,
    }


def test_score_tells_whose_the_stars_are_and_why(photocull: Photocull, shoot: Path, half: Path) -> None:
    photocull("rate", shoot, "--policy", half)
    records = [r for r in photocull("score", shoot, "--format", "json").records if r["rating"]]
    reason = "among the best 50 % of 6 photos in this shoot"
    assert {r["rated_by"] for r in records} == {"photocull"}
    assert records[0]["rated_because"] == [
        {"field": "rating", "policy": "half", "text": reason},
        {"field": "pick", "policy": "half", "text": reason},
    ]
    assert "☆☆☆☆" in photocull("score", shoot).out


def test_what_one_marked_oneself_is_as_it_was_and_counted(photocull: Photocull, shoot: Path, half: Path) -> None:
    best = photocull("rate", shoot, "--policy", half, "--dry-run").out.split()[0]
    mark(photocull, shoot, "rating", **{Path(best).stem: 1})
    answer = photocull("rate", shoot, "--policy", half)
    assert "What you marked on 1 photo is as it was." in answer.out
    assert best not in rated(photocull, shoot)
    assert photocull("rate", shoot, "--undo").code == 0
    assert [(row.path.name, row.rating) for row in rows(photocull, shoot) if row.rating] == [(best, 1)]


def test_undo_takes_back_all_of_the_program_s_marks_there_and_no_others(
    photocull: Photocull, shoot: Path, half: Path, tmp_path: Path
) -> None:
    other = make_folder(tmp_path / "other", 4)[0].parent
    photocull("rate", shoot, other, "--policy", half)
    dry = photocull("rate", shoot, "--undo", "--dry-run")
    assert dry.out.splitlines()[-1] == "6 marks on 3 photos would change: no stars 3, no flag 3."
    assert len(rated(photocull, shoot)) == 3
    assert photocull("rate", shoot, "--undo").out.splitlines()[-1].startswith("6 marks on 3 photos changed")
    assert (rated(photocull, shoot), len(rated(photocull, other))) == ([], 2)
    assert photocull("rate", shoot, "--undo").out == "Nothing to change.\n"
    wrong = photocull("rate", shoot, "--undo", "--policy", "strict")
    assert (wrong.code, len(wrong.err.splitlines())) == (2, 1)


def test_a_shoot_too_small_for_ranks_is_said(photocull: Photocull, shoot: Path) -> None:
    answer = photocull("rate", shoot)
    assert answer.out.splitlines() == [
        "Nothing to change.",
        "Looked at 6 photos in 1 shoot by the policy 'cautious'.",
        "1 shoot of fewer than 20 scored photos: too few for ranks.",
    ]


def test_the_policy_of_the_settings_is_used_where_none_is_named(photocull: Photocull, shoot: Path, half: Path) -> None:
    save(Settings(policy=str(half)), folders().settings)
    assert "by the policy 'half'" in photocull("rate", shoot, "--dry-run").out


def test_with_write_xmp_sidecars_say_that_the_stars_are_the_program_s(
    photocull: Photocull, shoot: Path, half: Path
) -> None:
    assert photocull("rate", shoot, "--policy", half, "--write-xmp", "--dry-run").code == 0
    assert list(shoot.glob("*.xmp")) == []
    photocull("rate", shoot, "--policy", half, "--write-xmp")
    assert len(list(shoot.glob("*.xmp"))) == 6
    folders().catalog.unlink()
    photocull("score", shoot)
    assert {row.rated_by for row in rows(photocull, shoot) if row.rating} == {"photocull"}
    photocull("rate", shoot, "--undo", "--write-xmp")
    folders().catalog.unlink()
    photocull("score", shoot)
    assert rated(photocull, shoot) == []


def test_undo_says_which_sidecars_keep_the_program_s_marks_until_they_are_written(
    photocull: Photocull, shoot: Path, half: Path
) -> None:
    photocull("rate", shoot, "--policy", half, "--write-xmp")
    own = rated(photocull, shoot)[0]
    mark(photocull, shoot, "rating", **{Path(own).stem: 2})
    mark(photocull, shoot, "pick", **{Path(own).stem: "pick"})
    words = "Sidecars of 2 photos still say the program's marks; --undo with --write-xmp takes them back there too.\n"
    assert photocull("rate", shoot, "--undo", "--dry-run").err == ""
    assert photocull("rate", shoot, "--undo").err == words
    assert photocull("rate", shoot, "--undo").err == words, "it is as true the second time"
    assert photocull("rate", shoot, "--undo", "--write-xmp").err == ""
    assert photocull("rate", shoot, "--undo").err == ""
    folders().catalog.unlink()
    photocull("score", shoot)
    assert [(row.path.name, row.rating) for row in rows(photocull, shoot) if row.rating] == [(own, 2)]


@pytest.mark.parametrize(
    ("policy", "words"),
    [("cautius", "Did you mean 'cautious'?"), ("none.toml", "There is no such file"), ("a/b", "There is no such file")],
)
def test_a_policy_that_there_is_not_is_said_before_anything_is_scored(
    photocull: Photocull, shoot: Path, policy: str, words: str
) -> None:
    answer = photocull("rate", shoot, "--policy", policy)
    assert answer.code == 2
    assert words in answer.err
    assert len(answer.err.splitlines()) == 1
    with open_catalog(folders().catalog) as catalog:
        assert catalog.info().judged == 0


def test_a_photo_that_cannot_be_read_costs_one_line_and_the_exit_code(
    photocull: Photocull, shoot: Path, half: Path
) -> None:
    (shoot / "IMG_0009.jpg").write_bytes(b"")
    answer = photocull("rate", shoot, "--policy", half)
    assert (answer.code, len(answer.err.splitlines())) == (1, 1)
    assert len(rated(photocull, shoot)) == 3


def test_policies_are_listed_with_one_s_own_and_the_default(photocull: Photocull) -> None:
    folders().policies.mkdir(parents=True)
    (folders().policies / "mine.toml").write_text(POLICY)
    answer = photocull("policies")
    lines = answer.out.splitlines()
    assert answer.code == 0
    assert [line[:10].strip() for line in lines[:-1]] == ["absolute", "* cautious", "mine", "strict", "wedding"]
    assert lines[2] == "  mine      The best half (yours)"
    assert lines[-1] == f"Your own: {folders().policies}"
    entries = photocull("policies", "--format", "json").records
    assert [e["name"] for e in entries if e["default"]] == ["cautious"]
    assert [e["name"] for e in entries if e["own"]] == ["mine"]


def test_a_policy_of_one_s_own_that_is_wrong_is_told_and_the_others_listed(photocull: Photocull) -> None:
    folders().policies.mkdir(parents=True)
    (folders().policies / "mine.toml").write_text(POLICY.replace("stars", "star"))
    answer = photocull("policies")
    assert (answer.code, len(answer.out.splitlines())) == (1, 6)
    assert answer.err.count("\n") == 1
    assert "'give[1].star'; did you mean 'stars'?" in answer.err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_policy_of_any_name_rates_and_is_named_in_one_line(photocull: Photocull, shoot: Path) -> None:
    odd = folders().policies / os.fsdecode(b"\xff\nodd.toml")
    odd.parent.mkdir(parents=True)
    odd.write_text(POLICY)
    answer = photocull("rate", shoot, "--policy", odd)
    assert answer.code == 0
    assert answer.out.splitlines()[-1] == r"Looked at 6 photos in 1 shoot by the policy '\xff\nodd'."
    (because, _) = next(r["rated_because"] for r in photocull("score", shoot, "--format", "json").records if r["pick"])
    assert because["policy"] == r"\xff\nodd"
    assert len(photocull("policies").out.splitlines()) == 6
