"""Whatever a file holds, it becomes a network's weights or one clear line; no code in it ever runs."""

import io
import os
import pickle
import struct
import subprocess
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from photocull.core.errors import ModelError
from photocull.models import load_network
from photocull.models.reading import read_checkpoint

torch = pytest.importorskip("torch")


def refused(path: Path, said: str) -> None:
    with pytest.raises(ModelError, match=said) as caught:
        read_checkpoint(path)
    assert "\n" not in str(caught.value)
    assert str(path.name) in str(caught.value)
    assert caught.value.remedy


def test_a_published_file_becomes_its_network(tanet_file: Path) -> None:
    network = load_network(tanet_file)
    assert not network.training
    assert not any(parameter.requires_grad for parameter in network.parameters())
    with torch.inference_mode():
        assert network(torch.zeros(2, 3, 224, 224)).shape == (2, 1)


Wrap = Callable[[Mapping[str, Any]], Any]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda state: state,
        lambda state: {"state_dict": state, "epoch": 4, "arch": "x", "best_prec1": 0.5},
        lambda state: {"model": state, "optimizer": {"state": {}, "param_groups": [{"lr": 0.1}]}},
        lambda state: {"state_dict": {f"module.{name}": values for name, values in state.items()}},
        lambda state: OrderedDict((name, torch.nn.Parameter(values)) for name, values in state.items()),
    ],
)
@pytest.mark.parametrize("zipped", [True, False])
def test_wrapped_files_of_both_formats_hold_the_same(
    wrap: Wrap, zipped: bool, small_delegate: Mapping[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "anything.pth.tar"
    torch.save(wrap(small_delegate), path, _use_new_zipfile_serialization=zipped)
    found = read_checkpoint(path)
    assert found.architecture.id == "delegate-icaa17k"
    for name, values in small_delegate.items():
        assert np.array_equal(found.tensors[name], values.numpy())


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_weights_of_other_precision_are_kept_as_float32(
    kind: Any, small_delegate: Mapping[str, Any], tmp_path: Path
) -> None:
    state = {name: values.to(kind) for name, values in small_delegate.items()}
    torch.save(state, tmp_path / "a.pth")
    from safetensors.torch import save_file

    save_file(state, tmp_path / "a.safetensors")
    for path in (tmp_path / "a.pth", tmp_path / "a.safetensors"):
        found = read_checkpoint(path)
        for name, values in state.items():
            assert found.tensors[name].dtype == np.float32
            assert np.array_equal(found.tensors[name], values.float().numpy())


class Hostile:
    """Unpickled, it would leave a file behind."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> Any:
        return os.system, (f"echo ran > '{self._marker}'",)


@pytest.mark.parametrize("zipped", [True, False])
def test_code_in_a_file_never_runs(zipped: bool, small_delegate: Mapping[str, Any], tmp_path: Path) -> None:
    path, marker = tmp_path / "hostile.pth", tmp_path / "ran"
    torch.save({**small_delegate, "extra": Hostile(marker)}, path, _use_new_zipfile_serialization=zipped)
    refused(path, r"more than weights \((posix|nt)\.system\); it could run code, so it was not opened")
    assert not marker.exists()


def test_a_plain_pickle_with_code_never_runs(tmp_path: Path) -> None:
    path, marker = tmp_path / "hostile.pth", tmp_path / "ran"
    path.write_bytes(pickle.dumps(Hostile(marker)))
    refused(path, "damaged|more than weights")
    assert not marker.exists()


def test_a_whole_network_object_is_refused(tmp_path: Path) -> None:
    torch.save(torch.nn.Linear(2, 2), tmp_path / "network.pth")
    refused(tmp_path / "network.pth", r"more than weights .*was not opened.*state dict")


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("zipped", [True, False])
def test_a_file_that_is_cut_off_is_one_line(
    share: float, zipped: bool, small_delegate: Mapping[str, Any], tmp_path: Path
) -> None:
    whole = tmp_path / "whole.pth"
    torch.save(small_delegate, whole, _use_new_zipfile_serialization=zipped)
    content = whole.read_bytes()
    path = tmp_path / "cut.pth"
    path.write_bytes(content[: int(len(content) * share)])
    refused(path, "damaged|cut off|not a checkpoint")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b"\n\n  <html>", "web page"),
        (b"404: Not Found", "not a checkpoint"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n", "points to a checkpoint.*Git LFS"),
        (b"\x1f\x8b\x08" + bytes(50), "archive"),
        (bytes(257) + b"ustar" + bytes(300), "archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a checkpoint"),
        (struct.pack("<Q", 2) + b"{}", "none of the networks"),
        (struct.pack("<Q", 1 << 40) + b"{}", "not a sound safetensors"),
        (b"\x80\x02}q\x00.", "damaged"),
    ],
)
def test_what_people_take_for_a_checkpoint_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "file.pth"
    path.write_bytes(content)
    refused(path, said)


def test_a_folder_and_nothing_are_named(tmp_path: Path) -> None:
    refused(tmp_path, "folder")
    refused(tmp_path / "gone.pth", "no such file")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a file that may not be read")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "closed.pth"
    path.write_bytes(b"x")
    path.chmod(0)
    refused(path, "ermission")


def test_an_archive_that_unpacks_to_more_than_it_is_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pth"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}))
        archive.writestr("archive/data/0", bytes(50_000_000))
    assert path.stat().st_size < 1_000_000
    refused(path, "unpack to more than it is")


def test_an_archive_of_other_things_is_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    refused(path, "holds no checkpoint")


def test_a_file_larger_than_any_model_is_not_read(tmp_path: Path) -> None:
    for start in (b"PK\x03\x04", struct.pack("<Q", 20) + b"{"):
        path = tmp_path / "large.pth"
        with path.open("wb") as file:
            file.write(start)
            file.truncate(3_000_000_000)  # sparse: takes no room
        refused(path, "3.0 GB; no model that Photocull knows is larger")


def test_a_tensor_that_claims_more_than_the_file_holds_is_refused(tmp_path: Path) -> None:
    torch.save({"conv1.weight": torch.zeros(1).expand(1 << 40)}, tmp_path / "claims.pth")
    refused(tmp_path / "claims.pth", "claims more than the file holds")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_weights_that_are_no_numbers_are_refused(
    value: float, small_delegate: Mapping[str, Any], tmp_path: Path
) -> None:
    broken = {name: values.clone() for name, values in small_delegate.items()}
    broken["heads.0.weight"][0, 5] = value
    torch.save(broken, tmp_path / "nan.pth")
    refused(tmp_path / "nan.pth", r"'heads\.0\.weight' holds values that are no numbers")


def test_nothing_but_settings_is_no_checkpoint(tmp_path: Path) -> None:
    torch.save({"epoch": 3}, tmp_path / "settings.pth")
    refused(tmp_path / "settings.pth", "holds no weights")


def test_another_network_is_told_what_was_expected(published_tanet: Mapping[str, Any], tmp_path: Path) -> None:
    state = {name: values for name, values in published_tanet.items() if not name.startswith("head_rgb")}
    torch.save(state, tmp_path / "half.pth")
    refused(tmp_path / "half.pth", r"comes near to TANet.*colour branch lacks 'colour\.linear\.weight'")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_never_crashes_the_reader(data: st.DataObject, tmp_path: Path) -> None:
    held = io.BytesIO()
    torch.save({"a": torch.arange(6.0), "b": torch.zeros(2, 2)}, held,
               _use_new_zipfile_serialization=data.draw(st.booleans()))  # fmt: skip
    content = bytearray(held.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.pth"
    path.write_bytes(bytes(content))
    with pytest.raises(ModelError):  # even whole, these are no network
        read_checkpoint(path)


def test_without_torch_a_pickled_file_is_one_sentence_and_our_own_format_still_reads(
    small_file: Path, small_delegate: Mapping[str, Any], tmp_path: Path
) -> None:
    """In a process of its own where torch cannot be imported."""
    from photocull.models.architectures import architecture_of

    layout = architecture_of("tanet-ava").layout({})
    zeros = {name: np.zeros(shape, np.int64 if "num_batches" in name else np.float32) for name, shape in layout.items()}
    own = tmp_path / "own.safetensors"
    own.write_bytes(save(zeros))
    program = (
        "import sys\n"
        "for name in ('torch', 'torchvision'): sys.modules[name] = None\n"
        "from pathlib import Path\n"
        "from photocull.core.errors import ModelError\n"
        "from photocull.models import load_network\n"
        "from photocull.models.importing import import_file\n"
        "from photocull.models.store import listing, scorer_fingerprint\n"
        "from photocull.models.verifying import verify\n"
        f"try: load_network(Path({str(small_file)!r}))\n"
        "except ModelError as error: print(error)\n"
        f"shelf = Path({str(tmp_path / 'shelf')!r})\n"
        f"print(import_file(Path({str(own)!r}), shelf=shelf).architecture)\n"
        "assert [f.sound for f in verify(shelf=shelf)] == [True, True, True]\n"
        "assert [m.state for m in listing(shelf=shelf)][:3] == ['installed'] * 3\n"
        "assert len(scorer_fingerprint('tanet-ava', shelf=shelf)) == 16\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=800)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert "PyTorch, which is not installed" in first
    assert "python3 packaging/bootstrap.py install torch" in first
    assert second == "tanet-ava"


def test_importing_the_room_does_not_import_torch() -> None:
    program = "import sys, photocull.models, photocull.models.store, photocull.models.downloading\n"
    program += "assert photocull.models.__all__ == ['load_network']\n"
    program += "assert 'torch' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=800,
                          cwd=Path(__file__).resolve().parents[2])  # fmt: skip
    assert done.returncode == 0, done.stderr
