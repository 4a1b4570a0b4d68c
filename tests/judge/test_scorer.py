"""The shipped model on drawn photos: one photo, one judgement, whatever it travels with."""

from pathlib import Path

import numpy as np
import pytest

from photocull.core.errors import ModelError
from photocull.core.settings import resources
from photocull.core.types import DecodedPhoto, Exif, Judgement, Photo, Pixels, Scorer
from photocull.core.vocabulary import FLAGS, OVERLAY_KINDS, THEMES
from photocull.judge.colour_head import ColourHead
from photocull.judge.networks.inputs import trunk_input
from photocull.judge.networks.runtime import open_runtime
from photocull.judge.scorer import OVERALL, BuiltinModel, BuiltinScorer, Calibration
from photocull.models.store import open_builtin
from tests.building import SUBJECTS, draw
from tests.judge.colour_weights import drawn_weights
from tests.judge.drawing import blurred, forms


def decoded(pixels: Pixels, name: str = "photo.jpg") -> DecodedPhoto:
    photo = Photo(Path("/photos") / name, 1, 1)
    return DecodedPhoto(photo, pixels.shape[1], pixels.shape[0], pixels, (), Exif(), "00")


@pytest.fixture(scope="module")
def model() -> BuiltinModel:
    return open_builtin("builtin-1")


@pytest.fixture(scope="module")
def scorer(model: BuiltinModel) -> Scorer:
    return BuiltinScorer(model, device="cpu", threads=1)


@pytest.fixture(scope="module")
def photos() -> list[DecodedPhoto]:
    sizes = [(640, 480), (480, 640), (900, 300), (512, 512)]
    return [
        decoded(draw(sizes[k % 4], seed=k, subject=subject), f"{subject}.jpg") for k, subject in enumerate(SUBJECTS)
    ]


@pytest.fixture(scope="module")
def judgements(scorer: Scorer, photos: list[DecodedPhoto]) -> list[Judgement]:
    return scorer.score(photos)


def _scores(judgement: Judgement) -> tuple[float, ...]:
    return judgement.aesthetic, judgement.colour, judgement.technical, judgement.overall


@pytest.mark.slow
def test_a_photo_alone_scores_as_in_any_batch_and_order(
    scorer: Scorer, photos: list[DecodedPhoto], judgements: list[Judgement]
) -> None:
    backwards = scorer.score(photos[::-1])[::-1]
    alone = [scorer.score([photo])[0] for photo in photos]
    for first, second, third in zip(judgements, backwards, alone, strict=True):
        assert _scores(first) == _scores(second) == _scores(third)
        assert first.themes == third.themes


def test_beyond_the_taught_blurs_a_wider_one_scores_lower_still(scorer: Scorer) -> None:
    crisp = forms()
    copies = [decoded(blurred(crisp, share * max(crisp.shape))) for share in (0.04, 0.06, 0.12)]
    near, wide, widest = (_scores(one) for one in scorer.score(copies))
    for place in (0, 2, 3):
        assert near[place] > wide[place] > widest[place]


def test_threads_do_not_show_in_a_score(
    model: BuiltinModel, photos: list[DecodedPhoto], judgements: list[Judgement]
) -> None:
    other = BuiltinScorer(model, device="cpu", threads=2).score(photos[:3])
    for first, second in zip(judgements, other, strict=False):
        assert _scores(first) == pytest.approx(_scores(second), abs=1e-5)


def test_neither_path_nor_time_matters(scorer: Scorer, photos: list[DecodedPhoto], judgements: list[Judgement]) -> None:
    elsewhere = decoded(photos[0].preview, "renamed.png")
    assert _scores(scorer.score([elsewhere])[0]) == _scores(judgements[0])


def test_torch_gives_the_same_scores(
    model: BuiltinModel, photos: list[DecodedPhoto], judgements: list[Judgement]
) -> None:
    pytest.importorskip("torch", reason="torch is an extra")
    from photocull.judge.networks.runtime import TorchRuntime

    scorer = BuiltinScorer(model, device="cpu", threads=1)
    scorer._runtime = TorchRuntime(model.tensors, device="cpu")
    for first, second in zip(judgements, scorer.score(photos[:3]), strict=False):
        assert _scores(first) == pytest.approx(_scores(second), abs=1e-4)


