"""Photos drawn by the tests in the layouts in which the papers' sets are published: people like what is bright."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np

from tests.building import make_photo

_TYPES = ("complementary/orange_blue", "monochromatic/lightblue")


@dataclass(frozen=True)
class Drawn:
    """A photo's number and how much people like it, 0 to 1."""

    number: int
    liking: float


Part = Sequence[Drawn]


@dataclass(frozen=True)
class Layout:
    """A photo's folder and file name by its number, and what writes the label files of the three splits."""

    folder: Callable[[int], str]
    file_name: Callable[[int], str]
    write: Callable[[Path, Part, Part, Part], None]


def make_set(name: str, data: Path, *, learned: int = 24, measured: int = 8, tested: int = 4) -> Path:
    """So many photos for training, validation and test, with their label files.

    Only AVA publishes a validation split; elsewhere numbers are taken whose file names are held out for it.
    """
    layout = _LAYOUTS[name]
    held = [k for k in range(2000) if _held_out(layout.file_name(k))]
    free = [k for k in range(2000) if not _held_out(layout.file_name(k))]
    numbers = free[:learned], held[:measured], free[learned : learned + tested]
    parts = [[Drawn(number, place % 8 / 7) for place, number in enumerate(part)] for part in numbers]
    layout.write(data, *parts)
    for drawn in (*parts[0], *parts[1], *parts[2]):
        path = data / layout.folder(drawn.number) / layout.file_name(drawn.number)
        make_photo(path, size=(60, 44), seed=drawn.number, subject="grey", stops=-3 + 4 * drawn.liking)
    return data


def _held_out(file_name: str) -> bool:
    """The rule by which a tenth of the training photos is kept for validation, as its documentation states it."""
    digest = blake2b(file_name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") < 2**64 / 10


def _table(path: Path, header: str, rows: Sequence[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")


def _tad66k(data: Path, learned: Part, measured: Part, tested: Part) -> None:
    for split, part in (("train", [*learned, *measured]), ("test", tested)):
        rows = [f"{drawn.number}theme.jpg,{1 + 9 * drawn.liking:.4f}" for drawn in part]
        _table(data / "merge" / f"{split}.csv", "image,score", rows)
        for theme, own in (("sea", rows[::2]), ("sky", rows[1::2])):
            _table(data / "unmerge" / split / f"{theme}.csv", "image,score", own)


def _ava(data: Path, learned: Part, measured: Part, tested: Part) -> None:
    header = ",".join(["image_id", *(f"score{k}" for k in range(2, 12)), "tag1", "tag2", "tag3"])
    for file, part in (("train.csv", learned), ("val.csv", measured), ("test.csv", tested)):
        _table(data / file, header, [",".join(map(str, [d.number, *_votes(d), 1, 2, 3])) for d in part])


def _votes(drawn: Drawn) -> list[int]:
    return [int(v) for v in np.round(200 * np.exp(-((np.arange(10) - 9 * drawn.liking) ** 2) / 3)) + 1]


def _icaa17k(data: Path, learned: Part, measured: Part, tested: Part) -> None:
    def row(d: Drawn) -> str:
        return f"{_type(d.number)}/photo{d.number}.jpg,{1 + 8 * d.liking:.4f},{2 + 6 * d.liking:.4f},0.7"

    for file, part in (("1train.csv", [*learned, *measured]), ("1test.csv", tested)):
        _table(data / file, "ID,color,MOS,probability", [row(d) for d in part])


def _type(number: int) -> str:
    return _TYPES[number % 2]


def _spaq(data: Path, learned: Part, measured: Part, tested: Part) -> None:
    header = "image_id,MOS,Brightness,Colorfulness,Contrast,Noisiness,Sharpness"
    for file, part in (("spaqTrain.csv", [*learned, *measured]), ("spaqTest.csv", tested)):
        rows = [f"{d.number:05}.jpg," + ",".join([f"{1 + 8 * d.liking:.4f}"] * 6) for d in part]
        _table(data / file, header, rows)


_LAYOUTS = {
    "tad66k": Layout(lambda number: "photos", lambda number: f"{number}theme.jpg", _tad66k),
    "ava": Layout(lambda number: "images", lambda number: f"{number}.jpg", _ava),
    "icaa17k": Layout(_type, lambda number: f"photo{number}.jpg", _icaa17k),
    "spaq": Layout(lambda number: "TestImage", lambda number: f"{number:05}.jpg", _spaq),
}
