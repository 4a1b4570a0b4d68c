"""The first stages' answers: the same as the whole trunk's, kept on disk, and told apart by what was done."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photocull.core.types import Pixels
from photocull.judge.networks.heads import features
from photocull.judge.networks.inputs import trunk_input
from photocull.judge.networks.runtime import open_runtime
from photocull.training.early import EarlyCache
from photocull.training.sights import Sight

pytest.importorskip("onnx", reason="training needs the extra train")
SIDE = 96


def load(path: Path) -> Pixels:
    return np.array(Image.open(path).convert("RGB"))


@pytest.fixture(scope="module")
def trunk() -> dict[str, np.ndarray]:
    from safetensors.numpy import load_file

    from photocull.core.settings import resources
    from photocull.judge.networks.layout import tensor_shapes

    stored = load_file(resources() / "models" / "builtin-1.safetensors")
    return {name: stored[name] for name in tensor_shapes()}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    generator = np.random.default_rng(5)
    coarse = Image.fromarray(generator.integers(0, 256, (9, 12, 3), dtype=np.uint8))
    path = tmp_path / "photo.png"
    coarse.resize((240, 180), Image.Resampling.BICUBIC).save(path)
    return path


def test_later_stages_on_top_give_what_the_whole_trunk_gives(
    trunk: dict[str, np.ndarray], photo: Path, tmp_path: Path
) -> None:
    torch = pytest.importorskip("torch", reason="the later stages need the extra train")
    from photocull.core.settings import resources
    from photocull.judge.networks.trunk import build_trunk
    from photocull.training.late_stages import LateStages, read_all

    cache = EarlyCache(tmp_path / "early", trunk, SIDE, load)
    found = read_all(LateStages(build_trunk(trunk)), cache.extract([Sight(photo)]))[0].numpy()

    graph = (resources() / "models" / "builtin-1.onnx").read_bytes()
    whole = features(open_runtime(graph, trunk, device="cpu", threads=1).run(trunk_input(load(photo), SIDE)))
    assert torch.is_tensor(torch.zeros(1))
    # Half precision on the way costs a thousandth.
    assert np.allclose(found, whole, rtol=0.02, atol=0.02 * float(np.abs(whole).max()))


def test_a_picture_is_looked_at_once(trunk: dict[str, np.ndarray], photo: Path, tmp_path: Path) -> None:
    told: list[bool] = []
    loaded: list[Path] = []

    def counted(path: Path) -> Pixels:
        loaded.append(path)
        return load(path)

    sights = [Sight(photo), Sight(photo, "mirror"), Sight(photo, "damaged", "noise", 3)]
    for _ in range(2):
        cache = EarlyCache(tmp_path / "early", trunk, SIDE, counted)
        found = cache.extract(sights, step=lambda count, known: told.append(known))

    assert told == [False, True]
    assert len(loaded) == 3
    assert not np.array_equal(found[0].map, found[1].map)
    assert not np.array_equal(found[0].map, found[2].map)


def test_a_changed_photo_is_looked_at_anew(trunk: dict[str, np.ndarray], photo: Path, tmp_path: Path) -> None:
    cache = EarlyCache(tmp_path / "early", trunk, SIDE, load)
    before = cache.extract([Sight(photo)])[0]
    Image.open(photo).rotate(180).save(photo)

    assert not np.array_equal(cache.extract([Sight(photo)])[0].map, before.map)


def test_what_is_drawn_hangs_on_the_photo_and_the_kind(photo: Path) -> None:
    pixels = load(photo)

    one, again = (Sight(photo, "damaged", "motion-blur", 4).of(pixels) for _ in range(2))

    assert np.array_equal(one, again)
    assert not np.array_equal(one, Sight(photo.with_name("other.png"), "damaged", "motion-blur", 4).of(pixels))


def test_both_partners_of_a_badly_composed_copy_share_their_shape(photo: Path) -> None:
    pixels = load(photo)
    sights = [Sight(photo, change, "tilted horizon", 3) for change in ("composed", "spoilt")]

    good, bad = (sight.of(pixels) for sight in sights)

    assert good.shape == bad.shape
    assert not np.array_equal(good, bad)
