"""The embedding: unit length, few numbers, and a sentence where the model has none that fits."""

import numpy as np
import pytest

from photocull.core.errors import ModelError
from photocull.judge.networks.embedding import MOST, SOURCE, Projection, last_means, read_projection
from photocull.judge.networks.runtime import TrunkOutput


def _tensors(width: int) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(0)
    parts = {"centre": generator.normal(size=SOURCE), "matrix": generator.normal(size=(SOURCE, width))}
    return {f"heads.embedding.{name}": part.astype(np.float32) for name, part in parts.items()}


def test_an_embedding_has_unit_length_and_half_precision() -> None:
    embedding = read_projection(_tensors(128)).embed(np.random.default_rng(1).normal(size=SOURCE))
    assert embedding.shape == (128,)
    assert embedding.dtype == np.float16
    assert np.linalg.norm(embedding.astype(np.float64)) == pytest.approx(1, abs=2e-3)


def test_the_ordinary_photo_itself_points_nowhere() -> None:
    projection = read_projection(_tensors(16))
    assert not projection.embed(projection.centre).any()


def test_a_photo_in_a_batch_is_embedded_as_alone() -> None:
    projection, means = read_projection(_tensors(32)), np.random.default_rng(2).normal(size=(3, SOURCE))
    assert np.allclose(projection.embed(means)[1], projection.embed(means[1]), atol=1e-3)


def test_the_last_stages_means_are_read() -> None:
    mean = np.zeros((784, 2, 3), dtype=np.float32)
    mean[-SOURCE:] = np.arange(6).reshape(2, 3)
    output = TrunkOutput(mean, mean, np.zeros(1000, dtype=np.float32))
    assert (last_means(output) == 2.5).all()
    assert last_means(output).shape == (SOURCE,)


def test_a_model_without_an_embedding_is_refused() -> None:
    with pytest.raises(ModelError, match="lacks"):
        read_projection({})


@pytest.mark.parametrize("width", [0, MOST + 1])
def test_an_embedding_of_no_or_too_many_numbers_is_refused(width: int) -> None:
    with pytest.raises(ModelError, match="wrong shape"):
        read_projection(_tensors(width))


def test_projections_are_values() -> None:
    projection = Projection(np.zeros(SOURCE), np.zeros((SOURCE, 2)))
    with pytest.raises(AttributeError):
        projection.centre = np.ones(SOURCE)  # type: ignore[misc]  # the test is that this fails
