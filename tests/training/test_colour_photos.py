"""The colour head learns from photos of good colour alone, and never from one that validation tries it on."""

from pathlib import Path

from photocull.training.colour_photos import colour_photos
from photocull.training.datasets import Example, LabelledSet


def _sets(count: int = 900) -> tuple[LabelledSet, ...]:
    def path(name: str, k: int) -> Path:
        return Path(name) / f"{k:04}.jpg"

    biq = [Example(path("biq2021", k), "train", k % 10 / 10, ("ss01", "ss02", "ss03")[k % 3]) for k in range(count)]
    snapshots = [Example(path("snapshots", k), "train", k % 10 / 10) for k in range(count)]
    beauty = [Example(path("beauty", k), "validation", k % 7 + 1, "Scene") for k in range(count)]
    themes = [
        Example(Path("themes") / ("biq2021_1.jpg" if k == 0 else f"{k:04}.jpg"), "train", themes=("sunset",))
        for k in range(count)
    ]
    named = {"biq2021": biq, "snapshots": snapshots, "beauty": beauty, "themes": themes}
    return tuple(LabelledSet(name, tuple(examples)) for name, examples in named.items())


def test_only_photos_of_good_colour_are_taken() -> None:
    sets = _sets()
    known = {example.path: example for labelled in sets for example in labelled.examples}
    train = [known[path] for path in colour_photos(sets, "train")]
    assert all(each.group == "ss03" for each in train if each.path.parts[0] == "biq2021")
    assert all(each.opinion > 0.55 for each in train if each.path.parts[0] in ("biq2021", "snapshots"))
    assert not any(each.path.name == "biq2021_1.jpg" for each in train)
    assert all(each.split == "train" for each in train)


def test_no_photo_is_taken_twice_and_sets_are_bounded() -> None:
    train = colour_photos(_sets(), "train")
    assert len(train) == len(set(train))
    taken = {name: sum(path.parts[0] == name for path in train) for name in ("biq2021", "snapshots", "themes")}
    assert taken == {"biq2021": 120, "snapshots": 120, "themes": 180 + 128}
    assert train == colour_photos(_sets(), "train")


def test_small_sets_are_taken_whole() -> None:
    validation = colour_photos(_sets(14), "validation")
    assert [path.parts[0] for path in validation] == ["beauty"] * 6
