"""Records and their formats: field order, nulls, full floats, any bytes in a name, a table that fits."""

import csv
import io
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.catalog.records import PhotoDetail, PhotoRow, ReasonRecord, SchemeRecord
from photocull.cli.output import as_json, csv_lines, json_list, write
from photocull.cli.table import common, shortened, stars, table
from photocull.core.types import Exif, FocusPoint, GpsPosition, Photo, Swatch, Theme
from photocull.picks.records import COLUMNS, record

FIELDS = [
    "path", "status", "error", "width", "height", "taken", "camera", "lens", "aesthetic", "colour", "technical",
    "overall", "themes", "colour_scheme", "flags", "reasons", "series", "rating", "pick", "label", "rated_by", "model",
    "fingerprint",
]  # fmt: skip


def detail(path: str = "/photos/IMG_1.jpg", *, judged: bool = True, overall: float = 6.123456789012345) -> PhotoDetail:
    score = overall if judged else None
    row = PhotoRow(
        id=1, path=Path(path), fingerprint="ab12", status="ok" if judged else "new", error=None, width=6000,
        height=4000, aesthetic=score, colour=score, technical=score, overall=score, flags=("blurred",), rating=4,
        pick="pick", label=None, rated_by="photographer",
    )  # fmt: skip
    scheme = SchemeRecord("complementary", "orange_blue", "complementary", (Swatch("#e08a3c", 0.41),))
    return PhotoDetail(
        row,
        Photo(Path(path), 1, 1, partners=(Path("/photos/IMG_1.heic"),)),
        Exif(
            taken=datetime(2024, 5, 1, 10, 20, 30, tzinfo=UTC),
            camera="Canon EOS R5",
            exposure_bias=-0.7,
            focus_point=FocusPoint(0.25, 0.75),
            drive="continuous",
            sequence=3,
            gps=GpsPosition(-46.5, 7.25),
            rating=2,
        ),
        judged,
        "builtin-1" if judged else None,
        "mf" if judged else None,
        themes=(Theme("sunset", 0.81),) if judged else (),
        scheme=scheme if judged else None,
        reasons=(ReasonRecord("sharp where it matters", 1.0, "focus"),) if judged else (),
    )


def test_the_record_has_the_promised_fields_in_the_promised_order() -> None:
    made = record(detail())
    assert list(made)[: len(FIELDS)] == FIELDS
    assert made["taken"] == "2024-05-01T10:20:30+00:00"
    assert made["themes"] == [{"name": "sunset", "confidence": 0.81}]
    assert list(made["colour_scheme"]) == ["kind", "name", "harmony", "palette"]
    assert made["colour_scheme"]["palette"] == [{"hex": "#e08a3c", "share": 0.41}]
    assert (made["rating"], made["pick"], made["label"], made["rated_by"]) == (4, "pick", None, "photographer")
    assert (made["status"], made["error"], made["model"]) == ("ok", None, "builtin-1")
    assert made["partners"] == ["/photos/IMG_1.heic"]


def test_the_record_tells_what_the_camera_wrote() -> None:
    made = record(detail())
    assert made["focus_point"] == {"x": 0.25, "y": 0.75}
    assert made["gps"] == {"latitude": -46.5, "longitude": 7.25, "altitude": None}
    assert (made["drive"], made["bracket"], made["burst"], made["sequence"]) == ("continuous", None, None, 3)
    assert (made["exposure_bias"], made["rating_in_file"], made["label_in_file"], made["iso"]) == (-0.7, 2, None, None)


def test_an_unreadable_photo_has_its_reason_and_nulls_for_all_that_is_unknown() -> None:
    bare = detail(judged=False)
    bare = replace(
        bare, row=replace(bare.row, status="unreadable", error="It is cut off.", fingerprint="", rating=None)
    )
    made = record(bare)
    assert (made["status"], made["error"]) == ("unreadable", "It is cut off.")
    unknown = ("aesthetic", "overall", "themes", "colour_scheme", "flags", "reasons", "rating", "model", "fingerprint")
    assert all(made[field] is None for field in unknown)


def test_a_photo_that_could_not_be_judged_in_this_run_is_not_called_ok() -> None:
    made = record(detail(judged=False), "There is not enough memory for this photo.")
    assert (made["status"], made["error"]) == ("unreadable", "There is not enough memory for this photo.")


def test_floats_are_written_in_full() -> None:
    made = json.loads(as_json(record(detail(overall=6.123456789012345))))
    assert made["overall"] == 6.123456789012345


@given(st.floats(0, 10))
def test_any_score_comes_back_as_it_was(score: float) -> None:
    assert json.loads(as_json([score])) == [score]


