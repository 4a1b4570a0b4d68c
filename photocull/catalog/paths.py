"""Paths and names as database text: any bytes survive, names sort as people count, words compare without case."""

import os
import re
import unicodedata
from pathlib import Path
from typing import Final

_ESCAPE: Final = "\x1b"
PUSHED: Final = f"{_ESCAPE}replaced:"
"""With a number, ends the path of a photo that had to make room for another; no file's path has it."""
_UNSAFE: Final = re.compile("[\x1b\x00\ud800-\udfff]")
_ESCAPED: Final = re.compile(f"{_ESCAPE}([0-9a-f]{{4}})")
_DIGITS: Final = re.compile(r"([0-9]+)")


def to_text(value: Path | str) -> str:
    """Text that every database takes, one for each path: undecodable bytes (lone surrogates) are ESC and 4 digits."""
    return _UNSAFE.sub(lambda match: f"{_ESCAPE}{ord(match[0]):04x}", str(value))


def from_text(text: str) -> Path:
    """The path that `to_text` was given."""
    return Path(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if _ESCAPE in text else text)


def plain(text: str) -> str:
    """Text for reading that every database takes; what cannot be written is shown as ``\\xNN``."""
    return text.replace("\x00", "").encode("utf-8", "backslashreplace").decode("utf-8")


def fold(text: str) -> str:
    """Text for comparing without regard to case or to how accents are composed; safe for every database."""
    return to_text(unicodedata.normalize("NFKC", text).casefold())


def natural_key(name: str) -> str:
    """A sort key that puts IMG_2 before IMG_10: digits are led by how many they are."""
    return counted_digits(fold(name))


def counted_digits(folded: str) -> str:
    """The sort key of a name that is folded already."""
    return _DIGITS.sub(lambda match: _counted(match[1].lstrip("0")), folded)


def _counted(digits: str) -> str:
    return f"{min(len(digits), 99):02d}{digits}"


def below(folder: Path | str) -> tuple[str, str]:
    """The half-open range of path texts that lie in a folder or deeper."""
    start = start_in(to_text(folder))
    return start, start[:-1] + chr(ord(os.sep) + 1)


def start_in(folder: str) -> str:
    """How the texts of all paths in a folder start, of the folder's own text as `to_text` gives it."""
    return folder if folder.endswith(os.sep) else folder + os.sep
