"""The heads' arithmetic: pooling is exact, gradients are the slopes that they claim to be."""

import dataclasses

import numpy as np
import pytest

from photocull.core.errors import ModelError
from photocull.judge.light import NUMBERS
from photocull.judge.networks.heads import (
    BLOCKS,
    FEATURES,
    POOLED,
    Head,
    LinearHeads,
    columns_of,
    features,
    numbers_of,
    pool,
    read_head,
    read_linear_heads,
)
from photocull.judge.networks.runtime import TrunkOutput


def _head(inputs: int, width: int = 8) -> Head:
    generator = np.random.default_rng(4)
    return Head(
        columns=np.arange(inputs),
        centre=generator.standard_normal(inputs),
        scale=generator.uniform(0.5, 2, inputs),
        hidden=generator.standard_normal((inputs, width)) / 30,
        hidden_bias=generator.standard_normal(width),
        output=generator.standard_normal(width),
        output_bias=0.3,
    )


def test_pooling_cells_gives_the_whole_pictures_mean_and_deviation() -> None:
    full = np.random.default_rng(5).standard_normal((784, 12, 20)).astype(np.float32)
    cells = full.reshape(784, 3, 4, 5, 4)
    output = TrunkOutput(cells.mean(axis=(2, 4)), (cells**2).mean(axis=(2, 4)), np.zeros(1000, dtype=np.float32))
    numbers = pool(output)
    assert np.allclose(numbers[:784], full.mean(axis=(1, 2)), atol=1e-6)
    assert np.allclose(numbers[784:], full.std(axis=(1, 2)), atol=1e-5)


def test_a_flat_picture_has_no_deviation_and_no_nan() -> None:
    flat = np.full((784, 2, 2), 0.1, dtype=np.float32)
    assert np.allclose(pool(TrunkOutput(flat, flat * flat, np.zeros(1000, dtype=np.float32)))[784:], 0, atol=1e-3)


@pytest.mark.parametrize("inputs", [POOLED, FEATURES])
def test_the_gradient_is_the_slope(inputs: int) -> None:
    head = _head(inputs)
    numbers = np.random.default_rng(6).standard_normal(FEATURES)
    value, gradient = head.value_and_gradient(numbers)
    assert value == head.value(numbers)
    assert np.all(gradient[inputs:] == 0)
    for k in (0, 800, inputs - 1):
        step = np.zeros(FEATURES)
        step[k] = 1e-6
        slope = (head.value(numbers + step) - head.value(numbers - step)) / 2e-6
        assert gradient[k] == pytest.approx(slope, abs=1e-6)


def test_theme_odds_are_linear_in_their_gradient() -> None:
    generator = np.random.default_rng(7)
    heads = LinearHeads(
        np.zeros(FEATURES), np.full(FEATURES, 2.0), generator.standard_normal((FEATURES, 3)), np.ones(3)
    )
    numbers = generator.standard_normal(FEATURES)
    assert heads.values(numbers)[1] == pytest.approx(1 + heads.gradient(1) @ numbers)


def test_features_are_pooled_numbers_then_logits() -> None:
    maps = np.ones((784, 1, 1), dtype=np.float32)
    output = TrunkOutput(maps, maps, np.arange(1000, dtype=np.float32))
    assert features(output).shape == (FEATURES,)
    assert features(output)[POOLED + 7] == 7


def _stored(head: Head) -> dict[str, np.ndarray]:
    names = ("centre", "scale", "hidden", "hidden_bias", "output")
    tensors = {f"heads.quality.{name}": getattr(head, name).astype(np.float32) for name in names}
    return {**tensors, "heads.quality.output_bias": np.array([head.output_bias], dtype=np.float32)}


def test_a_stored_head_answers_as_before() -> None:
    head = _head(POOLED)
    numbers = np.random.default_rng(8).standard_normal(FEATURES)
    assert read_head(_stored(head), "quality").value(numbers) == pytest.approx(head.value(numbers), abs=1e-5)


def test_a_missing_or_misshapen_tensor_is_named() -> None:
    tensors = _stored(_head(POOLED))
    with pytest.raises(ModelError, match=r"quality.*wrong shape"):
        read_head({**tensors, "heads.quality.output": np.zeros(3, dtype=np.float32)}, "quality")
    del tensors["heads.quality.scale"]
    with pytest.raises(ModelError, match=r"lacks 'heads\.quality\.scale'"):
        read_head(tensors, "quality")
    with pytest.raises(ModelError, match=r"lacks 'heads\.themes\.centre'"):
        read_linear_heads(tensors, "themes", 39)


def test_a_head_reads_the_columns_that_it_names() -> None:
    blocks = ("stages", "light", "fine")
    head = dataclasses.replace(_head(len(columns_of(blocks))), columns=columns_of(blocks))
    cells = np.random.default_rng(9).random((784, 2, 2)).astype(np.float32)
    output = TrunkOutput(cells, cells + 1, np.zeros(1000, np.float32))
    light = np.random.default_rng(10).standard_normal(len(NUMBERS))
    numbers = numbers_of(output, light, output)

    value, gradient = head.value_and_gradient(numbers)

    assert len(numbers) == BLOCKS["fine"].stop
    assert value == head.value(numbers)
    assert [head.reads(name) for name in BLOCKS] == [True, False, True, True]
    assert all(np.any(gradient[BLOCKS[name]]) for name in blocks)
    assert not np.any(gradient[BLOCKS["classes"]])
    step = np.zeros(len(numbers))
    step[BLOCKS["light"]] = 0.1
    assert head.value(numbers + step) != value
    tensors = {**_stored(head), "heads.quality.columns": head.columns.astype(np.int32)}
    assert read_head(tensors, "quality").value(numbers) == pytest.approx(value, abs=1e-4)


def test_a_head_that_reads_beyond_the_numbers_is_refused() -> None:
    tensors = {**_stored(_head(4)), "heads.quality.columns": np.array([0, 1, 2, 99_999], dtype=np.int32)}
    with pytest.raises(ModelError, match="reads nothing"):
        read_head(tensors, "quality")
