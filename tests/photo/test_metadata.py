"""What photographers ask of a file beyond time and lens: the focus point, how it was shot, its place, its marks."""

import io
import struct
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photocull.core.types import Exif, FocusPoint, GpsPosition
from photocull.photo.exif import read_exif
from photocull.photo.facts import exif_of
from photocull.photo.orientation import shown_point, upright
from tests.building import draw
from tests.photo.exif_blocks import (
    LONG,
    RATIONAL,
    SHORT,
    SIGNED_RATIONAL,
    TEXT,
    UNDEFINED,
    Entry,
    Order,
    block,
    directory,
    words,
)
from tests.photo.jxl_files import box, codestream, exif_box, packed, under_header, write_boxed

Note = Callable[[int], bytes]


def camera(make: str, model: str = "Model 1") -> list[Entry]:
    return [(0x010F, TEXT, words(make)), (0x0110, TEXT, words(model))]


def size(width: int, height: int) -> list[Entry]:
    return [(0xA002, LONG, [width]), (0xA003, LONG, [height])]


def plain(*entries: Entry, start: bytes = b"", order: Order = "<") -> Note:
    """A note that is a directory behind some bytes, whose offsets count from the file's header."""
    return lambda at: start + directory(entries, at + len(start), order)


def own(*entries: Entry, start: bytes, order: Order = "<") -> Note:
    """A note whose offsets count from its own beginning."""
    return lambda at: start + directory(entries, len(start), order)


def nikon(*entries: Entry, order: Order = ">") -> Note:
    head = b"MM\0*" if order == ">" else b"II*\0"
    return lambda at: b"Nikon\0\2\x10\0\0" + head + struct.pack(order + "I", 8) + directory(entries, 8, order)


def olympus(*settings: Entry) -> Note:
    start = b"OLYMPUS\0II\3\0"
    inner = len(start) + 2 + 12 + 4
    return lambda at: start + directory([(0x2020, LONG, [inner])], len(start)) + directory(settings, inner)


def canon_list(*values: int) -> list[int]:
    """A list as Canon writes it: its length in bytes first."""
    return [value & 0xFFFF for value in (2 * (len(values) + 1), *values)]


