"""The program called as a person calls it, in this process, with a scorer that can be foreseen in the model's place."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from photocull.cli import session
from photocull.cli.main import main
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


Photocull = Callable[..., Answer]


@pytest.fixture
def scorer(monkeypatch: pytest.MonkeyPatch) -> PixelScorer:
    pixels = PixelScorer()
    monkeypatch.setattr(session, "scorer_of", lambda name, device: pixels)
    return pixels


@pytest.fixture
def photocull(capfd: pytest.CaptureFixture[str], scorer: PixelScorer) -> Photocull:
    def call(*arguments: object) -> Answer:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Answer(code, captured.out, captured.err)

    return call


def names(records: Sequence[dict[str, Any]]) -> list[str]:
    return [Path(record["path"]).name for record in records]
