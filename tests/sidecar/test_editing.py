"""Edits change the bytes of the wanted properties and no other: examples, and any document that hypothesis makes."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.core.errors import SidecarError
from photocull.sidecar import names
from photocull.sidecar.editing import BLANK, Changes, ListChange, checked, edited
from photocull.sidecar.parsing import parse
from tests.sidecar.packets import SPACES, bag, packet


def change(content: bytes, values: dict[str, str | None] | None = None, **lists: ListChange) -> bytes:
    by_name = {"subject": names.SUBJECT, "hierarchy": names.HIERARCHY, "colours": names.DARKTABLE_COLOURS}
    changes = Changes(values or {}, {by_name[name]: wanted for name, wanted in lists.items()})
    return checked(edited(parse(content), changes), changes)


def test_a_value_is_replaced_where_it_stands() -> None:
    for before, after in (
        (packet('xmp:Rating="4"'), packet('xmp:Rating="2"')),
        (packet("xmp:Rating = '4'"), packet("xmp:Rating = '2'")),
        (packet(inside="<xmp:Rating>4</xmp:Rating>"), packet(inside="<xmp:Rating>2</xmp:Rating>")),
        (packet(inside="<xmp:Rating/>"), packet(inside="<xmp:Rating>2</xmp:Rating>")),
        (packet(inside="<xmp:Rating>\n 4 <!-- four --> </xmp:Rating>"), packet(inside="<xmp:Rating>2</xmp:Rating>")),
    ):
        assert change(before, {names.RATING: "2"}) == after


def test_what_is_so_already_leaves_every_byte() -> None:
    content = packet('xmp:Rating=" 4 "', bag("dc:subject", "sea"))
    assert change(content, {names.RATING: "4", names.LABEL: None}, subject=ListChange(("sea",), ("sky",))) == content


def test_a_property_goes_with_the_space_before_it() -> None:
    assert change(packet('xmp:Rating="4"\n   xmp:Label="Red"'), {names.LABEL: None}) == packet('xmp:Rating="4"')
    with_label = packet(inside="\n   <xmp:Label>Red</xmp:Label>\n   <crs:A>1</crs:A>\n  ")
    assert change(with_label, {names.LABEL: None}) == packet(inside="\n   <crs:A>1</crs:A>\n  ")


def test_a_new_property_joins_the_first_description_and_declares_its_namespace() -> None:
    content = change(BLANK, {names.RATING: "4", names.PICK: "-1"}, subject=ListChange(("A & B <c>",)))
    document = parse(content)
    assert (document.text(names.RATING), document.text(names.PICK)) == ("4", "-1")
    assert document.items(names.SUBJECT) == ("A & B <c>",)
    assert content.count(b"xmlns:xmp=") == 1
    assert content.count(b"<rdf:Description") == 1


def test_a_prefix_that_is_taken_is_not_taken_again() -> None:
    content = BLANK.replace(b'rdf:about=""', b'rdf:about="" xmlns:xmp="http://example.com/" xmp:Rating="9"')
    after = change(content, {names.RATING: "4"})
    assert b'xmp:Rating="9"' in after
    assert parse(after).text(names.RATING) == "4"


def test_a_property_that_is_written_twice_is_changed_twice() -> None:
    second = b'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="1"/>\n </rdf:RDF>'
    content = packet('xmp:Rating="4"').replace(b"</rdf:RDF>", second)
    after = change(content, {names.RATING: "2"})
    assert [place.value for place in parse(after).all(names.RATING)] == ["2", "2"]


def test_entries_are_added_and_taken_away_one_by_one() -> None:
    content = packet(inside=bag("dc:subject", "sea", "sky", "sun"))
    after = change(content, subject=ListChange(("snow",), ("sky",)))
    assert after == packet(inside=bag("dc:subject", "sea", "sun", "snow"))
    assert change(packet(inside=bag("dc:subject", "sea")), subject=ListChange((), ("sea",))).count(b"rdf:li") == 0
    for empty in ("<dc:subject><rdf:Bag/></dc:subject>", "<dc:subject><rdf:Bag></rdf:Bag></dc:subject>"):
        assert parse(change(packet(inside=empty), subject=ListChange(("sea",)))).items(names.SUBJECT) == ("sea",)
    order = packet(inside=bag("darktable:colorlabels", "1", kind="Seq"))
    assert change(order, colours=ListChange(("0",), ("1",))).count(b"<rdf:Seq>") == 1


def test_a_form_that_only_its_writer_understands_is_not_touched() -> None:
    for inside in (
        '<xmp:Rating rdf:parseType="Resource"><rdf:value>4</rdf:value></xmp:Rating>',
        '<xmp:Rating xml:lang="x-default">4</xmp:Rating>',
        "<xmp:Rating><rdf:Description><rdf:value>4</rdf:value></rdf:Description></xmp:Rating>",
    ):
        with pytest.raises(SidecarError, match="form that is not understood"):
            change(packet(inside=inside), {names.RATING: "2"})
    with pytest.raises(SidecarError, match="form that is not understood"):
        change(packet('dc:subject="sea"'), subject=ListChange(("sky",)))


def test_encodings_stay() -> None:
    plain = packet('xmp:Label="Grün"')
    text = plain.decode().replace('<?xml version="1.0" encoding="UTF-8"?>\n', "")
    for content in (b"\xef\xbb\xbf" + plain, text.encode("utf-16")):
        after = change(content, {names.LABEL: "Red"})
        assert after[:3] == content[:3]
        assert parse(after).text(names.LABEL) == "Red"
    latin = plain.replace(b'"UTF-8"', b'"ISO-8859-1"').decode().encode("latin-1")
    assert parse(change(latin, subject=ListChange(("Łódź",)))).items(names.SUBJECT) == ("Łódź",)


FOREIGN = st.sampled_from(
    (
        "<crs:Exposure2012>+0.35</crs:Exposure2012>",
        "<crs:Odd a:b='&lt;x&gt;' xmlns:a='urn:a'>\r\n<!-- - > --><![CDATA[<xmp:Rating>5</xmp:Rating>]]></crs:Odd>",
        "<!-- <xmp:Rating>5</xmp:Rating> -->",
        "<?other xmp:Rating='5'?>",
        '<dc:creator><rdf:Seq><rdf:li xml:lang="x">Ünï</rdf:li></rdf:Seq></dc:creator>',
        '<crs:From><rdf:Description xmp:Rating="5"/></crs:From>',
        "<crs:Same><rdf:Bag><rdf:li>sea</rdf:li></rdf:Bag></crs:Same>",
        "<photoshop:Urgency>4</photoshop:Urgency>",
        "\r\n\t   \n<!---->",
    )
)
FOREIGN_ATTRIBUTES = st.sampled_from(
    ("crs:Tint='\"+4\"'", "crs:Name=\"a > b &amp; 'c'\"", "dc:format = 'image/x'", 'photoshop:City="Łódź"', "crs:B=''")
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).map(
    lambda text: text.strip() or "x"
)


@dataclass
class Made:
    content: bytes
    pieces: list[str]


@st.composite
def documents(draw: st.DrawFn) -> Made:
    """A sidecar of foreign pieces, with some of our properties between them in any form."""
    attributes = draw(st.lists(FOREIGN_ATTRIBUTES, max_size=5, unique_by=lambda text: text.split("=")[0].strip()))
    pieces = draw(st.lists(FOREIGN, max_size=8))
    inside = list(pieces)
    ours = list(attributes)
    for name, value in (("xmp:Rating", "3"), ("xmp:Label", "Red"), ("xmpDM:pick", "1")):
        form = draw(st.sampled_from(("none", "attribute", "element")))
        if form == "attribute":
            ours.insert(draw(st.integers(0, len(ours))), f'{name}="{value}"')
        elif form == "element":
            inside.insert(draw(st.integers(0, len(inside))), f"<{name}>{value}</{name}>")
    if draw(st.booleans()):
        inside.insert(
            draw(st.integers(0, len(inside))), bag("dc:subject", *draw(st.sampled_from(((), ("sea", "sky")))))
        )
    return Made(packet("\n  ".join(ours), "".join(inside)), [*attributes, *pieces])


@given(
    made=documents(),
    rating=st.sampled_from((None, "0", "5", "-1")),
    label=st.one_of(st.none(), TEXTS),
    add=st.lists(TEXTS, max_size=3),
    drop=st.lists(st.sampled_from(("sea", "sky")), max_size=2),
)
def test_foreign_content_stays_byte_for_byte(
    made: Made, rating: str | None, label: str | None, add: list[str], drop: list[str]
) -> None:
    wanted = {names.RATING: rating, names.LABEL: label, names.OWN_MODEL: "builtin-1"}
    drop = [word for word in drop if word not in add]
    after = change(made.content, wanted, subject=ListChange(tuple(add), tuple(drop)))
    place = after.index(b"rdf:about")
    for piece in map(str.encode, made.pieces):
        place = after.index(piece, place) + len(piece)
    assert stripped(after) == stripped(made.content)
    assert change(after, wanted, subject=ListChange(tuple(add), tuple(drop))) == after


def stripped(content: bytes) -> str:
    """The document without the properties that were changed, by another parser, space between elements left out."""
    root = ET.fromstring(content)
    changed = {_braced(n) for n in (names.RATING, names.LABEL, names.SUBJECT, names.OWN_MODEL)}
    for description in root.iter(f"{{{names.RDF}}}Description"):
        if description in list(root.find(f"{{{names.RDF}}}RDF") or ()):
            for name in changed & set(description.attrib):
                del description.attrib[name]
            for child in [c for c in description if c.tag in changed]:
                description.remove(child)
    return ET.canonicalize(ET.tostring(root), strip_text=True)


def _braced(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{{{space}}}{local}"


def test_the_property_test_can_fail() -> None:
    content = packet(inside="<crs:A>1</crs:A><xmp:Rating>4</xmp:Rating>")
    assert stripped(content.replace(b">1<", b">2<")) != stripped(content)
    assert set(SPACES) >= {"crs", "xmp"}
