"""Reasons: plain words, strongest first, each from a number, and never a reject without one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.core.types import ColourScheme, Theme
from photocull.core.vocabulary import FLAGS, HARMONIES, OVERLAY_KINDS, THEMES
from photocull.judge.reasons import LOW, Scores, describe_scheme, reasons

PLAIN = ColourScheme(None, None, "analogous", ())
DESERT = ColourScheme("complementary", "orange_blue", "complementary", ())
FINE = Scores(5.5, 5.5, 5.5, 5.5)
SCORE = st.floats(0, 10)


def _texts(*arguments: object, **facts: float) -> list[str]:
    scores, flags, scheme = arguments
    return [reason.text for reason in reasons(scores, facts, flags, scheme)]  # type: ignore[arg-type]


def test_a_sharp_photo_is_sharp_where_it_matters_and_the_overlay_shows_it() -> None:
    found = reasons(FINE, {"focus_best": 0.95, "focus_centre": 0.9}, (), DESERT)
    assert (found[0].text, found[0].overlay) == ("sharp where it matters", "focus")
    assert found[0].weight > 0


def test_what_most_photos_are_stands_behind_what_is_special_to_one() -> None:
    crisp = {"focus_best": 1.0, "focus_centre": 1.0}
    good = [reason.text for reason in reasons(Scores(7.0, 5.5, 7.0, 6.8), crisp, (), PLAIN)]
    assert good.index("sharp where it matters") > good.index("composition and light rated high")
    assert good.index("sharp where it matters") > good.index("technically clean")
    coloured = [reason.text for reason in reasons(Scores(5.5, 7.0, 5.5, 5.7), crisp, (), DESERT)]
    assert coloured.index("sharp where it matters") > coloured.index("orange against blue, complementary")


@pytest.mark.parametrize(("technical", "flags"), [(4.9, ()), (5.5, ("noisy",))])
def test_grain_and_blocks_are_not_praised_for_being_crisp(technical: float, flags: tuple[str, ...]) -> None:
    scores = Scores(5.5, 5.5, technical, 5.3)
    crisp = {"focus_best": 0.95, "focus_centre": 0.9}
    assert "sharp where it matters" not in [reason.text for reason in reasons(scores, crisp, flags, DESERT)]


def test_blown_highlights_come_with_their_share() -> None:
    found = reasons(FINE, {"blown_area": 0.07}, (), PLAIN)
    assert (found[0].text, found[0].overlay) == ("blown highlights, 7 % of the picture", "clipping")
    assert found[0].weight < 0


@pytest.mark.parametrize(
    ("flag", "facts", "text"),
    [
        ("underexposed", {"exposure_stops": -1.6}, "underexposed by about 1.5 stops"),
        ("overexposed", {"exposure_stops": 0.9}, "overexposed by about 1 stop"),
        ("blurred", {"motion_blur": 0.9}, "blurred by movement"),
        ("blurred", {"motion_blur": 0.0}, "nothing is sharp"),
        ("noisy", {"noise": 8.0, "noise_shadows": 12.0}, "much noise in the shadows"),
        ("noisy", {"noise": 8.0, "noise_shadows": 8.0}, "much noise"),
        ("colour-cast", {"cast_hue": 80.0}, "a yellowish cast"),
        ("tilted", {"tilt": -3.2}, "tilted by about 3°"),
    ],
)
def test_each_flag_is_said_in_words(flag: str, facts: dict[str, float], text: str) -> None:
    found = reasons(FINE, facts, (flag,), PLAIN)
    assert found[0].text == text
    assert found[0].weight < 0


def test_colours_are_described_as_photographers_do() -> None:
    assert describe_scheme(DESERT) == "orange against blue, complementary"
    assert describe_scheme(ColourScheme("monochromatic", "darkgreen", "monochromatic", ())) == "dark green throughout"
    assert describe_scheme(ColourScheme("monochromatic", "gray", "achromatic", ())) == "black and white tones"
    red = ColourScheme("monochromatic", "red", "monochromatic", ())
    assert "red among greys" in _texts(FINE, (), red, grey_share=0.8)
    assert describe_scheme(PLAIN) == "neighbouring hues"


def test_a_certain_theme_is_a_reason_and_a_doubtful_one_is_not() -> None:
    sunset = reasons(FINE, {}, (), PLAIN, (Theme("sunset", 0.9),))
    assert ("looks like a sunset", "theme") in [(reason.text, reason.overlay) for reason in sunset]
    assert all("sunset" not in reason.text for reason in reasons(FINE, {}, (), PLAIN, (Theme("sunset", 0.3),)))


def test_dull_colours_are_named_where_the_colour_score_is_low() -> None:
    assert "dull colours" in _texts(Scores(5, 2, 5, 4), (), PLAIN, colourfulness=12.0)
    assert "dull colours" not in _texts(Scores(5, 7, 5, 5), (), PLAIN, colourfulness=12.0)


@given(SCORE, SCORE, SCORE, SCORE, st.sets(st.sampled_from(FLAGS)), st.sampled_from(HARMONIES), st.data())
def test_reasons_are_few_short_and_sorted_and_a_low_score_never_lacks_one(
    aesthetic: float,
    colour: float,
    technical: float,
    overall: float,
    flags: set[str],
    harmony: str,
    data: st.DataObject,
) -> None:
    names = ("focus_best", "focus_centre", "focus_known", "blown_area", "blocked_area", "motion_blur", "colourfulness")
    facts = data.draw(st.dictionaries(st.sampled_from(names), st.floats(0, 1)))
    theme = Theme(data.draw(st.sampled_from(THEMES)), data.draw(st.floats(0.05, 1)))
    scheme = ColourScheme(None, None, harmony, ())  # type: ignore[arg-type]
    found = reasons(Scores(aesthetic, colour, technical, overall), facts, sorted(flags), scheme, (theme,))
    assert 2 <= len(found) <= 6
    weights = [abs(reason.weight) for reason in found]
    assert weights == sorted(weights, reverse=True)
    assert all(weight <= 1 for weight in weights)
    for reason in found:
        assert reason.text[0] == reason.text[0].lower()
        assert not reason.text.endswith(".")
        assert len(reason.text) < 60
        assert reason.overlay is None or reason.overlay in OVERLAY_KINDS
    if overall < LOW:
        assert any(reason.weight < 0 for reason in found)
