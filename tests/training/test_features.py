"""Features are extracted once, in chunks that survive a stop."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from photocull.core.errors import CancelledError, UnreadablePhotoError
from photocull.core.types import Pixels
from photocull.core.work import CancelToken
from photocull.judge.light import NUMBERS
from photocull.judge.networks.runtime import TrunkOutput
from photocull.training.features import FeatureCache
from photocull.training.sights import Sight


class _CountingTrunk:
    """Answers with the input's mean colours, and counts how often it is asked."""

    device = "cpu"

    def __init__(self) -> None:
        self.runs = 0

    def run(self, values: NDArray[np.float32]) -> TrunkOutput:
        self.runs += 1
        mean = np.repeat(values.mean(axis=(1, 2)), 262)[:784, None, None]
        left = np.full(1000, values[:, :, : values.shape[2] // 2].mean(), dtype=np.float32)
        return TrunkOutput(mean, mean * mean, left)


def _load(path: Path) -> Pixels:
    pixels = np.zeros((32, 32, 3), dtype=np.uint8)
    pixels[:, :16] = int(path.read_text())
    return pixels


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"{k}.txt" for k in range(200)]
    for k, path in enumerate(made):
        path.write_text(str(k))
    return made


def _plain(paths: list[Path]) -> list[Sight]:
    return [Sight(path) for path in paths]


def _cache(tmp_path: Path, trunk: _CountingTrunk, weights: str = "w") -> FeatureCache:
    return FeatureCache(tmp_path / "features", trunk, weights, _load)


def test_every_photo_runs_once_and_comes_back_in_order(tmp_path: Path, paths: list[Path]) -> None:
    trunk = _CountingTrunk()
    first = _cache(tmp_path, trunk).extract(_plain(paths), views=(96,))
    again = _cache(tmp_path, trunk).extract(_plain(paths), views=(96,))
    assert trunk.runs == 200
    assert first.all.shape == (200, 2568 + len(NUMBERS))
    assert np.array_equal(first.all, again.all)
    assert np.all(np.diff(first.logits[:, 0]) > 0)


def test_a_stopped_run_carries_on(tmp_path: Path, paths: list[Path]) -> None:
    trunk, token = _CountingTrunk(), CancelToken()
    with pytest.raises(CancelledError):
        _cache(tmp_path, trunk).extract(
            _plain(paths), views=(96,), token=token, step=lambda count, known: token.cancel()
        )
    done = trunk.runs
    assert 0 < done < 200
    steps: list[tuple[int, bool]] = []
    _cache(tmp_path, trunk).extract(_plain(paths), views=(96,), step=lambda count, known: steps.append((count, known)))
    assert trunk.runs == 200
    assert steps == [(128, True), (72, False)]


def test_mirror_images_and_other_weights_are_kept_apart(tmp_path: Path, paths: list[Path]) -> None:
    trunk = _CountingTrunk()
    plain = _cache(tmp_path, trunk).extract(_plain(paths), views=(96,))
    mirrored = _cache(tmp_path, trunk).extract([Sight(path, "mirror") for path in paths], views=(96,))
    _cache(tmp_path, trunk, "other").extract(_plain(paths), views=(96,))
    assert trunk.runs == 600
    assert np.all(plain.logits[1:, 0] > mirrored.logits[1:, 0])


def test_a_changed_photo_is_seen_anew_and_a_moved_one_is_known(tmp_path: Path, paths: list[Path]) -> None:
    trunk = _CountingTrunk()
    _cache(tmp_path, trunk).extract(_plain(paths[:5]), views=(96,))
    moved = [path.rename(path.with_suffix(".moved")) for path in paths[:5]]
    _cache(tmp_path, trunk).extract(_plain(moved), views=(96,))
    assert trunk.runs == 5
    moved[2].write_text("77")
    _cache(tmp_path, trunk).extract(_plain(moved), views=(96,))
    assert trunk.runs == 10


def test_a_photo_that_vanished_is_named(tmp_path: Path, paths: list[Path]) -> None:
    paths[3].unlink()
    with pytest.raises(UnreadablePhotoError, match=r"3\.txt"):
        _cache(tmp_path, _CountingTrunk()).extract(_plain(paths), views=(96,))
