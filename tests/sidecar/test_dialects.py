"""What other programs write, understood: each program's own way, and what is told where sources disagree."""

from pathlib import Path

import pytest

from photocull.core.errors import SidecarError
from photocull.sidecar.dialects import Recorded, recorded
from photocull.sidecar.merge import Word, in_file, of_photo, words
from photocull.sidecar.parsing import parse
from tests.sidecar.packets import bag, packet


def marks(attributes: str = "", inside: str = "") -> dict[str, str | None]:
    return {field: word.value for field, word in in_file(parse(packet(attributes, inside))).items()}


@pytest.mark.parametrize(
    ("attributes", "inside", "expected"),
    [
        # Lightroom Classic
        ('xmp:Rating="3" xmp:Label="Red"', "", {"rating": "3", "label": "red"}),
        ('xmpDM:pick="1" xmpDM:good="true"', "", {"pick": "pick"}),
        ('xmp:Rating="2" xmpDM:pick="-1" xmpDM:good="false"', "", {"rating": "2", "pick": "reject"}),
        ('xmpDM:pick="0"', "", {"pick": "none"}),
        ('xmp:Label="Grün"', "", {"label": "green"}),
        ('xmp:Label="Rood"', "", {"label": "red"}),
        ('xmp:Label="To do"', "", {"label": "none"}),
        ('xmp:Label=""', "", {"label": "none"}),
        # Bridge, FastRawViewer
        ('xmp:Rating="-1"', "", {"pick": "reject"}),
        ('xmp:Rating="-1" xmpDM:good="False"', "", {"pick": "reject"}),
        # darktable
        ('xmp:Rating="-1" darktable:xmp_version="4"', bag("darktable:colorlabels", "4", kind="Seq"),
         {"pick": "reject", "label": "purple"}),
        ('xmp:Rating="6"', "", {"pick": "reject"}),
        ('xmp:Rating="1"', "<darktable:colorlabels><rdf:Seq/></darktable:colorlabels>", {"rating": "1"}),
        # digiKam
        ('xmp:Rating="4" MicrosoftPhoto:Rating="75" digiKam:PickLabel="3" digiKam:ColorLabel="6" xmp:Label="Purple"',
         "", {"rating": "4", "pick": "pick", "label": "purple"}),
        ('digiKam:PickLabel="1" digiKam:ColorLabel="0" xmp:Rating="0"', "",
         {"rating": "none", "pick": "reject", "label": "none"}),
        ('digiKam:PickLabel="2" digiKam:ColorLabel="2"', "", {"pick": "none", "label": "none"}),
        *((f'xmp:Label="Red" digiKam:ColorLabel="{other}"', "", {"label": "none"}) for other in "2789"),
        ('xmp:Label="Red" digiKam:ColorLabel="2"', bag("darktable:colorlabels", "3", kind="Seq"), {"label": "blue"}),
        ('xmpDM:pick="1" digiKam:PickLabel="2"', "", {"pick": "pick"}),
        ('MicrosoftPhoto:Rating="50"', "", {"rating": "3"}),
        ('acdsee:rating="5" MicrosoftPhoto:Rating="1"', "", {"rating": "5"}),
        ('xmp:Rating="0" digiKam:PickLabel="0" digiKam:ColorLabel="0"', "",
         {"rating": "none", "pick": "none", "label": "none"}),
        # Capture One
        ('xmp:Rating="5" xmp:Label="Blue" photoshop:Urgency="5"', "", {"rating": "5", "label": "blue"}),
        ('xmp:Label="Pink" photoshop:Urgency="4"', "", {"label": "none"}),
        ('xmp:Label="None" xmp:Rating="1"', "", {"rating": "1", "label": "none"}),
        # Photo Mechanic
        ('xmp:Rating="2" photomechanic:Tagged="True" photomechanic:ColorClass="3"', "",
         {"rating": "2", "pick": "pick"}),
        ('photomechanic:Tagged="False"', "", {"pick": "none"}),
        # nonsense states nothing
        ('xmp:Rating="7" xmpDM:pick="5" xmpDM:good="maybe" digiKam:PickLabel="9" digiKam:ColorLabel="x"', "", {}),
        ('xmp:Rating="4.0"', "", {"rating": "4"}),
        ('xmp:Rating="nan"', "", {}),
    ],
)  # fmt: skip
def test_each_program_is_understood(attributes: str, inside: str, expected: dict[str, str]) -> None:
    assert marks(attributes, inside) == expected


