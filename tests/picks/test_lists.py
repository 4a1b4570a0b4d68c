"""Lists beside an export: they say no more of a photo than its picture beside them may."""

import csv
import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from photocull.core.types import GpsPosition
from photocull.picks import postscript as writing
from photocull.picks.convert import Recipe
from photocull.picks.export_journal import Journal, begin
from photocull.picks.lists import write_list
from photocull.picks.metadata import Metadata
from tests.picks.shoot import make_shoot, plan


@pytest.mark.parametrize("placed", [True, False])
def test_a_list_tells_of_the_place_only_where_it_may(tmp_path: Path, placed: bool) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    photos = [replace(one, exif=replace(one.exif, gps=GpsPosition(47.3, 8.5, 400.0))) for one in photos]
    made = plan(photos, tmp_path / "out", "convert")
    for name in ("a.csv", "a.json"):
        write_list(tmp_path / name, photos, made, placed=placed)
    (row,) = csv.DictReader((tmp_path / "a.csv").read_text("utf-8").splitlines())
    (record,) = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert (row["latitude"], row["longitude"], row["altitude"]) == (
        ("47.3", "8.5", "400.0") if placed else ("", "", "")
    )
    assert (record["gps"] is not None) == placed
    assert row["exported"].endswith("IMG_1.jpg")


@pytest.mark.parametrize(("metadata", "placed"), [("keep", True), ("private", False), ("strip", False), (None, True)])
def test_a_journal_remembers_whether_its_lists_may(tmp_path: Path, metadata: Metadata | None, placed: bool) -> None:
    made = plan(make_shoot(tmp_path / "shoot", 1), tmp_path / "out")
    recipe = {} if metadata is None else {"recipe": asdict(Recipe(metadata=metadata))}
    journal: Journal = begin(made, tmp_path / "exports", {**recipe, **writing.postscript(made, ["csv"])})
    assert writing._tells_place(journal) == placed
