"""The shelf holds whole models only: when a step fails, a disk fills up, a process is killed or two meet there."""

import errno
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from photocull.core.errors import ModelError
from photocull.models import importing
from photocull.models import shelf as shelves
from photocull.models.importing import import_file
from photocull.models.registry import BUILT_IN
from photocull.models.store import cards, listing
from photocull.models.verifying import verify

torch = pytest.importorskip("torch")
ROOT = Path(__file__).resolve().parents[2]


def everything(folder: Path) -> dict[str, bytes]:
    """Each file under a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def failing(code: int) -> Callable[..., Any]:
    def fail(*arguments: object, **options: object) -> Any:
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize(
    ("step", "code"),
    [("write_tensors", errno.ENOSPC), ("_write", errno.EACCES), ("place", errno.EIO), ("place", errno.ENOSPC)],
)
def test_a_step_that_fails_leaves_the_shelf_as_it_was(
    step: str, code: int, small_file: Path, other_file: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_file(small_file, shelf=shelf)
    before = everything(shelf)
    with monkeypatch.context() as patched:
        patched.setattr(importing, step, failing(code))
        with pytest.raises(ModelError, match="full" if code == errno.ENOSPC else "cannot be changed") as caught:
            import_file(other_file, shelf=shelf, replace=True)
    assert "\n" not in str(caught.value)
    assert everything(shelf) == before
    assert not list(shelf.glob(".*"))
    assert import_file(other_file, shelf=shelf, replace=True).name == "delegate-icaa17k"


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX's")
def test_a_disk_that_fills_while_weights_are_written_is_one_line(tanet_file: Path, shelf: Path) -> None:
    """The kernel itself refuses to write on, as on a full disk."""
    program = f"""
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_000_000, 8_000_000))
        from photocull.cli.main import main
        main(["models", "import", {str(tanet_file)!r}])
    """
    done = in_a_process(program, shelf.parent)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "full" in done.stderr
    assert not (shelf.parent / "data" / "models").exists()


def test_too_little_room_is_said_before_anything_is_written(
    small_file: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shelves.shutil.disk_usage(small_file.parent)
    monkeypatch.setattr(shelves.shutil, "disk_usage", lambda path: usage._replace(free=5_000_000))
    with pytest.raises(ModelError, match=r"5 MB left, and the model needs 21 MB"):
        import_file(small_file, shelf=shelf)
    assert not shelf.exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a folder that may not be written")
def test_a_shelf_that_may_not_be_written_is_one_line(small_file: Path, shelf: Path) -> None:
    shelf.mkdir()
    shelf.chmod(0o500)
    with pytest.raises(ModelError, match="cannot be changed: Permission denied"):
        import_file(small_file, shelf=shelf)
    shelf.chmod(0o700)


def test_a_file_in_the_place_of_the_shelf_is_one_line(small_file: Path, shelf: Path) -> None:
    shelf.write_bytes(b"")
    with pytest.raises(ModelError, match="cannot be changed"):
        import_file(small_file, shelf=shelf)


KILLS = ("write_tensors", "_write", "_verify", "place", "rename", "second rename", "settle")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills a process")
@pytest.mark.parametrize("step", KILLS)
@pytest.mark.parametrize("replacing", [False, True])
def test_a_process_killed_at_any_step_leaves_the_old_or_the_new_model(
    step: str, replacing: bool, small_file: Path, other_file: Path, tmp_path: Path, shelf: Path
) -> None:
    before = import_file(small_file, shelf=shelf) if replacing else None
    program = f"""
        import os, signal
        from pathlib import Path
        from photocull.models import importing, shelf
        step = {step!r}
        def dying(real, after, times=[0]):
            def call(*arguments, **options):
                times[0] += 1
                result = None if times[0] < after else os.kill(os.getpid(), signal.SIGKILL)
                return real(*arguments, **options)
            return call
        if step == "rename": Path.rename = dying(Path.rename, 1)
        elif step == "second rename": Path.rename = dying(Path.rename, 2)
        elif step == "settle": shelf.settle = dying(shelf.settle, 2)
        else: setattr(importing, step, dying(getattr(importing, step), 1))
        importing.import_file(Path({str(other_file)!r}), shelf=Path({str(shelf)!r}), replace=True)
    """
    done = in_a_process(program, tmp_path)
    if done.returncode == 0:  # without a model to replace there is no second rename
        assert (step, replacing) == ("second rename", False)
        return
    assert done.returncode == -signal.SIGKILL, done.stderr
    known = [model for model in listing(shelf=shelf) if model.name not in BUILT_IN]
    found = [model for model in known if model.state in {"installed", "damaged"}]
    assert all(model.state == "installed" for model in found)
    assert all(finding.sound for finding in verify(shelf=shelf))
    assert not [path for path in shelf.glob(".*") if path.is_dir()]
    if replacing:
        assert len(found) == 1
        assert step == "settle" or found[0].card == before
    assert import_file(other_file, shelf=shelf, replace=True)


def in_a_process(program: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PHOTOCULL_HOME": str(home)}
    command = [sys.executable, "-c", textwrap.dedent(program)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=800)


def test_leftovers_of_a_dead_process_are_swept_and_a_lost_model_comes_back(small_file: Path, shelf: Path) -> None:
    card = import_file(small_file, shelf=shelf)
    (shelf / card.name).rename(shelf / f".replaced-{card.name}")
    for name in (".incoming-abc", ".removed-xyz"):
        (shelf / name).mkdir()
        (shelf / name / "weights.safetensors").write_bytes(b"half")
    (shelf / ".lock").write_bytes(b"")
    assert card in cards(shelf=shelf)
    assert sorted(path.name for path in shelf.iterdir() if path.is_dir()) == [card.name]


def test_what_a_living_process_is_making_is_left_alone(small_file: Path, shelf: Path) -> None:
    with shelves.changing(shelf), shelves.incoming(shelf) as folder:
        assert cards(shelf=shelf)
        assert folder.is_dir()


def test_a_second_process_waits_its_turn_and_says_so(
    small_file: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "_PATIENCE", 0.1)
    with (
        shelves.changing(shelf),
        pytest.raises(ModelError, match=r"Another Photocull is changing the models\. Wait"),
    ):
        import_file(small_file, shelf=shelf)
