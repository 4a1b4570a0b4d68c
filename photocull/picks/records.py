"""One photo's record, a promise to scripts: field names, order and nulls stay as they are; fields are only added."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, Final

from photocull.catalog.database import Catalog
from photocull.catalog.query import photo_details
from photocull.catalog.records import PhotoDetail, SchemeRecord
from photocull.core.types import Exif
from photocull.core.vocabulary import THEME_PRESENT

Record = dict[str, Any]
_PAGE: Final = 500


def records(
    catalog: Catalog, ids: Iterable[int], model: str, problems: Mapping[Path, str]
) -> Iterator[tuple[PhotoDetail, Record]]:
    """Details and records of these photos in their order, read from the catalogue page by page.

    Args:
        model: the model's fingerprint.
        problems: path -> reason, for photos that could not be judged in this run.
    """
    for detail in details(catalog, ids, model):
        yield detail, record(detail, problems.get(detail.row.path))


def details(catalog: Catalog, ids: Iterable[int], model: str) -> Iterator[PhotoDetail]:
    """Everything known of these photos in their order, read page by page."""
    rest = iter(ids)
    while page := list(islice(rest, _PAGE)):
        yield from photo_details(catalog, page, model)


def record(detail: PhotoDetail, problem: str | None = None) -> Record:
    """The record of ``interfaces``: what is not known is None, never left out."""
    row, exif = detail.row, detail.exif
    error = row.error or problem if row.status == "unreadable" or not detail.judged else None
    readable = error is None
    return {
        "path": str(row.path),
        "status": "ok" if readable else "unreadable",
        "error": error,
        "width": row.width,
        "height": row.height,
        "taken": None if exif.taken is None else exif.taken.isoformat(),
        "camera": exif.camera,
        "lens": exif.lens,
        "aesthetic": row.aesthetic,
        "colour": row.colour,
        "technical": row.technical,
        "overall": row.overall,
        "themes": [{"name": t.name, "confidence": t.confidence} for t in detail.themes] if detail.judged else None,
        "colour_scheme": _scheme(detail.scheme),
        "flags": list(row.flags) if detail.judged else None,
        "reasons": [reason.text for reason in detail.reasons] if detail.judged else None,
        "series": None,
        "rating": row.rating,
        "pick": row.pick,
        "label": row.label,
        "rated_by": row.rated_by,
        "model": detail.model,
        "fingerprint": row.fingerprint or None,
        "partners": [str(path) for path in detail.photo.partners],
        "notes": list(row.notes),
        **_camera(exif),
        "rated_because": [asdict(because) for because in detail.rated_because],
    }


_AS_THEY_ARE: Final = (
    "exposure_time", "f_number", "iso", "focal_length", "focal_length_35mm", "exposure_bias", "flash", "program",
    "metering", "drive", "bracket", "burst", "sequence",
)  # fmt: skip


def _camera(exif: Exif) -> Record:
    """What the camera wrote beyond time, camera and lens, and the marks that another program left in the file."""
    focus, gps = exif.focus_point, exif.gps
    return {
        **{name: getattr(exif, name) for name in _AS_THEY_ARE},
        "focus_point": None if focus is None else {"x": focus.x, "y": focus.y},
        "gps": None if gps is None else asdict(gps),
        "rating_in_file": exif.rating,
        "label_in_file": exif.label,
    }


def _scheme(scheme: SchemeRecord | None) -> Record | None:
    if scheme is None:
        return None
    return {
        "kind": scheme.kind,
        "name": scheme.name,
        "harmony": scheme.harmony,
        "palette": [{"hex": swatch.hex, "share": swatch.share} for swatch in scheme.palette],
    }


COLUMNS: Final[tuple[str, ...]] = (
    "path", "status", "error", "width", "height", "taken", "camera", "lens", "aesthetic", "colour", "technical",
    "overall", "theme", "theme_confidence", "themes", "scheme_kind", "scheme_name", "harmony", "palette", "flags",
    "reasons", "series_id", "series_rank", "series_size", "rating", "pick", "label", "rated_by", "model",
    "fingerprint", "partners", "notes", *_AS_THEY_ARE, "focus_x", "focus_y", "latitude", "longitude", "altitude",
    "rating_in_file", "label_in_file", "rated_because",
)  # fmt: skip
"""Columns of the CSV, in order; lists are joined with semicolons."""


def flat(entry: Record) -> Record:
    """A record as one CSV row: what is nested gets columns of its own, what is unknown stays empty.

    Names stand there without their confidence, so that guesses at a theme stay in the JSON record.
    """
    themes: Sequence[Record] = [one for one in entry["themes"] or [] if one["confidence"] >= THEME_PRESENT]
    scheme: Record = entry["colour_scheme"] or {}
    series: Record = entry["series"] or {}
    focus, gps = entry["focus_point"] or {}, entry["gps"] or {}
    nested = {
        "theme": themes[0]["name"] if themes else None,
        "theme_confidence": themes[0]["confidence"] if themes else None,
        "themes": _joined([theme["name"] for theme in themes]),
        "scheme_kind": scheme.get("kind"),
        "scheme_name": scheme.get("name"),
        "harmony": scheme.get("harmony"),
        "palette": _joined([swatch["hex"] for swatch in scheme.get("palette", [])]),
        **{f"series_{name}": series.get(name) for name in ("id", "rank", "size")},
        **{f"focus_{axis}": focus.get(axis) for axis in ("x", "y")},
        **{name: gps.get(name) for name in ("latitude", "longitude", "altitude")},
        **{name: _joined(entry[name]) for name in ("flags", "reasons", "partners", "notes")},
        "rated_because": _joined([because["text"] for because in entry["rated_because"]]),
    }
    return {name: nested.get(name, entry.get(name)) for name in COLUMNS}


def _joined(words: Sequence[str] | None) -> str | None:
    return ";".join(words) if words else None
