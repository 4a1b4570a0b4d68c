"""SQLite and PostgreSQL give back the same values in the same order, and take the same ones."""

from pathlib import Path
from typing import Any, get_args

from photocull.catalog import query
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.records import Filter, Sort, Status
from photocull.catalog.schema import attention, contents, flags, journal, judgements, photos, themes
from photocull.core.types import Bracket, Decision, DecisionField, Drive, Exif, Who
from photocull.core.vocabulary import COLOUR_TYPES, FLAGS, HARMONIES, LABELS, OVERLAY_KINDS, THEMES
from photocull.photo import facts
from tests.catalog.building import MODEL, found, judgement, register, scored, store

NAMES = [
    "IMG_10.jpg", "IMG_9.jpg", "img_9.JPG", "_IMG.jpg", "-a.jpg", "A b.jpg", "Ab.jpg", "a'b.jpg", "caf\udce9.jpg",
    "café.jpg", "cafe\u0301.jpg", "Ä.jpg", "z.jpg", "ß.jpg", "ss.jpg", "new\nline.jpg", "%.jpg", "\\.jpg",
    "\U0001f4f7.jpg", "ﬁ.jpg", "~.jpg", "10.jpg", "9.jpg",
]  # fmt: skip
"""The last byte of the ninth is no UTF-8."""


def test_both_kinds_of_database_sort_and_give_back_alike(url: str, file: Path) -> None:
    numbers = (0.1 + 0.2, 1 / 3, 5e-324, 2.0**-1022, 9.999999999999998, 10.0, 0.0)
    with open_catalog(url) as server, open_catalog(file) as local:
        answers = [_answers(catalog, numbers) for catalog in (server, local)]
    assert answers[0] == answers[1]


def _answers(catalog: Catalog, numbers: tuple[float, ...]) -> list[Any]:
    paths = [Path("/photos") / str(n % 3) / name for n, name in enumerate(NAMES)]
    ids = register(catalog, *(found(path, f"c{n}") for n, path in enumerate(paths)))
    for n, photo in enumerate(ids[:-4]):
        number = numbers[n % len(numbers)]
        said = judgement(number, colour=number / 3, facts={"sharpness": number})
        store(catalog, [scored(photo, f"c{n}", said, exif=Exif(exposure_time=number or 1.0))])
    catalog.writer.decide([Decision(i, "rating", 1 + i % 4) for i in ids[::2]], initiator="test").result(10)
    keys = ("aesthetic", "colour", "technical", "overall", "taken", "name", "rating")
    orders = [query.photo_ids(catalog, Filter(), Sort(key, down), MODEL) for key in keys for down in (True, False)]  # type: ignore[arg-type]
    details = query.photo_details(catalog, ids, MODEL)
    exact = [
        (d.row.path, *(repr(value) for value in (d.row.overall, d.row.colour, d.exif.exposure_time, d.facts)))
        for d in details
    ]
    texts = ("é", "SS", "fi", "%", "_", "\\", "'", "img", "\udce9", "\U0001f4f7")
    found_by = [query.photo_ids(catalog, Filter(text=word), Sort("name", False), MODEL) for word in texts]
    return [orders, exact, found_by, query.folders(catalog), query.facets(catalog, Filter(), MODEL)]


def test_what_sqlite_does_not_measure_fits_into_its_column() -> None:
    words = {
        themes.c.name: THEMES, flags.c.name: FLAGS, attention.c.kind: OVERLAY_KINDS, judgements.c.scheme: COLOUR_TYPES,
        judgements.c.harmony: HARMONIES, photos.c.label: LABELS,
        contents.c.program: facts._PROGRAMS.values(), contents.c.metering: facts._METERINGS.values(),
        contents.c.drive: get_args(Drive), contents.c.bracket: get_args(Bracket), journal.c.who: get_args(Who),
        journal.c.field: get_args(DecisionField), contents.c.status: get_args(Status),
    }  # fmt: skip
    for column, values in words.items():
        assert max(map(len, values)) <= column.type.length, column
