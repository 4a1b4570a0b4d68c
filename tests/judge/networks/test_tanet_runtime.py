"""TANet on ONNX Runtime: PyTorch's numbers, one photo one score to the last bit, and what is wrong said plainly."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="torch is an extra")

from torch.nn import functional  # noqa: E402  torch is an extra

from photocull.core.errors import ModelError  # noqa: E402  torch is an extra
from photocull.core.settings import resources  # noqa: E402  torch is an extra
from photocull.judge.networks import tanet_runtime  # noqa: E402  torch is an extra
from photocull.judge.networks.tanet_engine import OnnxTANet, TorchTANet, open_engine  # noqa: E402  torch is an extra
from photocull.judge.networks.tanet_fixed import PLACES, fixed_tensors  # noqa: E402  torch is an extra
from photocull.judge.networks.tanet_runtime import OUTPUTS, TANetOutput, TANetRuntime  # noqa: E402  torch is an extra
from photocull.training.tanet_graph import write_tanet_graph  # noqa: E402  torch is an extra
from tests.judge.networks.filling import GOLDEN  # noqa: E402  torch is an extra
from tests.judge.networks.tanets import VARIANTS, drawn, filled  # noqa: E402  torch is an extra

pytestmark = pytest.mark.usefixtures("one_thread")

Tensors = Mapping[str, NDArray[np.generic]]
CLOSE = 1e-5


def tensors(variant: str) -> dict[str, NDArray[np.generic]]:
    return {name: values.numpy() for name, values in filled(variant).state_dict().items()}


@cache
def opened(variant: str) -> TANetRuntime:
    return TANetRuntime(tensors(variant), VARIANTS[variant], threads=1)


def squares(count: int) -> list[NDArray[np.float32]]:
    """Photos that differ in more than noise."""
    levels = np.random.default_rng(3).standard_normal((count, 3, 1, 1)).astype(np.float32)
    return list(drawn(count).numpy() * np.abs(levels) + levels)


def same(one: TANetOutput, other: TANetOutput) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in OUTPUTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_both_engines_agree_in_every_output(variant: str) -> None:
    batch = torch.from_numpy(np.stack([*squares(3), *drawn(1).numpy()]))
    onnx, plain = OnnxTANet(filled(variant), threads=1).read(batch), TorchTANet(filled(variant)).read(batch)
    for one, other in zip(onnx, plain, strict=True):
        for name in OUTPUTS:
            ours, theirs = getattr(one, name), getattr(other, name)
            assert ours.dtype == theirs.dtype == np.float32
            assert ours.shape == theirs.shape, name
            assert np.abs(ours - theirs).max() <= CLOSE * max(1, np.abs(theirs).max()), name


def test_the_golden_numbers_of_one_photo_are_met() -> None:
    """The authors' own couple the photos of a batch, but for what comes before the themes are related."""
    names = {"places_logits": "logits", "aesthetic10": "aesthetics", "rgb10": "colour"}
    with np.load(GOLDEN / "tanet.npz") as golden:
        for variant in VARIANTS:
            seen = [opened(variant).run(photo) for photo in drawn(4).numpy()]
            for theirs, ours in names.items():
                assert np.abs(np.stack([getattr(one, ours) for one in seen]) - golden[f"{variant}_{theirs}"]).max() <= (
                    1e-6 if ours == "colour" else CLOSE
                )
            assert np.abs(seen[0].similarity - golden[f"{variant}_rgb_similarity_first"]).max() <= CLOSE


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_photo_has_one_score_whatever_its_company_and_order_to_the_last_bit(variant: str) -> None:
    engine, photos = OnnxTANet(filled(variant), threads=1), squares(4)
    alone = [engine.read(torch.from_numpy(photo)[None])[0] for photo in photos]
    assert len({float(one.answer[0]) for one in alone}) == len(photos)
    order = [2, 0, 3, 1, 2]
    together = engine.read(torch.from_numpy(np.stack([photos[k] for k in order])))
    assert all(same(one, alone[k]) for one, k in zip(together, order, strict=True))


def test_two_threads_at_once_do_not_disturb_each_other() -> None:
    runtime, photos = opened("tad66k"), squares(4)
    alone = [runtime.run(photo) for photo in photos]
    with ThreadPoolExecutor(2) as pool:
        at_once = list(pool.map(runtime.run, photos * 2))
    assert all(same(one, alone[k % 4]) for k, one in enumerate(at_once))


@pytest.mark.slow
def test_the_number_of_threads_and_another_session_change_nothing() -> None:
    photo = squares(1)[0]
    for variant, votes in VARIANTS.items():
        first = opened(variant).run(photo)
        for threads in (1, 2, 7, 8, 12):
            assert same(first, TANetRuntime(tensors(variant), votes, threads=threads).run(photo)), threads


def test_no_photo_however_flat_or_extreme_gives_nan() -> None:
    for variant in VARIANTS:
        for value in (-2.1, 0.0, 2.6):
            seen = opened(variant).run(np.full((3, 224, 224), value, np.float32))
            assert all(np.isfinite(getattr(seen, name)).all() for name in OUTPUTS)


