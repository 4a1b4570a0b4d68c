"""What is written for marks and scores: rejects as chosen, labels in English, keywords if wanted, scores as ours."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.sidecar import names
from photocull.sidecar.dialects import NONE, Recorded
from photocull.sidecar.editing import BLANK, checked, edited
from photocull.sidecar.merge import in_file
from photocull.sidecar.parsing import parse
from photocull.sidecar.rules import Record, Reject, Rules, Scores, wishes
from tests.sidecar.packets import bag, packet

REJECTS: tuple[Reject, ...] = ("stars-kept", "portable", "both")


def by_person(**marks: str) -> Record:
    return Record({field: Recorded(value, "photographer") for field, value in marks.items()})  # type: ignore[misc]


def written(content: bytes, record: Record, rules: Rules = Rules()) -> bytes:  # noqa: B008  frozen
    document = parse(content)
    changes = wishes(record, document, rules)
    return checked(edited(document, changes), changes)


def texts(content: bytes, *wanted: str) -> list[str | None]:
    document = parse(content)
    return [document.text(name) for name in wanted]


def values(content: bytes) -> dict[str, str | None]:
    return {field: word.value for field, word in in_file(parse(content)).items()}


def test_stars_flag_and_label_in_the_words_that_programs_share() -> None:
    content = written(BLANK, by_person(rating="4", pick="pick", label="red"))
    wanted = (names.RATING, names.PICK, names.GOOD, names.LABEL)
    assert texts(content, *wanted) == ["4", "1", "true", "Red"]
    assert texts(content, names.OWN_RATING, names.OWN_RATING_BY) == ["4", "photographer"]


@pytest.mark.parametrize(
    ("reject", "expected"),
    [
        ("stars-kept", ["4", "-1", "false", "4"]),
        ("portable", ["-1", None, None, "4"]),
        ("both", ["-1", "-1", "false", "4"]),
    ],
)
def test_a_reject_is_written_as_chosen_and_its_stars_are_kept(reject: Reject, expected: list[str | None]) -> None:
    content = written(BLANK, by_person(rating="4", pick="reject"), Rules(reject=reject))
    assert texts(content, names.RATING, names.PICK, names.GOOD, names.OWN_RATING) == expected
    assert values(content) == {"rating": "4", "pick": "reject"}
    back = written(content, by_person(rating="4", pick=NONE), Rules(reject=reject))
    assert texts(back, names.RATING, names.OWN_WRITTEN) == ["4", None]
    assert values(back) == {"rating": "4", "pick": NONE}


def test_stars_that_only_the_file_knew_survive_a_reject() -> None:
    content = written(packet('xmp:Rating="3"'), by_person(pick="reject"))
    assert values(content) == {"rating": "3", "pick": "reject"}
    assert texts(written(content, by_person(pick=NONE)), names.RATING) == ["3"]


@pytest.mark.parametrize("reject", ["portable", "both"])
@pytest.mark.parametrize("ended", [b'xmp:Rating="0"', b""])
def test_stars_come_back_where_another_program_ended_the_reject(reject: Reject, ended: bytes) -> None:
    rules = Rules(reject=reject)
    content = written(BLANK, by_person(rating="4", pick="reject"), rules).replace(b'xmp:Rating="-1"', ended)
    assert values(content) == {"rating": "4", "pick": NONE}
    for marks in ({"rating": "4", "pick": NONE}, {"pick": NONE}):
        back = written(content, by_person(**marks), rules)
        assert texts(back, names.RATING, names.OWN_RATING, names.OWN_WRITTEN) == ["4", "4", None]
        assert values(back) == {"rating": "4", "pick": NONE}


def test_a_field_that_nobody_decided_is_not_touched() -> None:
    content = packet('xmp:Rating="3" xmp:Label="To do" xmpDM:pick="1" digiKam:PickLabel="3"')
    assert written(content, by_person()) == content
    assert texts(written(content, by_person(rating="5")), names.LABEL, names.PICK) == ["To do", "1"]
    rejected = packet('xmp:Rating="-1"')
    assert texts(written(rejected, by_person(rating="5")), names.RATING) == ["-1"]
    assert texts(written(rejected, by_person(label="red")), names.RATING, names.LABEL) == ["-1", "Red"]


def test_what_was_cleared_is_taken_out_and_nothing_is_put_in() -> None:
    content = packet('xmp:Rating="3" xmp:Label="Rot" xmpDM:pick="1" xmpDM:good="true"')
    cleared = written(content, by_person(rating=NONE, pick=NONE, label=NONE))
    assert texts(cleared, names.RATING, names.LABEL, names.PICK, names.GOOD) == ["0", None, "0", None]
    assert values(cleared) == {"rating": NONE, "pick": NONE, "label": NONE}
    blank = written(BLANK, by_person(rating=NONE, pick=NONE, label=NONE))
    assert texts(blank, names.RATING, names.LABEL, names.PICK) == [None, None, None]
    assert texts(written(packet('xmp:Label="To do"'), by_person(label=NONE)), names.LABEL) == ["To do"]


@pytest.mark.parametrize(
    ("label", "colour"), [("Rot", "red"), ("Grün", "green"), ("Jaune", "yellow"), ("blue", "blue")]
)
def test_a_label_in_another_language_stays_where_it_says_the_same(label: str, colour: str) -> None:
    content = packet(f'xmp:Label="{label}" xmp:Rating="2"')
    after = written(content, by_person(rating="3", label=colour))
    assert texts(after, names.LABEL, names.OWN_LABEL) == [label, colour]
    assert values(after) == {"rating": "3", "label": colour}
    assert texts(written(after, by_person(label="purple")), names.LABEL) == ["Purple"]


def test_other_programs_properties_follow_where_they_are() -> None:
    inside = bag("darktable:colorlabels", "1", kind="Seq")
    there = 'MicrosoftPhoto:Rating="1" acdsee:rating="1" digiKam:PickLabel="0" digiKam:ColorLabel="3" '
    content = written(
        packet(there + 'photomechanic:Tagged="False" photoshop:Urgency="3"', inside),
        by_person(rating="4", pick="pick", label="blue"),
    )
    wanted = (names.MICROSOFT_RATING, names.ACDSEE_RATING, names.DIGIKAM_PICK, names.DIGIKAM_COLOUR, names.TAGGED)
    assert texts(content, *wanted) == ["75", "4", "3", "5", "True"]
    assert parse(content).items(names.DARKTABLE_COLOURS) == ("3",)
    assert b'photoshop:Urgency="3"' in content
    assert values(content) == {"rating": "4", "pick": "pick", "label": "blue"}
    alone = written(BLANK, by_person(rating="4", pick="pick", label="blue"))
    assert not any(parse(alone).first(name) for name in (*wanted, names.DARKTABLE_COLOURS))
    assert b"Urgency" not in alone


@pytest.mark.parametrize("other", "2789")
def test_a_value_that_digikam_alone_knows_stays_until_a_photographer_gives_another(other: str) -> None:
    content = packet(f'xmp:Label="Red" digiKam:ColorLabel="{other}" digiKam:PickLabel="2"')
    wanted = (names.DIGIKAM_COLOUR, names.DIGIKAM_PICK)
    assert texts(written(content, by_person(label=NONE, pick=NONE)), *wanted, names.LABEL) == [other, "2", None]
    policy = Record({"label": Recorded("green", "photocull"), "pick": Recorded("reject", "photocull")})
    assert written(content, policy) == content
    given = written(content, by_person(label="green", pick="reject"))
    assert texts(given, *wanted, names.LABEL) == ["4", "1", "Green"]


def test_a_label_with_a_text_of_its_own_is_not_a_policy_s_to_replace() -> None:
    content = packet('xmp:Label="To do"')
    assert written(content, Record({"label": Recorded("green", "photocull")})) == content


SCORES = Scores(6.420000001, 5.98, 7.1, 6.5, "builtin-1", "f00d", "beef")


def test_scores_model_and_fingerprint_have_a_namespace_of_their_own() -> None:
    content = written(BLANK, Record({}, SCORES))
    wanted = (names.OWN_AESTHETIC, names.OWN_OVERALL, names.OWN_MODEL, names.OWN_MODEL_FINGERPRINT)
    assert texts(content, *wanted, names.OWN_FINGERPRINT) == ["6.4200", "6.5000", "builtin-1", "f00d", "beef"]
    assert values(content) == {}
    assert b"xap/1.0" not in content


def test_keywords_are_written_only_if_wanted_and_ours_alone_are_taken_away() -> None:
    content = packet(inside=bag("dc:subject", "Tuscany", "Sunset"))
    assert written(content, Record({}, None, ("sea", "sunset"))) == content
    wanted = Rules(keywords=True)
    first = written(content, Record({}, None, ("sea", "sunset")), wanted)
    assert parse(first).items(names.SUBJECT) == ("Tuscany", "Sunset", "sea")
    assert parse(first).items(names.HIERARCHY) == ("Photocull|sea",)
    second = written(first, Record({}, None, ("sky",)), wanted)
    assert parse(second).items(names.SUBJECT) == ("Tuscany", "Sunset", "sky")
    assert parse(second).items(names.HIERARCHY) == ("Photocull|sky",)
    assert written(second, Record({}, None, ("sky",)), wanted) == second


def test_a_keyword_that_a_person_took_out_does_not_come_back() -> None:
    wanted = Rules(keywords=True)
    content = written(BLANK, Record({}, None, ("sea", "sky")), wanted)
    without = content.replace(b"\n     <rdf:li>sea</rdf:li>", b"", 1)
    assert parse(without).items(names.SUBJECT) == ("sky",)
    after = written(without, Record({}, None, ("sea", "sky", "sun")), wanted)
    assert parse(after).items(names.SUBJECT) == ("sky", "sun")


MARKS = st.fixed_dictionaries(
    {},
    optional={
        "rating": st.sampled_from((NONE, *"12345")),
        "pick": st.sampled_from((NONE, "pick", "reject")),
        "label": st.sampled_from((NONE, "red", "yellow", "green", "blue", "purple")),
    },
)
BEFORE = st.sampled_from(
    [
        BLANK,
        *(packet(" ".join(parts)) for parts in itertools.product(
            ("", 'xmp:Rating="2"', 'xmp:Rating="-1"'), ("", 'xmp:Label="Blau"', 'digiKam:ColorLabel="1"'),
            ("", 'xmpDM:pick="-1" xmpDM:good="false"', 'digiKam:PickLabel="3"'),
        )),
    ]
)  # fmt: skip


@given(BEFORE, st.lists(MARKS, min_size=1, max_size=4), st.sampled_from(REJECTS))
def test_what_is_written_reads_back_as_it_was_meant_and_is_not_written_twice(
    content: bytes, steps: list[dict[str, str]], reject: Reject
) -> None:
    rules = Rules(reject=reject)
    for marks in steps:
        content = written(content, by_person(**marks), rules)
        read = values(content)
        for field, value in marks.items():
            if field == "rating" and "pick" not in marks and read.get("pick") == "reject" and value == NONE:
                continue  # of a reject that is not ours to judge
            assert read.get(field, NONE) == value, (field, marks)
        assert written(content, by_person(**marks), rules) == content
