"""The program called as a person calls it, in this process, with a scorer that can be foreseen in the model's place."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from photocull.cli import session
from photocull.cli.main import main
from photocull.core.settings import folders
from tests.conftest import BOTH_AT_LENGTH, place_of
from tests.pixel_scorer import PixelScorer


@dataclass(frozen=True)
class Answer:
    """How a call of the program ended."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> Any:
        return json.loads(self.out)


_KEEPING = ("score", "top", "rate", "export", "trash", "overlay", "catalog", "doctor")
"""Commands that work with a catalogue."""
ON_BOTH = [pytest.mark.parametrize("kept", BOTH_AT_LENGTH, indirect=True), pytest.mark.usefixtures("kept")]
"""For a module whose commands are to be called with a catalogue in a file, and again with one on a server."""


@dataclass(frozen=True)
class Photocull:
    """The program; its answers go by what it wrote. ``kept``: the catalogue that it uses."""

    kept: Path | str
    written: pytest.CaptureFixture[str]

    def __call__(self, *arguments: object) -> Answer:
        words = [str(argument) for argument in arguments]
        if isinstance(self.kept, str) and words[:1] and words[0] in _KEEPING and "--catalog" not in words:
            words += ["--catalog", self.kept]
        with pytest.raises(SystemExit) as ended:
            main(words)
        captured = self.written.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Answer(code, captured.out, captured.err)


@pytest.fixture
def kept(request: pytest.FixtureRequest, home: Path, tmp_path: Path) -> Path | str:
    """The person's own catalogue; with `ON_BOTH` also one on a server."""
    kind = getattr(request, "param", "sqlite")
    return folders().catalog if kind == "sqlite" else place_of(request, tmp_path, kind)


@pytest.fixture
def scorer(monkeypatch: pytest.MonkeyPatch) -> PixelScorer:
    pixels = PixelScorer()
    monkeypatch.setattr(session, "scorer_of", lambda name, device: pixels)
    return pixels


@pytest.fixture
def photocull(kept: Path | str, capfd: pytest.CaptureFixture[str], scorer: PixelScorer) -> Photocull:
    return Photocull(kept, capfd)


def names(records: Sequence[dict[str, Any]]) -> list[str]:
    return [Path(record["path"]).name for record in records]
