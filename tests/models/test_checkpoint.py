"""Weight files are untrusted: whatever they hold, they are read whole or refused in one line."""

import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from photocull.core.errors import ModelError
from photocull.models.checkpoint import read_tensors, read_verified

NAME = Path("weights.safetensors")


def _file(header: object, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def test_tensors_come_back_as_they_were_saved() -> None:
    tensors = {
        "a": np.arange(6, dtype=np.float32).reshape(2, 3),
        "b": np.array([1.5], dtype=np.float16),
        "c": np.array(7, dtype=np.int64),
    }
    found = read_tensors(save(tensors, metadata={"model": "x"}), NAME)
    assert set(found) == set(tensors)
    for name, values in tensors.items():
        assert np.array_equal(found[name], values)
        assert found[name].dtype == values.dtype
        assert not found[name].flags.writeable


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        struct.pack("<Q", 1 << 60) + b"{}",
        _file(b"not json"),
        _file(b"\xff\xfe"),
        _file([1, 2]),
        _file({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}, b"1234"),
        _file({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"12"),
        _file({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}, b"1234"),
        _file({"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}, b"1234"),
        _file({"a": {"dtype": "PICKLE", "shape": [1], "data_offsets": [0, 4]}}, b"1234"),
        _file({"a": {"dtype": "F32", "shape": [1.0], "data_offsets": [0, 4]}}, b"1234"),
        _file({"a": {"dtype": "F32", "shape": [1 << 40, 1 << 40], "data_offsets": [0, 4]}}, b"1234"),
        _file({"a": {"dtype": "F32", "shape": [1]}}, b"1234"),
        _file({"a": None}, b"1234"),
        _file(b"[" * 100_000),
    ],
)
def test_a_malformed_file_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(ModelError, match="not a sound safetensors file") as caught:
        read_tensors(content, NAME)
    assert "\n" not in str(caught.value)


@given(st.data())
def test_a_damaged_file_never_crashes_the_reader(data: st.DataObject) -> None:
    content = bytearray(save({"a": np.arange(4, dtype=np.float32), "b": np.zeros((2, 2), dtype=np.float16)}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    try:
        found = read_tensors(bytes(content[:cut]), NAME)
    except ModelError:
        return
    assert all(isinstance(values, np.ndarray) for values in found.values())


def test_a_file_is_accepted_by_its_hash_alone(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(b"weights")
    assert read_verified(path, hashlib.sha256(b"weights").hexdigest()) == b"weights"
    path.write_bytes(b"weighta")
    with pytest.raises(ModelError, match="is damaged: its hash differs"):
        read_verified(path, hashlib.sha256(b"weights").hexdigest())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.safetensors.*cannot be read"):
        read_verified(tmp_path / "gone.safetensors", "00")
