"""Everything that Photocull itself raises; each error carries a sentence for people and, if there is one, a remedy.

PhotocullError
├── UsageError            wrong arguments, or no photo under a path (exit code 2)
├── UnreadablePhotoError  one photo could not be read; the run goes on (exit code 1 at its end)
├── ModelError            weights missing, damaged or of another make
├── CatalogError          the catalogue cannot be opened, or is newer than the program
├── CatalogBusyError      another writer holds the catalogue
├── CatalogDamagedError   the catalogue's file is damaged; a backup can be put back
├── SidecarError          a sidecar cannot be read or written; the photo itself is not affected
├── OutputError           a result could not be written where it was asked for
├── TrainingError         data missing or malformed for training
└── CancelledError        the person stopped the work (exit code 130)
"""

from pathlib import Path

SET_UP = "Set Photocull up again: python3 packaging/bootstrap.py install again"
"""The remedy where a library that everything needs is missing or broken."""
_JOINERS = "\u200c\u200d"


class PhotocullError(Exception):
    """Base of all expected failures.

    Args:
        sentence: what happened, one line, without the path.
        path: the file or folder it happened to, if any.
        remedy: what the person can do, one line, if anything.
    """

    exit_code = 2

    def __init__(self, sentence: str, *, path: Path | str | None = None, remedy: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = one_line(sentence)
        self.path = None if path is None else Path(path)
        self._place = "" if path is None else printable(path)  # a `Path` would take one of a URL's slashes away
        self.remedy = remedy

    def __str__(self) -> str:
        """``path: sentence. remedy`` on one line, safe to print whatever bytes the name holds."""
        whole = self.brief if self.remedy is None else f"{self.brief} {self.remedy}"
        return one_line(whole, len(whole))  # a path or a command that is cut is of no use

    @property
    def brief(self) -> str:
        """The same without the remedy, where that is being done already."""
        whole = self.sentence if self.path is None else f"{self._place}: {self.sentence}"
        return one_line(whole, len(whole))


class UsageError(PhotocullError):
    """The request itself is wrong, or names nothing that Photocull can work on."""


class UnreadablePhotoError(PhotocullError):
    """One photo cannot be turned into pixels; ``sentence`` is its reason in the catalogue and the list of problems."""

    exit_code = 1


class ModelError(PhotocullError):
    """A model's files are missing, damaged, or not what they claim to be."""


class CatalogError(PhotocullError):
    """The catalogue cannot be used."""


class CatalogBusyError(CatalogError):
    """Another process is writing; nothing was changed."""


class CatalogDamagedError(CatalogError):
    """The catalogue's file is no longer what SQLite wrote; a backup can be put back."""


class SidecarError(PhotocullError):
    """One sidecar cannot be read or written; it is left as it is, and so are the photo and its marks."""

    exit_code = 1


class OutputError(PhotocullError):
    """A result cannot be written to the place that was asked for."""


class TrainingError(PhotocullError):
    """Training data or a training request is unusable."""


class CancelledError(PhotocullError):
    """The work was stopped on request; what was finished is kept."""

    exit_code = 130


def reason_of(error: BaseException) -> str:
    """Why one photo came to nothing, as one line for the catalogue and the list of problems."""
    if isinstance(error, PhotocullError):
        return error.sentence
    if isinstance(error, MemoryError):
        return "There is not enough memory for this photo."
    if isinstance(error, OSError) and error.strerror:
        return one_line(f"{error.strerror}.")
    return one_line(f"{type(error).__name__}: {error}", 200)


def one_line(text: str, limit: int = 400) -> str:
    """Fold white space and control characters to single spaces and cut to ``limit`` characters."""
    folded = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def printable(path: Path | str) -> str:
    """A path that any terminal or file can take: undecodable bytes shown as ``\\xNN``, control characters escaped.

    What joins letters and emoji is left; what turns the direction of writing is not.
    """
    text = str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() or c in _JOINERS else c.encode("unicode_escape").decode("ascii") for c in text)
