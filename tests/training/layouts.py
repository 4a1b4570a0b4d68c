"""Label files of the published sets, row by row as a test wants them, with photos drawn under the labels' names."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from photocull.training.rated import RatedPhoto, RatedSet
from tests.building import make_photo

Row = Sequence[object]


def write_csv(path: Path, header: str, rows: Iterable[Row], *, end: str = "\n") -> Path:
    """A label file with these rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [header, *(",".join(str(entry) for entry in row) for row in rows)]
    path.write_text(end.join(lines) + end, "utf-8", newline="")
    return path


def draw(folder: Path, names: Iterable[str], *, size: tuple[int, int] = (24, 16)) -> None:
    """A small photo under each name, all different."""
    for seed, name in enumerate(names):
        make_photo(folder / name, size=size, seed=seed, format="JPEG")


def make_tad66k(folder: Path, themes: Mapping[str, Sequence[tuple[str, str, float]]]) -> Path:
    """TAD66K with (split, name, score) for each theme, merged and by theme; photos in ``photos/``."""
    everything = [entry for entries in themes.values() for entry in entries]
    for split in ("train", "test"):
        merged = {name: score for part, name, score in everything if part == split}
        write_csv(folder / "merge" / f"{split}.csv", "image,score", merged.items(), end="\r\n")
        for theme, entries in themes.items():
            rows = [(name, score) for part, name, score in entries if part == split]
            write_csv(folder / "unmerge" / split / f"{theme}.csv", "image,score", rows, end="\r\n")
    draw(folder / "photos", dict.fromkeys(name for _, name, _ in everything))
    return folder


def make_icaa17k(folder: Path, rows: Sequence[tuple[str, str, float, float]]) -> Path:
    """ICAA17K with (split, ID, colour score, MOS); photos under their IDs."""
    for split in ("train", "test"):
        part = [(name, colour, overall, 0.7) for own, name, colour, overall in rows if own == split]
        write_csv(folder / f"1{split}.csv", "ID,color,MOS,probability", part)
    draw(folder, (name for _, name, _, _ in rows))
    return folder


def by_name(rated: RatedSet) -> dict[str, RatedPhoto]:
    """The photos that are there, by the name in the label file."""
    return {photo.name: photo for photo in rated.photos}
