"""Drive, bracket and place in a burst are read as each maker writes them, and how the photo was exposed."""

import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photocull.photo.facts import exif_of
from tests.photo.exif_blocks import (
    LONG,
    RATIONAL,
    SHORT,
    SIGNED_RATIONAL,
    TEXT,
    block,
    camera,
    canon_list,
    described,
    directory,
    nikon,
    olympus,
    own,
    plain,
    words,
)

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


def test_exposure_is_read_as_photographers_say_it() -> None:
    exif = [(0x8822, SHORT, [3]), (0x9207, SHORT, [3]), (0x9204, SIGNED_RATIONAL, [-2, 3]), (0xA405, SHORT, [66])]
    found = exif_of(block(exif=exif))
    assert (found.program, found.metering, found.focal_length_35mm) == ("aperture priority", "spot", 66.0)
    assert found.exposure_bias == pytest.approx(-2 / 3)
    odd = exif_of(block(exif=[(0x8822, SHORT, [0]), (0x9207, SHORT, [255]), (0x9204, SIGNED_RATIONAL, [1, 0])]))
    assert (odd.program, odd.metering, odd.exposure_bias) == (None, None, None)


def test_older_cameras_name_their_speed_and_lens_in_their_notes() -> None:
    assert exif_of(block(camera("NIKON"), order=">", note=nikon((0x0002, SHORT, [0, 200])))).iso == 200

    lens = block(camera("Canon"), note=plain((0x0095, TEXT, words("EF50mm f/1.8 STM"))))
    assert exif_of(lens).lens == "EF50mm f/1.8 STM"
    numbers = block(camera("NIKON"), order=">", note=nikon((0x0084, RATIONAL, [18, 1, 70, 1, 35, 10, 45, 10])))
    assert exif_of(numbers).lens == "18-70 mm f/3.5-4.5"


def test_notes_in_circles_and_of_huge_counts_end_at_once() -> None:
    start = time.thread_time()
    itself = block(camera("OLYMPUS"), note=lambda at: b"OLYMPUS\0II\3\0" + directory([(0x2020, LONG, [12])], 12))
    many = b"\xff\xff" + struct.pack("<HHII", 0x0026, 3, 0xFFFFFFFF, 8) * 65535
    assert exif_of(itself).focus_point is None
    assert exif_of(block(camera("Canon"), note=lambda at: many)).focus_point is None
    assert time.thread_time() - start < 2


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


@pytest.mark.slow
@given(make=st.sampled_from(MAKES), start=st.sampled_from(STARTS), rest=st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_notes_are_no_facts_and_no_fault(make: str, start: bytes, rest: bytes) -> None:
    found = exif_of(block(camera(make), note=lambda at: start + rest))
    assert found.camera is not None
    assert found.sequence is None or found.sequence > 0
