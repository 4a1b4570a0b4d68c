"""Naming templates: what each word becomes, what is refused, and names that every file system takes."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from photocull.catalog.records import PhotoDetail, SchemeRecord
from photocull.core.errors import UsageError
from photocull.core.types import Exif, Theme
from photocull.picks.naming import FIELDS, Template, preview, subjects
from photocull.picks.safe_names import MOST_BYTES, folded, safe
from tests.picks.test_choose import detail

TAKEN = datetime(2024, 5, 1, 10, 20, 30, tzinfo=UTC)
anything = st.text(st.characters(exclude_categories=()), max_size=300)


def known() -> PhotoDetail:
    plain = detail("IMG_1.NEF", 6.42, taken=TAKEN)
    return replace(
        plain,
        row=replace(plain.row, rating=4, label="red", path=Path("/shoots/Rome/IMG_1.NEF")),
        exif=replace(plain.exif, camera="Nikon Z 6/II", lens="50mm f/1.8"),
        themes=(Theme("blue", 0.9), Theme("sunset", 0.8)),
        scheme=SchemeRecord("complementary", "orange_blue", "complementary", ()),
    )


def name(template: str, *details: PhotoDetail, which: int = 0) -> str:
    return str(Template(template).fill(subjects(details or (known(),))[which]))


@pytest.mark.parametrize(
    ("template", "named"),
    [
        ("{name}", "IMG_1"),
        ("{folder}/{name}", "Rome/IMG_1"),
        ("{date}_{time}", "2024-05-01_102030"),
        ("{date:%Y/%m}/{name}", "2024/05/IMG_1"),
        ("{date:100%%}", "100%"),
        ("{camera}", "Nikon Z 6-II"),
        ("{lens}", "50mm f-1.8"),
        ("{score} {score:2} {score:0}", "6.4 6.42 6"),
        ("{aesthetic}{colour}{technical}", "6.41.06.4"),
        ("{theme}", "sunset"),
        ("{colours}", "orange_blue"),
        ("{stars}{label}", "4red"),
        ("{rank:3}-{sequence}", "001-1"),
        ("{{{name}}}", "{IMG_1}"),
        ("best//{name}/ ", "best/IMG_1"),
    ],
)
def test_each_word_becomes_what_the_photo_has(template: str, named: str) -> None:
    assert name(template) == named


def test_what_a_photo_does_not_have_is_said_to_be_unknown() -> None:
    bare = detail("a.jpg", None)
    words = ("date", "camera", "lens", "score", "theme", "colours")
    assert {name(f"{{{word}}}", bare) for word in words} == {"unknown"}
    assert name("{stars}{label}", bare) == "0none"


@pytest.mark.parametrize(
    ("stem", "template", "named"),
    [(" ", "{name}", "_"), (" ", "{folder}/{name}", "Rome/_"), ("a", "{date:/}", "_"), ("a", "{date: }", "_")],
)
def test_a_photo_that_is_called_by_a_blank_does_not_take_its_folder_s_place(
    stem: str, template: str, named: str
) -> None:
    photo = replace(known(), row=replace(known().row, path=Path(f"/shoots/Rome/{stem}.jpg")))
    assert name(template, photo) == named


def test_a_photo_of_colours_alone_is_named_by_the_first_and_one_without_a_scheme_by_its_harmony() -> None:
    photo = replace(known(), themes=(Theme("blue", 0.9),), scheme=SchemeRecord(None, None, "triadic", ()))
    assert name("{theme} {colours}", photo) == "blue triadic"


def test_a_guess_names_no_photo() -> None:
    assert name("{theme}", replace(known(), themes=(Theme("sunset", 0.49), Theme("sea", 0.3)))) == "unknown"


def test_the_rank_is_the_place_in_the_choice_and_the_sequence_the_place_in_time() -> None:
    best_first = [
        detail("c", taken=TAKEN.replace(hour=9)),
        detail("a"),
        *(detail(f"b{n}", taken=TAKEN) for n in range(9)),
    ]
    named = [name("{rank}-{sequence}", *best_first, which=i) for i in range(11)]
    assert named[:3] == ["01-01", "02-11", "03-02"]


@pytest.mark.parametrize(
    "template",
    ["", "/", "/etc/{name}", "{", "}", "{name", "{names}", "{name!r}", "{name.x}", "{0}", "{}", "{date:{name}}",
     "{rank:x}", "{rank:0}", "{rank:99}", "{score:9}", "{name:>9}", "{date:%Q}", "{date:%}", "a\x00b", "a\udc80b"],
)  # fmt: skip
def test_a_template_that_cannot_be_is_refused_with_the_words_there_are(template: str) -> None:
    with pytest.raises(UsageError) as refused:
        Template(template)
    assert refused.value.remedy


def test_only_templates_that_say_something_of_the_picture_need_it_read() -> None:
    assert not Template("{folder}/{name}-{stars}{label}").needs_scores
    assert all(Template(f"{{{word}}}").needs_scores for word in ("date", "rank", "score", "theme", "sequence"))


def test_the_preview_shows_the_first_names_with_their_endings() -> None:
    photos = [known(), detail("b.jpg", taken=TAKEN), detail("c.jpg"), detail("d.jpg")]
    assert preview("{rank}_{name}", photos, count=2) == ["1_IMG_1.NEF", "2_b.jpg"]


@pytest.mark.parametrize("word", FIELDS)
def test_every_word_says_what_it_stands_for_and_names_a_photo(word: str) -> None:
    assert FIELDS[word].about
    assert name(f"{{{word}}}")


@given(anything)
@example("CON")
@example("nul.txt")
@example("..")
@example("a" * 300)
@example("é" * 300)
@example("com1" + "x" * 300)
def test_a_safe_name_is_safe_everywhere(text: str) -> None:
    made = safe(text)
    assert made
    assert len(made.encode("utf-8")) <= MOST_BYTES  # raises for what is no Unicode
    assert not re.search(r'[<>:"/\\|?*]', made)
    assert made.isprintable()
    assert made == made.strip(" ")
    assert not made.startswith(".")
    assert not made.endswith(".")
    assert made.split(".")[0].casefold() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}
    assert safe(made) == made


@given(anything, anything, anything)
def test_no_photo_s_words_lead_out_of_the_folder(stem: str, camera: str, folder: str) -> None:
    photo = replace(known(), exif=Exif(camera=camera))
    photo = replace(photo, row=replace(photo.row, path=Path("/x") / safe(folder) / f"{safe(stem)}.jpg"))
    filled = PurePosixPath(name("{folder}/{camera}/{name}", photo))
    assert len(filled.parts) <= 3
    assert ".." not in filled.parts
    assert not filled.is_absolute()


def test_names_that_some_system_takes_for_one_are_one() -> None:
    assert folded("IMG.JPG") == folded("img.jpg")
    assert folded("e\u0301") == folded("É")
    assert folded("a") != folded("b")
