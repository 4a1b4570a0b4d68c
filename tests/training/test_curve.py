"""What views cost and bring: a point for each set of views and kind of heads, kept so that a stopped call goes on."""

from pathlib import Path

import numpy as np
import pytest

from photocull.core.errors import CancelledError, OutputError, TrainingError
from photocull.core.work import CancelToken, Progressed
from photocull.models.store import open_builtin
from photocull.training.curve import measure_curve, read_curve, save_curve
from photocull.training.curve_heads import fitted_perceptrons, fitted_ridge
from photocull.training.objectives import srcc
from tests.training.building import make_sets

VIEWS = ((64,), (64, 96))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sets(tmp_path_factory.mktemp("data"), count=24)


def learnable(count: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(3)
    numbers = generator.normal(size=(count, 30)).astype(np.float32)
    wanted = numbers[:, 0] * 2.0 + numbers[:, 1] + generator.normal(scale=0.3, size=count)
    return numbers, (wanted - wanted.mean()) / wanted.std(), np.ones(count)


def test_each_set_of_views_has_a_point_a_kind_of_heads(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the perceptrons need torch")
    model = open_builtin("builtin-1")
    heard: list[Progressed] = []
    points = measure_curve(model, data, tmp_path, views=VIEWS, listener=lambda event: heard.append(event))  # type: ignore[arg-type]  # only progress is told
    assert [(point.views, point.heads) for point in points] == [
        (views, heads) for views in VIEWS for heads in ("ridge", "perceptrons")
    ]
    assert [point.ratio for point in points[:2]] == [1.0, 1.0]
    assert points[2].ratio > 1.5
    assert all(set(point.srcc) == {"BIQ2021", "snapshots"} for point in points)
    assert heard[-1].done == heard[-1].total == 2 * 48
    kept = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    again = measure_curve(model, data, tmp_path, views=VIEWS[:1])
    assert [point.srcc for point in again] == [point.srcc for point in points[:2]]
    assert {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == kept


def test_a_stop_is_heard(data: Path, tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        measure_curve(open_builtin("builtin-1"), data, tmp_path, views=VIEWS, token=token)


def test_ridge_learns_what_can_be_learnt_with_more_photos_than_numbers_and_with_fewer() -> None:
    numbers, wanted, weights = learnable()
    for count in (20, 300):
        answer = fitted_ridge(numbers[:count], wanted[:count], weights[:count])
        assert srcc(answer(numbers[300:]), wanted[300:]) > (0.5 if count == 20 else 0.9)


def test_a_photo_of_no_weight_is_hardly_learnt_from() -> None:
    numbers, wanted, weights = learnable()
    spoilt, light = wanted.copy(), weights.copy()
    spoilt[:150], light[:150] = -spoilt[:150], 0.01
    heavy = srcc(fitted_ridge(numbers[:300], spoilt[:300], weights[:300])(numbers[300:]), wanted[300:])
    ignored = srcc(fitted_ridge(numbers[:300], spoilt[:300], light[:300])(numbers[300:]), wanted[300:])
    assert ignored > 0.8 > heavy


@pytest.mark.slow
def test_perceptrons_learn_the_same_each_time() -> None:
    pytest.importorskip("torch", reason="the perceptrons need torch")
    numbers, wanted, weights = learnable(2000)
    first, second = (
        fitted_perceptrons(numbers[:1900], wanted[:1900], weights[:1900])(numbers[1900:]) for _ in range(2)
    )
    assert np.array_equal(first, second)
    assert srcc(first, wanted[1900:]) > 0.8


def test_a_curve_is_saved_and_read_again(data: Path, tmp_path: Path) -> None:
    from tests.models.test_charting import POINTS

    save_curve(tmp_path / "out", POINTS)
    assert read_curve(tmp_path / "out" / "curve.json") == POINTS
    assert (tmp_path / "out" / "curve.svg").read_text("utf-8").startswith("<svg")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        save_curve(tmp_path / "file" / "below", POINTS)
    with pytest.raises(TrainingError, match="cannot be read"):
        read_curve(tmp_path / "none.json")