@pytest.mark.parametrize(("row", "column"), [(0, 0), (3, 3), (2, 6)])
def test_without_a_place_the_maps_are_the_mean_of_the_rest(row: int, column: int) -> None:
    """On a flat picture, whose colours stay what they are whatever is taken away; its maps are not flat."""
    network, seen = filled("tad66k"), opened("tad66k").run(np.full((3, 224, 224), 0.7, np.float32))
    left = 1 - np.outer(lost(row), lost(column)).ravel()
    theme, aesthetics = (
        torch.from_numpy(np.average(maps.reshape(len(maps), -1), axis=1, weights=left).astype(np.float32))[None]
        for maps in (seen.theme_maps, seen.aesthetic_maps)
    )
    with torch.inference_mode():
        pooled = network.relations(network.theme.fc(theme)).reshape(1, 10, 4).mean(2)
        colour = torch.from_numpy(seen.colour)[None]
        answer = network.head(torch.cat([network.aesthetics.answer(aesthetics.relu()), pooled, colour], dim=1))
    assert float(answer) == pytest.approx(float(seen.without[row * PLACES + column, 0]), abs=1e-6)
    assert float(answer) != pytest.approx(float(seen.answer[0]), abs=1e-6)


def lost(place: int) -> NDArray[np.float64]:
    """What goes along one side: all of a place, half of its neighbours."""
    return np.maximum(1 - np.abs(np.arange(PLACES) - place) / 2, 0)


def test_colours_are_taken_away_where_the_place_lies() -> None:
    fixed = fixed_tensors()
    lost = np.eye(PLACES) + 0.5 * (np.eye(PLACES, k=1) + np.eye(PLACES, k=-1))
    places = torch.from_numpy(np.einsum("ij,kl->ikjl", lost, lost).reshape(-1, 1, PLACES, PLACES))
    wanted = functional.interpolate(places, size=(12, 12), mode="bilinear").flatten(2).numpy()
    assert np.abs(fixed["mask"] - wanted).max() < 1e-6
    assert np.allclose(fixed["rest"].sum(axis=1), 1)
    assert (fixed["rest"].diagonal() == 0).all()


def test_the_graphs_in_the_program_are_what_is_written_today() -> None:
    onnx = pytest.importorskip("onnx", reason="writing a graph needs the extra train")
    for votes in VARIANTS.values():
        file = resources() / "models" / f"tanet-{votes}.onnx"
        assert onnx.load_from_string(write_tanet_graph(votes)) == onnx.load_from_string(file.read_bytes()), (
            f"write_tanet_graph({votes}) is to be written to {file.name} anew"
        )
        assert file.stat().st_size < 100_000
        onnx.checker.check_model(without_references(onnx, file))


def without_references(onnx: object, file: Path) -> object:
    """The graph with its weights as inputs, as the checker looks for the files of those that lie elsewhere."""
    model = onnx.load(file, load_external_data=False)
    for weight in [one for one in model.graph.initializer if one.data_location]:
        model.graph.input.append(onnx.helper.make_tensor_value_info(weight.name, weight.data_type, weight.dims))
        model.graph.initializer.remove(weight)
    return model


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("theme.conv1.weight", lambda values: values[..., :5, :5], "dimensions"),
        ("colour.linear.bias", lambda values: values[:9], "dimensions"),
        ("head.linear.weight", lambda values: values.astype(np.float64), "type"),
        ("query.norm.running_var", lambda values: None, "running_var"),
    ],
)
def test_tensors_that_do_not_fit_are_one_sentence(name: str, change: object, words: str) -> None:
    given = tensors("tad66k")
    given[name] = change(given[name])
    with pytest.raises(ModelError, match=rf"cannot be opened with these weights.*{words}") as told:
        TANetRuntime({name: values for name, values in given.items() if values is not None}, 1)
    assert "\n" not in str(told.value)
    assert "import its file again" in (told.value.remedy or "")


def test_the_other_variants_weights_are_refused() -> None:
    with pytest.raises(ModelError, match="cannot be opened"):
        TANetRuntime(tensors("ava"), 1)


def test_nothing_is_read_in_the_place_of_a_missing_tensor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph whose weights lie elsewhere is completed from files of the working folder, if they are there."""
    monkeypatch.chdir(tmp_path)
    for name in ("weights.safetensors", "theme.conv1.weight", "tanet-1.onnx"):
        (tmp_path / name).write_bytes(bytes(4_000_000))
    given = tensors("tad66k")
    del given["theme.conv1.weight"]
    with pytest.raises(ModelError, match="cannot be opened"):
        TANetRuntime(given, 1)


def test_a_missing_graph_says_to_install_the_program_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tanet_runtime, "resources", lambda: tmp_path)
    with pytest.raises(ModelError, match="graph of TANet is missing") as told:
        TANetRuntime(tensors("tad66k"), 1)
    assert "Install Photocull again" in (told.value.remedy or "")


@pytest.mark.parametrize("shape", [(3, 224, 225), (1, 3, 224, 224), (3, 96, 96)])
def test_an_input_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ModelError, match=r"takes \(3, 224, 224\)"):
        opened("tad66k").run(np.zeros(shape, np.float32))


def test_a_processor_runs_onnx_and_keeps_no_module() -> None:
    engine = open_engine(filled("tad66k"), threads=1)
    assert isinstance(engine, OnnxTANet)
    assert not any(isinstance(held, torch.nn.Module) for held in vars(engine).values())
