"""Fitting the embedding and trying it in triples: what should be near is near, and a blind embedding is found out."""

from pathlib import Path

import numpy as np
import pytest

from photocull.core.errors import TrainingError
from photocull.core.types import ColourScheme, Judgement, Pixels
from photocull.judge.networks.embedding import SOURCE, read_projection
from photocull.judge.networks.layout import CHANNELS
from photocull.training.embedding import fit_embedding
from photocull.training.embedding_measuring import brightened, cropped, measure_embedding, reencoded
from photocull.training.subject import Subject
from tests.building import draw, make_photo
from tests.training.building import make_sets


def _pooled(count: int) -> np.ndarray:
    generator = np.random.default_rng(0)
    content = generator.normal(size=(count, 6)) * np.array([30, 20, 10, 3, 2, 1])
    pooled = generator.normal(size=(count, 2 * CHANNELS))
    pooled[:, CHANNELS - SOURCE : CHANNELS] += content @ generator.normal(size=(6, SOURCE))
    return pooled.astype(np.float32)


def test_whitened_photos_spread_alike_along_every_axis() -> None:
    pooled = _pooled(400)
    projection = read_projection(fit_embedding(pooled, 6))
    turned = (pooled[:, CHANNELS - SOURCE : CHANNELS] - projection.centre) @ projection.matrix
    assert turned.std(axis=0) == pytest.approx(np.ones(6), rel=1e-2)


def test_few_photos_give_few_axes() -> None:
    projection = read_projection(fit_embedding(_pooled(9), 128))
    assert projection.matrix.shape[1] == 8
    assert np.isfinite(projection.matrix).all()


def test_photos_that_are_all_the_same_can_be_fitted() -> None:
    same = np.repeat(_pooled(1), 5, axis=0)
    assert np.isfinite(fit_embedding(same)["heads.embedding.matrix"]).all()


def test_a_crop_keeps_most_and_a_brighter_picture_is_brighter() -> None:
    pixels = draw((200, 100))
    for number in range(6):
        rows, columns = cropped(pixels, number).shape[:2]
        assert 0.79 <= rows / 100 <= 0.91
        assert 0.79 <= columns / 200 <= 0.91
    assert brightened(pixels).mean() > pixels.mean()
    assert (brightened(np.full((2, 2, 3), 255, np.uint8)) == 255).all()
    assert np.abs(reencoded(pixels).astype(int) - pixels).mean() < 10


def _judgement(embedding: np.ndarray | None) -> Judgement:
    scheme = ColourScheme(None, None, "achromatic", ())
    return Judgement("test", "0", 5, 5, 5, 5, (), scheme, (), (), embedding=embedding)


def _by_colours(pixels: Pixels) -> Judgement:
    cells = pixels[:: max(1, len(pixels) // 8), :: max(1, pixels.shape[1] // 8)][:8, :8].astype(np.float64)
    padded = np.zeros((8, 8, 3))
    padded[: cells.shape[0], : cells.shape[1]] = cells - cells.mean(axis=(0, 1))
    return _judgement((padded.ravel() / np.linalg.norm(padded)).astype(np.float16))


def _by_chance(pixels: Pixels) -> Judgement:
    noise = np.random.default_rng(int(pixels.astype(np.int64).sum())).normal(size=64)
    return _judgement((noise / np.linalg.norm(noise)).astype(np.float16))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = make_sets(tmp_path / "data", count=24)
    rows = ["file,group"]
    with (folder / "biq2021" / "labels.csv").open("a", encoding="utf-8") as labels:
        for scene in range(2):
            for frame in range(3):
                name = f"ss01_9{scene}{frame}.jpg"
                make_photo(folder / "biq2021" / "photos" / name, size=(96, 64), seed=scene + 50, blur=float(frame))
                labels.write(f"{name},0.5,validation\n")
                rows.append(f"{name},scene_{scene}")
    (folder / "series").mkdir()
    (folder / "series" / "series.csv").write_text("\n".join([*rows, "gone.jpg,scene_0"]) + "\n", "utf-8")
    return folder


def test_an_embedding_that_sees_scores_above_one_that_guesses(data: Path) -> None:
    seeing, guessing = (measure_embedding(Subject(judge, data)) for judge in (_by_colours, _by_chance))
    assert [result.data for result in seeing] == [result.data for result in guessing]
    assert len(seeing) == 12
    first, second = (next(r for r in found if r.data == "re-encoded against strangers") for found in (seeing, guessing))
    assert first.value > 0.95
    assert second.value < 0.8
    assert all(r.low is not None and r.low <= r.value <= r.high for r in seeing if r.photos)


def test_frames_of_a_series_are_told_from_other_series(data: Path) -> None:
    found = {result.data: result for result in measure_embedding(Subject(_by_colours, data))}
    series = found["frames of a series against frames of other series"]
    assert series.photos == 6
    assert series.value > found["frames of a series against the nearest of other series"].value - 1e-9


def test_without_the_list_of_series_the_rest_is_measured(data: Path) -> None:
    (data / "series" / "series.csv").unlink()
    (data / "series").rmdir()
    assert len(measure_embedding(Subject(_by_colours, data))) == 9


def test_a_list_of_series_without_its_columns_is_named(data: Path) -> None:
    (data / "series" / "series.csv").write_text("photo,scene\na,b\n", "utf-8")
    with pytest.raises(TrainingError, match="list of series"):
        measure_embedding(Subject(_by_colours, data))


def test_a_model_without_embedding_is_refused(data: Path) -> None:
    with pytest.raises(TrainingError, match="no embedding"):
        measure_embedding(Subject(lambda pixels: _judgement(None), data))
