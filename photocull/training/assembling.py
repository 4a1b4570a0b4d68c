"""From labelled rows to a rated set: doubles, splits, the part kept for validation, and the photos on the disk."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple

from photocull.core.errors import TrainingError
from photocull.training.label_files import bad_line
from photocull.training.photos_on_disk import DataFolder
from photocull.training.rated_photo import Kind, MissingPhoto, RatedPhoto, RatedSet, Split

_HELD_OUT: Final = 0.1
_SAID: Final = 7
"""How many fields of a label say something of the photo; the others say where that was read."""


class Label(NamedTuple):
    """What one row says of one photo; the first seven fields are those of `RatedPhoto`.

    A tuple, since it is made 250,000 times where AVA is read.
    """

    name: str
    split: Split
    opinion: float
    targets: tuple[float, ...]
    themes: tuple[str, ...] = ()
    colour_type: str = ""
    workers: tuple[tuple[str, float], ...] = ()
    file: Path = Path()
    line: int = 0

    @property
    def file_name(self) -> str:
        """The photo's name without folders."""
        return self.name.rpartition("/")[2]

    @property
    def photo(self) -> Hashable:
        """What tells one photo from another: where names carry folders, files in two of them with equal labels are
        one photo under two colour types."""
        return (self.file_name, self.targets) if "/" in self.name else self.name


@dataclass(frozen=True, slots=True)
class Scale:
    """How a set's labels are to be read; the fields are those of `RatedSet`."""

    name: str
    kind: Kind
    low: float
    high: float
    columns: tuple[str, ...]
    ratings: tuple[float, float] | None = None
    test_workers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def without_photos(self) -> RatedSet:
        """The set as far as it is known before any label is read."""
        return RatedSet(
            name=self.name,
            photos=(),
            missing=(),
            kind=self.kind,
            low=self.low,
            high=self.high,
            columns=self.columns,
            ratings=self.ratings,
            test_workers=self.test_workers,
        )


def assemble(scale: Scale, labels: Iterable[Label], folder: DataFolder, base: Path) -> RatedSet:
    """The set of these labels, with the photos that are there.

    Rows that repeat another count once. A photo of the test split is never trained on: training rows that show it
    again are withheld. Where no split is published for validation, a tenth of the training photos is kept for it
    (`held_out`), since the authors chose their weights on the test photos themselves.

    Raises:
        TrainingError: two rows contradict each other, no photo is there, or a name means two photos.
    """
    kept, withheld = _withheld(list(_once(labels)))
    kept = _with_validation(kept)
    pairs = list(zip(kept, folder.locate([label.name for label in kept], base), strict=True))
    photos = tuple(_photo(label, path) for label, path in pairs if path is not None)
    absent = tuple(_missing(label) for label, path in pairs if path is None)
    if not photos:
        remedy = "Name the folder that holds both the label files and the photos with --data."
        sentence = f"None of the {len(absent)} photos of {scale.name} is there." if absent else "No photo is labelled."
        raise TrainingError(sentence, path=base, remedy=remedy)
    unread = (f"The folder {path} could not be read." for path in folder.unread)
    return replace(
        scale.without_photos(),
        photos=photos,
        missing=tuple(photo.name for photo in absent),
        absent=absent,
        withheld=withheld,
        notes=(*scale.notes, *unread),
    )


def held_out(names: Iterable[str]) -> frozenset[str]:
    """The tenth of the file ``names`` that is kept for validation, one at least of two or more.

    A name belongs to it when the first eight bytes of its BLAKE2b hash are below a tenth of their range: the choice
    hangs on the name alone, so that it stays when photos are missing, added or listed in another order.
    """
    shares = {name: _share(name) for name in names}
    chosen = frozenset(name for name, share in shares.items() if share < _HELD_OUT)
    return chosen or (frozenset((min(shares, key=shares.__getitem__),)) if len(shares) > 1 else frozenset())


def _share(name: str) -> float:
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") / 2**64


def _once(labels: Iterable[Label]) -> Iterator[Label]:
    """Each label once; the same photo of one split with other values is a contradiction."""
    known: dict[tuple[str, Split], Label] = {}
    for label in labels:
        earlier = known.setdefault((label.name, label.split), label)
        if earlier is label:
            yield label
        elif earlier[:_SAID] != label[:_SAID]:
            place = f"line {earlier.line}" + ("" if earlier.file == label.file else f" of {earlier.file.name}")
            raise bad_line(label.file, label.line, f"'{label.name}' has other values in {place}")


def _withheld(labels: list[Label]) -> tuple[list[Label], tuple[str, ...]]:
    tested = {label.photo for label in labels if label.split == "test"}
    kept, withheld = [], []
    for label in labels:
        if label.split != "test" and label.photo in tested:
            withheld.append(label.name)
        else:
            kept.append(label)
    return kept, tuple(withheld)


def _with_validation(labels: list[Label]) -> list[Label]:
    if any(label.split == "validation" for label in labels):
        return labels
    chosen = held_out(label.file_name for label in labels if label.split == "train")
    return [
        label._replace(split="validation") if label.split == "train" and label.file_name in chosen else label
        for label in labels
    ]


def _photo(label: Label, path: Path) -> RatedPhoto:
    theme = label.themes[0] if label.themes else ""
    return RatedPhoto(
        path,
        label.split,
        label.opinion,
        label.targets,
        theme,
        label.colour_type,
        label.workers,
        label.themes,
        label.name,
    )


def _missing(label: Label) -> MissingPhoto:
    return MissingPhoto(label.name, label.split, label.themes or ((label.colour_type,) if label.colour_type else ()))
