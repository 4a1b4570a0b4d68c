"""Ratings and labels that other programs left in the file, in every container, and no harm from hostile ones."""

import time
from pathlib import Path

import pytest
from PIL import Image

from photocull.photo.exif import read_exif
from photocull.photo.facts import exif_of
from tests.building import draw
from tests.photo.exif_blocks import (
    SHORT,
    block,
    described,
)
from tests.photo.jxl_files import box, codestream, packed, write_boxed


@pytest.mark.parametrize(
    ("packet", "rating", "label"),
    [
        (described('xmp:Rating="4" xmp:Label="Red"'), 4, "Red"),
        (described(inside="<xmp:Rating>2</xmp:Rating><xmp:Label>To do\n now</xmp:Label>"), 2, "To do now"),
        (described('xmp:Rating="-1"'), -1, None),
        (described('xmp:Rating="3.0"'), 3, None),
        (described('xmp:Rating="7" xmp:Label=""'), None, None),
        (described('xmp:Rating="nan"'), None, None),
        (described(inside='<xmp:Thing><rdf:Description xmp:Rating="5"/></xmp:Thing>'), None, None),
        (described('xmp:Rating="1"') + bytes(2000), 1, None),
        (described('xmp:Rating="1"')[:-40], 1, None),
        (described('xmp:Rating="1"').decode().encode("utf-16"), 1, None),
        (b"", None, None),
        (b"<", None, None),
    ],
)
def test_marks_of_other_programs_are_read(packet: bytes, rating: int | None, label: str | None) -> None:
    found = exif_of(None, packet)
    assert (found.rating, found.label) == (rating, label)


SPACES = (
    'xmlns:xmpDM="http://ns.adobe.com/xmp/1.0/DynamicMedia/" xmlns:digiKam="http://www.digikam.org/ns/1.0/" '
    'xmlns:acdsee="http://ns.acdsee.com/iptc/1.0/" xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/" '
    'xmlns:photomechanic="http://ns.camerabits.com/photomechanic/1.0/"'
)


@pytest.mark.parametrize(
    ("attributes", "pick"),
    [
        ('xmpDM:pick="1" xmpDM:good="true"', "pick"),
        ('xmpDM:pick="-1" xmpDM:good="False"', "reject"),
        ('xmpDM:pick="0"', "none"),
        ('xmpDM:pick="0" digiKam:PickLabel="3"', "pick"),
        ('digiKam:PickLabel=" 1 "', "reject"),
        ('digiKam:PickLabel="2"', "none"),
        ('photomechanic:Tagged="True"', "pick"),
        ('xmpDM:pick="1" digiKam:PickLabel="1"', None),
        ('xmpDM:pick="7" digiKam:PickLabel="x"', None),
        ('xmp:Rating="-1"', None),
    ],
)
def test_flags_of_other_programs_are_read(attributes: str, pick: str | None) -> None:
    assert exif_of(None, described(attributes, SPACES)).pick == pick


@pytest.mark.parametrize(
    ("attributes", "rating", "label"),
    [
        ('acdsee:rating="4" MicrosoftPhoto:Rating="25"', 4, None),
        ('MicrosoftPhoto:Rating="75"', 4, None),
        ('xmp:Rating="2" acdsee:rating="4" xmp:Label="Blue" digiKam:ColorLabel="1"', 2, "Blue"),
        ('xmp:Rating="-1" acdsee:rating="4"', -1, None),
        ('digiKam:ColorLabel="6"', None, "purple"),
        ('digiKam:ColorLabel="0"', None, None),
        ('xmp:Label="Red" digiKam:ColorLabel="2"', None, "orange"),
    ],
)
def test_stars_and_colours_in_other_properties_are_read_where_the_usual_ones_are_silent(
    attributes: str, rating: int | None, label: str | None
) -> None:
    found = exif_of(None, described(attributes, SPACES))
    assert (found.rating, found.label) == (rating, label)


def test_entities_are_refused_whatever_they_would_grow_to() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    start = time.thread_time()
    assert exif_of(None, bomb.encode() + described(inside="<xmp:Rating>&a;</xmp:Rating>")).rating is None
    outside = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'
    assert exif_of(None, outside.encode() + described('xmp:Rating="1"')).rating is None
    assert exif_of(None, b"<a>" * 1_000_000).rating is None
    assert exif_of(None, bytes(5 << 20)).rating is None
    assert time.thread_time() - start < 5


def test_stars_in_exif_hold_where_xmp_is_silent() -> None:
    stars = block([(0x4746, SHORT, [3])])
    assert exif_of(stars).rating == 3
    assert exif_of(stars, described('xmp:Rating="5"')).rating == 5
    assert exif_of(block([(0x4746, SHORT, [9])])).rating is None
    percents = {0: 0, 1: 1, 25: 2, 50: 3, 75: 4, 99: 5, 100: 5, 900: None}
    assert {p: exif_of(block([(0x4749, SHORT, [p])])).rating for p in percents} == percents


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".avif"])
def test_marks_are_found_in_every_container(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    packet = described('xmp:Rating="4" xmp:Label="Blue"')
    extra = {"xmp": packet}
    if suffix == ".png":
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet.decode())
        extra = {"pnginfo": info}
    if suffix == ".tif":
        extra = {"tiffinfo": {700: packet}}
    Image.new("RGB", (60, 40)).save(path, **extra)
    found = read_exif(path)
    assert (found.rating, found.label) == (4, "Blue")


def test_marks_in_jpeg_xl_are_found_plain_and_packed(tmp_path: Path) -> None:
    stream, packet = codestream(draw((60, 40))), described('xmp:Rating="4"')
    for one in (box(b"xml ", packet), packed(b"xml ", packet)):
        assert read_exif(write_boxed(tmp_path / "a.jxl", stream, one)).rating == 4
