"""The loop: losses fall, frozen parts rest, rates and patience hold, and no stop at any moment shows in the weights."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training networks needs PyTorch")

from photocull.core.errors import CancelledError, OutputError, TrainingError  # noqa: E402  all of it needs PyTorch
from photocull.core.work import Event, Problem, Progressed  # noqa: E402
from photocull.training import network_checkpoints  # noqa: E402
from photocull.training.measures import emd_train  # noqa: E402
from photocull.training.network_device import choose_place  # noqa: E402
from photocull.training.network_trainer import LOSSES, optimizer_for  # noqa: E402
from tests.training.network_runs import Kill, Run, Toy, same, toy_recipe  # noqa: E402


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.mark.parametrize(("loss", "outputs"), [("squared", 1), ("emd", 10)])
def test_the_loss_falls(loss: str, outputs: int, tmp_path: Path) -> None:
    run = Run(tmp_path, toy_recipe(loss=loss, epochs=12, patience=12), outputs=outputs)
    losses = [result.loss for result in run.run().history]
    assert losses[0] is None
    assert np.mean(losses[-3:]) < 0.7 * np.mean(losses[1:3])
    assert (run.ends[-1].emd is None) == (outputs == 1)


def test_the_losses_are_the_papers() -> None:
    given, wanted = np.random.default_rng(0).dirichlet(np.ones(10), (2, 5))
    first, second = torch.from_numpy(given), torch.from_numpy(wanted)
    assert float(LOSSES["squared"](first, second)) == pytest.approx(((given - wanted) ** 2).mean())
    assert float(LOSSES["emd"](first, second)) == pytest.approx(emd_train(given, wanted).mean(), abs=1e-5)


def test_a_frozen_part_keeps_its_weights_and_its_statistics(tmp_path: Path) -> None:
    run = Run(tmp_path, toy_recipe())
    before = run.weights()
    run.run()
    after = run.weights()
    assert all(torch.equal(before[name], after[name]) for name in before if name.startswith("theme."))
    assert {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])} == {"trunk", "head"}
    assert not torch.equal(before["trunk.1.running_mean"], after["trunk.1.running_mean"])


def test_each_part_learns_at_its_own_rate(tmp_path: Path) -> None:
    rates = {"theme": 0.0, "trunk": 1e-6, "head": 1e-2}
    run = Run(tmp_path, toy_recipe(learning_rates=rates, frozen=(), epochs=1, batch=13, step=13))
    before = {name: weight.detach().clone() for name, weight in run.network.named_parameters()}
    run.run()
    # Adam's first step has the size of the rate, whatever the gradient is
    after = {name: weight.detach() for name, weight in run.network.named_parameters()}
    moved = {name: float((weight - before[name]).abs().max()) for name, weight in after.items()}
    assert all(moved[name] == 0 for name in moved if name.startswith("theme"))
    assert max(moved[name] for name in moved if name.startswith("trunk")) == pytest.approx(1e-6, rel=0.1)
    assert max(moved[name] for name in moved if name.startswith("head")) == pytest.approx(1e-2, rel=0.1)


def test_a_recipe_for_other_parts_is_an_error() -> None:
    toy = Toy()
    with pytest.raises(TrainingError, match="must name: theme, trunk, head"):
        optimizer_for(toy.parts(), toy_recipe(learning_rates={"head": 1.0}))
    with pytest.raises(TrainingError, match="must name"):
        optimizer_for(toy.parts(), toy_recipe(frozen=("tail",)))
    with pytest.raises(TrainingError, match="nothing to learn"):
        optimizer_for(toy.parts(), toy_recipe(frozen=("theme", "trunk", "head")))


def test_gradients_of_portions_add_up_to_the_whole_batch(tmp_path: Path) -> None:
    weights = []
    for step in (13, 5, 2, 1):
        run = Run(tmp_path / str(step), toy_recipe(batch=13, step=step, epochs=2), Toy(norm=False))
        run.run()
        weights.append(run.weights())
    for other in weights[1:]:
        for name, tensor in weights[0].items():
            assert torch.allclose(tensor, other[name], atol=1e-5), name
    assert not same(weights[0], Run(tmp_path / "fresh", toy_recipe(), Toy(norm=False)).weights())


def test_a_batch_normalisation_that_learns_needs_two_photos(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="set step to 2 or more"):
        Run(tmp_path, toy_recipe(step=1))
    Run(tmp_path, toy_recipe(step=1, frozen=("theme", "trunk")))


def test_training_stops_when_patience_ends_and_keeps_the_best_epoch(tmp_path: Path) -> None:
    run = Run(tmp_path, toy_recipe(epochs=50, patience=2, learning_rates={"theme": 0, "trunk": 0, "head": 0.0}))
    progress = run.run()
    assert progress.best == 1  # nothing changes, and the first of equal ones is the best
    assert len(progress.history) == 1 + 3
    assert [path.name for path in tmp_path.glob("best-*")] == ["best-0001.safetensors"]


def test_the_best_weights_are_those_of_the_best_epoch(tmp_path: Path) -> None:
    run = Run(tmp_path, toy_recipe(epochs=6, patience=6))
    progress = run.run()
    assert progress.best is not None
    ranks = [result.srcc for result in progress.history[1:]]
    assert progress.best == 1 + ranks.index(max(ranks))
    again = Run(tmp_path / "again", toy_recipe(epochs=progress.best, patience=6))
    again.run()
    assert same(run.checkpoints.best(progress.best), again.weights())


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_fast_formats_learn_as_well_when_asked_for(precision: str, tmp_path: Path) -> None:
    exact, fast = (Run(tmp_path / p, toy_recipe(precision=p, epochs=4)) for p in ("float32", precision))
    first, second = exact.run(), fast.run()
    assert not same(exact.weights(), fast.weights())
    for one, other in zip(first.history[1:], second.history[1:], strict=True):
        assert one.loss == pytest.approx(other.loss, rel=0.05)
    assert (second.scaler != {}) == (precision == "float16")


def test_a_processor_is_exact_unless_asked_otherwise() -> None:
    assert choose_place("cpu", "auto").precision == "float32"
    assert choose_place("cpu", "bfloat16").precision == "bfloat16"
    if not torch.cuda.is_available():
        with pytest.raises(TrainingError, match="cannot use the device 'cuda'"):
            choose_place("cuda", "auto")


def test_clipping_bounds_the_gradients(tmp_path: Path) -> None:
    norms = []
    for clip in (0.0, 1e-3):
        run = Run(tmp_path / str(clip), toy_recipe(clip=clip, epochs=1, betas=(0.0, 0.0), batch=13, step=13))
        run.run()
        saved = run.checkpoints.last()
        assert saved is not None
        # without memory, Adam's first moment is the last gradient
        moments = [tensor.flatten() for name, tensor in saved[0].items() if name.startswith("adam.exp_avg.")]
        norms.append(float(torch.cat(moments).norm()))
    assert norms[0] > 2e-3
    assert norms[1] == pytest.approx(1e-3, rel=1e-3)


@pytest.mark.parametrize("event", [1, 3, 4])
def test_a_network_that_gives_no_numbers_any_more_ends_the_run_in_one_line(event: int, tmp_path: Path) -> None:
    def hear(count: int, told: Event) -> None:
        if count == event:
            with torch.no_grad():
                network.head.weight.fill_(float("nan"))

    network = Toy()
    with pytest.raises(TrainingError, match=r"no numbers any more in epoch.*Lower the learning rates"):
        Run(tmp_path, toy_recipe(), network, hear=hear).run()


def test_progress_counts_every_photo_of_the_run(tmp_path: Path) -> None:
    run = Run(tmp_path, toy_recipe(epochs=3))
    run.run()
    last = [event for event in run.events if isinstance(event, Progressed)][-1]
    assert last.done == last.total == 3 * (13 + 8) + 8


def test_a_photo_that_vanishes_is_told_and_the_run_goes_on(tmp_path: Path) -> None:
    run = Run(tmp_path, toy_recipe(epochs=2))
    run.squares.gone |= {"4", "25"}
    progress = run.run()
    assert len(progress.history) == 3
    assert {event.path.name for event in run.events if isinstance(event, Problem)} == {"4", "25"}


RECIPE = {"epochs": 3, "batch": 5, "step": 3, "patience": 9}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that nothing disturbed."""
    torch.set_num_threads(1)
    run = Run(tmp_path_factory.mktemp("whole"), toy_recipe(**RECIPE))
    run.run()
    return run


