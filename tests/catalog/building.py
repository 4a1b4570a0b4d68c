"""Makes what goes into a catalogue: found photos, judgements, results; real files where the disk is asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from photocull.catalog.database import Catalog
from photocull.catalog.records import Failed, FoundPhoto, Scored
from photocull.core.types import ColourScheme, Exif, Judgement, Photo, Reason, Swatch, Theme

MODEL = "f" * 16
SCHEME = ColourScheme("complementary", "orange_blue", "complementary", (Swatch("#e08a3c", 0.6), Swatch("#204080", 0.4)))


def found(path: Path | str, fingerprint: str, *, size: int = 1000, mtime_ns: int = 1, **more: Any) -> FoundPhoto:
    return FoundPhoto(Photo(Path(path), size, mtime_ns, **more), fingerprint)


def on_disk(path: Path, content: str) -> FoundPhoto:
    """A real file whose fingerprint is its content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    status = path.stat()
    return found(path, content, size=status.st_size, mtime_ns=status.st_mtime_ns)


def judgement(overall: float = 5.0, **more: Any) -> Judgement:
    base = Judgement(
        model="builtin-1",
        model_fingerprint=MODEL,
        aesthetic=overall,
        colour=overall / 2,
        technical=10 - overall,
        overall=overall,
        themes=(Theme("sunset", 0.8), Theme("sea", 0.1)),
        scheme=SCHEME,
        flags=("tilted", "blurred"),
        reasons=(Reason("sharp where it matters", 1.5, "focus"), Reason("little light", -0.5)),
        facts={"sharpness": 0.7},
        attention={"focus": np.linspace(0, 1, 12, dtype=np.float16).reshape(3, 4)},
        embedding=np.full(16, 0.25, np.float16),
    )
    return replace(base, **more)


def scored(photo_id: int, fingerprint: str, said: Judgement | None = None, **more: Any) -> Scored:
    exif = more.pop("exif", Exif(taken=datetime(2024, 5, 1, 10, 20, 30), camera="Canon EOS R5", lens="RF 50mm"))
    return Scored(photo_id, fingerprint, 6000, 4000, exif, judgement() if said is None else said, **more)


def failed(photo_id: int, fingerprint: str) -> Failed:
    return Failed(photo_id, fingerprint, "The file is empty.")


def register(catalog: Catalog, *photos: FoundPhoto) -> tuple[int, ...]:
    return catalog.writer.register(photos).result(10)


def store(catalog: Catalog, results: Sequence[Scored | Failed]) -> None:
    catalog.writer.store(results).result(10)


def filled(catalog: Catalog, count: int = 3) -> tuple[int, ...]:
    """That many judged photos, each better than the one before."""
    ids = register(catalog, *(found(f"/photos/IMG_{n}.jpg", f"content {n}") for n in range(count)))
    store(catalog, [scored(i, f"content {n}", judgement(float(n))) for n, i in enumerate(ids)])
    return ids
