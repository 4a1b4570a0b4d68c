"""A contact sheet as one HTML file: pictures, scores, palettes and reasons, with nothing to be fetched."""

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from photocull.catalog.records import PhotoDetail, PhotoRow
from photocull.core.amounts import counted
from photocull.core.errors import printable
from photocull.core.showing import present
from photocull.core.vocabulary import shown

_REASONS: Final = 4
_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")
# What a browser is told it may load: nothing but the pictures in the file itself.
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1d1d1f; --dim: #6a6a70; --paper: #f4f4f5; --card: #fff; --bar: #3b7dd8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e8; --dim: #98989f; --paper: #1c1c1e; --card: #2a2a2d; --bar: #5b9bf0; } }
body { margin: 2rem auto; padding: 0 1.5rem; max-width: 90rem; background: var(--paper); color: var(--ink);
  font: 14px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.4rem; font-weight: 600; margin: 0; } p { margin: 0 0 1.5rem; color: var(--dim); }
main { display: grid; gap: 1.2rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
article { background: var(--card); border-radius: 8px; overflow: hidden; break-inside: avoid; display: flex;
  flex-direction: column; }
.picture { height: 13rem; background: #111; display: flex; align-items: center; justify-content: center; color: #888; }
.picture img { max-width: 100%; max-height: 100%; display: block; }
.palette { display: flex; height: 14px; } .palette span { min-width: 2px; }
.text { padding: .8rem 1rem 1rem; } .head { display: flex; justify-content: space-between; gap: 1rem; }
h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; } .score { font-size: 1.3rem; font-weight: 600; }
dl { display: grid; grid-template-columns: auto 1fr auto; gap: .1rem .6rem; margin: .5rem 0; align-items: center; }
dt { color: var(--dim); } dd { margin: 0; } meter { width: 100%; height: 8px; accent-color: var(--bar); }
.words { color: var(--dim); } ul { margin: .5rem 0 0; padding-left: 1.1rem; }
@media print { body { background: #fff; margin: 0; } main { grid-template-columns: repeat(3, 1fr); } }
"""


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo of the sheet.

    Attributes:
        name: as it is exported. picture: a JPEG, None where the photo could not be read.
    """

    detail: PhotoDetail
    name: str
    picture: bytes | None


def contact_sheet(title: str, shots: Iterable[Shot], count: int) -> Iterator[str]:
    """The pieces of the file, a photo each, best first; names are shown as text whatever they hold."""
    heading, photos = _text(title), counted(count, "photo")
    yield (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{heading}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{heading}</h1>\n<p>{photos}, the best first. Scores go from 0 to 10.</p>\n<main>\n"
    )
    for place, shot in enumerate(shots, 1):
        yield _article(place, shot)
    yield "</main>\n</body>\n</html>\n"


def _article(place: int, shot: Shot) -> str:
    row, name = shot.detail.row, _text(shot.name)
    parts = (
        f'<div class="picture">{_picture(shot, name)}</div>',
        _palette(shot.detail),
        f'<div class="text"><div class="head"><h2>{place}. {name}</h2>{_overall(row)}</div>',
        _scores(row),
        _words(shot.detail),
        _reasons(shot.detail),
        "</div>",
    )
    return f"<article>{''.join(parts)}</article>\n"


def _picture(shot: Shot, name: str) -> str:
    if shot.picture is None:
        return _text(shot.detail.row.error or "It could not be read.")
    return f'<img alt="{name}" src="data:image/jpeg;base64,{base64.b64encode(shot.picture).decode("ascii")}">'


def _palette(detail: PhotoDetail) -> str:
    swatches = () if detail.scheme is None else detail.scheme.palette
    spans = [
        f'<span style="background:{s.hex};flex:{max(s.share, 0.0):.4f}" title="{s.hex} {s.share:.0%}"></span>'
        for s in swatches
        if _HEX.fullmatch(s.hex)
    ]
    return f'<div class="palette">{"".join(spans)}</div>' if spans else ""


def _overall(row: PhotoRow) -> str:
    return "" if row.overall is None else f'<span class="score">{row.overall:.1f}</span>'


def _scores(row: PhotoRow) -> str:
    named = (("aesthetic", row.aesthetic), ("colour", row.colour), ("technical", row.technical))
    lines = [
        f'<dt>{name}</dt><dd><meter min="0" max="10" value="{value:.2f}"></meter></dd><dd>{value:.1f}</dd>'
        for name, value in named
        if value is not None
    ]
    return f"<dl>{''.join(lines)}</dl>" if lines else ""


def _words(detail: PhotoDetail) -> str:
    row, scheme = detail.row, detail.scheme
    taken = detail.exif.taken
    words = [
        "★" * (row.rating or 0),
        "" if row.label is None else f"{row.label} label",
        ", ".join(map(shown, present(detail.themes)[:3])),
        "" if scheme is None else ", ".join(filter(None, (scheme.name and shown(scheme.name), scheme.harmony))),
        ", ".join(shown(flag) for flag in row.flags),
        "" if taken is None else f"{taken:%Y-%m-%d %H:%M}",
        detail.exif.camera or "",
    ]
    return f'<div class="words">{_text(" · ".join(filter(None, words)))}</div>'


def _reasons(detail: PhotoDetail) -> str:
    lines = "".join(f"<li>{_text(reason.text)}</li>" for reason in detail.reasons[:_REASONS])
    return f"<ul>{lines}</ul>" if lines else ""


def _text(words: str) -> str:
    return escape(printable(words))
