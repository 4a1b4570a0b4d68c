"""A model is on the shelf whole or not at all, whatever happens on the way; nothing there is replaced unasked."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from photocull.core.errors import CancelledError, ModelError
from photocull.core.work import CancelToken, Progressed
from photocull.models import importing
from photocull.models.checkpoint import git_blob_of, read_metadata
from photocull.models.importing import import_file
from photocull.models.registry import BUILT_IN, published_card, read_card
from photocull.models.store import cards, listing, remove, scorer_fingerprint
from photocull.models.verifying import verify

torch = pytest.importorskip("torch")
ROOT = Path(__file__).resolve().parents[2]


def everything(folder: Path) -> dict[str, bytes]:
    """Each file under a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


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
    assert [card.name for card in cards(shelf=shelf)] == [*BUILT_IN, "delegate-icaa17k"]
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
    assert [finding.sound for finding in verify(shelf=shelf)] == [True, True, True, False, False]
    with pytest.raises(ModelError, match="damaged"):
        scorer_fingerprint("other", shelf=shelf)
    for name in ("other", "junk"):
        remove(name, shelf=shelf)
    assert [card.name for card in cards(shelf=shelf)] == [*BUILT_IN, "delegate-icaa17k"]


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
