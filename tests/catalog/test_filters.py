"""A filter in SQL leaves the same photos, in the same order and with the same counts, as the same words in Python."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photocull.catalog import query
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.paths import natural_key, to_text
from photocull.catalog.records import Filter, PhotoDetail, Rank, Sort
from photocull.core.types import Decision, Exif, Theme
from photocull.core.vocabulary import shown
from tests.catalog.building import MODEL, SCHEME, failed, found, judgement, register, scored, store
from tests.conftest import BOTH

COUNT = 60
THEMES, FLAGS = ["sunset", "sea", "citysky"], ["blurred", "noisy", "tilted"]
SCHEMES, HARMONIES = ["orange_blue", "red_green", None], ["complementary", "triadic"]
LABELS: list[Any] = [None, "red", "blue"]
FOLDERS = ["/photos", "/photos/trip", "/photos/trip2", "/other"]
CAMERAS = ["Canon EOS R5", "NIKON Z 8", None]


@pytest.fixture(scope="module", params=["tables", "memory"])
def much(request: pytest.FixtureRequest) -> int:
    """From how many photos on lists come from memory."""
    return 0 if request.param == "memory" else 1_000_000


@pytest.fixture(scope="module", params=BOTH)
def shoot(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, much: int
) -> Iterator[tuple[Catalog, list[PhotoDetail]]]:
    """Sixty photos of every kind, and all that is known of each; asked of the tables, and of what lies in memory."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            location = tmp_path_factory.mktemp("shoot") / "catalog.sqlite"
        else:
            location = stack.enter_context(request.getfixturevalue("postgresql").database())
        catalog = stack.enter_context(open_catalog(location))
        catalog.memory.much = much
        ids = register(catalog, *(found(f"{FOLDERS[n % 4]}/IMG_{n}%.jpg", f"c{n // 2}") for n in range(COUNT)))
        store(catalog, [_result(n, photo) for n, photo in enumerate(ids) if n % 2 == 0 and n % 7])
        wishes = [_marks(n, photo) for n, photo in enumerate(ids)]
        catalog.writer.decide([d for some in wishes for d in some], initiator="test").result(10)
        catalog.writer.mark_missing([Path("/other/IMG_3%.jpg")]).result(10)
        yield catalog, query.photo_details(catalog, ids, MODEL)


