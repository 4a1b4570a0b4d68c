"""Spoilt files of every format, by the thousand: none brings the program down, hangs it or takes a gigabyte."""

import hashlib
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from photocull.photo.formats import sniff
from photocull.photo.guard import GUARDED
from photocull.photo.keeper import HelperDiedError, Helpers, HelperSilentError, Patience
from tests.photo import fuzzing

LONGEST = 10.0
MOST_MEGABYTES = 1000
FAST = settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
LONG = settings(FAST, max_examples=300)


@dataclass
class Trial:
    """Decodes in a helper of its own, whatever the format, so that a crash is seen and not died of."""

    folder: Path
    helpers: Helpers = field(default_factory=Helpers)
    crashes: list[str] = field(default_factory=list)

    def survives(self, name: str, content: bytes) -> None:
        path = self.folder / f"spoilt{fuzzing.suffix(name)}"
        path.write_bytes(content)
        begun = time.monotonic()
        order = {"errand": "decode", "path": str(path), "slow": False, "identity": None}
        try:
            answer = self.helpers.ask(order, Patience(60, 60))
        except (HelperDiedError, HelperSilentError) as error:
            self._note(error, content, path.suffix)
            return
        assert "fault" not in answer.words
        # By the clock of a busy machine; the helper's own limit is of processor time.
        assert time.monotonic() - begun < 3 * LONGEST, _kept(content, path.suffix)

    def _note(self, error: Exception, content: bytes, suffix: str) -> None:
        """A guarded format may bring its helper down, which costs that file a sentence; no other may."""
        story = f"{error} over {_kept(content, suffix)}"
        assert sniff(content[:4096], suffix) in GUARDED, f"{story}, which no helper would have read"
        self.crashes.append(story)

    def peak_megabytes(self) -> int:
        (helper,) = self.helpers._idle
        status = Path(f"/proc/{helper.pid}/status").read_text("ascii", "replace")
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) >> 10


def _kept(content: bytes, suffix: str) -> Path:
    """Where the bytes lie that did it."""
    folder = Path(tempfile.gettempdir()) / "photocull-crashes"
    folder.mkdir(exist_ok=True)
    kept = folder / f"{hashlib.sha256(content).hexdigest()[:16]}{suffix}"
    kept.write_bytes(content)
    return kept


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    made = Trial(tmp_path_factory.mktemp("spoilt"))
    yield made
    made.helpers.close()


@pytest.mark.parametrize("name", fuzzing.MADE)
@given(data=st.data())
@FAST
def test_spoilt_files_of_every_format_are_survived(trial: Trial, name: str, data: st.DataObject) -> None:
    trial.survives(name, data.draw(fuzzing.spoilt(name)))


@pytest.mark.parametrize("name", fuzzing.GIVEN)
@given(data=st.data())
@FAST
def test_spoilt_camera_files_are_survived(trial: Trial, shared: Path, name: str, data: st.DataObject) -> None:
    trial.survives(name, data.draw(fuzzing.spoilt(name)))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*fuzzing.MADE, *fuzzing.given()])
@given(data=st.data())
@LONG
def test_many_spoilt_files_are_survived(trial: Trial, name: str, data: st.DataObject) -> None:
    trial.survives(name, data.draw(fuzzing.spoilt(name)))


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are read from /proc")
def test_none_of_them_took_a_gigabyte(trial: Trial) -> None:
    trial.survives("a.tif", fuzzing.seed("raw.tif"))
    assert trial.peak_megabytes() < MOST_MEGABYTES
