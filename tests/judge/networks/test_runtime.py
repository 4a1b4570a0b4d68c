"""One call, two ways: ONNX Runtime and PyTorch give the same numbers, and say plainly what is wrong."""

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from photocull.core.errors import ModelError
from photocull.judge.networks.runtime import OnnxRuntime, TorchRuntime, open_runtime

Tensors = dict[str, NDArray[np.generic]]


@pytest.fixture(scope="module")
def values() -> NDArray[np.float32]:
    return np.random.default_rng(2).uniform(-1, 1, (3, 96, 160)).astype(np.float32)


def test_both_engines_agree(drawn_trunk: Tensors, drawn_graph: Path, values: NDArray[np.float32]) -> None:
    pytest.importorskip("torch", reason="torch is an extra")
    first = OnnxRuntime(drawn_graph.read_bytes(), drawn_trunk, threads=1).run(values)
    second = TorchRuntime(drawn_trunk, device="cpu").run(values)
    assert first.mean.shape == (784, 3, 5)
    assert np.allclose(first.mean, second.mean, rtol=1e-3, atol=1e-4)
    assert np.allclose(first.square, second.square, rtol=1e-3, atol=1e-4)
    assert np.allclose(first.logits, second.logits, rtol=1e-3, atol=1e-4)


def test_threads_and_repetition_do_not_change_the_numbers(
    drawn_trunk: Tensors, drawn_graph: Path, values: NDArray[np.float32]
) -> None:
    one, two = (OnnxRuntime(drawn_graph.read_bytes(), drawn_trunk, threads=threads) for threads in (1, 2))
    first, second, again = one.run(values), two.run(values), one.run(values)
    assert np.array_equal(first.logits, again.logits)
    assert np.abs(first.logits - second.logits).max() < 1e-5


def test_the_graph_opens_from_its_folder_as_well(
    drawn_trunk: Tensors, drawn_graph: Path, values: NDArray[np.float32]
) -> None:
    """Its initialisers point into the safetensors file, so any ONNX program can run the pair."""
    ort = pytest.importorskip("onnxruntime")
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(drawn_graph), options, providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"photo": values[None]})
    assert np.array_equal(logits[0], OnnxRuntime(drawn_graph.read_bytes(), drawn_trunk, threads=1).run(values).logits)


def test_the_graph_is_small_and_the_weights_lie_once(drawn_graph: Path) -> None:
    assert drawn_graph.stat().st_size < 40_000
    assert drawn_graph.with_suffix(".safetensors").stat().st_size > 9_000_000


def test_an_unknown_device_is_named_with_the_known_ones(drawn_trunk: Tensors) -> None:
    with pytest.raises(ModelError, match=r"no device 'tpu'.*cuda"):
        open_runtime(b"", drawn_trunk, device="tpu")


def test_a_gpu_without_torch_says_how_to_get_it(drawn_trunk: Tensors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelError, match=r"needs PyTorch.*install torch"):
        open_runtime(b"", drawn_trunk, device="cuda")


def test_auto_uses_the_processor_where_torch_is_missing(
    drawn_trunk: Tensors, drawn_graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/nvidia-smi")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert open_runtime(drawn_graph.read_bytes(), drawn_trunk).device == "cpu"


def test_a_broken_graph_is_one_line(drawn_trunk: Tensors) -> None:
    with pytest.raises(ModelError, match="cannot be opened") as caught:
        OnnxRuntime(b"not a graph", drawn_trunk)
    assert "\n" not in str(caught.value)
    assert "packaging/bootstrap.py" in (caught.value.remedy or "")


def test_without_its_engine_the_way_to_it_is_told(drawn_trunk: Tensors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelError, match=r"ONNX Runtime.*cannot be loaded\. Set Photocull up again: python3 packaging"):
        OnnxRuntime(b"", drawn_trunk)


@pytest.mark.parametrize("shape", [(3, 100, 96), (1, 96, 96), (96, 96)])
def test_an_input_of_another_shape_is_refused(shape: tuple[int, ...], drawn_trunk: Tensors, drawn_graph: Path) -> None:
    runtime = OnnxRuntime(drawn_graph.read_bytes(), drawn_trunk, threads=1)
    with pytest.raises(ModelError, match="multiples of 32"):
        runtime.run(np.zeros(shape, dtype=np.float32))
