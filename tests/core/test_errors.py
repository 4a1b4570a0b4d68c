"""Errors are one line that any terminal can show, with the path and the remedy."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.core import errors
from photocull.core.errors import PhotocullError, UnreadablePhotoError, one_line, printable

KINDS = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, PhotocullError)]


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = UnreadablePhotoError("The file is empty.", path="a/b.jpg", remedy="Copy it again.")
    assert str(error) == f"{Path('a/b.jpg')}: The file is empty. Copy it again."
    assert (error.path, error.remedy, error.exit_code) == (Path("a/b.jpg"), "Copy it again.", 1)


def test_the_remedy_can_be_left_out_and_an_address_stays_as_it_is() -> None:
    error = PhotocullError("It is just starting.", path="postgresql://server/photos", remedy="Try again in a moment.")
    assert error.brief == "postgresql://server/photos: It is just starting."
    assert str(error) == f"{error.brief} Try again in a moment."
    assert PhotocullError("It failed.").brief == "It failed."


def test_an_error_without_path_and_remedy_is_its_sentence() -> None:
    assert str(PhotocullError("It failed.")) == "It failed."


def test_a_sentence_never_brings_a_second_line() -> None:
    error = PhotocullError("libjpeg says:\n\tbad\x1b[31m marker\x00", path="evil\nname.jpg")
    assert "\n" not in str(error)
    assert "\x1b" not in str(error)
    assert error.sentence == "libjpeg says: bad [31m marker"


@given(st.text(), st.integers(1, 500))
def test_one_line_is_one_printable_line_of_limited_length(text: str, limit: int) -> None:
    folded = one_line(text, limit)
    assert len(folded) <= limit
    assert folded == "" or folded.isprintable()
    assert one_line(folded, limit) == folded


@given(st.binary(min_size=1).map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_any_file_name_can_be_printed(name: str) -> None:
    shown = printable(name)
    assert shown.isprintable()
    shown.encode("utf-8")


def test_an_ordinary_name_is_printed_as_it_is() -> None:
    assert printable("Müller/Ångström 写真.jpg") == "Müller/Ångström 写真.jpg"


def test_bytes_that_are_no_text_are_printed_as_escapes() -> None:
    assert printable(b"caf\xe9.jpg".decode("utf-8", "surrogateescape")) == "caf\\xe9.jpg"


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_stands_in_the_tree_of_the_docstring(kind: type[PhotocullError]) -> None:
    tree = ast.get_docstring(ast.parse(Path(errors.__file__).read_text("utf-8")))
    assert tree is not None
    assert f" {kind.__name__}" in f" {tree}".replace("\n", " ")


def test_exit_codes_are_those_of_the_interface() -> None:
    assert {kind.exit_code for kind in KINDS} == {1, 2, 130}
