"""Names that meet: nothing is replaced, no two photos become one, and what lies there already is not made again."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photocull.core.errors import UsageError
from photocull.photo.scan import scan
from photocull.picks.collisions import Rule
from tests.picks.shoot import choice, content, export, make_shoot, of, plan


def targets(made: object) -> list[str]:
    return sorted(str(item.target.name) for family in made.families for item in family.items)  # type: ignore[attr-defined]


def test_partners_and_sidecars_take_the_name_of_their_photo(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    (tmp_path / "shoot" / "IMG_1_01.NEF.xmp").write_bytes(b"a further edit")
    photos = choice(tmp_path / "shoot")
    made = plan(photos, tmp_path / "out", template="best-{rank:2}")
    assert targets(made) == [
        "best-01.JPG", "best-01.NEF", "best-01.NEF.xmp", "best-01.xmp", "best-01_01.NEF.xmp",
    ]  # fmt: skip


def test_two_photos_of_one_name_get_numbers_and_stay_whole(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "a", 1) + make_shoot(tmp_path / "b", 1, size=4000)
    made = plan(photos, tmp_path / "out")
    names = targets(made)
    assert {n for n in names if "-2" in n} == {"IMG_1-2.JPG", "IMG_1-2.NEF", "IMG_1-2.NEF.xmp", "IMG_1-2.xmp"}


def test_a_photo_does_not_become_a_part_of_another_that_lies_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "img_1.jpg").write_bytes(b"another photo")
    (out / "IMG_2.NEF.xmp").write_bytes(b"left behind")
    made = plan(make_shoot(tmp_path / "shoot", 2), out)
    assert [f.items[0].target.name for f in made.families if f.items[0].target] == ["IMG_1-2.NEF", "IMG_2-2.NEF"]


def test_plain_pictures_of_one_name_and_two_formats_stand_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"one")
    (tmp_path / "a.png").write_bytes(b"two")
    assert targets(plan(choice(tmp_path), tmp_path / "out")) == ["a.jpg", "a.png"]


def test_what_lies_there_already_is_not_made_again(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot")
    export(photos, tmp_path / "out", tmp_path)
    again = plan(photos, tmp_path / "out")
    assert again.files == 0
    assert sum(len(family.there) for family in again.families) == 8
    (tmp_path / "out" / "IMG_1.xmp").unlink()
    assert targets(plan(photos, tmp_path / "out")) == ["IMG_1.xmp"]


def test_a_changed_file_of_the_name_counts_as_another(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    export(photos, tmp_path / "out", tmp_path)
    (tmp_path / "out" / "IMG_1.xmp").write_bytes(b"edited there")
    assert "IMG_1-2.NEF" in targets(plan(photos, tmp_path / "out"))


def test_the_rules_leave_out_or_stop(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 2)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "IMG_1.NEF").write_bytes(b"another")
    skipped = plan(photos, tmp_path / "out", rule="skip")
    assert [family.photo.name for family in skipped.families] == ["IMG_2.NEF"]
    assert [problem.path.name for problem in skipped.left_out] == ["IMG_1.NEF"]
    with pytest.raises(UsageError, match="lies there already"):
        plan(photos, tmp_path / "out", rule="stop")
    assert content(tmp_path / "out") == {"IMG_1.NEF": b"another"}


@pytest.mark.parametrize("rule", ["number", "skip", "stop"])
def test_photos_whose_names_end_in_numbers_keep_them_with_sidecars_of_their_whole_names(
    tmp_path: Path, rule: Rule
) -> None:
    (tmp_path / "shoot").mkdir()
    for number in (121, 122, 123):
        for name in (f"DSC_{number}.jpg", f"DSC_{number}.jpg.xmp"):
            (tmp_path / "shoot" / name).write_bytes(name.encode())
    photos = choice(tmp_path / "shoot")
    assert targets(plan(photos, tmp_path / "out", rule=rule)) == sorted(content(tmp_path / "shoot"))
    numbered = plan(photos, tmp_path / "out", template="wedding_{sequence:2}", rule=rule)
    assert [f.items[0].target.name for f in numbered.families if f.items[0].target][-1] == "wedding_03.jpg"


@pytest.mark.parametrize(
    ("there", "stem"),
    [
        (["DSC_01.jpg.xmp"], "DSC-2"),  # left behind: a further edit of DSC.jpg, as soon as that is there
        (["DSC_01.jpg.xmp", "dsc_01.JPG"], "DSC"),
        (["DSC_01.xmp", "DSC_01.nef.xmp", "DSC_1.jpg.xmp"], "DSC"),
    ],
)
def test_a_sidecar_with_a_number_is_another_photo_s_if_that_is_there(
    tmp_path: Path, there: list[str], stem: str
) -> None:
    for folder, names in (("shoot", ["DSC.jpg"]), ("out", there)):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_bytes(name.encode())
    assert targets(plan(choice(tmp_path / "shoot"), tmp_path / "out")) == [f"{stem}.jpg"]


def test_a_further_edit_does_not_fall_to_a_photo_that_lies_there(tmp_path: Path) -> None:
    for folder, names in (("shoot", ["DSC.jpg", "DSC_01.jpg.xmp"]), ("out", ["DSC_01.jpg"])):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_bytes(name.encode())
    assert targets(plan(choice(tmp_path / "shoot"), tmp_path / "out")) == ["DSC-2.jpg", "DSC-2_01.jpg.xmp"]


names = st.sampled_from(
    ["a.jpg", "A.JPG", "a.nef", "a.xmp", "a.nef.xmp", "a_01.nef.xmp", "b.jpg", "b.dng", "a.png", "a_01.nef", "a_01.jpg",
     "a_01.jpg.xmp", "a_01.xmp", "a_02.jpg", "a_02.jpg.xmp"]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shoots=st.lists(st.sets(names, min_size=1), min_size=1, max_size=3),
    there=st.sets(names),
    template=st.sampled_from(["{name}", "x", "{rank}", "{folder}/{name}"]),
)
def test_every_photo_arrives_as_it_was_and_nothing_there_is_touched(
    tmp_path_factory: pytest.TempPathFactory, shoots: list[set[str]], there: set[str], template: str
) -> None:
    base = tmp_path_factory.mktemp("names")
    for number, files in enumerate(shoots):
        (base / f"s{number}").mkdir()
        for name in files:
            (base / f"s{number}" / name).write_bytes(f"{number} {name}".encode())
    out = base / "out"
    out.mkdir()
    for name in there:
        (out / name).write_bytes(b"was there")
    before = content(out)
    photos = [of(photo) for n in range(len(shoots)) for photo in scan([base / f"s{n}"]).photos]
    done = export(photos, out, base, template=template)
    assert not done.problems
    assert content(out).items() >= before.items()
    made = {frozenset(map(Path.read_bytes, (p.path, *p.partners, *p.sidecars))) for p in scan([out]).photos}
    for photo in photos:
        family = (photo.photo.path, *photo.photo.partners, *photo.photo.sidecars)
        assert frozenset(map(Path.read_bytes, family)) in made