@pytest.mark.parametrize(
    "raw", [b"/photos/caf\xe9.jpg", b"/photos/\xff\xfe", "/photos/日本 é.jpg".encode(), b"/a\n\t\x1b"]
)
def test_a_path_of_any_bytes_survives_json(raw: bytes) -> None:
    made = as_json({"path": os.fsdecode(raw)})
    assert "\n" not in made
    assert os.fsencode(json.loads(made.encode().decode())["path"]) == raw


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_list_is_valid_json_with_one_record_a_line(count: int) -> None:
    text = "".join(json_list(record(detail(f"/photos/{i}.jpg")) for i in range(count)))
    assert [entry["path"] for entry in json.loads(text)] == [f"/photos/{i}.jpg" for i in range(count)]
    assert len(text.splitlines()) == (1 if count == 0 else count + 2)


def test_csv_is_flat_and_reads_back() -> None:
    text = "".join(csv_lines([record(detail('/photos/a "b", c.jpg')), record(detail(judged=False))]))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0]["path"] == '/photos/a "b", c.jpg'
    assert (rows[0]["theme"], rows[0]["theme_confidence"], rows[0]["scheme_name"]) == ("sunset", "0.81", "orange_blue")
    assert (rows[0]["palette"], rows[0]["series_id"]) == ("#e08a3c", "")
    assert (rows[0]["focus_x"], rows[0]["latitude"], rows[0]["altitude"], rows[0]["drive"]) == (
        "0.25", "-46.5", "", "continuous",
    )  # fmt: skip
    assert float(rows[0]["overall"]) == 6.123456789012345
    assert (rows[1]["overall"], rows[1]["themes"]) == ("", "")


def test_a_guess_at_a_theme_stands_in_json_alone_where_its_confidence_stands_beside_it() -> None:
    guessed = replace(detail(), themes=(Theme("sea", 0.49), Theme("sky", 0.06)))
    made = record(guessed)
    assert made["themes"] == [{"name": "sea", "confidence": 0.49}, {"name": "sky", "confidence": 0.06}]
    (row,) = csv.DictReader(io.StringIO("".join(csv_lines([made]))))
    assert (row["theme"], row["theme_confidence"], row["themes"]) == ("", "", "")
    assert " sea " not in shown(guessed)[1]
    certain = replace(detail(), themes=(Theme("sea", 0.5), Theme("sky", 0.06)))
    (row,) = csv.DictReader(io.StringIO("".join(csv_lines([record(certain)]))))
    assert (row["theme"], row["theme_confidence"], row["themes"]) == ("sea", "0.5", "sea")
    assert " sea " in shown(certain)[1]


def test_csv_of_nothing_still_has_its_heading() -> None:
    assert "".join(csv_lines([])) == ",".join(COLUMNS) + "\n"


def test_a_name_with_strange_bytes_can_be_written_in_every_format(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    odd = detail(os.fsdecode(b"/photos/caf\xe9\x1b.jpg"))
    for form in ("json", "jsonl", "csv", "table"):
        write([(odd, record(odd))], form)
        out = capfdbinary.readouterr().out
        assert b"caf" in out.decode("utf-8").encode()


def shown(*details: PhotoDetail) -> list[str]:
    return "".join(table([(one, record(one, "It is cut off.")) for one in details])).splitlines()


def test_the_table_fits_into_100_columns_whatever_the_names() -> None:
    deep = detail("/photos/2024/a very long folder name indeed/and a much longer file name of a photo (1) final.jpg")
    lines = shown(deep, detail(), detail("/photos/broken.jpg", judged=False))
    assert max(map(len, lines)) <= 100
    assert "final.jpg" in lines[1]
    assert "orange/blue" in lines[1]
    assert "sharp where" in lines[1]
    assert "★★★★" in lines[1]
    assert "It is cut off." in lines[3]
    assert [line.split()[0] for line in lines[:3]] == ["#", "1", "2"]


def test_brackets_in_a_name_are_no_markup() -> None:
    assert "[bold]x.jpg" in shown(detail("/photos/[bold]x.jpg"))[1]


def test_solid_stars_are_the_photographers_and_hollow_ones_the_programs() -> None:
    assert (stars(3, False), stars(2, True), stars(None, False)) == ("★★★", "☆☆", "")


def test_names_are_shown_below_the_folder_that_all_share() -> None:
    paths = [Path("/photos/a/1.jpg"), Path("/photos/b/2.jpg")]
    assert common(paths) == Path("/photos")
    assert common([]) is None
    assert shortened("IMG_1.jpg", 9) == "IMG_1.jpg"
    assert shortened("x" * 40 + "_end.jpg", 12) == "…xxx_end.jpg"