def canon_points(xs: Sequence[int], ys: Sequence[int], in_focus: int) -> list[int]:
    count = len(xs)
    flags = [in_focus >> 16 * i & 0xFFFF for i in range((count + 15) // 16)]
    return canon_list(2, count, count, 6000, 4000, 6000, 4000, *[100] * 2 * count, *xs, *ys, *flags, *flags, 0)


def near(found: FocusPoint | None, x: float, y: float) -> bool:
    return found is not None and (found.x, found.y) == (pytest.approx(x, abs=1e-3), pytest.approx(y, abs=1e-3))


SUBJECT = [(0x9214, SHORT, [1500, 1000, 200, 100]), *size(6000, 4000)]
PLACES: dict[str, tuple[bytes, float, float]] = {
    "canon": (
        block(camera("Canon", "Canon EOS R6"), note=plain((0x0026, SHORT, canon_points([-1500, 0], [1000, 0], 1)))),
        0.25, 0.25,
    ),
    "canon, the middle of two points": (
        block(camera("Canon", "Canon EOS R6"), note=plain((0x003C, SHORT, canon_points([-1500, 1500], [0, 0], 3)))),
        0.5, 0.5,
    ),
    "canon, a thousand points": (
        block(camera("Canon", "Canon EOS R5"),
              note=plain((0x0026, SHORT, canon_points(list(range(1053)), [1000] * 1053, 1 << 1000)))),
        0.5 + 1000 / 6000, 0.25,
    ),
    "canon compact, where y goes down": (
        block(camera("Canon", "Canon PowerShot A520"), note=plain(
            (0x0012, SHORT, [2, 2, 2272, 1704, 2272, 284, 409, 51, 0, 65536 - 410, 0, 71, 2, 1]))),
        0.5 - 410 / 2272, 0.75,
    ),
    "nikon, contrast detection": (
        block(camera("NIKON CORPORATION"), order=">", note=nikon(
            (0x00B7, UNDEFINED, b"0100\1" + bytes(11) + struct.pack(">4H", 6000, 4000, 1500, 3000) + bytes(8)))),
        0.25, 0.75,
    ),
    "nikon z": (
        block(camera("NIKON CORPORATION"), note=nikon(
            (0x00B7, UNDEFINED, b"0401" + bytes(0x3A) + struct.pack("<4H", 8256, 5504, 2064, 1376) + bytes(8)),
            order="<")),
        0.25, 0.25,
    ),
    "sony": (
        block(camera("SONY"), note=plain((0x2027, SHORT, [7008, 4672, 1752, 3504]), start=b"SONY DSC \0\0\0")),
        0.25, 0.75,
    ),
    "sony without its name": (block(camera("SONY"), note=plain((0x2027, SHORT, [7008, 4672, 1752, 3504]))), 0.25, 0.75),
    "fuji": (
        block(camera("FUJIFILM"), size(6000, 4000), note=own(
            (0x1023, SHORT, [1500, 3000]), (0x1101, SHORT, [0]), start=b"FUJIFILM\x0c\0\0\0")),
        0.25, 0.75,
    ),
    "panasonic": (
        block(camera("Panasonic"), note=plain((0x004D, RATIONAL, [256, 1024, 768, 1024]), start=b"Panasonic\0\0\0")),
        0.25, 0.75,
    ),
    "olympus, the chosen point": (
        block(camera("OLYMPUS CORPORATION"), note=olympus(
            (0x0305, SIGNED_RATIONAL, [0, 0, 1, 4, 2, 4, 1, 4, 2, 4]))),
        0.25, 0.5,
    ),
    "olympus, an area": (
        block(camera("OM Digital Solutions"), note=olympus((0x0304, LONG, [0, 0x33006600, *[0] * 62]))),
        0.3, 0.0,
    ),
    "exif's subject": (block(camera("Nobody"), SUBJECT), 0.25, 0.25),
    "exif's subject where the maker is silent": (block(camera("Canon"), SUBJECT), 0.25, 0.25),
    "exif's location": (block(exif=[(0xA214, SHORT, [1500, 3000]), *size(6000, 4000)]), 0.25, 0.75),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_the_focus_point_is_read_as_its_maker_writes_it(name: str) -> None:
    content, x, y = PLACES[name]
    assert near(exif_of(content).focus_point, x, y), exif_of(content).focus_point


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_focus_point_turns_with_the_picture(tmp_path: Path, orientation: int) -> None:
    stored = Image.new("L", (60, 40))
    stored.paste(255, (15, 10, 16, 11))
    shown = upright(stored, orientation)
    bright = shown.getbbox()
    assert bright is not None
    x, y = shown_point((15.5 / 60, 10.5 / 40), orientation)
    assert (int(x * shown.width), int(y * shown.height)) == bright[:2]
    exif = block(
        [*camera("SONY"), (0x0112, SHORT, [orientation])],
        note=plain((0x2027, SHORT, [6000, 4000, 1550, 1050]), start=b"SONY DSC \0\0\0"),
    )
    stored.save(tmp_path / "a.jpg", exif=b"Exif\0\0" + exif)
    assert near(read_exif(tmp_path / "a.jpg").focus_point, x, y)


def test_in_a_cropped_or_turned_picture_nobody_knows_where_the_focus_was(tmp_path: Path) -> None:
    exif = block(camera("SONY"), note=plain((0x2027, SHORT, [6000, 4000, 1500, 1000]), start=b"SONY DSC \0\0\0"))
    for shape, known in {(60, 40): True, (600, 400): True, (40, 60): False, (60, 60): False}.items():
        Image.new("L", shape).save(tmp_path / "a.jpg", exif=b"Exif\0\0" + exif)
        assert (read_exif(tmp_path / "a.jpg").focus_point is not None) == known, shape


def test_a_jpeg_xl_turned_by_its_codestream_keeps_its_focus_point(tmp_path: Path) -> None:
    exif = block(
        [*camera("SONY"), (0x0112, SHORT, [1])],
        note=plain((0x2027, SHORT, [6000, 4000, 1500, 1000]), start=b"SONY DSC \0\0\0"),
    )
    stream = under_header(draw((60, 40)), orientation=6)
    path = write_boxed(tmp_path / "a.jxl", stream, box(b"Exif", exif_box(exif)))
    assert near(read_exif(path).focus_point, 0.75, 0.25)


@pytest.mark.parametrize(
    "exif",
    [
        block(camera("Canon", "EOS"), note=plain((0x0026, SHORT, canon_points([0, 0], [0, 0], 0)))),
        block(camera("Canon", "EOS"), note=plain((0x0026, SHORT, [9, *canon_points([0, 0], [0, 0], 1)[1:]]))),
        block(camera("Canon", "EOS"), note=plain((0x0026, SHORT, canon_list(2, 4000, 4000, 60, 40, 60, 40, 1)))),
        block(camera("Canon", "EOS"), note=plain((0x0012, SHORT, [0] * 20))),
        block(camera("NIKON"), order=">", note=nikon((0x00B7, UNDEFINED, b"0100" + bytes(30)))),
        block(camera("NIKON"), order=">", note=nikon((0x00B7, UNDEFINED, b"0777" + bytes(90)))),
        block(camera("SONY"), note=plain((0x2027, SHORT, [0, 0, 1, 1]), start=b"SONY DSC \0\0\0")),
        block(camera("SONY"), note=plain((0x2027, SHORT, [6000, 4000, 6001, 1]), start=b"SONY DSC \0\0\0")),
        block(camera("Panasonic"), note=plain((0x004D, RATIONAL, [16777216, 1] * 2), start=b"Panasonic\0\0\0")),
        block(camera("Panasonic"), note=plain((0x004D, RATIONAL, [1, 0] * 2), start=b"Panasonic\0\0\0")),
        block(camera("OLYMPUS"), note=olympus((0x0304, LONG, [0] * 64))),
        block(camera("FUJIFILM"), note=own((0x1023, SHORT, [10, 10]), start=b"FUJIFILM\x0c\0\0\0")),
        block(exif=[(0x9214, SHORT, [1, 2, 3, 4, 5]), *size(60, 40)]),
        block(exif=[(0x9214, SHORT, [0, 0]), *size(60, 40)]),
        block(exif=[(0x9214, SHORT, [5, 5])]),
    ],
)
def test_a_focus_point_of_no_sense_is_unknown(exif: bytes) -> None:
    assert exif_of(exif).focus_point is None


Shot = tuple[str | None, str | None, int | None]


def canon_shot(drive: int, timer: int = 0, bracket: int = 0, shot: int = 0, burst: int = 0) -> bytes:
    camera_settings = canon_list(*[0, timer, 0, 0, drive, *[0] * 40])
    return block(camera("Canon"), note=plain(
        (0x0001, SHORT, camera_settings),
        (0x0004, SHORT, canon_list(*[0] * 8, burst, *[0] * 20)),
        (0x0093, SHORT, canon_list(0, 0, bracket, 0, shot, *[0] * 10)),
    ))  # fmt: skip


def sony_shot(mode: int, number: int) -> bytes:
    return block(
        camera("SONY"), note=plain((0xB049, SHORT, [mode]), (0xB04A, SHORT, [number]), start=b"SONY DSC \0\0\0")
    )


def panasonic_shot(mode: int, number: int, timer: int = 1) -> bytes:
    entries = ((0x002A, SHORT, [mode]), (0x002B, LONG, [number]), (0x002E, SHORT, [timer]))
    return block(camera("Panasonic"), note=plain(*entries, start=b"Panasonic\0\0\0"))


def fuji_shot(bracket: int, number: int, drive: int) -> bytes:
    entries = ((0x1100, SHORT, [bracket]), (0x1101, SHORT, [number]), (0x1103, LONG, [drive]))
    return block(camera("FUJIFILM"), note=own(*entries, start=b"FUJIFILM\x0c\0\0\0"))


SHOTS: list[tuple[bytes, Shot]] = [
    (canon_shot(0), ("single", None, None)),
    (canon_shot(5, burst=4), ("continuous", None, 4)),
    (canon_shot(0, timer=100), ("timer", None, None)),
    (canon_shot(1, bracket=1, shot=2), ("continuous", "exposure", 2)),
    (canon_shot(0, bracket=2, shot=9), ("single", "focus", 9)),
    (block(camera("NIKON"), order=">", note=nikon((0x0089, SHORT, [0]))), ("single", None, None)),
    (block(camera("NIKON"), order=">", note=nikon((0x0089, SHORT, [0x21]))), ("continuous", None, None)),
    (block(camera("NIKON"), order=">", note=nikon((0x0089, SHORT, [0x11]))), ("continuous", "exposure", None)),
    (block(camera("NIKON"), order=">", note=nikon((0x0089, SHORT, [0x50]))), ("single", "white-balance", None)),
    (block(camera("NIKON"), order=">", note=nikon((0x0089, SHORT, [0x08]))), ("timer", None, None)),
    (sony_shot(0, 0), ("single", None, None)),
    (sony_shot(2, 3), ("continuous", None, 3)),
    (sony_shot(5, 1), (None, "exposure", 1)),
    (sony_shot(65535, 65535), (None, None, None)),
    (panasonic_shot(0, 0), ("single", None, None)),
    (panasonic_shot(0, 0, timer=2), ("timer", None, None)),
    (panasonic_shot(1, 7), ("continuous", None, 7)),
    (panasonic_shot(3, 2), (None, "focus", 2)),
    (fuji_shot(0, 0, 0), ("single", None, None)),
    (fuji_shot(1, 2, 0x0A02), ("continuous", "exposure", 2)),
    (block(camera("OLYMPUS"), note=olympus((0x0600, SHORT, [0, 0, 0]))), ("single", None, None)),
    (block(camera("OLYMPUS"), note=olympus((0x0600, SHORT, [1, 5, 0]))), ("continuous", None, 5)),
    (block(camera("OLYMPUS"), note=olympus((0x0600, SHORT, [5, 3, 64, 0, 0]))), (None, "focus", 3)),
    (block(camera("Google"), [(0xA402, SHORT, [2])]), (None, "exposure", None)),
    (block(camera("Google"), [(0xA402, SHORT, [0])]), (None, None, None)),
]


@pytest.mark.parametrize("shot", range(len(SHOTS)))
def test_how_the_shutter_was_released_is_read(shot: int) -> None:
    content, wanted = SHOTS[shot]
    found = exif_of(content)
    assert (found.drive, found.bracket, found.sequence) == wanted


def test_shots_of_a_burst_share_its_name() -> None:
    note = own((0x000B, TEXT, words("0B1C-UUID")), start=b"Apple iOS\0\0\1MM", order=">")
    found = exif_of(block(camera("Apple"), order=">", note=note))
    assert (found.burst, found.drive) == ("0B1C-UUID", "continuous")
    assert (
        exif_of(None, described('GCamera:BurstID="7"', 'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"')).burst
        == "7"
    )


def place(north: list[int], east: list[int], *more: Entry, south: bool = False, west: bool = False) -> bytes:
    return block(gps=[
        (1, TEXT, words("S" if south else "N")), (2, RATIONAL, north),
        (3, TEXT, words("W" if west else "E")), (4, RATIONAL, east), *more,
    ])  # fmt: skip


def test_the_position_has_signs_and_a_height() -> None:
    high = ((5, 1, [0]), (6, RATIONAL, [3266, 2]))
    found = exif_of(place([46, 1, 53, 1, 5421, 100], [102, 1, 46, 1, 707, 100], *high)).gps
    assert found == GpsPosition(pytest.approx(46.898392, abs=1e-6), pytest.approx(102.768631, abs=1e-6), 1633.0)
    low = exif_of(
        place([30, 1, 30, 1, 0, 1], [10, 1, 0, 1, 0, 1], (5, 1, [1]), (6, RATIONAL, [4, 2]), south=True, west=True)
    )
    assert low.gps == GpsPosition(-30.5, -10.0, -2.0)


@pytest.mark.parametrize(
    "exif",
    [
        place([0, 1, 0, 1, 0, 1], [0, 1, 0, 1, 0, 1]),
        place([91, 1, 0, 1, 0, 1], [10, 1, 0, 1, 0, 1]),
        place([10, 1, 0, 1, 0, 1], [181, 1, 0, 1, 0, 1]),
        place([10, 0, 0, 0, 0, 0], [10, 1, 0, 1, 0, 1]),
        block(gps=[(2, RATIONAL, [10, 1, 0, 1, 0, 1])]),
    ],
)
def test_a_position_of_no_sense_is_unknown(exif: bytes) -> None:
    assert exif_of(exif).gps is None


def timed(local: str, date: str, clock: list[int], *more: Entry) -> bytes:
    gps = [(0x1D, TEXT, words(date)), (7, RATIONAL, clock), *more]
    return block(exif=[(0x9003, TEXT, words(local))], gps=gps)


@pytest.mark.parametrize(
    ("local", "clock", "minutes"),
    [
        ("2024:05:01 12:57:32", [10, 1, 57, 1, 29, 1], 120),
        ("2024:05:01 12:57:32", [12, 1, 57, 1, 32, 1], 0),
        ("2024:05:01 05:45:00", [0, 1, 0, 1, 0, 1], 345),
        ("2024:04:30 20:00:10", [0, 1, 0, 1, 0, 1], -240),
        ("2024:05:01 12:57:32", [10, 1, 50, 1, 0, 1], None),
        ("2024:05:01 12:57:32", [11, 1, 42, 1, 30, 1], None),
        ("2024:05:03 12:57:32", [12, 1, 57, 1, 32, 1], None),
        ("2024:05:01 12:57:32", [12, 0, 57, 1, 32, 1], None),
    ],
)
def test_gps_time_tells_the_zone_where_there_is_no_doubt(local: str, clock: list[int], minutes: int | None) -> None:
    taken = exif_of(timed(local, "2024:05:01", clock)).taken
    assert taken is not None
    assert taken.utcoffset() == (None if minutes is None else timedelta(minutes=minutes))


def test_a_receiver_without_a_fix_tells_no_zone_and_a_named_zone_holds() -> None:
    clock = [10, 1, 57, 1, 32, 1]
    void = exif_of(timed("2024:05:01 12:57:32", "2024:05:01", clock, (9, TEXT, words("V"))))
    assert void.taken == datetime(2024, 5, 1, 12, 57, 32)
    exif = [(0x9003, TEXT, words("2024:05:01 12:57:32")), (0x9011, TEXT, words("Z"))]
    named = exif_of(block(exif=exif, gps=[(0x1D, TEXT, words("2024:05:01")), (7, RATIONAL, clock)]))
    assert named.taken == datetime(2024, 5, 1, 12, 57, 32, tzinfo=UTC)


def test_exposure_is_read_as_photographers_say_it() -> None:
    exif = [(0x8822, SHORT, [3]), (0x9207, SHORT, [3]), (0x9204, SIGNED_RATIONAL, [-2, 3]), (0xA405, SHORT, [66])]
    found = exif_of(block(exif=exif))
    assert (found.program, found.metering, found.focal_length_35mm) == ("aperture priority", "spot", 66.0)
    assert found.exposure_bias == pytest.approx(-2 / 3)
    odd = exif_of(block(exif=[(0x8822, SHORT, [0]), (0x9207, SHORT, [255]), (0x9204, SIGNED_RATIONAL, [1, 0])]))
    assert (odd.program, odd.metering, odd.exposure_bias) == (None, None, None)


def test_older_cameras_name_their_lens_in_their_notes() -> None:
    lens = block(camera("Canon"), note=plain((0x0095, TEXT, words("EF50mm f/1.8 STM"))))
    assert exif_of(lens).lens == "EF50mm f/1.8 STM"
    numbers = block(camera("NIKON"), order=">", note=nikon((0x0084, RATIONAL, [18, 1, 70, 1, 35, 10, 45, 10])))
    assert exif_of(numbers).lens == "18-70 mm f/3.5-4.5"


def described(attributes: str = "", namespaces: str = "", inside: str = "") -> bytes:
    """An XMP packet as programs write it."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" {namespaces} {attributes}>{inside}'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


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


def test_entities_are_refused_whatever_they_would_grow_to() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    start = time.perf_counter()
    assert exif_of(None, bomb.encode() + described(inside="<xmp:Rating>&a;</xmp:Rating>")).rating is None
    outside = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'
    assert exif_of(None, outside.encode() + described('xmp:Rating="1"')).rating is None
    assert exif_of(None, b"<a>" * 1_000_000).rating is None
    assert exif_of(None, bytes(5 << 20)).rating is None
    assert time.perf_counter() - start < 5


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


def cr3(*blocks: tuple[bytes, bytes], xmp: bytes = b"") -> bytes:
    """The boxes of a CR3 up to its pictures."""
    inner = b"".join(box(kind, content) for kind, content in blocks)
    canon = box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + inner)
    marks = box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + xmp)
    return box(b"ftyp", b"crx \0\0\0\1crx isom") + box(b"moov", canon) + marks + box(b"mdat", bytes(100))


def small_tiff(*entries: Entry) -> bytes:
    return b"II*\0\x08\0\0\0" + directory(entries, 8)


def test_a_cr3_tells_all_that_a_cr2_does() -> None:
    content = cr3(
        (b"CMT1", small_tiff(*camera("Canon", "Canon EOS R6"), (0x0112, SHORT, [6]))),
        (b"CMT2", small_tiff((0x9003, TEXT, words("2024:05:01 10:20:30")), (0x829D, RATIONAL, [56, 10]))),
        (b"CMT3", small_tiff((0x0026, SHORT, canon_points([-1500, 0], [1000, 0], 1)))),
        (b"CMT4", small_tiff((1, TEXT, words("N")), (2, RATIONAL, [46, 1, 30, 1, 0, 1]),
                             (3, TEXT, words("E")), (4, RATIONAL, [7, 1, 0, 1, 0, 1]))),
        xmp=described('xmp:Rating="2"'),
    )  # fmt: skip
    found = exif_of(io.BytesIO(content))
    assert (found.camera, found.f_number, found.rating) == ("Canon EOS R6", 5.6, 2)
    assert found.taken == datetime(2024, 5, 1, 10, 20, 30)
    assert found.gps == GpsPosition(46.5, 7.0)
    assert near(found.focus_point, 0.75, 0.25)


def test_a_broken_cr3_tells_nothing_and_ends() -> None:
    whole = cr3((b"CMT1", small_tiff(*camera("Canon"))))
    endless = box(b"ftyp", b"crx \0\0\0\1") + struct.pack(">I4sQ", 1, b"uuid", 1 << 62)
    for content in (whole[:40], whole[:-130], endless, box(b"ftyp", b"crx \0\0\0\1") + bytes(1000)):
        assert isinstance(exif_of(io.BytesIO(content)), Exif)


def test_notes_in_circles_and_of_huge_counts_end_at_once() -> None:
    start = time.perf_counter()
    itself = block(camera("OLYMPUS"), note=lambda at: b"OLYMPUS\0II\3\0" + directory([(0x2020, LONG, [12])], 12))
    many = b"\xff\xff" + struct.pack("<HHII", 0x0026, 3, 0xFFFFFFFF, 8) * 65535
    assert exif_of(itself).focus_point is None
    assert exif_of(block(camera("Canon"), note=lambda at: many)).focus_point is None
    assert time.perf_counter() - start < 2


STARTS = [
    b"Nikon\0\2\x10\0\0MM\0*\0\0\0\x08",
    b"OLYMPUS\0II\3\0",
    b"OM SYSTEM\0\0\0II\4\0",
    b"OLYMP\0\1\0",
    b"FUJIFILM\x0c\0\0\0",
    b"Panasonic\0\0\0",
    b"Apple iOS\0\0\1MM",
    b"SONY DSC \0\0\0",
    b"",
]
MAKES = ["Canon", "NIKON", "SONY", "FUJIFILM", "Panasonic", "OLYMPUS", "Apple", ""]


@given(make=st.sampled_from(MAKES), start=st.sampled_from(STARTS), rest=st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_notes_are_no_facts_and_no_fault(make: str, start: bytes, rest: bytes) -> None:
    found = exif_of(block(camera(make), note=lambda at: start + rest))
    assert found.camera is not None
    assert found.sequence is None or found.sequence > 0


@given(name=st.sampled_from(sorted(PLACES)), data=st.data())
@settings(max_examples=300, deadline=None)
def test_changed_bytes_in_sound_notes_give_a_point_in_the_picture_or_none(name: str, data: st.DataObject) -> None:
    content = bytearray(PLACES[name][0])
    for place in data.draw(st.lists(st.integers(8, len(content) - 1), max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    point = exif_of(bytes(content)).focus_point
    assert point is None or (0 <= point.x <= 1 and 0 <= point.y <= 1)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_random_xmp_and_cr3_are_no_fault(content: bytes) -> None:
    exif_of(None, content)
    exif_of(None, described(inside=content.decode("latin-1")))
    exif_of(io.BytesIO(box(b"ftyp", b"crx \0\0\0\1") + content))
    exif_of(io.BytesIO(cr3((b"CMT3", content), (b"CMT1", b"II*\0" + content))))


SHARED = {
    "avif/metadata-extra__Issue 649.avif": Exif(focus_point=FocusPoint(0.75493, 0.5), drive="single", rating=0),
    "heif/exiv2__issue_9292_sony_1_top_left.HIF": Exif(
        focus_point=FocusPoint(0.47175, 0.41652), drive="continuous", sequence=2, focal_length_35mm=39.0
    ),
    "jpeg_metadata/Lychee__mongolia.jpeg": Exif(
        gps=GpsPosition(46.898392, 102.768631, 1633.0), drive="single", lens="18-200 mm f/3.5-5.6"
    ),
    "jpeg_metadata/test-assets__mongolels.jpg": Exif(rating=3, exposure_bias=-1 / 3),
    "jpeg_metadata/exif-samples__32-lens_data.jpeg": Exif(drive="continuous", program="aperture priority"),
    "sidecar_pairs/beach_sand.jpg": Exif(gps=GpsPosition(-29.282478, 31.443636, -1.990418)),
    "raw/metadata-extra__Issue 247-1.nef": Exif(drive="single", lens="50 mm f/1.8", focal_length_35mm=75.0),
}
"""Read by ExifTool, too."""


@pytest.mark.parametrize("name", SHARED)
def test_files_of_real_cameras_tell_what_they_hold(shared: Path, name: str) -> None:
    found, wanted = read_exif(shared / "data/photos" / name), SHARED[name]
    for field in Exif.__slots__:
        value = getattr(wanted, field)
        if isinstance(value, FocusPoint):
            assert near(found.focus_point, value.x, value.y)
        elif isinstance(value, GpsPosition):
            assert found.gps is not None
            assert (found.gps.latitude, found.gps.longitude) == pytest.approx(
                (value.latitude, value.longitude), abs=1e-5
            )
        elif value is not None:
            assert getattr(found, field) == (pytest.approx(value) if isinstance(value, float) else value)
