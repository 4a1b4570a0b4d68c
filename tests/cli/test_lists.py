"""`export --list` and `--sheet`: files beside an export that tell what is known of its photos."""

import csv
import json
import os
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.catalog.query import photo_ids
from photocull.catalog.records import Filter, Sort
from photocull.core.settings import folders
from photocull.core.work import CancelToken
from photocull.picks.export_journal import holding
from photocull.picks.performing import perform, start
from photocull.picks.postscript import postscript
from photocull.picks.records import details
from tests.building import make_folder
from tests.cli.conftest import ON_BOTH, Photocull
from tests.cli.marking import mark, rows
from tests.picks.shoot import content, plan
from tests.picks.test_convert import telling
from tests.pixel_scorer import PixelScorer

pytestmark = ON_BOTH


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    make_folder(tmp_path / "shoot", 3)
    (tmp_path / "shoot" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing" * 9)
    return tmp_path / "shoot"


def test_csv_json_and_sheet_tell_of_the_same_photos(photocull: Photocull, shoot: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    names = {kind: tmp_path / f"picks.{kind}" for kind in ("csv", "json")} | {"html": out / "picks.html"}
    call = ("export", shoot, "--to", out, "--count", 2, "--template", "{rank}")
    answer = photocull(*call, "--list", names["csv"], "--sheet", names["html"])
    assert answer.code == 1  # for the broken one
    assert photocull(*call, "--list", names["json"]).code == 1
    rows = list(csv.DictReader(names["csv"].read_text("utf-8").splitlines()))
    records = json.loads(names["json"].read_text("utf-8"))
    assert [row["exported"] for row in rows] == [record["exported"][0] for record in records] == [
        str(out / "1.jpg"), str(out / "2.jpg"),
    ]  # fmt: skip
    assert [(r["rank"], r["reasons"]) for r in records] == [(1, ["bright"]), (2, ["bright"])]
    assert all(r["colour_scheme"]["palette"] and r["overall"] is not None for r in records)
    assert [(row["rank"], row["palette"]) for row in rows] == [("1", "#e08a3c"), ("2", "#e08a3c")]
    sheet = names["html"].read_text("utf-8")
    assert sheet.count("<article>") == 2
    assert sheet.count("data:image/jpeg;base64,") == 2
    assert f"{records[0]['overall']:.1f}" in sheet
    assert not [name for name in content(tmp_path) if name.endswith(".part")]


def test_a_photo_that_failed_is_not_on_the_lists(
    photocull: Photocull, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from photocull.picks import placing

    copy = placing.copy

    def failing(source: Path, *rest: object) -> None:
        if source.stem == "IMG_0002":
            raise PermissionError(13, "Permission denied", str(source))
        copy(source, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("photocull.picks.export.copy", failing)
    photocull("export", shoot, "--to", tmp_path / "out", "--percent", 100, "--list", tmp_path / "a.json")
    told = {Path(record["path"]).stem for record in json.loads((tmp_path / "a.json").read_text("utf-8"))}
    assert told == {"IMG_0001", "IMG_0003"}


@pytest.mark.parametrize(
    "wrong", [["--list", "a.txt"], ["--sheet", "a.pdf"], ["--list", "there.csv"], ["--sheet", "no/such/folder/a.html"]]
)
def test_a_file_that_cannot_be_is_refused_before_anything_is_exported(
    photocull: Photocull, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.csv").write_bytes(b"mine")
    answer = photocull("export", shoot, "--to", tmp_path / "out", "--count", 1, *wrong)
    assert (answer.code, len(answer.err.splitlines())) == (2, 1)
    assert not (tmp_path / "out").exists()
    assert (tmp_path / "there.csv").read_bytes() == b"mine"


def test_what_a_window_left_is_carried_on_with_the_lists_that_it_wanted(
    photocull: Photocull, shoot: Path, tmp_path: Path
) -> None:
    mark(photocull, shoot, IMG_0001="pick", IMG_0002="pick")
    photocull("score", shoot)
    out, home = tmp_path / "a", folders().exports
    with open_catalog(photocull.kept) as catalog:
        ids = photo_ids(catalog, Filter(picks=frozenset({"pick"})), Sort(), PixelScorer().fingerprint)
        photos = list(details(catalog, ids, PixelScorer().fingerprint))
        planned = plan(photos, out)
        start(catalog, planned, "export", home, postscript(planned, {"html", "csv"}))
    answer = photocull("export", shoot, "--to", tmp_path / "b")
    assert answer.err.count("Going on") == 1
    assert sorted(content(out)) == ["IMG_0001.jpg", "IMG_0002.jpg", "picks.csv", "picks.html"]
    assert (out / "picks.html").read_text("utf-8").count('class="score"') == 2


def test_lists_of_the_window_s_export_that_a_kill_left_out_are_written_by_the_next(
    photocull: Photocull, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark(photocull, shoot, IMG_0001="pick")
    out = tmp_path / "out"
    first = next(row.id for row in rows(photocull, shoot) if row.pick == "pick")
    with open_catalog(photocull.kept) as catalog:
        planned = plan(list(details(catalog, [first], "pixels-1")), out)
        journal = start(catalog, planned, "export", folders().exports, postscript(planned, ("csv",)))
        with holding(journal) as held:
            perform(catalog, held, lambda _: None, CancelToken())
    again = ("export", shoot, "--to", out)

    def full(*_args: object) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr("photocull.picks.lists.finish", full)
        assert "What was interrupted waits." in photocull(*again).err
    assert sorted(content(out)) == ["IMG_0001.jpg"]
    assert photocull(*again).err.splitlines()[0] == f"Going on with what was interrupted: 1 photo to {out}."
    assert sorted(content(out)) == ["IMG_0001.jpg", "picks.csv"]
    assert "Going on" not in photocull(*again).err
    assert str(out / "picks.csv") in photocull("export", "--undo", "--dry-run").out
    assert photocull("export", "--undo").code == 0
    assert not out.exists()


def test_a_list_of_private_jpegs_does_not_tell_where_they_were_taken(photocull: Photocull, tmp_path: Path) -> None:
    telling(tmp_path / "shoot" / "a.jpg")
    for metadata, told in (("keep", True), ("private", False)):
        call = ("export", tmp_path / "shoot", "--to", tmp_path / metadata, "--percent", 100, "--jpeg")
        file = tmp_path / f"{metadata}.json"
        assert photocull(*call, "--metadata", metadata, "--list", file).code == 0
        (record,) = json.loads(file.read_text("utf-8"))
        assert (record["gps"] is not None) == told
