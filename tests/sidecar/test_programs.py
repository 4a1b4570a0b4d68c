"""Round trips with the real programs: what they write is understood, what is written they read, and nothing is lost.

Each test is skipped only where its program is not installed; continuous integration installs them.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from photocull.sidecar import names
from photocull.sidecar.dialects import NONE, Recorded
from photocull.sidecar.merge import in_file
from photocull.sidecar.parsing import parse
from photocull.sidecar.rules import Record, Reject, Rules, Scores
from photocull.sidecar.updating import update
from tests.building import make_photo
from tests.sidecar.packets import bag, packet

FOREIGN = packet(
    'crs:Tint="+4" crs:Exposure2012="+0.35" dc:format="image/jpeg"',
    bag("dc:subject", "Iceland", "Łódź") + "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>A &amp; B</rdf:li></rdf:Alt>"
    "</dc:title><crs:Odd>&lt;x&gt;</crs:Odd>",
)
SCORES = Scores(6.42, 5.98, 7.1, 6.5, "builtin-1", "f00d", "beef")


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def call(name: str, *arguments: object, cwd: Path | None = None) -> str:
    command = [program(name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def mark(sidecar: Path, rules: Rules = Rules(), **marks: str) -> None:  # noqa: B008  frozen
    record = Record({f: Recorded(v, "photographer") for f, v in marks.items()}, SCORES, ("sea",))  # type: ignore[misc]
    update(sidecar, record, rules, sidecar.read_bytes() if sidecar.exists() else None)


def values(sidecar: Path) -> dict[str, str | None]:
    return {field: word.value for field, word in in_file(parse(sidecar.read_bytes())).items()}


@pytest.fixture(params=["new", "foreign", "darktable", "digiKam", "exiftool"])
def sidecar(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A sidecar to be written into: none, and some that other programs wrote."""
    path = tmp_path / "a.xmp"
    if request.param == "foreign":
        path.write_bytes(FOREIGN)
    elif request.param != "new":
        shared = request.getfixturevalue("shared") / "data" / "photos"
        name = {
            "darktable": "xmp_darktable/darktable-test__almost-all.xmp",
            "digiKam": "xmp_programs/metadata-extra__digikam-example.xmp",
            "exiftool": "xmp_programs/photoprism__canon_eos_6d.xmp",
        }[request.param]
        path.write_bytes((shared / name).read_bytes())
    yield path


def exiftool(sidecar: Path) -> dict[str, object]:
    """What exiftool reads of a sidecar, by group and name."""
    found: dict[str, object] = json.loads(call("exiftool", "-json", "-G1", "-struct", "-n", "-XMP:all", sidecar))[0]
    return found


OURS = ("XMP-xmp:Rating", "XMP-xmp:Label", "XMP-xmpDM:", "XMP-photocull:", "XMP-dc:Subject", "XMP-lr:", "SourceFile")
FOLLOWING = ("XMP-digiKam:", "XMP-microsoft:Rating", "XMP-acdsee:Rating", "XMP-darktable:Colorlabels")


def foreign(read: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in read.items() if not name.startswith((*OURS, *FOLLOWING))}


def test_exiftool_reads_what_is_written_and_all_that_was_there(sidecar: Path) -> None:
    before = exiftool(sidecar) if sidecar.exists() else {}
    mark(sidecar, Rules(keywords=True), rating="4", pick="pick", label="blue")
    after = exiftool(sidecar)
    assert foreign(after) == foreign(before)
    assert (after["XMP-xmp:Rating"], after["XMP-xmp:Label"]) == (4, "Blue")
    assert (after["XMP-xmpDM:Pick"], after["XMP-xmpDM:Good"]) == (1, True)
    subject, before_subject = after["XMP-dc:Subject"], before.get("XMP-dc:Subject", [])
    assert "sea" in subject if isinstance(subject, list) else subject == "sea"
    if isinstance(before_subject, list):
        assert set(before_subject) <= set(subject if isinstance(subject, list) else [subject])
    assert after["XMP-lr:HierarchicalSubject"] in ("Photocull|sea", ["Photocull|sea"]) or isinstance(
        after["XMP-lr:HierarchicalSubject"], list
    )