def _result(n: int, photo: int) -> Any:
    if n % 10 == 8:
        return failed(photo, f"c{n // 2}")
    themes = tuple(Theme(name, ((n + i) % 10) / 10) for i, name in enumerate(THEMES[: n % 4]))
    scheme = replace(SCHEME, name=SCHEMES[n % 3], harmony=HARMONIES[n % 2 if n % 5 else 1])
    said = judgement(float(n % 9), themes=themes, scheme=scheme, flags=tuple(FLAGS[: (n // 2) % 4]))
    exif = Exif(camera=CAMERAS[(n // 2) % 3], lens="RF 50mm" if n % 4 else None)
    return scored(photo, f"c{n // 2}", said, exif=exif, notes=("Truncated.",) if n % 12 == 2 else ())


def _marks(n: int, photo: int) -> list[Decision]:
    marks: list[Any] = [("rating", n % 6), ("pick", [None, "pick", "reject"][n % 3]), ("label", LABELS[n % 3])]
    return [Decision(photo, name, value) for name, value in marks]


def sets(*values: Any) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


filters = st.builds(
    Filter,
    folders=sets(*map(Path, FOLDERS), Path("/"), Path("/nowhere")),
    paths=sets(Path("/photos/IMG_0%.jpg"), Path("/other/IMG_3%.jpg"), Path("/photos/unknown.jpg")),
    themes=sets(*THEMES, "dog"),
    min_theme=st.sampled_from([0.05, 0.3, 0.7]),
    schemes=sets("orange_blue", "red_green"),
    harmonies=sets(*HARMONIES),
    ratings=sets(0, 1, 5),
    min_rating=st.sampled_from([None, None, 0, 3]),
    max_rating=st.sampled_from([None, None, 0, 4]),
    picks=sets("pick", "reject", "none"),
    labels=sets("red", "blue", "none"),
    flags=sets(*FLAGS),
    problems_only=st.sampled_from([False, False, True]),
    minimum=st.lists(st.tuples(st.sampled_from(["overall", "technical"]), st.floats(0, 10)), max_size=2).map(tuple),
    text=st.sampled_from(["", "", "", "canon", "IMG_1", "%", "r5 sunset", "50MM", "city sky", "nothing"]),
    missing=st.booleans(),
)
sorts = st.builds(
    Sort, st.sampled_from(["aesthetic", "colour", "technical", "overall", "taken", "name", "rating"]), st.booleans()
)

Test = Callable[[PhotoDetail, Filter], bool]


def place(d: PhotoDetail, f: Filter) -> bool:
    within = any(folder in d.row.path.parents for folder in f.folders) or d.row.path in f.paths
    return (within or not (f.folders or f.paths)) and (f.missing or not d.row.missing)


def confident(d: PhotoDetail, f: Filter) -> set[str]:
    return {theme.name for theme in d.themes if theme.confidence >= f.min_theme}


def stars(d: PhotoDetail, f: Filter) -> bool:
    rating = d.row.rating or 0
    exact = not f.ratings or rating in f.ratings
    return exact and (f.min_rating or 0) <= rating <= (5 if f.max_rating is None else f.max_rating)


def rest(d: PhotoDetail, f: Filter) -> bool:
    good = all((value := getattr(d.row, name)) is not None and value >= least for name, least in f.minimum)
    return good and (not f.problems_only or problem(d)) and all(mentions(d, f, w) for w in f.text.lower().split())


def problem(d: PhotoDetail) -> bool:
    return d.row.status == "unreadable" or bool(d.row.notes)


def mentions(d: PhotoDetail, f: Filter, word: str) -> bool:
    names = [name for theme in confident(d, f) for name in (theme, shown(theme))]
    return any(word in text.lower() for text in (d.row.path.name, d.exif.camera or "", d.exif.lens or "", *names))


PARTS: dict[str, Test] = {
    "themes": lambda d, f: not f.themes or bool(f.themes & confident(d, f)),
    "schemes": lambda d, f: not f.schemes or (d.scheme is not None and d.scheme.name in f.schemes),
    "harmonies": lambda d, f: not f.harmonies or (d.scheme is not None and d.scheme.harmony in f.harmonies),
    "ratings": stars,
    "picks": lambda d, f: not f.picks or (d.row.pick or "none") in f.picks,
    "labels": lambda d, f: not f.labels or (d.row.label or "none") in f.labels,
    "flags": lambda d, f: not f.flags or bool(f.flags & set(d.row.flags)),
    "rest": rest,
}


def left(details: list[PhotoDetail], f: Filter, without: str | None = None) -> list[PhotoDetail]:
    tests = [test for part, test in PARTS.items() if part != without]
    return [d for d in details if place(d, f) and all(test(d, f) for test in tests)]


def in_order(details: list[PhotoDetail], sort: Sort) -> list[int]:
    def value(d: PhotoDetail) -> Any:
        if sort.key == "name":
            return natural_key(d.row.path.name)
        return d.exif.taken if sort.key == "taken" else getattr(d.row, sort.key)

    by_path = sorted(details, key=lambda d: to_text(d.row.path))
    known = sorted((d for d in by_path if value(d) is not None), key=value, reverse=sort.descending)
    return [d.row.id for d in known] + [d.row.id for d in by_path if value(d) is None]


@settings(max_examples=100, deadline=None)
@given(filters, sorts)
def test_a_filter_leaves_the_same_photos_in_the_same_order_as_its_words_say(
    shoot: tuple[Catalog, list[PhotoDetail]], wanted: Filter, sort: Sort
) -> None:
    catalog, details = shoot
    assert query.photo_ids(catalog, wanted, sort, MODEL) == in_order(left(details, wanted), sort)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(filters)
def test_facets_count_the_same_photos_as_their_words_say(
    shoot: tuple[Catalog, list[PhotoDetail]], wanted: Filter
) -> None:
    catalog, details = shoot
    facets = query.facets(catalog, wanted, MODEL)
    within = [d for d in details if place(d, wanted)]
    assert facets.total == len(within)
    assert facets.shown == len(left(details, wanted))
    assert facets.judged == sum(d.judged for d in within)
    assert facets.problems == sum(problem(d) for d in within)

    def counts(part: str, values: Callable[[PhotoDetail], Any]) -> Counter[Any]:
        return Counter(value for d in left(details, wanted, part) for value in values(d) if value is not None)

    assert facets.themes == counts("themes", lambda d: confident(d, wanted))
    assert facets.schemes == counts("schemes", lambda d: [d.scheme and d.scheme.name])
    assert facets.harmonies == counts("harmonies", lambda d: [d.scheme and d.scheme.harmony])
    assert facets.ratings == counts("ratings", lambda d: [d.row.rating or 0])
    assert facets.picks == counts("picks", lambda d: [d.row.pick or "none"])
    assert facets.labels == counts("labels", lambda d: [d.row.label or "none"])
    assert facets.flags == counts("flags", lambda d: d.row.flags)
    assert facets.folders == counts("folders", lambda d: [d.row.path.parent])


@settings(max_examples=30, deadline=None)
@given(filters, st.integers(0, COUNT - 1))
def test_a_rank_is_the_number_of_better_photos(
    shoot: tuple[Catalog, list[PhotoDetail]], wanted: Filter, n: int
) -> None:
    catalog, details = shoot
    judged = [d for d in left(details, wanted) if d.row.overall is not None]
    own = next((d.row.overall for d in judged if d.row.id == details[n].row.id), None)
    expected = None
    if own is not None:
        expected = Rank(1 + sum(d.row.overall > own for d in judged if d.row.overall is not None), len(judged))
    assert query.rank(catalog, details[n].row.id, wanted, "overall", MODEL) == expected
