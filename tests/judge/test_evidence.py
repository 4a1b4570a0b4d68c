"""Maps of the published networks: what they show by themselves, and that covering what is hot changes the most."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photocull.core.types import Grid
from photocull.judge.evidence import (
    POINT_CELLS,
    Layer,
    change_map,
    evidence_map,
    gate_map,
    point_map,
    scene_weights,
    strongest_theme,
    weigh,
    weight_map,
)
from photocull.judge.networks.places import THEME_SCENES, scene_indices
from photocull.judge.networks.squares import square_input
from tests.building import draw
from tests.judge.covering import Input, changes

torch = pytest.importorskip("torch", reason="torch is an extra")

from photocull.judge.delegate_judge import DelegateJudge  # noqa: E402  torch is an extra
from photocull.judge.networks.tanet import TANet  # noqa: E402  torch is an extra
from photocull.judge.tanet_judge import TANetJudge  # noqa: E402  torch is an extra
from tests.judge import local_weights  # noqa: E402  torch is an extra

MOST = 0.7
"""Share of photos on which a map must be right on real photos; by chance it is half."""
MANY = 60
Wins = dict[str, list[tuple[float, float]]]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_the_surest_theme_is_shown_and_none_that_is_not_worth_reporting() -> None:
    assert strongest_theme({"sea": 0.2, "beach": 0.6}) == "beach"
    assert strongest_theme({"sea": 0.3, "beach": 0.3}) == "beach", "of equals the vocabulary's first"
    assert strongest_theme({"sea": 0.01}) is None
    assert strongest_theme({}) is None


def test_class_activation_weighs_a_themes_scenes_by_their_probabilities_and_no_other() -> None:
    logits = np.zeros(365, np.float32)
    own = scene_indices(THEME_SCENES["sea"][0])
    logits[own[0]] = 2
    weights = scene_weights(logits, "sea")
    every = scene_indices(tuple({scene for group in THEME_SCENES["sea"] for scene in group}))
    assert weights.sum() == pytest.approx(1, abs=1e-6)
    assert set(np.flatnonzero(weights)) == set(every)
    assert weights[own[0]] / weights[own[1]] == pytest.approx(np.exp(2), rel=1e-5)


def test_evidence_is_brightest_where_most_speaks_for_the_number_and_has_no_unit() -> None:
    values = np.zeros((7, 7), np.float32)
    values[1, 5], values[5, 1] = 1e-4, -1e-4
    grid = evidence_map(values)
    assert np.unravel_index(grid.argmax(), grid.shape) == (1, 5)
    assert (grid.max(), grid[5, 1]) == (1, 0)
    assert np.array_equal(evidence_map(1000 * values), grid)


def test_a_change_up_and_a_change_down_count_alike() -> None:
    values = np.zeros((7, 7))
    values[0, 0], values[6, 6] = 0.5, -0.5
    grid = change_map(values)
    assert grid[0, 0] == grid[6, 6] == 1
    assert grid[3, 3] == 0


@pytest.mark.parametrize("value", [0.0, 3.0, np.nan, np.inf])
def test_what_is_everywhere_the_same_or_no_number_shows_nothing(value: float) -> None:
    same = np.full((7, 7), value, np.float32)
    assert not evidence_map(same).any()
    assert not weight_map(same).any()
    assert not change_map(np.full((7, 7), np.nan)).any()


def layer(y: float, x: float, gate: float = 1.0) -> Layer:
    positions = np.broadcast_to(np.array([y, x], np.float32), (2, 14, 14, 2)).copy()
    return Layer(positions, np.ones((2, 14, 14), np.float32), np.full((14, 14), gate, np.float32))


def test_points_lie_where_the_network_looked() -> None:
    even = np.ones((7, 7), np.float32)
    assert point_map([layer(-1, -1)], even)[1, 1] == 1, "-1 is the centre of the first of 14 cells"
    departures = even.copy()
    departures[0, 6] = 0.25
    grid = point_map([layer(0.99, -0.99), layer(-0.99, 0.99)], departures)
    assert grid.shape == (POINT_CELLS, POINT_CELLS)
    assert np.count_nonzero(grid) == 2
    assert grid[26, 1] == 1
    assert grid[1, 26] == 0.25


def test_what_others_read_hangs_on_a_place_more_than_what_only_stands_there() -> None:
    weights = weigh(np.ones((7, 7), np.float32), [layer(0, 0)])
    assert np.unravel_index(weights.argmax(), weights.shape) == (3, 3)
    assert weights[0, 0] == pytest.approx(1), "read by nobody, it counts for itself"
    assert weights.mean() == pytest.approx(2)


def test_a_point_that_left_the_picture_read_nothing() -> None:
    assert not point_map([layer(1.2, 0)], np.ones((7, 7), np.float32)).any()


def test_gates_show_the_share_of_layers_that_are_open() -> None:
    half = layer(0, 0)
    assert half.gate is not None
    half.gate[:, :7] = 0
    grid = gate_map([half, layer(0, 0, gate=0)], np.ones((7, 7), np.float32))
    assert grid.shape == (14, 14)
    assert (grid[:, :7].max(), grid[:, 7:].min()) == (0, 1)
    assert not gate_map([layer(0, 0, gate=0)], np.ones((7, 7), np.float32)).any()


def drawn(count: int) -> list[Input]:
    return [square_input(draw((320, 240), seed=k)) for k in range(count)]


def covered(network: TANet, photos: Sequence[Input]) -> Wins:
    judge, wins = TANetJudge("tanet", network), Wins()
    for photo in photos:
        trace, reading = network.trace(_batch(photo)), judge.read(_batch(photo))[0]
        theme = strongest_theme(reading.themes or {})
        numbers: dict[str, Callable[[Input], float]] = {
            "aesthetic": lambda x, r=reading: judge.read(_batch(x))[0].scores["aesthetic"] - r.scores["aesthetic"],
            "similarity": lambda x, t=trace: float(
                (network.branches(_batch(x)).colour - t.branches.colour).abs().sum()
            ),
            "theme": lambda x, t=trace, name=theme: _logit(network, x, name) - _logit_of(t.branches.logits, name),
        }
        _count(wins, photo, {kind: reading.maps[kind] for kind in numbers if kind in reading.maps}, numbers)
    return wins


def covered_delegate(seed: int, photos: Sequence[Input]) -> Wins:
    network = local_weights.delegate(seed)
    judge, wins = DelegateJudge("delegate", network, ("aesthetic", "colour")), Wins()
    for photo in photos:
        reading = judge.read(_batch(photo))[0]
        colour = lambda x, r=reading: float(network(_batch(x))[0, 1]) - r.scores["colour"] / 10  # noqa: E731  per photo
        aesthetic = lambda x, r=reading: float(network(_batch(x))[0, 0]) - r.scores["aesthetic"] / 10  # noqa: E731  as above
        numbers = {"aesthetic": aesthetic, "colour": colour, "points": colour, "gates": colour}
        _count(wins, photo, reading.maps, numbers)
    return wins


def _count(wins: Wins, photo: Input, maps: dict[str, Grid], numbers: dict[str, Callable[[Input], float]]) -> None:
    with torch.no_grad():
        for kind, grid in maps.items():
            wins.setdefault(kind, []).append(changes(photo, grid, numbers[kind]))


def _batch(photo: Input) -> torch.Tensor:
    return torch.from_numpy(photo)[None]


def _logit(network: TANet, photo: Input, theme: str) -> float:
    return _logit_of(network.scenes(network.last_maps(_batch(photo))), theme)


def _logit_of(logits: torch.Tensor, theme: str) -> float:
    own = scene_indices(tuple({scene for group in THEME_SCENES[theme] for scene in group}))
    return float(torch.logsumexp(logits[0, own], 0))


def by_size(wins: Wins) -> dict[str, float]:
    """Share of photos where covering the hottest square changed the number more than the coldest, up or down."""
    return {kind: round(float(np.mean([abs(h) > abs(c) for h, c in found])), 3) for kind, found in wins.items()}


def lowered(wins: Wins) -> dict[str, float]:
    """Share of photos where covering the hottest square lowered the number more than the coldest."""
    return {kind: round(float(np.mean([h < c for h, c in found])), 3) for kind, found in wins.items()}


@pytest.mark.slow
def test_covering_what_tanet_shows_as_hot_changes_more_on_drawn_photos() -> None:
    photos = drawn(16)
    network = local_weights.tanet(1, 0, torch.from_numpy(np.stack(photos)))
    names = ("beach", "field/wild", "ocean", "botanical_garden", "street", "downtown", "snowfield", "art_gallery")
    scenes = [scene_indices((name,))[0] for name in names]
    local_weights.fit_scenes(network, torch.from_numpy(np.stack(photos)), [scenes[k % 8] for k in range(16)])
    found = by_size(covered(network, drawn(24)[16:]))
    assert set(found) == {"aesthetic", "similarity", "theme"}
    assert min(found.values()) >= 0.5, found
    assert np.mean(list(found.values())) >= 0.7, found


@pytest.mark.slow
def test_covering_what_the_delegate_transformer_shows_as_hot_changes_more_on_drawn_photos() -> None:
    found = by_size(covered_delegate(1, drawn(8)))
    assert set(found) == {"aesthetic", "colour", "points", "gates"}
    assert min(found.values()) >= 0.5, found
    assert np.mean(list(found.values())) >= 0.6, found


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_covering_what_is_hot_changes_more_on_a_large_majority_of_real_photos(shared: Path) -> None:
    photos = [_read(path) for path in _validation(shared / "data" / "biq2021")]
    folder = shared / "data" / "themes"
    learnt, wins = _themes(folder, "train", 20), Wins()
    themed = [photo for photo, _ in _themes(folder, "validation", 3)]
    assert len(themed) >= MANY
    for seed, votes in ((0, 1), (1, 10)):
        network = local_weights.tanet(votes, seed, torch.from_numpy(np.stack(photos[:16])))
        local_weights.fit_scenes(
            network, torch.from_numpy(np.stack([photo for photo, _ in learnt])), [s for _, s in learnt]
        )
        _add(wins, covered(network, themed))
    for seed in range(4):
        _add(wins, {f"delegate {kind}": found for kind, found in covered_delegate(seed, photos[seed::4]).items()})
    assert all(len(found) >= 0.9 * MANY for found in wins.values())
    found = by_size(wins)
    # What speaks against a theme is as cold as what says nothing of it, and covering it changes as much: see lowered.
    assert found.pop("theme") >= 0.68
    assert lowered(wins)["theme"] >= 0.85
    assert min(found.values()) >= MOST, found


def _add(wins: Wins, more: Wins) -> None:
    for kind, found in more.items():
        wins.setdefault(kind, []).extend(found)


def _read(path: Path) -> Input:
    with Image.open(path) as image:
        return square_input(np.asarray(image.convert("RGB")))


def _validation(folder: Path) -> list[Path]:
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        names = [row["file"] for row in csv.DictReader(file) if row["split"] == "validation"]
    return [folder / "photos" / name for name in names[:: len(names) // MANY][:MANY]]


def _themes(folder: Path, split: str, most: int) -> list[tuple[Input, int]]:
    """Photos of themes that have scenes, with the first scene of the theme; so many a theme, or what there is."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    found: dict[str, list[str]] = {theme: [] for theme in THEME_SCENES}
    for row in rows:
        theme = row["themes"].split(";")[0]
        if theme in found and len(found[theme]) < most:
            found[theme].append(row["file"])
    return [
        (_read(folder / name), scene_indices(THEME_SCENES[theme][0])[0])
        for theme, names in found.items()
        for name in names
    ]
