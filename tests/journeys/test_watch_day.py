"""A studio's day, 24 hours played at speed against the real command: nothing is lost, nothing done twice."""

import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.catalog.query import photo_ids, photo_rows
from photocull.catalog.records import Filter, PhotoRow, Sort
from photocull.core.settings import folders
from photocull.core.types import Decision
from photocull.models.store import scorer_fingerprint
from tests.building import make_photo
from tests.journeys.watching import FAST, WatchProcess
from tests.sidecar.packets import packet
from tests.watch.storm import tiny_photos

SCORED = re.compile(r": scored \d|(\d+) photos scored in")


@dataclass
class Studio:
    """The folders of a studio, what ought to be known of them, and the watch that runs over them."""

    base: Path
    contents: Iterator[bytes] = field(default_factory=lambda: tiny_photos(2000))
    watch: WatchProcess | None = None
    ended: list[str] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)
    figures: list[tuple[int, int, int]] = field(default_factory=list)
    made: int = 0
    kills: int = 0

    @property
    def inbox(self) -> Path:
        return self.base / "inbox"

    @property
    def drive(self) -> Path:
        return self.base / "drive"

    def begin(self) -> None:
        self.watch = WatchProcess(*FAST, "--auto-rate", "--write-xmp", self.inbox, self.drive)
        self.watch.says(f"{self.inbox}: ")

    def end(self, number: int) -> int:
        assert self.watch is not None
        code = self.watch.end(number)
        self.ended += self.watch.lines
        self.watch = None
        self.kills += number == signal.SIGKILL
        return code

    @property
    def lines(self) -> list[str]:
        return self.ended + (self.watch.lines if self.watch is not None else [])

    def shoot(self, folder: Path, count: int, pause: float = 0.0) -> list[Path]:
        """New photos, as a camera's cable or a card reader brings them."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for _ in range(count):
            self.made += 1
            paths.append(folder / f"DSC_{self.made:05}.jpg")
            paths[-1].write_bytes(next(self.contents))
            time.sleep(pause)
        return paths

    def rows(self) -> dict[str, PhotoRow]:
        with open_catalog(folders().catalog) as catalog:
            ids = photo_ids(catalog, Filter(), Sort("name", descending=False), "")
            return {row.path.name: row for row in photo_rows(catalog, ids, scorer_fingerprint("builtin-1-fast"))}

    def settled(self, absent: set[Path] | None = None) -> None:
        """Wait until the catalogue shows what lies there and nothing else, all of it scored and told in sidecars."""
        assert self.watch is not None

        def done() -> bool:
            photos = list(self.base.rglob("DSC_*.jpg"))
            there = {path.name for path in (*photos, *(absent or ()))}
            rows = {name: row for name, row in self.rows().items() if name.startswith("DSC_")}
            scored = set(rows) == there and all(row.overall is not None for row in rows.values())
            return scored and all(path.with_name(path.name + ".xmp").exists() for path in photos)

        self.watch.until(done, "the catalogue shows what lies there", 240)

    def measure(self, hour: int) -> None:
        assert self.watch is not None
        self.figures.append((hour, self.watch.memory, self.watch.descriptors))

    def decide(self, name: str, stars: int) -> None:
        """In the window, which is another process."""
        with open_catalog(folders().catalog) as catalog:
            catalog.writer.decide([Decision(self.rows()[name].id, "rating", stars)], initiator="window").result()
        self.marks[name] = stars


def edit_sidecar(path: Path, stars: int) -> None:
    """As exiftool does: a new file beside, put in the place of the old one."""
    aside = path.with_name(path.name + "_exiftool_tmp")
    aside.write_bytes(packet(f'xmp:Rating="{stars}"'))
    aside.replace(path)


def morning(studio: Studio) -> None:
    """Hours 0 to 8: begin, an import that is killed, begin again."""
    studio.shoot(studio.inbox / "yesterday", 40)
    studio.drive.mkdir()
    studio.shoot(studio.drive / "archive", 30)
    studio.begin()
    studio.settled()
    studio.shoot(studio.inbox / "card 1", 60)
    assert studio.watch is not None
    studio.watch.says("card 1")
    studio.end(signal.SIGKILL)
    studio.shoot(studio.inbox / "card 1", 20)  # while nobody watches
    studio.begin()
    studio.settled()
    studio.measure(4)


def shooting(studio: Studio) -> None:
    """Hours 8 to 12: tethered shots, marks in the window and by another program, renames, a slow copy."""
    first = studio.shoot(studio.inbox / "tethered", 8, pause=0.3)
    studio.settled()
    studio.decide(first[0].name, 5)
    edit_sidecar(first[1].with_name(first[1].name + ".xmp"), 4)
    studio.marks[first[1].name] = 4
    renamed = first[0].rename(first[0].with_name("DSC_best.jpg"))
    studio.marks[renamed.name] = studio.marks.pop(first[0].name)
    whole = make_photo(studio.base / "whole.jpg", size=(1500, 1000), seed=3).read_bytes()
    with (studio.inbox / "tethered" / "DSC_slow.jpg").open("wb") as file:
        for start in range(0, len(whole), len(whole) // 10):
            file.write(whole[start : start + len(whole) // 10])
            file.flush()
            time.sleep(0.3)
    studio.made += 1
    studio.settled()
    (studio.inbox / "tethered").rename(studio.inbox / "Smith wedding")
    studio.settled()
    studio.measure(12)


def lunch(studio: Studio) -> None:
    """Hours 12 to 14: the drive goes, shooting goes on, the drive comes back with more on it."""
    archived = {path for path in studio.drive.rglob("*.jpg")}
    away = studio.base.parent / "unplugged"
    studio.drive.rename(away)
    assert studio.watch is not None
    studio.watch.says("not there any more")
    studio.shoot(studio.inbox / "lunch", 3)
    studio.settled(absent=archived)
    studio.shoot(away / "new", 10)
    away.rename(studio.drive)
    studio.settled()


def afternoon(studio: Studio, chance: random.Random) -> None:
    """Hours 14 to 20: deletions, garbage, folders that come and go, a card of hundreds."""
    cards = sorted((studio.inbox / "card 1").glob("DSC_*.jpg"))
    for path in chance.sample(cards, 15):
        path.unlink()
        path.with_name(path.name + ".xmp").unlink(missing_ok=True)
    (studio.inbox / "broken.jpg").write_bytes(b"\xff\xd8\xff" + chance.randbytes(500))
    (studio.inbox / "empty.cr2").touch()
    (studio.inbox / "folder.jpg").mkdir()
    (studio.inbox / "nowhere.jpg").symlink_to("nothing")
    (studio.inbox / "circle").symlink_to(studio.inbox)
    (studio.inbox / ".DSC_hidden.tmp").write_bytes(chance.randbytes(100))
    studio.settled()
    for round in range(4):
        studio.shoot(studio.inbox / "card 2" / f"{round}", 50)
        shutil.move(studio.inbox / "card 2" / f"{round}", studio.inbox / "shoots" / f"{round}")
    studio.settled()
    shutil.rmtree(studio.inbox / "shoots" / "0")
    studio.settled()
    studio.measure(20)


def evening(studio: Studio) -> None:
    """Hours 20 to 24: a little more, and the watch is ended as a system ends it."""
    studio.shoot(studio.inbox / "evening", 20, pause=0.05)
    studio.settled()
    studio.measure(24)
    assert studio.end(signal.SIGTERM) == 0


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measures by /proc")
def test_a_day_in_a_studio(tmp_path: Path) -> None:
    studio = Studio(tmp_path / "studio")
    studio.inbox.mkdir(parents=True)
    try:
        morning(studio)
        shooting(studio)
        lunch(studio)
        afternoon(studio, random.Random(7))
        evening(studio)
    finally:
        if studio.watch is not None and studio.watch.process.poll() is None:
            studio.watch.kill()
    said = "\n".join(studio.lines)
    print(f"\n{studio.made} photos, {studio.figures}\n{said}")  # noqa: T201
    rows = studio.rows()
    assert {name: rows[name].rating for name in studio.marks} == studio.marks, "marks are kept"
    assert {rows[name].rated_by for name in studio.marks} == {"photographer"}
    others = [row for name, row in rows.items() if name not in studio.marks and row.rating]
    assert {row.rated_by for row in others} == {"photocull"}
    assert studio.made / 20 < len(others) < studio.made / 3, "the cautious policy rates the best of each shoot"
    scored = sum(int(match[1] or 1) for match in SCORED.finditer(said))
    assert studio.made - 32 * studio.kills <= scored <= studio.made, "each once; a kill cuts off one slice's line"
    assert "Traceback" not in said
    assert sum("not there any more" in line for line in studio.lines) == 1
    for name in ("broken.jpg", "empty.cr2", "nowhere.jpg"):
        assert sum(f"/{name}: " in line for line in studio.lines) == 1, name
    checked = subprocess.run(
        [sys.executable, "-m", "photocull", "catalog", "check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    (_, early, opened), (_, late, open_late) = studio.figures[0], studio.figures[-1]
    assert late < early * 1.3 + 20e6, studio.figures
    assert open_late <= opened + 8, studio.figures
