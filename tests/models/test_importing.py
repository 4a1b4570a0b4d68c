"""A model is on the shelf whole or not at all, whatever happens on the way; nothing there is replaced unasked."""

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from photocull.core.errors import CancelledError, ModelError
from photocull.core.work import CancelToken, Progressed
from photocull.models import importing
from photocull.models import shelf as shelves
from photocull.models.checkpoint import git_blob_of, read_metadata
from photocull.models.importing import import_file
from photocull.models.registry import published_card, read_card
from photocull.models.store import cards, listing, remove, scorer_fingerprint, verify

torch = pytest.importorskip("torch")
ROOT = Path(__file__).resolve().parents[2]


def everything(folder: Path) -> dict[str, bytes]:
    """Each file under a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def other_file(small_delegate: Mapping[str, Any], tmp_path: Path) -> Path:
    """A file of the same kind with other weights."""
    path = tmp_path / "other.pth"
    torch.save({name: values + 0.5 for name, values in small_delegate.items()}, path)
    return path


def test_an_imported_model_is_there_with_its_card_and_its_weights(small_file: Path, shelf: Path) -> None:
    before = small_file.read_bytes()
    card = import_file(small_file, shelf=shelf)
    assert (card.name, card.architecture, card.judges) == (
        "delegate-icaa17k",
        "delegate-icaa17k",
        ("aesthetic", "colour"),
    )
    assert sorted(everything(shelf)) == ["delegate-icaa17k/card.json", "delegate-icaa17k/weights.safetensors"]
    assert read_card(shelf / card.name / "card.json") == card
    assert card in cards(shelf=shelf)
    assert [finding.sound for finding in verify(card.name, shelf=shelf)] == [True]
    assert small_file.read_bytes() == before


def test_the_weights_say_where_they_come_from(small_file: Path, shelf: Path) -> None:
    import_file(small_file, shelf=shelf)
    path = shelf / "delegate-icaa17k" / "weights.safetensors"
    assert read_metadata(path.read_bytes(), path) == {
        "architecture": "delegate-icaa17k",
        "origin": "small.pth",
        "origin_git_blob": git_blob_of(small_file),
    }


def test_the_same_file_gives_the_same_bytes_and_fingerprint(small_file: Path, tmp_path: Path) -> None:
    kept = [import_file(small_file, shelf=tmp_path / name) for name in "ab"]
    assert kept[0] == kept[1]
    assert everything(tmp_path / "a") == everything(tmp_path / "b")


def test_git_s_own_name_of_a_file_is_what_is_compared(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"what is up, doc?")
    assert git_blob_of(path) == "bd9dbf5aae1a3862dd1526723246b20206e5fc37"  # the Git book, section 10.2


def test_a_file_of_one_s_own_shows_no_figures_of_the_paper(small_file: Path, shelf: Path) -> None:
    card = import_file(small_file, shelf=shelf)
    assert not card.published
    assert not card.results
    assert card.source is None
    assert "not known" in card.licence
    assert "small.pth" in card.title
    assert card.origin is not None
    assert not card.origin.as_published


def test_a_name_like_the_authors_proves_nothing(small_file: Path, shelf: Path, tmp_path: Path) -> None:
    path = tmp_path / "e_30_ICAA17K_multi_tacc0.9622_srcc0.8811_tlcc0.8981.pth"
    path.write_bytes(small_file.read_bytes())
    card = import_file(path, shelf=shelf)
    assert "cannot be told" in card.summary
    assert not card.published


def test_the_published_file_is_called_so(small_file: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = published_card("delegate-icaa17k")
    assert known.source is not None
    theirs = replace(known, source=replace(known.source, git_blob=git_blob_of(small_file)))
    monkeypatch.setattr(importing, "published_card", lambda name: theirs)
    card = import_file(small_file, shelf=shelf)
    assert "published file, unchanged" in card.summary
    assert (card.licence, card.published) == (known.licence, known.published)
    assert card.origin is not None
    assert card.origin.as_published


def test_a_model_is_never_replaced_unasked(small_file: Path, other_file: Path, shelf: Path) -> None:
    first = import_file(small_file, shelf=shelf)
    before = everything(shelf)
    with pytest.raises(ModelError, match=r"already.*--name.*--replace"):
        import_file(other_file, shelf=shelf)
    assert everything(shelf) == before
    second = import_file(other_file, shelf=shelf, replace=True)
    assert second.files != first.files
    assert [card.name for card in cards(shelf=shelf)] == ["builtin-1", "delegate-icaa17k"]
    assert verify(second.name, shelf=shelf)[0].sound


def test_two_files_of_a_kind_live_under_two_names(small_file: Path, other_file: Path, shelf: Path) -> None:
    import_file(small_file, shelf=shelf)
    import_file(other_file, shelf=shelf, name="my-colours")
    prints = {scorer_fingerprint(name, shelf=shelf) for name in ("delegate-icaa17k", "my-colours", "builtin-1")}
    assert len(prints) == 3


def test_the_same_file_again_is_welcome_and_mends(small_file: Path, shelf: Path) -> None:
    card = import_file(small_file, shelf=shelf)
    assert import_file(small_file, shelf=shelf) == card
    weights = shelf / card.name / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(bytes(content))
    assert not verify(card.name, shelf=shelf)[0].sound
    assert import_file(small_file, shelf=shelf) == card
    assert verify(card.name, shelf=shelf)[0].sound


BAD_NAMES = ("-", "My model", "../up", "a/b", "a+b", ".hidden", "builtin-1", "builtin-9", "tanet-ava", "x" * 65)


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_cannot_be_is_refused_before_anything_is_written(name: str, small_file: Path, shelf: Path) -> None:
    with pytest.raises(ModelError, match="name"):
        import_file(small_file, shelf=shelf, name=name)
    assert not shelf.exists()


def test_progress_is_told_in_bytes(tanet_file: Path, shelf: Path) -> None:
    heard: list[Progressed] = []
    import_file(tanet_file, shelf=shelf, listener=heard.append)
    assert len(heard) > 20
    assert [event.done for event in heard] == sorted(event.done for event in heard)
    assert heard[-1].total > 100_000_000
    assert heard[-1].done <= heard[-1].total * 1.01


def test_a_stopped_import_leaves_nothing(tanet_file: Path, shelf: Path) -> None:
    token = CancelToken()
    with pytest.raises(CancelledError):
        import_file(tanet_file, shelf=shelf, token=token, listener=lambda event: token.cancel())
    assert not shelf.exists()


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
    found = [model for model in listing(shelf=shelf) if model.state in {"installed", "damaged"}][1:]
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
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


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


def test_a_removed_model_is_gone_and_the_built_in_one_stays(small_file: Path, shelf: Path) -> None:
    card = import_file(small_file, shelf=shelf)
    remove(card.name, shelf=shelf)
    assert not shelf.exists()
    with pytest.raises(ModelError, match="not here"):
        remove(card.name, shelf=shelf)
    with pytest.raises(ModelError, match="part of the program"):
        remove("builtin-1", shelf=shelf)
    with pytest.raises(ModelError, match="no model"):
        remove("../data", shelf=shelf)


def test_a_damaged_card_costs_one_model_and_no_other(small_file: Path, other_file: Path, shelf: Path) -> None:
    import_file(small_file, shelf=shelf)
    import_file(other_file, shelf=shelf, name="other")
    (shelf / "other" / "card.json").write_text("{", "utf-8")
    (shelf / "junk").mkdir()
    states = {model.name: model.state for model in listing(shelf=shelf)}
    assert (states["delegate-icaa17k"], states["other"], states["junk"]) == ("installed", "damaged", "damaged")
    assert [finding.sound for finding in verify(shelf=shelf)] == [True, True, False, False]
    with pytest.raises(ModelError, match="damaged"):
        scorer_fingerprint("other", shelf=shelf)
    for name in ("other", "junk"):
        remove(name, shelf=shelf)
    assert [card.name for card in cards(shelf=shelf)] == ["builtin-1", "delegate-icaa17k"]


def test_a_card_cannot_lead_out_of_its_folder(small_file: Path, shelf: Path) -> None:
    card = import_file(small_file, shelf=shelf)
    path = shelf / card.name / "card.json"
    table = json.loads(path.read_text("utf-8"))
    table["files"][0]["name"] = "../../secret"
    path.write_text(json.dumps(table), "utf-8")
    assert not verify(card.name, shelf=shelf)[0].sound


def test_weights_that_give_no_answer_are_refused(
    small_delegate: Mapping[str, Any], tmp_path: Path, shelf: Path
) -> None:
    broken = {name: values.clone() for name, values in small_delegate.items()}
    broken["stages.0.entry.weight"] = torch.full_like(broken["stages.0.entry.weight"], 3e38)
    torch.save(broken, tmp_path / "wild.pth")
    with pytest.raises(ModelError, match="gives no numbers"):
        import_file(tmp_path / "wild.pth", shelf=shelf)
    assert not shelf.exists()


def test_what_reads_back_differently_is_not_placed(
    small_file: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "hash_of", lambda path, advance=None: ("0" * 64, 1))
    with pytest.raises(ModelError, match="reads differently"):
        import_file(small_file, shelf=shelf)
    assert not shelf.exists()
