"""What belongs together in a folder: RAW and JPEG of one frame, sidecars of every naming; a pure function of names."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photocull.core.types import Photo
from photocull.photo.formats import PARTNER_SUFFIXES, RAW_SUFFIXES, SIDECAR_SUFFIXES, suffix_of

DUPLICATE: Final = re.compile(r"(.+)_\d{2,3}")
"""darktable's name for the sidecar of a further edit of one photo: stem_01.ext.xmp."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file in a folder."""

    name: str
    path: Path
    size: int
    mtime_ns: int

    @property
    def suffix(self) -> str:
        """Lower case, with its dot."""
        return suffix_of(self.name)

    @property
    def stem(self) -> str:
        """What names of one family share: case and the spelling of accents do not count."""
        return folded(self.name[: len(self.name) - len(self.suffix)])


def folded(name: str) -> str:
    """A name as families compare it: case and the spelling of accents do not count."""
    return unicodedata.normalize("NFC", name).casefold()


def photos_of(entries: Iterable[Entry], wanted: Set[str] | None = None) -> Iterator[Photo]:
    """The photos among the files of one folder, each with its partners and sidecars.

    The JPEG or HEIC beside a RAW of its name is its partner. ``name.xmp`` belongs to the RAW, or to the first photo of
    that name; ``name.ext.xmp`` to that very file, and with it to its photo.

    Args:
        wanted: only the photos whose main file has one of these names; a partner that is named while its RAW is not
            becomes a photo of its own. None for all.
    """
    ordered = sorted(entries, key=lambda entry: entry.name)
    kept = [e for e in ordered if e.suffix not in SIDECAR_SUFFIXES]
    mains = _mains(kept, wanted)
    partners = {e.name for members in mains.values() for e in members}
    sidecars = _sidecars([e for e in ordered if e.suffix in SIDECAR_SUFFIXES], kept, partners)
    for main, others in mains.items():
        if wanted is None or main.name in wanted:
            own = tuple(s.path for member in (main, *others) for s in sidecars.get(member.name, []))
            yield Photo(main.path, main.size, main.mtime_ns, tuple(other.path for other in others), own)


def _mains(files: list[Entry], wanted: Set[str] | None) -> dict[Entry, list[Entry]]:
    """Main file -> its partners."""
    raws: dict[str, Entry] = {}
    # The camera's own RAW comes before a DNG made of it.
    for entry in sorted(files, key=lambda e: e.suffix == ".dng"):
        if entry.suffix in RAW_SUFFIXES and (wanted is None or entry.name in wanted):
            raws.setdefault(entry.stem, entry)
    mains: dict[Entry, list[Entry]] = {}
    for entry in files:
        raw = raws.get(entry.stem) if entry.suffix in PARTNER_SUFFIXES else None
        if raw is None:
            mains.setdefault(entry, [])
        else:
            mains.setdefault(raw, []).append(entry)
    return mains


def _sidecars(sidecars: list[Entry], files: list[Entry], partners: Set[str]) -> dict[str, list[Entry]]:
    """File name -> its sidecars."""
    by_name = {folded(entry.name): entry for entry in reversed(files)}
    by_stem: dict[str, Entry] = {}
    for entry in sorted(files, key=lambda e: (e.suffix not in RAW_SUFFIXES, e.suffix == ".dng", e.name in partners)):
        by_stem.setdefault(entry.stem, entry)
    owned: dict[str, list[Entry]] = {}
    for sidecar in sidecars:
        owner = by_name.get(sidecar.stem) or by_stem.get(sidecar.stem) or by_name.get(undoubled(sidecar.stem))
        if owner is not None:
            owned.setdefault(owner.name, []).append(sidecar)
    return owned


def undoubled(stem: str) -> str:
    """The photo that a further edit may be of, ``img_01.nef`` -> ``img.nef``; unchanged where there is no number."""
    dot = stem.rfind(".")
    match = DUPLICATE.fullmatch(stem[:dot]) if dot > 0 else None
    return match[1] + stem[dot:] if match else stem
