"""Every state without a photo has a sentence and a way on."""

from pathlib import Path

import pytest

from photocull.ui.pages import WELCOME, Situation, page_for

HERE = (Path("/photos/Iceland"),)


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (Situation(), "welcome"),
        (Situation(HERE, shown=None), None),
        (Situation(HERE, shown=5), None),
        (Situation(HERE, shown=5, missing=frozenset(HERE)), None),
        (Situation(HERE, shown=0, running=True), "looking"),
        (Situation(HERE, shown=0), "nothing-found"),
        (Situation(HERE, shown=0, filtered=True), "no-match"),
        (Situation(HERE, shown=0, filtered=True, running=True), "no-match"),
        (Situation(HERE, shown=0, missing=frozenset(HERE)), "vanished"),
        (Situation(HERE, shown=None, failure="The model is damaged."), "failed"),
        (Situation(HERE, shown=5, failure="The model is damaged."), None),
    ],
)
def test_each_state_has_its_page(now: Situation, kind: str | None) -> None:
    page = page_for(now)
    assert (page.kind if page else None) == kind
    if page is not None:
        assert page.title
        assert page.lines
        assert page.command or page.kind == "looking"


def test_the_first_page_says_what_never_happens() -> None:
    assert any("never" in line for line in WELCOME.lines)
    assert WELCOME.drop


def test_a_failure_is_told_in_its_own_words() -> None:
    page = page_for(Situation(HERE, shown=0, failure="The model's weights are damaged. Install Photocull again."))
    assert page is not None
    assert page.lines == ("The model's weights are damaged. Install Photocull again.",)


def test_several_vanished_folders_are_counted() -> None:
    two = (Path("/a"), Path("/b"))
    page = page_for(Situation(two, shown=0, missing=frozenset(two)))
    assert page is not None
    assert page.title == "These 2 folders cannot be found"


def test_one_folder_that_is_there_is_enough_to_look_in() -> None:
    two = (Path("/a"), Path("/b"))
    page = page_for(Situation(two, shown=0, missing=frozenset(two[:1])))
    assert page is not None
    assert page.kind == "nothing-found"
