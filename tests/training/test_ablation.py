"""A network with parts silenced: the whole one is the whole one, and a silent branch says nothing of any photo."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from photocull.core.errors import ModelError, TrainingError
from photocull.core.types import Photo
from photocull.judge.networks.squares import square_input
from photocull.photo.decode import decode
from photocull.training.ablation import Subject, ablate, open_subject, silenced
from photocull.training.objectives import srcc
from photocull.training.rated import RatedPhoto
from tests.training.rating import rated_set

torch = pytest.importorskip("torch", reason="the published networks need torch")

from photocull.judge.networks.delegate import DelegateShape, DelegateTransformer  # noqa: E402  needs torch
from photocull.judge.networks.tanet import TANet  # noqa: E402  needs torch

SMALL = DelegateShape((8), (8, 16, 32, 64), (2, 2, 2, 2), (1, 2, 4, 8), (0, 0, 2, 4), (0, 0, 5, 3))


@pytest.fixture(scope="module")
def tanet() -> TANet:
    torch.manual_seed(0)
    return TANet(1).eval()


def _answers(network: object, photos: Sequence[RatedPhoto]) -> np.ndarray:
    squares = []
    for photo in photos:
        state = photo.path.stat()
        squares.append(square_input(decode(Photo(photo.path, state.st_size, state.st_mtime_ns)).preview))
    with torch.inference_mode():
        return network(torch.from_numpy(np.stack(squares))).numpy().astype(float)  # type: ignore[operator]


def test_all_branches_together_are_the_network_itself(tanet: TANet, tmp_path: Path) -> None:
    rated = rated_set(tmp_path, 4)
    ablated = ablate(rated, rated.photos, Subject(tanet, "drawn"), tmp_path / "kept.sqlite")
    assert [one.kept for one in ablated] == [
        "aesthetics branch alone",
        "aesthetics and theme branches",
        "aesthetics and colour branches",
        "all three branches",
    ]
    assert [one.published for one in ablated] == [0.44, 0.483, 0.462, 0.513]
    given = _answers(tanet, rated.photos)[:, 0]
    wanted = np.array([photo.targets[0] for photo in rated.photos])
    assert ablated[-1].comparison.agreement.srcc.value == pytest.approx(srcc(given, wanted))
    assert ablated[-1].comparison.agreement.mse.value == pytest.approx(float(((given - wanted) ** 2).mean()), abs=1e-6)
    assert not ablated[0].comparison.groups


def test_the_network_runs_once_a_photo(tanet: TANet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rated, runs = rated_set(tmp_path, 2), []
    whole = TANet.branches
    monkeypatch.setattr(TANet, "branches", lambda self, batch: runs.append(len(batch)) or whole(self, batch))
    first = ablate(rated, rated.photos, Subject(tanet, "drawn"), tmp_path / "kept.sqlite")
    again = ablate(rated, rated.photos, Subject(tanet, "drawn"), tmp_path / "kept.sqlite")
    assert runs == [1, 1]
    assert str(first) == str(again)  # nan, where all answers are one, is not equal to itself


def test_a_silenced_branch_says_the_same_of_every_photo() -> None:
    numbers = np.random.default_rng(0).normal(size=(5, 30))
    kept = silenced(numbers, ("aesthetics", "colour"))
    assert np.array_equal(kept[:, :10], numbers[:, :10])
    assert np.array_equal(kept[:, 20:], numbers[:, 20:])
    assert np.ptp(kept[:, 10:20], axis=0) == pytest.approx(0)
    assert kept[:, 10:20].mean(axis=0) == pytest.approx(numbers[:, 10:20].mean(axis=0))


def test_votes_are_compared_as_votes(tmp_path: Path) -> None:
    def votes(k: int, photo: RatedPhoto) -> RatedPhoto:
        shares = np.roll([0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0], k)
        return replace(photo, opinion=float(shares @ np.arange(1, 11)), targets=tuple(shares))

    torch.manual_seed(0)
    rated = replace(rated_set(tmp_path, 3, name="ava", decorate=votes), kind="votes")
    ablated = ablate(rated, rated.photos, Subject(TANet(10).eval(), "drawn"), tmp_path / "kept.sqlite")
    assert all(one.comparison.agreement.emd is not None for one in ablated)
    assert ablated[-1].published == 0.758


def _colour_set(folder: Path) -> object:
    rated = rated_set(folder, 5, name="icaa17k", decorate=lambda k, p: replace(p, targets=(p.targets[0], 0.1 * k)))
    return replace(rated, columns=("MOS", "color"))


def test_opened_gates_change_answers_and_are_closed_again(tmp_path: Path) -> None:
    torch.manual_seed(1)
    network = DelegateTransformer(SMALL).eval()
    rated = _colour_set(tmp_path)
    before = _answers(network, rated.photos)  # type: ignore[attr-defined]
    ablated = ablate(rated, rated.photos, Subject(network, "drawn"), tmp_path / "kept.sqlite")  # type: ignore[arg-type, attr-defined]
    assert [(one.kept, one.comparison.score) for one in ablated] == [
        ("gates as learnt", "aesthetic"),
        ("gates as learnt", "colour"),
        ("all gates open", "aesthetic"),
        ("all gates open", "colour"),
    ]
    assert ablated[0].comparison.agreement.mse != ablated[2].comparison.agreement.mse
    assert np.array_equal(_answers(network, rated.photos), before)  # type: ignore[attr-defined]


def test_a_network_without_gates_says_so(tmp_path: Path) -> None:
    rated = rated_set(tmp_path, 3, name="spaq")
    network = DelegateTransformer(SMALL, outputs=1, gated=False).eval()
    with pytest.raises(TrainingError, match="no gates"):
        ablate(rated, rated.photos, Subject(network, "drawn"), tmp_path / "kept.sqlite")


def test_only_published_networks_have_parts_to_silence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no parts to silence"):
        open_subject("builtin-1", "cpu", shelf=tmp_path)


def test_an_imported_network_is_opened_for_it(tanet: TANet, tmp_path: Path) -> None:
    from photocull.models.importing import import_file

    file = tmp_path / "mine.pth"
    torch.save(tanet.state_dict(), file)
    import_file(file, name="mine", shelf=tmp_path / "shelf")
    subject = open_subject("delegate-icaa17k+mine", "cpu", shelf=tmp_path / "shelf")
    assert isinstance(subject.network, TANet)
    (weights,) = (tmp_path / "shelf" / "mine").glob("*.safetensors")
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\0\0")
    with pytest.raises(ModelError, match="damaged"):
        open_subject("mine", "cpu", shelf=tmp_path / "shelf")