def test_every_field_keeps_its_promise(judgements: list[Judgement]) -> None:
    for judgement in judgements:
        assert all(0 <= score <= 10 for score in _scores(judgement))
        assert judgement.overall == pytest.approx(np.dot(OVERALL, _scores(judgement)[:3]))
        confidences = [theme.confidence for theme in judgement.themes]
        assert confidences == sorted(confidences, reverse=True)
        assert all(0.05 <= confidence <= 1 for confidence in confidences)
        assert {theme.name for theme in judgement.themes} <= set(THEMES)
        assert set(judgement.flags) <= set(FLAGS)
        assert set(judgement.attention) <= set(OVERLAY_KINDS)
        assert {"aesthetic", "colour", "focus", "clipping"} <= set(judgement.attention)
        assert all(grid.min() >= 0 and grid.max() <= 1 for grid in judgement.attention.values())
        assert judgement.embedding is not None
        assert np.linalg.norm(judgement.embedding.astype(np.float64)) == pytest.approx(1, abs=1e-3)
        assert 1 <= len(judgement.reasons) <= 6


def test_a_ruined_photo_scores_lower_than_itself(scorer: Scorer) -> None:
    for seed, subject in enumerate(("flower", "street", "meadow")):
        sound = decoded(draw((900, 600), seed=seed, subject=subject))
        ruined = decoded(draw((900, 600), seed=seed, subject=subject, blur=12))
        before, after = scorer.score([sound, ruined])
        assert after.technical < before.technical


def test_photos_of_one_subject_lie_closer_than_others(scorer: Scorer) -> None:
    pictures = [draw((600, 400), seed=seed, subject=subject) for subject in ("flower", "night") for seed in (0, 8)]
    rows = [
        j.embedding.astype(np.float64) for j in scorer.score([decoded(p) for p in pictures]) if j.embedding is not None
    ]
    near = np.array(rows) @ np.array(rows).T
    assert min(near[0, 1], near[2, 3]) > near[:2, 2:].max()


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 5), (33, 31)])
def test_any_size_is_judged(size: tuple[int, int], scorer: Scorer) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    assert all(np.isfinite(_scores(scorer.score([decoded(pixels)])[0])))


@pytest.mark.parametrize("value", [0, 127, 255])
def test_a_picture_of_one_colour_is_judged(value: int, scorer: Scorer) -> None:
    judgement = scorer.score([decoded(np.full((300, 400, 3), value, dtype=np.uint8))])[0]
    assert all(np.isfinite(_scores(judgement)))


def test_calibration_keeps_order_and_never_leaves_the_scale() -> None:
    shown = [Calibration(0.2, 1.1).shown(value) for value in (-1e9, -3, 0, 3, 1e9)]
    assert shown == sorted(shown)
    assert shown[0] >= 0
    assert shown[-1] <= 10


def test_the_fingerprint_names_weights_and_arithmetic(model: BuiltinModel, scorer: Scorer) -> None:
    other = BuiltinModel(model.name, "other weights", model.graph, model.tensors)
    assert BuiltinScorer(other, device="cpu", threads=1).fingerprint != scorer.fingerprint
    assert BuiltinScorer(model, device="cpu", threads=1).fingerprint == scorer.fingerprint


def test_a_model_that_lacks_a_part_is_refused(model: BuiltinModel) -> None:
    tensors = {name: values for name, values in model.tensors.items() if name != "technical.calibration"}
    with pytest.raises(ModelError, match=r"lacks 'technical\.calibration'"):
        BuiltinScorer(BuiltinModel(model.name, "x", model.graph, tensors), device="cpu")


def test_the_learnt_colour_score_stands_where_the_model_has_one(model: BuiltinModel) -> None:
    weights = {**drawn_weights(), "heads.colour.calibration": np.array([0.3, 0.1], np.float32)}
    with_head = BuiltinScorer(
        BuiltinModel("x", "x", model.graph, {**model.tensors, **weights}), device="cpu", threads=1
    )
    photo = decoded(draw((300, 200), subject="sunset"))
    judged = with_head.score([photo])[0]
    runtime = open_runtime(model.graph, model.tensors, device="cpu", threads=1)
    output = runtime.run(trunk_input(photo.preview))
    reading = ColourHead(weights).read(output, photo.preview)
    assert judged.colour == pytest.approx(reading.score)
    assert judged.facts.items() >= reading.facts.items()
    assert np.array_equal(judged.attention["points"], reading.points)
    assert np.array_equal(judged.attention["colour"], np.maximum(reading.map, reading.against))


def test_the_shipped_model_is_small() -> None:
    assert sum(path.stat().st_size for path in (resources() / "models").glob("builtin-1*")) < 25_000_000
