"""The contact sheet: one file that a browser shows without fetching anything, whatever names and words it holds."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from photocull.catalog.records import ReasonRecord, SchemeRecord
from photocull.core.types import Swatch, Theme
from photocull.picks.contact_sheet import Shot, contact_sheet
from tests.picks.test_choose import detail

NASTY = "<script>alert(1)</script>\"'&\u202egpj.exe\udcff"
VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """Tags with their attributes, the text, and whether everything that is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def shot(name: str = "best-1.jpg", picture: bytes | None = b"\xff\xd8jpeg") -> Shot:
    photo = detail(name.replace("/", ""), 7.25, colour=3.5)
    scheme = SchemeRecord(
        "complementary", "orange_blue", "complementary", (Swatch("#e08a3c", 0.7), Swatch("#102030", 0.3))
    )
    reasons = (ReasonRecord(f"sharp {NASTY}", 1.0, None), ReasonRecord("calm", 0.5, None))
    return Shot(replace(photo, scheme=scheme, reasons=reasons), name, picture)


def page(*shots: Shot, title: str = "Rome") -> tuple[str, Page]:
    text = "".join(contact_sheet(title, shots, len(shots)))
    return text, Page(text)


def test_it_shows_picture_scores_palette_and_reasons() -> None:
    text, shown = page(shot(), shot("second.jpg"))
    words = " ".join(shown.words)
    for expected in ("2 photos", "1. best-1.jpg", "2. second.jpg", "7.2", "3.5", "orange and blue", "calm"):
        assert expected in words
    assert text.count("data:image/jpeg;base64,/9hqcGVn") == 2
    assert text.count("background:#e08a3c;flex:0.7000") == 2
    assert not shown.open


def test_it_tells_the_themes_that_a_photo_shows_and_no_guesses() -> None:
    themed = shot()
    themed = replace(themed, detail=replace(themed.detail, themes=(Theme("sea", 0.7), Theme("citysky", 0.3))))
    words = " ".join(page(themed)[1].words)
    assert "sea" in words
    assert "city sky" not in words


def test_it_fetches_nothing() -> None:
    text, shown = page(shot(), shot(NASTY), title=NASTY)
    assert not re.search(r"https?:|//|url\(|@import", re.sub(r"base64,[^\"]*", "", text))
    for tag, attributes in shown.tags:
        assert tag not in {"script", "link", "iframe", "object", "base", "a", "form"}
        assert not [name for name in attributes if name.startswith("on") or name in {"href", "srcset", "action"}]
        assert attributes.get("src", "data:") is not None
        assert str(attributes.get("src", "data:")).startswith("data:")
    policy = next(a["content"] for tag, a in shown.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_names_and_reasons_are_text_whatever_they_hold() -> None:
    text, shown = page(shot(NASTY), title=NASTY)
    text.encode("utf-8")
    assert "\u202e" not in text
    assert any("<script>alert(1)</script>" in words for words in shown.words)
    assert {tag for tag, _ in shown.tags} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "p", "main", "article", "div", "img", "span", "h2",
        "dl", "dt", "dd", "meter", "ul", "li",
    }  # fmt: skip


def test_a_colour_that_is_none_does_not_get_into_the_style() -> None:
    bad = shot()
    scheme = SchemeRecord(None, None, "triadic", (Swatch('red"><script>', 1.0),))
    text, _ = page(replace(bad, detail=replace(bad.detail, scheme=scheme)))
    assert "<script" not in text


def test_what_could_not_be_read_says_why() -> None:
    broken = shot("a.jpg", None)
    row = replace(broken.detail.row, error="The file is empty (0 bytes).", overall=None, aesthetic=None, colour=None)
    text, shown = page(replace(broken, detail=replace(broken.detail, row=replace(row, technical=None), scheme=None)))
    assert "The file is empty (0 bytes)." in shown.words
    assert "<dl>" not in text
    assert "<img" not in text
    assert Path(broken.name).name == "a.jpg"
