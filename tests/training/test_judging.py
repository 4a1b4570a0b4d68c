"""Many photos asked about: kept answers, problems, stopping and going on."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from photocull.core.errors import CancelledError, ModelError, OutputError
from photocull.core.types import DecodedPhoto
from photocull.core.work import CancelToken, Event, Problem, Progressed
from photocull.training.answers import Answer, AnswerStore
from photocull.training.judging import Judged, judge_photos
from tests.building import make_photo


class Counting:
    """Answers with the mean of the pixels, and counts."""

    def __init__(self, fail_after: int | None = None) -> None:
        self.asked: list[str] = []
        self._fail_after = fail_after

    def __call__(self, batch: list[DecodedPhoto]) -> list[Answer]:
        return [self._one(decoded) for decoded in batch]

    def _one(self, decoded: DecodedPhoto) -> Answer:
        if self._fail_after is not None and len(self.asked) >= self._fail_after:
            raise ModelError("The network failed.")
        self.asked.append(decoded.photo.path.name)
        value = float(decoded.preview.mean())
        return Answer(np.array([value, -value]), np.array([value / 256, 1], dtype=np.float16))


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return [make_photo(tmp_path / "photos" / f"{k}.jpg", size=(96, 64), seed=k) for k in range(7)]


def _judged(paths: list[Path], judge: Counting, file: Path, model: str = "m", **more: object) -> Judged:
    with AnswerStore(file, model) as store:
        return judge_photos(paths, judge, store, **more)  # type: ignore[arg-type]


def _numbers(judged: Judged) -> list[list[float] | None]:
    return [None if answer is None else answer.numbers.tolist() for answer in judged.answers]


@pytest.mark.parametrize(("jobs", "batch"), [(1, 1), (3, 1), (2, 3), (1, 50)])
def test_each_photo_gets_its_own_answer_in_the_order_asked(
    paths: list[Path], tmp_path: Path, jobs: int, batch: int
) -> None:
    events: list[Event] = []
    judge = Counting()
    judged = _judged(paths, judge, tmp_path / "kept.sqlite", jobs=jobs, batch=batch, listener=events.append)
    assert judge.asked == [path.name for path in paths]
    assert len({tuple(numbers or ()) for numbers in _numbers(judged)}) == 7
    assert (judged.fresh, judged.problems) == (7, ())
    assert judged.rate is not None
    told = [event for event in events if isinstance(event, Progressed)]
    assert [event.done for event in told] == list(range(1, 8))
    reverse = _judged(paths[::-1], Counting(), tmp_path / "other.sqlite", jobs=jobs)
    assert _numbers(reverse) == _numbers(judged)[::-1]


def test_what_is_known_is_not_asked_again_and_another_model_is(paths: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "deep" / "kept.sqlite"
    first = _judged(paths, Counting(), file)
    moved = [path.rename(path.with_name(f"moved-{path.name}")) for path in paths]
    judge = Counting()
    again = _judged(moved, judge, file, embeddings=True)
    assert not judge.asked
    assert _numbers(again) == _numbers(first)
    assert (again.fresh, again.rate) == (0, None)
    assert again.answers[0] is not None
    assert again.answers[0].embedding.dtype == np.float16
    assert again.answers[0].embedding[1] == 1
    assert first.answers[0] is not None
    assert not first.answers[0].embedding.size
    other = Counting()
    _judged(moved, other, file, model="another")
    assert len(other.asked) == 7


def test_a_run_that_is_stopped_or_fails_keeps_what_it_has(paths: list[Path], tmp_path: Path) -> None:
    file, token = tmp_path / "kept.sqlite", CancelToken()

    def stop(event: Event) -> None:
        if isinstance(event, Progressed) and event.done == 3:
            token.cancel()

    with pytest.raises(CancelledError):
        _judged(paths, Counting(), file, token=token, listener=stop, jobs=2)
    with pytest.raises(ModelError):
        _judged(paths, Counting(fail_after=2), file, jobs=2)
    judge = Counting()
    assert _judged(paths, judge, file).fresh == 2
    assert judge.asked == [path.name for path in paths[5:]]


def test_unreadable_photos_are_named_and_cost_nothing_else(paths: list[Path], tmp_path: Path) -> None:
    paths[1].write_bytes(b"no photo")
    paths[3].unlink()
    paths[5].unlink()
    paths[5].mkdir()
    events: list[Event] = []
    judged = _judged(paths, Counting(), tmp_path / "kept.sqlite", listener=events.append)
    assert [answer is None for answer in judged.answers] == [False, True, False, True, False, True, False]
    assert [problem.path for problem in judged.problems] == [paths[1], paths[3], paths[5]]
    assert all(problem.sentence.endswith(".") for problem in judged.problems)
    assert [event for event in events if isinstance(event, Problem)] == list(judged.problems)
    shutil.copy(paths[0], paths[3])
    judge = Counting()
    assert len(_judged(paths, judge, tmp_path / "kept.sqlite").problems) == 2
    assert not judge.asked


def test_one_content_under_two_names_is_asked_once(paths: list[Path], tmp_path: Path) -> None:
    twin = tmp_path / "twin.jpg"
    shutil.copy(paths[0], twin)
    judge = Counting()
    judged = _judged([paths[0], twin], judge, tmp_path / "kept.sqlite", jobs=2)
    assert judge.asked == ["0.jpg"]
    assert _numbers(judged)[0] == _numbers(judged)[1]


@pytest.mark.expects_log
@pytest.mark.parametrize("batch", [1, 3, 20])
def test_a_photo_that_breaks_the_arithmetic_is_a_problem_of_its_own(
    paths: list[Path], tmp_path: Path, batch: int
) -> None:
    def judge(batch: list[DecodedPhoto]) -> list[Answer]:
        names = [decoded.photo.path.name for decoded in batch]
        if "2.jpg" in names:
            raise ZeroDivisionError("by nothing")
        return [Answer(np.array([np.nan if name == "4.jpg" else 1.0])) for name in names]

    with AnswerStore(tmp_path / "kept.sqlite", "m") as store:
        judged = judge_photos(paths, judge, store, batch=batch)
    assert [problem.path.name for problem in judged.problems] == ["2.jpg", "4.jpg"]
    assert judged.fresh == 5


def test_a_damaged_file_of_answers_is_begun_anew(paths: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "kept.sqlite"
    _judged(paths, Counting(), file)
    file.write_bytes(b"this is no database, whatever its name says" * 50)
    assert _judged(paths, Counting(), file).fresh == 7
    assert _judged(paths, Counting(), file).fresh == 0


def test_a_place_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be kept"):
        AnswerStore(tmp_path / "file" / "kept.sqlite", "m")


_KILLED = """
import os, sys
from pathlib import Path
import numpy as np
from photocull.training import judging
from photocull.training.answers import Answer, AnswerStore

asked = []

def judge(batch):
    if len(asked) == 4:
        os._exit(9)  # as a kill does: nothing is closed, nothing is said
    asked.append(batch[0].photo.path)
    return [Answer(np.array([batch[0].preview.mean()]))]

judging._KEPT_EVERY = 0.0
with AnswerStore(Path(sys.argv[1]), "m") as store:
    judging.judge_photos([Path(name) for name in sys.argv[2:]], judge, store)
"""


def test_a_process_that_is_killed_keeps_what_it_had_finished(paths: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "kept.sqlite"
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(file), *map(str, paths)], check=False, timeout=800)
    assert killed.returncode == 9
    judge = Counting()
    again = _judged(paths, judge, file)
    assert judge.asked == [path.name for path in paths[4:]]
    assert None not in again.answers
