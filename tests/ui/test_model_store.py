"""The person's own store as Settings uses it, with real files of a small network; and a whole window that uses one."""

from pathlib import Path

import pytest

from photocull.core import settings as stored
from photocull.core.errors import CancelledError, ModelError
from photocull.core.work import CancelToken, Progressed
from photocull.ui import app
from photocull.ui.model_store import PersonsModels, free_name
from tests.ui.conftest import Studio

COLOUR = "delegate-icaa17k"
torch = pytest.importorskip("torch")


def checkpoint(path: Path, seed: int) -> Path:
    """A Delegate Transformer of few numbers, stored as its authors store theirs."""
    from photocull.judge.networks.delegate import DelegateShape, DelegateTransformer

    torch.manual_seed(seed)
    shape = DelegateShape(8, (8, 16, 32, 64), (2, 2, 2, 2), (2, 2, 4, 8), groups=(0, 0, 2, 2), kernels=(0, 0, 5, 3))
    torch.save(DelegateTransformer(shape).state_dict(), path)
    return path


def bring(store: PersonsModels, path: Path, told: list[Progressed] | None = None) -> str:
    return store.bring(path, CancelToken(), (told if told is not None else []).append).name


def states(store: PersonsModels) -> dict[str, str]:
    return {entry.card.name: entry.state for entry in store.entries()}


def test_a_file_goes_in_is_listed_verified_and_taken_out_again(tmp_path: Path) -> None:
    store = PersonsModels()
    before = states(store)
    assert before["builtin-1"] == "built-in"
    assert before["tanet-ava"] == "download"
    assert before[COLOUR] == "file"
    assert bring(store, checkpoint(tmp_path / "mine.pth", 1)) == COLOUR
    assert states(store)[COLOUR] == "here"
    store.check(COLOUR)
    store.check("builtin-1")
    store.remove(COLOUR)
    assert states(store) == before


def test_another_file_of_the_same_kind_gets_a_name_of_its_own(tmp_path: Path) -> None:
    store = PersonsModels()
    first, second = checkpoint(tmp_path / "a.pth", 1), checkpoint(tmp_path / "b.pth", 2)
    assert [bring(store, path) for path in (first, second, first)] == [COLOUR, f"{COLOUR}-2", COLOUR]
    assert free_name(COLOUR, {COLOUR, f"{COLOUR}-2"}) == f"{COLOUR}-3"


def test_a_file_that_is_no_checkpoint_is_a_sentence_and_nothing_is_kept(tmp_path: Path) -> None:
    store = PersonsModels()
    before = states(store)
    (tmp_path / "page.pth").write_text("<html>Sign in</html>")
    with pytest.raises(ModelError):
        bring(store, tmp_path / "page.pth")
    with pytest.raises(ModelError):
        bring(store, tmp_path / "gone.pth")
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(CancelledError):
        store.bring(checkpoint(tmp_path / "mine.pth", 1), stopped, lambda _progress: None)
    assert states(store) == before


def test_a_damaged_model_is_listed_as_such_and_can_be_removed(tmp_path: Path) -> None:
    store = PersonsModels()
    bring(store, checkpoint(tmp_path / "mine.pth", 1))
    folder = stored.folders().models / COLOUR
    (folder / "card.json").write_text("{")
    entry = next(entry for entry in store.entries() if entry.card.name == COLOUR)
    assert (entry.state, entry.here, entry.removable) == ("damaged", False, True)
    assert entry.problem
    with pytest.raises(ModelError):
        store.check(COLOUR)
    store.remove(COLOUR)
    assert states(store)[COLOUR] == "file"


@pytest.mark.slow
def test_a_network_that_is_imported_in_the_window_judges_there(studio: Studio, folder: Path, tmp_path: Path) -> None:
    file = checkpoint(tmp_path / "mine.pth", 1)
    studio.models = PersonsModels()
    window = studio.open(folder, open_model=app.open_model)
    studio.scored()
    own = [row.technical for row in studio.rows() if row is not None]
    studio.press("Ctrl+,")
    dialog = window.settings.dialog
    assert dialog is not None
    studio.until(lambda: dialog.models.list.count())
    dialog.models.bring([file])
    studio.until(lambda: "on this computer now" in dialog.models.foot.words.text())
    box = dialog.models.choice.boxes["colour"]
    box.setCurrentIndex(box.findData(COLOUR))
    box.activated.emit(box.currentIndex())
    dialog.models.choice.apply.click()
    asked = f"{COLOUR}:colour"
    studio.until(lambda: window.session.judging.name == asked)
    studio.until(lambda: len(studio.reports) == 2 and not window.session.running)
    assert studio.reports[-1].scored == 5
    studio.until(lambda: all(row is not None and row.technical is not None for row in studio.rows()))
    assert {row.technical for row in studio.rows() if row is not None} == set(own)
    assert studio.settings.model == asked
