"""The search: reproducible, resumable after a kill, hopeless trials given up, and a recipe that training accepts."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training networks needs PyTorch")
optuna = pytest.importorskip("optuna", reason="the search needs Optuna")
pytest.importorskip("tensorboard", reason="training keeps its curves with TensorBoard")

from photocull.core.errors import CancelledError, OutputError, TrainingError  # noqa: E402  all of it needs PyTorch
from photocull.core.work import CancelToken, Event  # noqa: E402
from photocull.training.network_progress import EpochResult, Progress, Reporting  # noqa: E402
from photocull.training.network_recipe import NetworkRecipe, read_network_recipe  # noqa: E402
from photocull.training.rated import read_set  # noqa: E402
from photocull.training.study import open_study  # noqa: E402
from photocull.training.tuning import BEST, STUDY, Found, Search, tune_network  # noqa: E402
from tests.training.network_runs import Kill, small_recipe, toy_recipe  # noqa: E402
from tests.training.published_sets import make_set  # noqa: E402

SPACE: dict[str, tuple[float, ...]] = {"batch": (4, 8), "learning_rates": (1e-4, 1e-3, 1e-1)}


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_set("spaq", tmp_path_factory.mktemp("spaq"), learned=8, measured=4)


def recipe_of(**values: object) -> NetworkRecipe:
    return small_recipe("delegate-spaq", **{"epochs": 2, "search": SPACE, **values})


def tune(
    data: Path,
    output: Path,
    trials: int,
    *,
    recipe: NetworkRecipe | None = None,
    resume: bool = False,
    token: CancelToken | None = None,
    hear: Callable[[Event], None] = lambda event: None,
    lines: list[str] | None = None,
) -> Found:
    said: list[str] = [] if lines is None else lines
    reporting = Reporting(hear, _nothing, lambda words: None, said.append)
    search = Search(
        read_set(data), recipe or recipe_of(), output, output / "shelf", trials, device="cpu", resume=resume
    )
    return tune_network(search, token=token or CancelToken(), reporting=reporting)


def _nothing(result: EpochResult, progress: Progress) -> None:
    """No epoch of a trial is shown."""


def record(output: Path) -> list[tuple[dict[str, float], str, float | None, dict[int, float]]]:
    """What the study holds of the trials that ended, in order."""
    with open_study(output / STUDY, recipe_of()) as study:
        return [(t.params, t.state.name, t.value, t.intermediate_values) for t in study.ended]


@pytest.fixture(scope="module")
def whole(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A search that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    tune(data, folder, 3)
    return folder


def test_a_search_tries_different_values_and_writes_the_best_as_a_recipe(whole: Path) -> None:
    ended = record(whole)
    assert len(ended) == 3
    assert len({tuple(sorted(params.items())) for params, _, _, _ in ended}) == 3
    complete = [(value, params) for params, state, value, _ in ended if state == "COMPLETE"]
    best = read_network_recipe(whole / BEST)
    value, params = max(complete, key=lambda entry: entry[0])
    assert best.batch == params["batch"]
    assert set(best.learning_rates.values()) == {params["learning_rates"]}
    assert (whole / BEST).read_text("utf-8").startswith(f"# The best of 3 trials: validation SRCC {value:.4f}")
    assert best.search == SPACE
    assert not list((whole / "trials").glob("*/run")), "the weights of trials that ended take a gigabyte each"


def test_a_search_goes_on_to_more_trials_as_if_it_had_not_stopped(whole: Path, data: Path, tmp_path: Path) -> None:
    tune(data, tmp_path, 1)
    tune(data, tmp_path, 3, resume=True)
    assert record(tmp_path) == record(whole)


@pytest.mark.parametrize("moment", [17, 24])
def test_a_killed_search_goes_on_as_if_not(moment: int, whole: Path, data: Path, tmp_path: Path) -> None:
    count = 0

    def hear(event: Event) -> None:
        nonlocal count
        count += 1
        if count == moment:
            raise Kill

    with pytest.raises(Kill):
        tune(data, tmp_path, 3, hear=hear)
    lines: list[str] = []
    tune(data, tmp_path, 3, resume=True, lines=lines)
    assert record(tmp_path) == record(whole)
    assert "The trial that was under way goes on where it was." in lines


def test_ctrl_c_saves_the_trial_and_it_goes_on_where_it_was(whole: Path, data: Path, tmp_path: Path) -> None:
    token, heard = CancelToken(), list[Event]()

    def hear(event: Event) -> None:
        heard.append(event)
        if len(heard) == 22:
            token.cancel()

    with pytest.raises(CancelledError, match="--resume"):
        tune(data, tmp_path, 3, token=token, hear=hear)
    tune(data, tmp_path, 3, resume=True)
    assert record(tmp_path) == record(whole)


def test_when_every_combination_was_tried_the_search_ends(data: Path, tmp_path: Path) -> None:
    recipe = recipe_of(epochs=1, search={"batch": (4, 8)})
    lines: list[str] = []
    found = tune(data, tmp_path, 50, recipe=recipe, lines=lines)
    assert found.trials == 2
    assert "All 2 combinations were tried." in lines


def test_hopeless_trials_are_given_up_early(tmp_path: Path) -> None:
    recipe = replace(toy_recipe(), search={"batch": tuple(range(2, 20))})
    with open_study(tmp_path / STUDY, recipe) as study:
        for number in range(6):
            trial = study.next()
            given_up = [study.report(trial, 0.9 if number < 5 else 0.1, epoch) for epoch in (1, 2, 3)]
            if number < 5:
                assert not any(given_up)
                study.complete(trial, 0.9)
            else:
                assert given_up[0] is False, "the first epoch says little"
                assert given_up[1] is True
                study.prune(trial)
        assert [trial.state.name for trial in study.ended].count("PRUNED") == 1
        assert study.best is not None
        assert study.best.value == 0.9


def test_values_that_cannot_be_trained_with_are_the_worst_and_not_the_end(tmp_path: Path) -> None:
    recipe = replace(toy_recipe(), search={"batch": (4, 8)})
    with open_study(tmp_path / STUDY, recipe) as study:
        study.fail(study.next(), "The network gives no numbers any more in epoch 1.")
        assert study.best is None
        study.complete(study.next(), float("nan"))
        assert study.best is not None
        assert study.best.value == -1
        assert len(study.ended) == 2


def test_a_trial_that_diverges_is_named_and_the_search_goes_on(data: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    recipe = recipe_of(epochs=1, search={"weight_decay": (0.0,), "epsilon": (1e-8,)}, precision="float32")
    found = tune(data, tmp_path, 5, recipe=recipe, lines=lines)
    assert found.trials == 1
    assert any(line.startswith("Trial 1 of 1 (weight decay 0, epsilon 1e-08): validation SRCC") for line in lines)


def test_a_search_is_not_overwritten_nor_gone_on_with_by_another_recipe(whole: Path, data: Path) -> None:
    with pytest.raises(TrainingError, match=r"holds an earlier search.*--resume"):
        tune(data, whole, 4)
    with pytest.raises(TrainingError, match="'epochs' differs"):
        tune(data, whole, 4, recipe=recipe_of(epochs=5), resume=True)


@pytest.mark.parametrize(
    ("space", "sentence"),
    [({}, "nothing to search for"), ({"batches": (1,)}, "names 'batches'"), ({"batch": (1,)}, "'batch' is")],
)
def test_a_search_for_nothing_or_for_what_no_recipe_has_is_one_line(
    space: dict[str, tuple[int, ...]], sentence: str, data: Path, tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match=sentence):
        tune(data, tmp_path, 1, recipe=recipe_of(search=space))


def test_a_file_that_is_no_study_is_one_line(data: Path, tmp_path: Path) -> None:
    (tmp_path / STUDY).write_bytes(b"no database at all, for many bytes to come " * 100)
    with pytest.raises(OutputError, match="study cannot be opened"):
        tune(data, tmp_path, 1)


def test_without_optuna_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with (
        pytest.raises(TrainingError, match=r"Optuna, which is not installed.*install torch"),
        open_study(tmp_path / STUDY, toy_recipe()),
    ):
        pass


def test_optuna_keeps_its_own_loudness(tmp_path: Path) -> None:
    before = optuna.logging.get_verbosity()
    with open_study(tmp_path / STUDY, toy_recipe()):
        pass
    assert optuna.logging.get_verbosity() == before
