"""Fills a catalogue with many made-up judged photos, straight into the tables, for measuring questions."""

import random
from typing import Any

from sqlalchemy import insert

from photocull.catalog.database import Catalog
from photocull.catalog.engine import writing
from photocull.catalog.paths import fold, natural_key
from photocull.catalog.schema import contents, explanations, flags, judgements, models, photos, themes
from photocull.core.vocabulary import COLOUR_TYPES, FLAGS, HARMONIES, LABELS, THEMES
from tests.catalog.building import MODEL


def fill(catalog: Catalog, folders: int, each: int, *, seed: int = 0) -> None:
    """Judged photos in /photos/0, /photos/1 ... with marks on some."""
    chance = random.Random(seed)
    with writing(catalog.engine) as connection:
        connection.execute(insert(models), [{"id": 1, "fingerprint": MODEL, "name": "builtin-1"}])
    for folder in range(folders):
        numbers = range(folder * each + 1, (folder + 1) * each + 1)
        with writing(catalog.engine) as connection:
            connection.execute(insert(contents), [_content(n, chance) for n in numbers])
            connection.execute(insert(photos), [_photo(n, folder, chance) for n in numbers])
            connection.execute(insert(judgements), [_judgement(n, chance) for n in numbers])
            connection.execute(insert(explanations), [_explanation(n) for n in numbers])
            connection.execute(insert(themes), [row for n in numbers for row in _themes(n, chance)])
            connection.execute(insert(flags), [row for n in numbers for row in _flags(n, chance)])


def _content(n: int, chance: random.Random) -> dict[str, Any]:
    camera, lens = chance.choice(["Canon EOS R5", "NIKON Z 8", "SONY ILCE-7M4"]), chance.choice(["50mm", "24-70mm"])
    return {
        "id": n,
        "fingerprint": f"{n:032x}",
        "status": "ok",
        "noted": n % 50 == 0,
        "notes": ["Truncated."] if n % 50 == 0 else [],
        "width": 6000,
        "height": chance.choice([4000, 9000]),
        "taken": f"2024-{1 + n % 12:02d}-{1 + n % 28:02d}T{n % 24:02d}:{n % 60:02d}:00",
        "camera": camera,
        "lens": lens,
        "words": fold(f"{camera} {lens}"),
    }


def _photo(n: int, folder: int, chance: random.Random) -> dict[str, Any]:
    name = f"IMG_{n}.jpg"
    rating, pick = chance.choice([None, None, 1, 2, 3, 4, 5]), chance.choice([None, None, "pick", "reject"])
    label = chance.choice([None, None, None, *LABELS])
    return {
        "id": n,
        "path": f"/photos/{folder}/{name}",
        "folder": f"/photos/{folder}",
        "name_key": natural_key(name),
        "words": fold(name),
        "size": 10_000_000 + n,
        "mtime_ns": 1_700_000_000_000_000_000 + n,
        "content_id": n,
        "partners": [],
        "sidecars": [],
        "missing": n % 100 == 99,
        "rating": rating,
        "rating_by": None if rating is None else "photographer",
        "pick": pick,
        "pick_by": None if pick is None else "photographer",
        "label": label,
        "label_by": None if label is None else "photographer",
    }


def _judgement(n: int, chance: random.Random) -> dict[str, Any]:
    scores = {name: chance.uniform(0, 10) for name in ("aesthetic", "colour", "technical", "overall")}
    scheme = chance.choice([None, *COLOUR_TYPES])
    return {"id": n, "content_id": n, "model_id": 1, "scheme": scheme, "harmony": chance.choice(HARMONIES), **scores}


def _explanation(n: int) -> dict[str, Any]:
    palette = [["#e08a3c", 0.4], ["#204080", 0.3], ["#112233", 0.2]]
    reasons = [
        ["sharp where it matters", 1.5, "focus"],
        ["the light is even", 0.5, None],
        ["leans a little", -0.5, None],
    ]
    facts = {f"fact {i}": float(n + i) for i in range(20)}
    return {"judgement_id": n, "palette": palette, "reasons": reasons, "facts": facts, "embedding": bytes(1280)}


def _themes(n: int, chance: random.Random) -> list[dict[str, Any]]:
    names = chance.sample(THEMES, 4)
    return [
        {"judgement_id": n, "name": name, "confidence": chance.random(), "position": i} for i, name in enumerate(names)
    ]


def _flags(n: int, chance: random.Random) -> list[dict[str, Any]]:
    names = chance.sample(FLAGS, chance.choice([0, 0, 1, 2]))
    return [{"judgement_id": n, "name": name, "position": i} for i, name in enumerate(names)]
