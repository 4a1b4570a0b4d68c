"""Pairs are made of photos and spoilt copies, prototypes of what themes have in common, figures of what is seen."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from photocull.core.errors import TrainingError
from photocull.training.aesthetic import draws, fit_bank
from photocull.training.aesthetic_measuring import (
    BeautyPhoto,
    beauty_photos,
    measure_aesthetic,
    measure_fairness,
)


def _photo(seed: int = 0) -> np.ndarray:
    rows, columns = np.mgrid[:100, :140]
    picture = np.where(rows[..., None] < 45, (110, 150, 210), (70, 120, 60)).astype(np.float64)
    picture[np.hypot(rows - 50, columns - 80) < 22] = (200, 40, 40)
    return np.clip(picture + np.random.default_rng(seed).normal(0, 6, picture.shape), 0, 255).astype(np.uint8)


def _judge(pixels: np.ndarray) -> Any:
    return SimpleNamespace(aesthetic=float(pixels.std()))


def _set_of(folder: Path, count: int = 12) -> tuple[BeautyPhoto, ...]:
    photos = folder / "beauty" / "photos"
    photos.mkdir(parents=True)
    lines = ["file,category,beauty,sd,raters,valence,split"]
    for k in range(count):
        Image.fromarray(_photo(k)).save(photos / f"{k}.png")
        split = "validation" if k % 3 else "train"
        lines.append(f"{k}.png,{'Scene' if k % 2 else 'Person'},{2 + k / 4},1,100,{3 + (k * 7 % 5) / 2},{split}")
    (folder / "beauty" / "labels.csv").write_text("\n".join(lines))
    return beauty_photos(folder)


def test_a_photo_is_spoilt_only_where_it_would_be_seen() -> None:
    names = {draw.spoiling.name for draw in draws(0, np.full((80, 80, 3), 120, np.uint8))}
    assert names == {"flat light", "cluttered frame"}
    assert len({draw.spoiling.name for draw in draws(0, _photo())}) == 6


def test_a_bank_knows_the_themes_that_it_was_made_of() -> None:
    generator = np.random.default_rng(1)
    axes = generator.standard_normal((3, 1000)) * 2
    kinds = np.arange(240) % 3
    logits = (axes[kinds] + generator.standard_normal((240, 1000))).astype(np.float32)
    shown = [("cat",) if kind == 0 else ("sea", "water") for kind in kinds]
    bank = fit_bank(logits, shown, ("cat", "sea", "moon"), each=2, least=40)
    assert bank.themes == ("cat", "cat", "sea", "sea")
    assert np.allclose(np.linalg.norm(bank.prototypes, axis=1), 1)
    nearest = [bank.themes[int(bank.likeness(row.astype(np.float64)).argmax())] for row in logits]
    assert nearest == ["cat" if kind == 0 else "sea" for kind in kinds]
    seas = {int(bank.likeness(axis).argmax()) for axis in axes[1:]}
    assert seas == {2, 3}


def test_only_the_split_that_was_asked_for_is_read(tmp_path: Path) -> None:
    photos = _set_of(tmp_path)
    assert len(photos) == 8
    assert len(beauty_photos(tmp_path, "train")) == 4
    assert photos[0].beauty == pytest.approx(2.25)
    with pytest.raises(TrainingError):
        beauty_photos(tmp_path / "nowhere")


def test_a_judge_that_likes_contrast_puts_flat_light_in_order_and_is_told_so(tmp_path: Path) -> None:
    results = {(one.data, one.measure): one for one in measure_aesthetic(_judge, _set_of(tmp_path))}
    flat = results["beauty, validation: flat light", "pairs in order"]
    assert (flat.value, flat.low, flat.high, flat.photos) == (1.0, 1.0, 1.0, 8)
    assert len([key for key in results if key[1] == "pairs in order"]) == 6
    assert results["beauty, validation", "standard deviation"].value > 0


def test_a_judge_that_looks_at_the_subject_alone_is_found_out(tmp_path: Path) -> None:
    photos = _set_of(tmp_path, 60)
    by_pixels = {photo.pixels().tobytes(): photo for photo in photos}

    def measured(score: Any) -> dict[str, float]:
        results = measure_fairness(lambda pixels: SimpleNamespace(aesthetic=score(by_pixels[pixels.tobytes()])), photos)
        return {one.measure: one.value for one in results}

    unfair = measured(lambda photo: photo.valence + 3 * (photo.category == "Scene"))
    fair = measured(lambda photo: photo.beauty)
    assert unfair["range of the categories' means"] == pytest.approx(3, abs=0.4)
    assert unfair["partial correlation with valence"] > 0.3
    assert fair["range of the categories' means"] < 1.5
