"""Headers that claim more than 250 megapixels get clear words and no memory, in whatever format they lie."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.photo import bombs

MEASURED = """
import json, resource, sys
from pathlib import Path
from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import Photo
from photocull.photo import guard
from photocull.photo.decode import decode, load_full, load_preview

def peak(who):
    return resource.getrusage(who).ru_maxrss // 1024

folder = Path(sys.argv[1])
for path in sorted((folder / "sound").iterdir()):  # libraries are loaded, and have taken what they always take
    decode(Photo(path, 0, 0))
before = peak(resource.RUSAGE_SELF)
said = {}
for path in sorted((folder / "bombs").iterdir()):
    said[path.name] = []
    for act in (lambda p: decode(Photo(p, 0, 0)), lambda p: load_preview(p, 2000), load_full):
        try:
            act(path)
            said[path.name].append("")
        except UnreadablePhotoError as error:
            said[path.name].append(error.sentence)
guard.helpers.close()
grown = peak(resource.RUSAGE_SELF) - before
print(json.dumps({"said": said, "grown": grown, "helpers": peak(resource.RUSAGE_CHILDREN)}))
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a process of its own says of every bomb, and megabytes that it and its helpers took at most."""
    if sys.platform == "win32":
        pytest.skip("peaks of memory are Unix's to tell")
    from tests.building import make_photo

    folder = tmp_path_factory.mktemp("measured")
    (folder / "bombs").mkdir()
    bombs.write(folder / "bombs")
    for suffix in (".jpg", ".png", ".webp", ".tif", ".avif"):
        make_photo(folder / "sound" / f"a{suffix}", size=(320, 240))
    command = [sys.executable, "-c", MEASURED, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=800, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", list(bombs.BOMBS))
def test_a_bomb_is_refused_in_clear_words_whatever_it_is_opened_for(measured: Any, name: str) -> None:
    for sentence in measured["said"][name]:
        assert "more than 250 are not opened" in sentence or "more pixels than any photo" in sentence


def test_a_bomb_beside_something_sound_leaves_that_in_sight(measured: Any) -> None:
    assert measured["said"]["thumbnail.jpg"] == ["", "", ""]
    assert measured["said"]["preview.dng"] == ["", "", ""]
    assert all("damaged" in sentence or "megapixels" in sentence for sentence in measured["said"]["sensor.dng"])


def test_no_bomb_takes_memory(measured: Any) -> None:
    assert measured["grown"] < 60
    assert measured["helpers"] < 500
