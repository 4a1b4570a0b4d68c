"""Technical facts move the right way when a photo is spoilt, and the flags say so, and only then."""

import csv
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photocull.core.types import Pixels
from photocull.core.vocabulary import FLAGS
from photocull.judge.small import small_of
from photocull.judge.technical import technical_facts
from tests.judge.drawing import blurred, decoded, exposed, flat, lit, moved, noisy, scene, soft_middle

Spoil = Callable[[Pixels], Pixels]
SPOILT: list[tuple[str, Spoil, str, str, int]] = [
    ("blur 2", lambda p: blurred(p, 2), "focus_best", "blurred", -1),
    ("blur 4", lambda p: blurred(p, 4), "focus_best", "blurred", -1),
    ("movement", lambda p: moved(p, 15, 0), "focus_best", "blurred", -1),
    ("slanted movement", lambda p: moved(p, 15, 30), "focus_best", "blurred", -1),
    ("noise", lambda p: noisy(p, 25), "noise", "noisy", 1),
    ("two stops under", lambda p: exposed(p, -2), "mean_light", "underexposed", -1),
    ("two stops over", lambda p: exposed(p, 2), "clipped_any", "overexposed", 1),
]


@pytest.mark.parametrize(("name", "spoil", "fact", "flag", "sign"), SPOILT, ids=[entry[0] for entry in SPOILT])
def test_what_spoils_a_drawn_scene_is_seen(name: str, spoil: Spoil, fact: str, flag: str, sign: int) -> None:
    for seed in range(4):
        clean, bad = (technical_facts(decoded(picture)) for picture in (scene(seed), spoil(scene(seed))))
        assert sign * (bad.facts[fact] - clean.facts[fact]) > 0
        assert flag in bad.flags
        assert clean.flags == ()


def test_blur_in_pixels_is_measured() -> None:
    measured = [technical_facts(decoded(blurred(scene(), sigma))).facts["blur"] for sigma in (1.0, 1.5, 2.0, 3.0)]
    assert measured == pytest.approx([1.0, 1.5, 2.0, 3.0], rel=0.4)


def test_movement_is_told_from_lack_of_focus_and_its_direction_is_found() -> None:
    slanted = technical_facts(decoded(moved(scene(), 15, 30))).facts
    assert slanted["motion_blur"] > 0.3
    assert slanted["motion_angle"] == pytest.approx(30, abs=12)
    assert technical_facts(decoded(blurred(scene(), 3))).facts["motion_blur"] < 0.1


