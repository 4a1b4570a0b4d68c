"""The shared collection of real camera files and broken ones, and what its manifest says of each."""

import csv
from collections.abc import Mapping
from functools import cache

from tests.conftest import SHARED

PHOTOS = SHARED / "data" / "photos"
STATED_AS_STORED = ("orientation_avif/", "orientation_tiff/")
"""Here the manifest gives the stored size; looked at: all show the same upright picture."""
SENTENCE_LIMIT = 160
UNSEEN = ("names/.hidden.jpg", "wrong_ext/jpeg_no_extension", "zero_byte/zero.jpg", "zero_byte/zero.xmp")
"""What a folder scan leaves out, and what belongs to another file: a RAW's JPEG and its sidecar."""

Seen = Mapping[str, tuple[str, int | None, int | None]]
"""By name: status, width, height."""


@cache
def rows() -> list[dict[str, str]]:
    manifest = PHOTOS / "MANIFEST.csv"
    if not manifest.is_file():
        return []
    with manifest.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files(*expectations: str) -> list[dict[str, str]]:
    return [row for row in rows() if any(row["expect"].startswith(e) for e in expectations)]


def shown_size(row: dict[str, str]) -> tuple[int, int] | None:
    """Width and height in which a file of the manifest is shown; None where it states none."""
    if not (row["width"] and row["height"]):
        return None
    stated = int(row["width"]), int(row["height"])
    as_stored = row["file"].startswith(STATED_AS_STORED) and int(row["orientation"] or 1) >= 5
    return stated[::-1] if as_stored else stated


def misfits(seen: Seen) -> list[object]:
    """What a scored folder shows otherwise than the manifest says; nothing may be missing or be there besides."""
    wanted = {row["file"]: row for row in rows() if row["expect"] != "sidecar" and row["file"] not in UNSEEN}
    wrong: list[object] = sorted(wanted.keys() ^ seen.keys())
    for name in wanted.keys() & seen.keys():
        line, (status, *size) = wanted[name], seen[name]
        if " or " in line["expect"]:
            continue
        if status != ("ok" if line["expect"].startswith("opens") else "unreadable"):
            wrong.append((name, status))
        elif status == "ok" and shown_size(line) not in (None, tuple(size)):
            wrong.append((name, *size))
    return wrong
