"""File names that every file system takes, and when two of them are one: the strictest rule of each system together."""

import re
import unicodedata
from typing import Final

MOST_BYTES: Final = 200
"""Of a name without its ending, in UTF-8: most systems take 255 with it, and sidecars and numbers are still added."""
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*]+')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)
"""What Windows takes for a device, whatever ending follows."""


def safe(text: str) -> str:
    """One name, without its ending, that Windows, macOS, Linux and memory cards all take; never empty, never hidden.

    What is forbidden somewhere becomes a hyphen; spaces and dots at the ends go; a device's name is led by ``_``.
    """
    shown = "".join(" " if c.isspace() else c for c in text if c.isspace() or c.isprintable())
    plain = cut(_FORBIDDEN.sub("-", unicodedata.normalize("NFC", shown))).strip(" .")
    return cut(f"_{plain}").rstrip(" .") if not plain or _RESERVED.match(plain) else plain


def cut(text: str, most: int = MOST_BYTES) -> str:
    """The beginning of a text that takes at most ``most`` bytes in UTF-8, cut between characters."""
    return text.encode("utf-8")[:most].decode("utf-8", "ignore")


def folded(name: str) -> str:
    """Equal for names that some file system takes for one: case and the spelling of accents do not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