def test_a_soft_background_is_no_fault() -> None:
    picture = blurred(scene(2), 6).copy()
    picture[160:320, 200:440] = scene(2)[160:320, 200:440]
    found = technical_facts(decoded(picture))
    assert found.flags == ()
    height, width = found.focus_map.shape
    assert found.focus_map[height // 2, width // 2] > 0.5 > found.focus_map[0, 0]


def test_focus_on_the_rim_with_a_soft_middle_is_misfocused() -> None:
    assert technical_facts(decoded(soft_middle(scene(1)))).flags == ("misfocused",)


def test_of_a_plain_sky_nothing_is_said() -> None:
    found = technical_facts(decoded(noisy(flat((150, 180, 220)), 1)))
    assert found.flags == ()
    assert "focus_best" not in found.facts


def test_noise_does_not_pass_for_sharpness() -> None:
    soft = noisy(blurred(scene(), 4), 10)
    assert technical_facts(decoded(soft)).facts["focus_best"] < 0.3


def test_softness_at_full_size_shows_in_the_native_crops() -> None:
    native = scene(0, 1920, 2560)
    preview = np.asarray(Image.fromarray(native).resize((640, 480), Image.Resampling.BOX))
    crisp = technical_facts(decoded(preview, native)).facts
    soft = technical_facts(decoded(preview, blurred(native, 5))).facts
    assert crisp["native_scale"] == 4
    assert soft["focus_native"] < crisp["focus_native"] - 0.3


@pytest.mark.slow
def test_crops_of_half_size_say_as_much_of_full_size_as_full_size_itself() -> None:
    native = scene(0, 1920, 2560)
    preview = np.asarray(Image.fromarray(native).resize((640, 480), Image.Resampling.BOX))
    for sigma in (2.0, 3.0):
        soft = noisy(blurred(native, sigma), 4)
        half = np.asarray(Image.fromarray(soft).reduce(2))
        full = technical_facts(decoded(preview, soft)).facts
        seen = technical_facts(replace(decoded(preview, half), width=2560, height=1920)).facts
        assert seen["native_scale"] == full["native_scale"] == 4
        assert seen["focus_native"] == pytest.approx(full["focus_native"], abs=0.1)
        assert seen["noise"] == pytest.approx(full["noise"], rel=0.15)


def test_where_the_preview_is_the_photo_its_crops_change_nothing() -> None:
    with_crops = decoded(scene())
    one, other = technical_facts(with_crops), technical_facts(replace(with_crops, crops=()))
    assert one.facts == other.facts
    assert np.array_equal(one.focus_map, other.focus_map)


def test_what_is_known_already_is_not_read_again_and_changes_nothing() -> None:
    photo = decoded(scene())
    assert technical_facts(photo, small_of(photo.preview)).facts == technical_facts(photo).facts


def test_a_night_with_lamps_is_not_underexposed() -> None:
    night = noisy(exposed(scene(), -4), 2)
    for x in range(50, 600, 60):
        night[100:120, x : x + 16] = (255, 230, 180)
    assert "underexposed" not in technical_facts(decoded(night)).flags


def test_a_subject_before_a_white_wall_is_not_overexposed() -> None:
    picture = flat((255, 255, 255), 480, 640)
    picture[120:400, 200:440] = exposed(scene(), -1)[120:400, 200:440]
    found = technical_facts(decoded(picture))
    assert "overexposed" not in found.flags
    assert found.facts["blown_area"] > 0.4


def test_glints_are_not_blown_areas_and_a_blown_sky_is_on_the_map() -> None:
    glints, sky = flat((90, 120, 150), 480, 640), flat((90, 120, 150), 480, 640)
    glints[::12, ::12] = 255
    sky[:160] = 255
    assert technical_facts(decoded(glints)).facts["blown_area"] == 0
    found = technical_facts(decoded(sky))
    assert found.facts["blown_area"] == pytest.approx(1 / 3, abs=0.02)
    assert found.clipping_map[2].min() > 0.9
    assert found.clipping_map[-2].max() < 0.1


def test_lamplight_over_everything_is_a_cast_and_neutral_light_is_not() -> None:
    muted = (scene().astype(float) * 0.25 + 90 + np.linspace(-60, 60, 640)[None, :, None]).clip(0, 255).astype(np.uint8)
    found = technical_facts(decoded(lit(muted, (1.5, 1.0, 0.45))))
    assert "colour-cast" in found.flags
    assert 30 < found.facts["cast_hue"] < 100
    assert "colour-cast" not in technical_facts(decoded(muted)).flags


@pytest.mark.parametrize("degrees", [-5.0, -3.0, 3.0, 5.0])
def test_a_hanging_horizon_is_found_with_its_angle(degrees: float) -> None:
    found = technical_facts(decoded(_seascape(degrees)))
    assert "tilted" in found.flags
    assert found.facts["tilt"] == pytest.approx(degrees, abs=0.75)


def test_a_level_horizon_is_not_tilted() -> None:
    found = technical_facts(decoded(_seascape(0.0)))
    assert "tilted" not in found.flags
    assert abs(found.facts["tilt"]) <= 0.5


def _seascape(degrees: float) -> Pixels:
    """Sky over sea; the right side of the horizon hangs by ``degrees``."""
    y, x = np.mgrid[:480, :720]
    below = y > 220 + np.tan(np.radians(degrees)) * (x - 360)
    picture = np.where(below[..., None], (40, 70, 90), (170, 190, 215)).astype(np.uint8)
    return noisy(blurred(picture, 0.6), 3)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 50), st.integers(1, 600), st.integers(0, 99))
def test_any_shape_is_judged(height: int, width: int, seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    for pixels in (picture, picture.transpose(1, 0, 2).copy()):
        found = technical_facts(decoded(pixels))
        assert set(found.flags) <= set(FLAGS)
        assert all(np.isfinite(value) for value in found.facts.values())
        for grid in (found.focus_map, found.clipping_map):
            assert grid.dtype == np.float16
            assert max(grid.shape) <= 24
            assert 0 <= grid.min() <= grid.max() <= 1


def test_judging_a_preview_takes_little_time() -> None:
    photo = decoded(scene(1, 960, 1440), scene(1, 2400, 3600))
    spent = []
    for _ in range(5):
        start = time.process_time()
        technical_facts(photo)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.1


@pytest.mark.slow
def test_good_photos_are_rarely_flagged_and_spoilt_ones_mostly(shared: Path) -> None:
    photos = _best_photos(shared)
    clean = [technical_facts(decoded(photo)) for photo in photos]
    for flag in FLAGS:
        assert np.mean([flag in found.flags for found in clean]) <= 0.04
    for _, spoil, fact, flag, sign in SPOILT:
        bad = [technical_facts(decoded(spoil(photo))) for photo in photos]
        changes = [
            sign * (b.facts.get(fact, 0.0) - c.facts.get(fact, 0.0)) > 0 for b, c in zip(bad, clean, strict=True)
        ]
        assert np.mean(changes) >= 0.95
        assert np.mean([flag in found.flags for found in bad]) >= 0.7


def _best_photos(shared: Path) -> list[Pixels]:
    rows = list(csv.DictReader((shared / "data/biq2021/labels.csv").read_text().splitlines()))
    rows = [row for row in rows if row["split"] == "validation" and row["file"].startswith("ss03")]
    best = sorted(rows, key=lambda row: -float(row["mos"]))[: len(rows) // 4]
    return [np.asarray(Image.open(shared / "data/biq2021/photos" / row["file"]).convert("RGB")) for row in best]
