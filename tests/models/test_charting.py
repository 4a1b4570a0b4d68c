"""The curve of agreement against time as text and as a picture, and how a card keeps it."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

from photocull.models.charting import curve_rows, svg_chart, text_chart
from photocull.models.registry import CurvePoint, SeedSpread, card_text, read_card
from photocull.models.store import cards

POINTS = tuple(
    CurvePoint(views, heads, 10.0 * ratio, ratio, {"BIQ2021": srcc, "snapshots": srcc - 0.1})
    for views, ratio, srcc in (((224,), 1.0, 0.84), ((384,), 3.0, 0.87), ((288, 448), 5.8, 0.88))
    for heads in ("ridge", "perceptrons")
)


def test_every_point_has_a_row_with_its_rate() -> None:
    headings, *rows = curve_rows(POINTS)
    assert headings == ("views", "heads", "time", "ms", "photos/s", "BIQ2021", "snapshots")
    assert len(rows) == len(POINTS)
    assert rows[-1] == ("288 + 448", "perceptrons", "5.80", "58.0", "17.2", "0.880", "0.780")


def test_the_text_chart_rises_to_the_right_and_fits_a_terminal() -> None:
    lines = text_chart(POINTS[::2], "BIQ2021")
    assert max(map(len, lines)) <= 80
    places = [line.find("o", 8) for line in lines[1:-2] if line.find("o", 8) > 0]
    assert len(places) == 3
    assert places == sorted(places, reverse=True)
    assert text_chart(POINTS, "no such set") == []


def test_the_picture_is_sound_svg_and_names_every_set_of_views() -> None:
    drawn = ElementTree.fromstring(svg_chart(POINTS))
    words = {text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert {"224", "384", "288 + 448", "BIQ2021, ridge", "snapshots, perceptrons"} <= words


def test_a_card_keeps_curve_seeds_recipe_and_views(tmp_path: Path) -> None:
    card = replace(
        cards()[0],
        views=(288, 448),
        recipe=(("file", "recipes/builtin-1.toml"),),
        seeds=(0, 1, 2),
        over_seeds=(SeedSpread("technical", "BIQ2021, validation", "SRCC", (0.88, 0.89, 0.9)),),
        not_for=("Deciding alone.",),
        curve=POINTS,
    )
    path = tmp_path / "card.json"
    path.write_text(card_text(card), "utf-8")
    assert read_card(path) == card


def test_the_interval_over_seeds_is_student_s() -> None:
    spread = SeedSpread("technical", "BIQ2021", "SRCC", (0.88, 0.89, 0.90))
    assert abs(spread.mean - 0.89) < 1e-12
    assert abs(spread.margin - 4.303 * 0.01 / 3**0.5) < 1e-9