@pytest.mark.parametrize(
    ("attributes", "inside", "field", "sentence"),
    [
        ('xmpDM:pick="1" xmpDM:good="false"', "", "pick", "xmpDM:pick says pick, xmpDM:good says reject"),
        ('xmp:Rating="-1" digiKam:PickLabel="3"', "", "pick", "xmp:Rating says reject, digiKam:PickLabel says pick"),
        ('xmp:Label="Red" digiKam:ColorLabel="5"', "", "label", "xmp:Label says red, digiKam:ColorLabel says blue"),
        ("", bag("darktable:colorlabels", "0", "2", kind="Seq"), "label",
         "darktable:colorlabels says red, darktable:colorlabels says green"),
    ],
)  # fmt: skip
def test_properties_that_disagree_are_told_and_none_is_chosen(
    attributes: str, inside: str, field: str, sentence: str
) -> None:
    [(found, word)] = in_file(parse(packet(attributes, inside))).items()
    assert (found, word.value, word.sentence) == (field, None, sentence)


OURS = 'photocull:Rating="4" photocull:RatingBy="photocull" photocull:Pick="pick" photocull:PickBy="photographer"'


def test_what_our_record_repeats_is_ours_only_if_a_policy_put_it_there() -> None:
    found = in_file(parse(packet(f'xmp:Rating="4" xmpDM:pick="1" xmpDM:good="true" {OURS}')))
    assert found["rating"] == Word("4", ours=True, unchanged=True)
    assert found["pick"] == Word("pick", ours=False, unchanged=True)


def test_what_differs_from_our_record_was_changed_outside() -> None:
    assert in_file(parse(packet(f'xmp:Rating="2" xmpDM:pick="1" {OURS}')))["rating"] == Word("2")
    assert in_file(parse(packet(f'xmp:Rating="0" xmpDM:pick="1" {OURS}')))["rating"] == Word("none")
    assert in_file(parse(packet(f'xmpDM:pick="1" {OURS}')))["rating"] == Word("none")
    assert in_file(parse(packet(f'xmp:Rating="4" xmpDM:pick="0" xmpDM:good="true" {OURS}')))["pick"] == Word("none")


def test_one_program_s_change_beats_what_another_property_still_repeats() -> None:
    own = 'photocull:Label="red" photocull:LabelBy="photographer"'
    found = in_file(parse(packet(f'xmp:Label="Red" {own}', bag("darktable:colorlabels", "1", kind="Seq"))))
    assert found["label"] == Word("yellow")


@pytest.mark.parametrize("other", "2789")
def test_another_colour_of_digikam_is_news_beside_what_we_wrote_and_older_than_a_later_word(other: str) -> None:
    own = f'photocull:Label="red" photocull:LabelBy="photographer" digiKam:ColorLabel="{other}"'
    assert in_file(parse(packet(f'xmp:Label="Red" {own}')))["label"] == Word("none")
    assert in_file(parse(packet(f'xmp:Label="Blue" {own}')))["label"] == Word("blue")


def test_pending_in_digikam_takes_back_the_flag_that_we_wrote() -> None:
    own = 'photocull:Pick="pick" photocull:PickBy="photographer" digiKam:PickLabel="2"'
    assert in_file(parse(packet(f'xmpDM:pick="1" xmpDM:good="true" {own}')))["pick"] == Word("none")


def test_a_second_colour_beside_the_one_that_we_wrote_is_told_and_neither_is_chosen() -> None:
    own = 'photocull:Label="red" photocull:LabelBy="photographer"'
    found = in_file(parse(packet(f'xmp:Label="Red" {own}', bag("darktable:colorlabels", "0", "2", kind="Seq"))))
    assert found["label"].sentence == "darktable:colorlabels says red, darktable:colorlabels says green"


def test_stars_of_a_reject_are_in_our_record_alone() -> None:
    own = 'photocull:Rating="4" photocull:RatingBy="photographer" photocull:WrittenRating="-1" photocull:Pick="reject"'
    found = in_file(parse(packet(f'xmp:Rating="-1" xmpDM:pick="-1" {own}')))
    assert (found["rating"].value, found["pick"].value) == ("4", "reject")


def test_stars_where_we_wrote_a_reject_take_the_reject_back() -> None:
    own = 'photocull:Rating="4" photocull:WrittenRating="-1" photocull:Pick="reject" photocull:PickBy="photographer"'
    found = in_file(parse(packet(f'xmp:Rating="3" xmpDM:pick="-1" xmpDM:good="false" {own}')))
    assert (found["rating"].value, found["pick"].value) == ("3", "none")


@pytest.mark.parametrize(
    "rating", ['xmp:Rating="0"', "", 'MicrosoftPhoto:Rating="75"', 'xmp:Rating="0" acdsee:rating="4"']
)
def test_a_reject_that_another_program_ends_gives_its_stars_back(rating: str) -> None:
    own = 'photocull:Rating="4" photocull:RatingBy="photocull" photocull:WrittenRating="-1" photocull:Pick="reject"'
    found = in_file(parse(packet(f'{rating} xmpDM:pick="-1" xmpDM:good="false" {own}')))
    assert (found["rating"], found["pick"].value) == (Word("4", ours=True, unchanged=True), "none")
    assert in_file(parse(packet(f'acdsee:rating="2" {own}')))["rating"] == Word("2"), "these stars are news"


