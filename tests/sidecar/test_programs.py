"""Round trips with the real programs: what they write is understood, what is written they read, and nothing is lost.

Each test is skipped only where its program is not installed; continuous integration installs them.
"""

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from photocull.sidecar import names
from photocull.sidecar.dialects import NONE, Recorded
from photocull.sidecar.merge import in_file
from photocull.sidecar.parsing import parse
from photocull.sidecar.rules import Record, Rules, Scores
from photocull.sidecar.updating import update
from tests.building import make_photo
from tests.sidecar.packets import bag, packet

FOREIGN = packet(
    'crs:Tint="+4" crs:Exposure2012="+0.35" dc:format="image/jpeg"',
    bag("dc:subject", "Iceland", "Łódź")
    + "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>A &amp; B</rdf:li></rdf:Alt>"
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
def sidecar(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
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
    return path


def exiftool(sidecar: Path) -> dict[str, object]:
    """What exiftool reads of a sidecar, by group and name."""
    found: dict[str, object] = json.loads(call("exiftool", "-json", "-G1", "-struct", "-n", "-XMP:all", sidecar))[0]
    return found


OURS = ("XMP-xmp:Rating", "XMP-xmp:Label", "XMP-xmpDM:", "XMP-photocull:", "XMP-dc:Subject", "XMP-lr:", "SourceFile")
FOLLOWING = ("XMP-digiKam:", "XMP-microsoft:Rating", "XMP-acdsee:Rating", "XMP-darktable:Colorlabels")


def foreign(read: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in read.items() if not name.startswith((*OURS, *FOLLOWING, "XMP-x:"))}


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


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photos with sidecars of ours in a fresh darktable, which imported and exported all of them."""
    folder = tmp_path_factory.mktemp("darktable") / "photos"
    for number, (name, sidecar, reject) in enumerate(
        (("both", "both.jpg.xmp", "both"), ("portable", "portable.jpg.xmp", "portable"),
         ("kept", "kept.jpg.xmp", "stars-kept"), ("picked", "picked.jpg.xmp", None), ("stem", "stem.xmp", None))
    ):  # fmt: skip
        make_photo(folder / f"{name}.jpg", seed=number)
        rules = Rules(reject=reject or "both", keywords=True)  # type: ignore[arg-type]
        mark(folder / sidecar, rules, rating="3", pick="reject" if reject else "pick", label="green")
    out, home = folder.parent / "out", folder.parent / "home"
    out.mkdir()
    call(
        "darktable-cli", folder, out, "--out-ext", "jpg", "--core", "--configdir", home, "--cachedir", home,
        "--library", folder.parent / "library.db", "--disable-opencl",
    )  # fmt: skip
    return folder.parent


def test_darktable_imports_stars_rejects_labels_and_keywords_from_either_naming(imported: Path) -> None:
    with closing(sqlite3.connect(imported / "library.db")) as library:
        images = library.execute("SELECT filename, flags & 7, flags & 8 > 0 FROM images").fetchall()
        colours = library.execute("SELECT filename, color FROM color_labels JOIN images ON id = imgid").fetchall()
    # A reject written as -1 has no stars there; without it, darktable does not know of the reject.
    assert {name: (stars, bool(rejected)) for name, stars, rejected in images} == {
        "both.jpg": (0, True),
        "portable.jpg": (0, True),
        "kept.jpg": (3, False),
        "picked.jpg": (3, False),
        "stem.jpg": (3, False),
    }
    assert sorted(colours) == [(f"{name}.jpg", 2) for name in ("both", "kept", "picked", "portable", "stem")]


def test_what_darktable_writes_of_it_is_understood(imported: Path) -> None:
    expected = {
        "both": {"rating": "3", "pick": "reject", "label": "green"},
        "portable": {"rating": "3", "pick": "reject", "label": "green"},
        "kept": {"rating": "3", "pick": "reject", "label": "green"},
        "stem": {"rating": "3", "label": "green"},
    }
    for name, marks in expected.items():
        written = imported / f"{name}.xmp"
        written.write_bytes(
            subprocess.run(
                [program("exiftool"), "-b", "-XMP", imported / "out" / f"{name}.jpg"], capture_output=True, check=True
            ).stdout
        )
        assert values(written) == marks
        assert set(parse(written.read_bytes()).items(names.SUBJECT)) == {"Photocull", "sea"}


def test_darktable_leaves_our_sidecars_alone_on_import(imported: Path) -> None:
    document = parse((imported / "photos" / "both.jpg.xmp").read_bytes())
    assert (document.text(names.OWN_RATING), document.text(names.OWN_MODEL)) == ("3", "builtin-1")
