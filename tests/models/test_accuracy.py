"""The shipped model against people's opinions, through the whole product: file, decoder, scorer, shown score.

BIQ2021 is judged in tests/training/test_evaluation.py, figure by figure.
"""

from pathlib import Path

import numpy as np
import pytest

from photocull.core.types import Judgement, Photo, Scorer
from photocull.models.store import open_scorer
from photocull.photo.decode import decode
from photocull.training.datasets import Example, LabelledSet, read_beauty, read_snapshots
from photocull.training.objectives import srcc, within_groups

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return open_scorer("builtin-1", "cpu")


def _judged(scorer: Scorer, labelled: LabelledSet) -> list[tuple[Example, Judgement]]:
    pairs = []
    for example in labelled.examples:
        if example.split == "validation":
            state = example.path.stat()
            photo = decode(Photo(example.path, state.st_size, state.st_mtime_ns), fingerprint="00")
            pairs.append((example, scorer.score([photo])[0]))
    return pairs


def test_technical_follows_people_on_snapshots(scorer: Scorer, shared: Path) -> None:
    pairs = _judged(scorer, read_snapshots(shared / "data"))
    shown = np.array([judgement.technical for _, judgement in pairs])
    assert srcc(shown, np.array([example.opinion for example, _ in pairs])) >= 0.74


def test_aesthetic_follows_beauty_within_a_category(scorer: Scorer, shared: Path) -> None:
    pairs = _judged(scorer, read_beauty(shared / "data"))
    groups = np.array([example.group for example, _ in pairs])
    shown = within_groups(np.array([judgement.aesthetic for _, judgement in pairs]), groups)
    beauty = within_groups(np.array([example.opinion for example, _ in pairs]), groups)
    assert srcc(shown, beauty) >= 0.55
