"""ONNX Runtime as every network here uses it: deterministic, its weights from memory, where their hash was verified."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def open_session(graph: bytes, tensors: Mapping[str, NDArray[np.generic]], threads: int) -> Any:
    """A session for a graph without weights; the tensors may go afterwards, but not change.

    Args:
        tensors: everything that the graph leaves out, by name. threads: of the processor; 0 lets the engine choose.

    Raises:
        Exception: graph and tensors do not fit; the engine has no error class of its own.
    """
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    values = [ort.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(one)) for one in tensors.values()]
    options.add_external_initializers(list(tensors), values)
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
