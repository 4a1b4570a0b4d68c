"""One photo with its sidecar, a catalogue, and other programs that write into the sidecar: for whole ways."""

import os
from pathlib import Path

from PIL import Image

from photocull.catalog.query import photo_rows
from photocull.core.types import Decision
from photocull.core.work import CancelToken, Problem
from photocull.pipeline.telling import Telling, TellingReport
from photocull.sidecar.parsing import parse
from photocull.sidecar.rules import Rules
from tests.building import make_photo
from tests.photo.exif_blocks import described
from tests.pipeline.conftest import Rig
from tests.sidecar.packets import SPACES, packet


class Desk:
    """One photo with its sidecar, a catalogue, and other programs."""

    def __init__(self, rig: Rig, folder: Path) -> None:
        self.rig = rig
        self.photo = make_photo(folder / "a.jpg")
        self.sidecar = folder / "a.jpg.xmp"
        self.times = 1_000_000_000

    def outside(self, attributes: str, inside: str = "", *, name: str = "a.jpg.xmp") -> None:
        """Another program writes a sidecar anew."""
        self._write(self.sidecar.with_name(name), packet(attributes, inside))

    def edit(self, before: str, after: str) -> None:
        """Another program changes one value."""
        content = self.sidecar.read_bytes()
        assert before.encode() in content
        self._write(self.sidecar, content.replace(before.encode(), after.encode()))

    def embed(self, attributes: str) -> None:
        """Another program writes marks into the photo file itself."""
        with Image.open(self.photo) as picture:
            picture.load()
            spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items() if prefix != "xmp")
            picture.save(self.photo, xmp=described(attributes, spaces))

    def _write(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        self.times += 10**9
        os.utime(path, ns=(self.times, self.times))

    def look(self) -> list[str]:
        """A run; what it told of sidecars."""
        self.rig.events.clear()
        report = self.rig.score(self.photo.parent)
        assert report.problems == ()
        (self.id,) = report.ids
        return [event.sentence for event in self.rig.events if isinstance(event, Problem)]

    def decide(self, field: str, value: object, who: str = "photographer") -> None:
        self.rig.catalog.writer.decide([Decision(self.id, field, value, who)], initiator="test").result()  # type: ignore[arg-type]

    def tell(self, rules: Rules = Rules()) -> TellingReport:  # noqa: B008  frozen
        return Telling(self.rig.catalog, self.rig.scorer.fingerprint, rules).tell([self.id], CancelToken())

    @property
    def marks(self) -> tuple[object, object, object, object]:
        (row,) = photo_rows(self.rig.catalog, [self.id], "")
        return row.rating, row.pick, row.label, row.rated_by

    @property
    def notes(self) -> tuple[str, ...]:
        return photo_rows(self.rig.catalog, [self.id], "")[0].notes

    def text(self, name: str) -> str | None:
        return parse(self.sidecar.read_bytes()).text(name)