def test_a_reject_without_stars_that_another_program_ends_has_none() -> None:
    own = 'photocull:WrittenRating="-1" photocull:Pick="reject" photocull:PickBy="photographer"'
    assert marks(f'xmp:Rating="0" xmpDM:pick="-1" {own}') == {"rating": "none", "pick": "none"}
    assert marks(f'xmpDM:pick="-1" {own}') == {"pick": "none"}


def test_a_record_of_nothing_is_read_back() -> None:
    own = 'photocull:Rating="0" photocull:RatingBy="photographer" photocull:Label="none" photocull:LabelBy="x"'
    assert recorded(parse(packet(own))) == {
        "rating": Recorded("none", "photographer"),
        "label": Recorded("none", "photographer"),
    }


@pytest.mark.parametrize(
    "own",
    [f'photocull:Rating="{text}"' for text in ("x", "6", "-1", "4.5", "44", "٤", "pick")]
    + ['photocull:Pick="4"', 'photocull:Pick="0x"', 'photocull:Label="pink"', 'photocull:Label="Red"'],
)
def test_a_record_that_we_can_not_have_written_is_none(own: str) -> None:
    assert recorded(parse(packet(own))) == {}
    found = marks(f'{own} photocull:RatingBy="photocull" xmp:Rating="2" xmpDM:pick="1" xmp:Label="Blue"')
    assert found == {"rating": "2", "pick": "pick", "label": "blue"}
    assert "rating" not in marks(f'{own} xmp:Rating="-1"')


def test_files_that_agree_or_are_silent_make_one_word() -> None:
    four, silent, nothing = {"rating": Word("4")}, {}, {"rating": Word("none", weak=True)}
    assert of_photo([("a.xmp", four), ("a.raf.xmp", silent)]) == {"rating": Word("4")}
    assert of_photo([("a.xmp", nothing), ("a.raf.xmp", four)])["rating"].value == "4"
    assert of_photo([("a.xmp", four), ("a.raf.xmp", four)])["rating"].value == "4"
    assert of_photo([("a.xmp", nothing)])["rating"].value == "none"
    assert of_photo([]) == {}


def test_files_that_disagree_are_told() -> None:
    word = of_photo([("a.xmp", {"rating": Word("4")}), ("a.raf.xmp", {"rating": Word("2")})])["rating"]
    assert word.value is None
    assert word.sentence == "a.xmp says 4 stars, a.raf.xmp says 2 stars"
    both = of_photo([("a.xmp", {"label": Word(None, said=(("xmp:Label", "red"), ("x", "blue")))})])["label"]
    assert both.sentence == "xmp:Label in a.xmp says red, x in a.xmp says blue"


def test_the_file_that_changed_since_we_wrote_wins() -> None:
    ours, theirs = Word("4", unchanged=True), Word("2")
    assert of_photo([("a.xmp", {"rating": ours}), ("a.raf.xmp", {"rating": theirs})])["rating"] == theirs
    assert of_photo([("a.xmp", {"rating": ours}), ("a.raf.xmp", {"rating": Word("none")})])["rating"].value == "none"


def test_values_have_words() -> None:
    assert [words(v) for v in ("none", "1", "3", "reject", None)] == [
        "nothing",
        "1 star",
        "3 stars",
        "reject",
        "nothing",
    ]


RATINGS = {
    "darktable-test__nop.xmp": "1",
    "Landscape.jpg.xmp": "1",
    "exiftool__PLUS.xmp": "none",
    "exiftool__XMP.xmp": "1",
    "exiftool__XMP6.xmp": "2",
    "metadata-extra__APhotoManager-exmaple.xmp": "2",
    "photoprism__ladybug.xmp": "1",
    "photoprism__photoshop.xmp": "4",
}
NOT_XML = "exiftool__XMP2.xmp"
"""It holds a control character, which XML forbids."""


def test_sidecars_that_programs_wrote_are_all_read(shared: Path) -> None:
    files = [path for path in (shared / "data" / "photos").rglob("*.xmp") if path.stat().st_size]
    assert len(files) > 25
    for path in files:
        if path.name == NOT_XML:
            with pytest.raises(SidecarError, match="well-formed"):
                parse(path.read_bytes())
            continue
        document = parse(path.read_bytes())
        assert document.in_file(document.data) == path.read_bytes()
        word = in_file(document).get("rating")
        if path.name in RATINGS:
            assert word is not None, path
            assert word.value == RATINGS[path.name], path