def assert_same_run(whole: Run, resumed: Run) -> None:
    assert same(whole.weights(), resumed.weights())
    first, second = (
        [(r.epoch, r.loss, r.srcc, r.mse) for r in run.trainer._progress.history] for run in (whole, resumed)
    )
    assert first == second
    best = whole.trainer._progress.best
    assert best is not None
    assert same(whole.checkpoints.best(best), resumed.checkpoints.best(best))


@pytest.mark.parametrize("save_minutes", [0.0, 100.0])
@pytest.mark.parametrize("event", [1, 4, 8, 12, 17, 26])
def test_a_run_killed_at_any_moment_ends_in_the_same_weights(
    event: int, save_minutes: float, whole: Run, tmp_path: Path
) -> None:
    def hear(count: int, told: Event) -> None:
        if count == event:
            raise Kill

    recipe = toy_recipe(**RECIPE, save_minutes=save_minutes)
    with pytest.raises(Kill):
        Run(tmp_path, recipe, hear=hear).run()
    resumed = Run(tmp_path, recipe, Toy(seed=99))
    if resumed.checkpoints.last() is None:
        resumed = Run(tmp_path, recipe)
    resumed.run()
    assert_same_run(whole, resumed)


@pytest.mark.parametrize("write", [0, 1, 2, 4, 7])
def test_a_disk_that_fills_up_leaves_the_state_before(
    write: int, whole: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, written = network_checkpoints.save_file, list[str]()

    def save(tensors: dict[str, torch.Tensor], path: Path, words: dict[str, str]) -> None:
        written.append(str(path))
        real(tensors, path, words)
        if len(written) > write:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(network_checkpoints, "save_file", save)
    with pytest.raises(OutputError, match=r"cannot be saved: No space left.*--resume"):
        Run(tmp_path, toy_recipe(**RECIPE, save_minutes=0.0)).run()
    assert not list(tmp_path.glob("*.part"))
    monkeypatch.undo()
    resumed = Run(tmp_path, toy_recipe(**RECIPE))
    resumed.run()
    assert_same_run(whole, resumed)


@pytest.mark.parametrize("event", [2, 5, 7, 13])
def test_a_stopped_run_saves_at_once_and_says_how_to_go_on(event: int, whole: Run, tmp_path: Path) -> None:
    stopped = Run(tmp_path, toy_recipe(**RECIPE, save_minutes=100.0))

    def hear(count: int, told: Event) -> None:
        if count == event:
            stopped.token.cancel()

    stopped = Run(tmp_path, toy_recipe(**RECIPE, save_minutes=100.0), hear=hear)
    with pytest.raises(CancelledError, match="--resume goes on from here"):
        stopped.run()
    resumed = Run(tmp_path, toy_recipe(**RECIPE))
    resumed.run()
    assert_same_run(whole, resumed)


@pytest.mark.parametrize("event", [7, 8, 9, 14])
def test_a_run_without_statistics_stops_within_a_batch_and_loses_nothing(event: int, tmp_path: Path) -> None:
    recipe = toy_recipe(epochs=2, batch=7, step=2, save_minutes=100.0)
    whole = Run(tmp_path / "whole", recipe, Toy(norm=False))
    whole.run()

    def hear(count: int, told: Event) -> None:
        if count == event:
            stopped.token.cancel()

    stopped = Run(tmp_path / "cut", recipe, Toy(norm=False), hear=hear)
    with pytest.raises(CancelledError):
        stopped.run()
    assert len(stopped.events) <= event + 1, "it stops at the next portion, not at the end of the batch"
    resumed = Run(tmp_path / "cut", recipe, Toy(norm=False, seed=9))
    resumed.run()
    assert_same_run(whole, resumed)


def test_a_finished_run_that_is_resumed_does_nothing(whole: Run) -> None:
    resumed = Run(whole.checkpoints.folder, toy_recipe(**RECIPE), Toy(seed=5))
    resumed.run()
    assert resumed.ends == []
    assert same(whole.weights(), resumed.weights())


def test_more_epochs_than_before_go_on_from_the_last(whole: Run, tmp_path: Path) -> None:
    Run(tmp_path, toy_recipe(**{**RECIPE, "epochs": 1})).run()
    longer = Run(tmp_path, toy_recipe(**RECIPE))
    longer.run()
    assert_same_run(whole, longer)


def test_another_network_in_the_folder_is_one_line(tmp_path: Path) -> None:
    Run(tmp_path, toy_recipe(epochs=1)).run()
    with pytest.raises(TrainingError, match="trained another network"):
        Run(tmp_path, toy_recipe(loss="emd", epochs=1), outputs=10).run()


@pytest.mark.parametrize("content", [b"", b"\xff" * 100, b'\x10\x00\x00\x00\x00\x00\x00\x00{"a":1}         '])
def test_a_damaged_checkpoint_is_one_line(content: bytes, tmp_path: Path) -> None:
    Run(tmp_path, toy_recipe(epochs=1)).run()
    (tmp_path / "last.safetensors").write_bytes(content)
    with pytest.raises(TrainingError, match="missing or damaged"):
        Run(tmp_path, toy_recipe(epochs=2)).run()
