"""Numbers of things and of bytes in words."""

import pytest

from photocull.core.amounts import bytes_words, counted


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 photos"), (1, "1 photo"), (2, "2 photos"), (2418, "2,418 photos")]
)
def test_one_of_a_thing_is_no_plural(number: int, words: str) -> None:
    assert counted(number, "photo") == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (640_000, "640 kB"), (1_250_000, "1.2 MB"),
     (52_400_000, "52 MB"), (999_000_000, "999 MB"), (14_230_000_000, "14.2 GB")],
)  # fmt: skip
def test_bytes_are_told_in_the_unit_that_fits(size: int, words: str) -> None:
    assert bytes_words(size) == words
