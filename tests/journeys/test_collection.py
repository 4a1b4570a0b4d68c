"""The shared collection of real camera files and broken ones, scored on the command line as its manifest says."""

import json
from pathlib import Path

import pytest

from tests.journeys.program import photocull
from tests.photo.manifest import PHOTOS, SENTENCE_LIMIT, misfits


@pytest.mark.slow
def test_every_file_is_a_record_and_what_cannot_be_read_one_line(shared: Path) -> None:
    done = photocull("score", PHOTOS, "--format", "json")
    assert done.returncode == 1
    records = json.loads(done.stdout)
    by_name = {str(Path(record["path"]).relative_to(PHOTOS)): record for record in records}
    assert len(by_name) == len(records)
    assert not misfits({name: (r["status"], r["width"], r["height"]) for name, r in by_name.items()})
    broken = {record["path"]: record["error"] for record in records if record["status"] == "unreadable"}
    expected = [f"{path}: {sentence}" for path, sentence in broken.items()]
    empty = PHOTOS / "zero_byte" / "zero.nef"
    expected.append(f"{empty}: zero.xmp: The sidecar is empty; it is left as it is.")
    assert sorted(done.stderr.splitlines()) == sorted(expected)
    assert all(10 < len(sentence) < SENTENCE_LIMIT for sentence in broken.values())
    for record in records:
        if record["status"] == "ok":
            assert all(0 <= record[score] <= 10 for score in ("aesthetic", "colour", "technical", "overall"))
