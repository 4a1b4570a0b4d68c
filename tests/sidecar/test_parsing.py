"""What a sidecar holds and where it stands; hostile ones cost one line and little else."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.core.errors import SidecarError
from photocull.sidecar import names
from photocull.sidecar.parsing import parse
from tests.sidecar.packets import bag, packet

ENTITY = b'<!DOCTYPE x [<!ENTITY a "5">]>'


def test_attributes_and_elements_are_properties_alike() -> None:
    for content in (packet('xmp:Rating="4"'), packet(inside="<xmp:Rating>4</xmp:Rating>")):
        document = parse(content)
        assert document.text(names.RATING) == "4"
        place = document.first(names.RATING)
        assert place is not None
        assert place.inner is not None
        assert document.data[place.inner.start : place.inner.end] == b"4"


def test_a_prefix_is_only_a_name() -> None:
    content = packet('xmp:Rating="4"').replace(b"xmp:Rating", b"z:Rating").replace(b"xmlns:xmp=", b"xmlns:z=")
    assert parse(content).text(names.RATING) == "4"


def test_a_prefix_that_means_something_else_is_no_rating() -> None:
    content = packet('xmp:Rating="4"').replace(b'"http://ns.adobe.com/xap/1.0/"', b'"http://example.com/"')
    assert parse(content).text(names.RATING) is None


def test_arrays_have_entries_with_places() -> None:
    document = parse(packet(inside=bag("dc:subject", "sea", "S&amp;M &lt;1&gt;", "Fahrrad")))
    assert document.items(names.SUBJECT) == ("sea", "S&M <1>", "Fahrrad")
    place = document.first(names.SUBJECT)
    assert place is not None
    first = place.items[0].whole
    assert document.data[first.start : first.end] == b"<rdf:li>sea</rdf:li>"


def test_what_a_photo_was_made_from_is_not_its_own() -> None:
    inside = '<crs:From><rdf:Description xmp:Rating="5"><xmp:Label>Red</xmp:Label></rdf:Description></crs:From>'
    assert parse(packet(inside=inside)).properties == ()


def test_all_encodings_of_xmp_are_read_and_kept() -> None:
    plain = packet('xmp:Label="Grün"')
    text = plain.decode().replace('<?xml version="1.0" encoding="UTF-8"?>\n', "")
    latin = plain.replace(b'"UTF-8"', b'"ISO-8859-1"').decode().encode("latin-1")
    for content in (plain, b"\xef\xbb\xbf" + plain, text.encode("utf-16"), text.encode("utf-16-le"), latin):
        document = parse(content)
        assert document.text(names.LABEL) == "Grün"
        assert document.in_file(document.data) == content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\0\0\0\n", "empty"),
        (b"rating: 5", "not well-formed XML (line 1)"),
        (packet()[:-20], "not well-formed XML"),
        (packet().replace(b"</x:xmpmeta>", b""), "not well-formed"),
        (b"<html><body/></html>", "holds no description"),
        (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>', "holds no description"),
        (packet('xmp:Label="\xff"'.encode("latin-1").decode("latin-1")).replace("ÿ".encode(), b"\xff"), "no text"),
        (packet().replace(b'"UTF-8"', b'"EBCDIC-XY"'), "encoding"),
        (packet('unbound:Rating="5"'), "not well-formed"),
    ],
)
def test_what_is_no_sidecar_is_refused_in_one_line(content: bytes, words: str) -> None:
    with pytest.raises(SidecarError, match="it is left as it is") as caught:
        parse(content)
    assert words in caught.value.sentence
    assert "\n" not in str(caught.value)


def test_a_document_type_is_refused_whatever_it_defines(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("5")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    for head in (
        ENTITY,
        f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'.encode(),
        f'<!DOCTYPE x SYSTEM "{secret.as_uri()}">'.encode(),
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}<!ENTITY a "&l11;">]>'.encode(),
    ):
        body = packet(inside="<xmp:Rating>&a;</xmp:Rating>")
        start = body.index(b"?>") + 2
        began = time.perf_counter()
        with pytest.raises(SidecarError, match="document type"):
            parse(body[:start] + head + body[start:])
        assert time.perf_counter() - began < 1


def test_an_entity_without_a_definition_is_refused() -> None:
    with pytest.raises(SidecarError, match="well-formed"):
        parse(packet(inside="<xmp:Rating>&a;</xmp:Rating>"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packet(inside="<crs:A>" * 5000 + "</crs:A>" * 5000), "nested"),
        (b" " * (100 << 20) + packet(), "larger than 32 MB"),
        (packet(inside="<crs:A>" + "x" * (100 << 20) + "</crs:A>"), "larger than 32 MB"),
    ],
    ids=["deep", "100 MB of space", "100 MB of text"],
)
def test_what_is_too_deep_or_too_large_is_refused_at_once(content: bytes, words: str) -> None:
    began = time.perf_counter()
    with pytest.raises(SidecarError, match=words):
        parse(content)
    assert time.perf_counter() - began < 3


def test_a_large_sidecar_of_an_editor_is_read() -> None:
    document = parse(packet('xmp:Rating="3"', bag("crs:Masks", *["9f" * 500] * 8000)))
    assert document.text(names.RATING) == "3"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for data in (content, packet('xmp:Rating="1"').replace(b"/>", content + b"/>", 1)):
        try:
            document = parse(data)
        except SidecarError:
            continue
        assert document.in_file(document.data) == data
