"""The few-shot protocol: a person's taste is found from their drawn photos, and from nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photocull.training.objectives import srcc
from photocull.training.personal import LEAST_LEFT, Ratings, Seen, fit_person, measure_people

PHOTOS, RATED = 400, 120


def _seen(seed: int = 0, wide: int = 32) -> Seen:
    random = np.random.default_rng(seed)
    general = 5 + random.normal(size=PHOTOS)
    scores = np.stack([general, 5 + random.normal(size=PHOTOS), 5 + random.normal(size=PHOTOS)], axis=1)
    embedding = 2 + random.normal(size=(PHOTOS, 12)) @ random.normal(size=(12, wide))
    return Seen(general, scores, embedding / np.linalg.norm(embedding, axis=1, keepdims=True))


def _people(seen: Seen, *, taste: float, count: int = 12, noise: float = 0.4, seed: int = 1) -> Ratings:
    """Raters from 1 to 5 by the general score, their own linear reading of the embedding, and chance."""
    random = np.random.default_rng(seed)
    people = {}
    for number in range(count):
        own = seen.embedding @ random.normal(size=seen.embedding.shape[1])
        felt = (seen.general - 5) + taste * (own - own.mean()) / own.std() + noise * random.normal(size=PHOTOS)
        rows = random.choice(PHOTOS, RATED, replace=False)
        people[f"worker {number}"] = (rows, np.clip(np.round(3 + 0.7 * felt[rows]), 1, 5))
    return people


def test_a_taste_that_is_linear_in_the_embedding_is_followed_better_the_more_photos_are_rated() -> None:
    seen = _seen()
    few, many = measure_people(seen, _people(seen, taste=1.5), draws=4)
    assert (few.photos, many.photos) == (10, 100)
    assert few.gain.low > 0
    assert many.gain.low > 0.2
    assert many.fitted.value > few.fitted.value + 0.1
    assert many.better == 1


@pytest.mark.parametrize("noise", [0.3, 1.5])
def test_people_who_follow_the_general_score_lose_no_more_than_a_hair(noise: float) -> None:
    seen = _seen()
    for shots in measure_people(seen, _people(seen, taste=0, noise=noise, count=20), draws=4):
        assert shots.gain.value > (-0.03 if shots.photos == 10 else -0.01)


def test_the_fit_sees_the_drawn_photos_alone() -> None:
    seen, random = _seen(), np.random.default_rng(3)
    people = _people(seen, taste=1)
    rows, ratings = people["worker 0"]
    drawn = np.arange(10)
    taste = fit_person(seen.of(rows[drawn]), ratings[drawn])
    shuffled = ratings.copy()
    shuffled[10:] = random.permutation(shuffled[10:])
    other = Seen(seen.general.copy(), seen.scores.copy(), seen.embedding.copy())
    other.embedding[rows[10:]] = random.normal(size=(RATED - 10, seen.embedding.shape[1]))
    again = fit_person(other.of(rows[drawn]), shuffled[drawn])
    assert np.array_equal(taste.weights, again.weights)
    assert (taste.slope, taste.mean, taste.ridge) == (again.slope, again.mean, again.ridge)
    asked = seen.of(rows[10:])
    assert np.array_equal(taste.predict(asked), again.predict(asked))


def test_ratings_without_any_relation_to_the_photos_are_not_followed() -> None:
    seen, random = _seen(), np.random.default_rng(0)
    people = {str(k): (np.arange(150), random.integers(1, 6, 150).astype(float)) for k in range(20)}
    for shots in measure_people(seen, people, draws=4):
        assert abs(shots.fitted.value) < 0.06


def test_a_model_without_embedding_is_fitted_by_its_scores() -> None:
    seen = _seen()
    bare = Seen(seen.general, seen.scores, np.zeros((PHOTOS, 0)))
    ratings = 3 + 0.2 * (seen.general - 5) + seen.scores[:, 1] - 5
    taste = fit_person(bare.of(np.arange(100)), ratings[:100])
    rest = bare.of(np.arange(100, PHOTOS))
    assert srcc(taste.predict(rest), ratings[100:]) > srcc(rest.general, ratings[100:]) + 0.5


def test_a_person_gets_the_same_figures_whoever_else_is_there() -> None:
    seen = _seen()
    people = _people(seen, taste=1, count=3)
    alone = measure_people(seen, {"worker 1": people["worker 1"]}, shots=(10,), draws=3)[0]
    swapped = measure_people(seen, dict(reversed(people.items())), shots=(10,), draws=3)[0]
    assert swapped == measure_people(seen, people, shots=(10,), draws=3)[0]
    assert (alone.people, alone.spread) == (1, 0.0)
    assert alone.fitted.low == alone.fitted.value == alone.fitted.high


def test_who_rated_too_few_photos_is_left_out_and_counted() -> None:
    seen = _seen()
    people = dict(_people(seen, taste=1, count=2))
    rows, ratings = people["worker 0"]
    people["worker 0"] = rows[: 9 + LEAST_LEFT], ratings[: 9 + LEAST_LEFT]
    people["who says the same always"] = np.arange(40), np.full(40, 3.0)
    (shots,) = measure_people(seen, people, shots=(10,), draws=2)
    assert (shots.people, shots.left_out) == (1, 2)
    assert measure_people(seen, {}, shots=(10,)) == ()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 30), st.integers(0, 8))
def test_every_fit_is_finite(seed: int, count: int, wide: int) -> None:
    random = np.random.default_rng(seed)
    # Few levels: ties, constant columns and constant ratings come up.
    seen = Seen(*(random.integers(0, 3, shape).astype(float) for shape in (count, (count, 3), (count, wide))))
    taste = fit_person(seen, random.integers(1, 4, count).astype(float))
    assert np.isfinite(taste.predict(seen)).all()
    assert taste.slope > 0