def test_what_exiftool_changes_comes_back_and_nothing_of_ours_is_lost(sidecar: Path) -> None:
    mark(sidecar, rating="4", pick="reject", label="blue")
    assert values(sidecar) == {"rating": "4", "pick": "reject", "label": "blue"}
    call("exiftool", "-overwrite_original", "-XMP-xmp:Label=Red", "-XMP-dc:Description=new", sidecar)
    assert values(sidecar) == {"rating": "4", "pick": "reject", "label": "red"}
    document = parse(sidecar.read_bytes())
    assert (document.text(names.OWN_OVERALL), document.text(names.OWN_RATING)) == ("6.5000", "4")
    call("exiftool", "-overwrite_original", "-XMP-xmp:Rating=2", sidecar)
    assert values(sidecar) == {"rating": "2", "pick": NONE, "label": "red"}
    mark(sidecar, rating="2", pick=NONE, label="red")
    assert values(sidecar) == {"rating": "2", "pick": NONE, "label": "red"}
    assert exiftool(sidecar)["XMP-dc:Description"] == "new"


def exiv2(sidecar: Path) -> dict[str, str]:
    """What exiv2, and with it darktable and digiKam, reads of a sidecar."""
    lines = call("exiv2", "-PXkt", "print", sidecar).splitlines()
    return {key: value for key, _, value in (line.partition(" ") for line in lines)}


def test_exiv2_reads_what_is_written_and_all_that_was_there(sidecar: Path) -> None:
    before = {} if not sidecar.exists() else exiv2(sidecar)
    mark(sidecar, Rules(keywords=True), rating="4", pick="pick", label="blue")
    after = {key: value.strip() for key, value in exiv2(sidecar).items()}
    read = [after[f"Xmp.{key}"] for key in ("xmp.Rating", "xmp.Label", "xmpDM.pick", "xmpDM.good")]
    assert read == ["4", "Blue", "1", "true"]
    assert "sea" in after["Xmp.dc.subject"]
    ours = ("Xmp.xmp.Rating", "Xmp.xmp.Label", "Xmp.dc.subject", "Xmp.lr.", "Xmp.xmpDM.", "Xmp.photocull.")
    following = ("Xmp.digiKam.", "Xmp.MicrosoftPhoto.Rating", "Xmp.acdsee.rating", "Xmp.darktable.colorlabels")
    left = {k: v.strip() for k, v in before.items() if not k.startswith((*ours, *following))}
    assert {k: after.get(k) for k in left} == left


def test_what_exiv2_changes_comes_back_and_nothing_of_ours_is_lost(sidecar: Path) -> None:
    mark(sidecar, rating="4", label="blue")
    call("exiv2", "-M", "set Xmp.xmp.Rating 1", "-M", "set Xmp.dc.source test", sidecar)
    assert values(sidecar)["rating"] == "1"
    document = parse(sidecar.read_bytes())
    assert (document.text(names.OWN_RATING), document.text(names.OWN_MODEL)) == ("4", "builtin-1")
    mark(sidecar, rating="5")
    assert exiv2(sidecar)["Xmp.dc.source"].strip() == "test"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reject", "rating", "pick"), [("both", "-1", "reject"), ("portable", "-1", "reject"), ("stars-kept", "3", "reject")]
)
def test_darktable_takes_what_is_written_and_writes_it_on(tmp_path: Path, reject: Reject, rating: str, pick: str) -> None:
    """darktable-cli develops a photo with our sidecar; the picture that it writes carries what it read."""
    photo = make_photo(tmp_path / "a.jpg")
    sidecar = tmp_path / "a.jpg.xmp"
    mark(sidecar, Rules(reject=reject, keywords=True), rating="3", pick=pick, label="green")
    out, home = tmp_path / "out.jpg", tmp_path / "darktable"
    call(
        "darktable-cli", photo, sidecar, out, "--core", "--configdir", home, "--library", ":memory:",
        "--conf", "plugins/imageio/format/jpeg/quality=80", "--disable-opencl",
    )  # fmt: skip
    assert out.exists()
    read = json.loads(call("exiftool", "-json", "-G1", "-n", "-XMP:all", out))[0]
    assert str(read.get("XMP-xmp:Rating")) == rating
    assert read["XMP-dc:Subject"] == "sea"
    assert "2" in str(read.get("XMP-darktable:Colorlabels"))


@pytest.mark.slow
def test_what_darktable_writes_is_understood(tmp_path: Path) -> None:
    photo = make_photo(tmp_path / "a.jpg")
    sidecar = tmp_path / "a.jpg.xmp"
    sidecar.write_bytes(packet('xmp:Rating="-1" darktable:xmp_version="4"', bag("darktable:colorlabels", "4", kind="Seq")))
    out, home = tmp_path / "out.tif", tmp_path / "darktable"
    call("darktable-cli", photo, sidecar, out, "--core", "--configdir", home, "--library", ":memory:", "--disable-opencl")
    call("exiftool", "-o", tmp_path / "out.xmp", "-tagsfromfile", out, "-XMP:all", tmp_path / "out.tif")
    assert values(tmp_path / "out.xmp").get("pick") == "reject"
