"""What a person can do about a photo or a model that could not be read, in the window's words. No Qt here."""

from typing import Final

from photocull.core.errors import PhotocullError, one_line

_BY_WORD: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("permission", "not allowed"), "Allow reading this file, then look for new photos."),
    (("drive",), "Connect its drive again, then look for new photos."),
    (("still being written",), "Look for new photos when it is copied."),
    (("took far too long", "ended the decoder"), "Try it in another program; if that opens it, save it as a JPEG."),
    (("no longer there", "not there", "vanished"), "Connect its drive or restore the file, then look for new photos."),
    (("memory", "larger than", "pixels"), "Open it in an editor and save it at a smaller size."),
    (("video", "web page", "folder", "device or pipe"), "It can be moved out of the photo folder."),
    (("by this version",), "Convert it to a JPEG or a TIFF."),
    (("empty", "zeros", "cut off", "damaged", "interrupted"), "Copy it again from the card or a backup."),
)
_OTHERWISE: Final = "Try it in another program; if that fails too, copy it again from the card or a backup."
_ADVICE: Final = ("check", "copy", "download", "open", "save", "close", "connect", "convert")


def reason_and_remedy(sentence: str) -> tuple[str, str]:
    """What is wrong and what to do, each one line.

    Some sentences end in advice after a semicolon; for the others the first known word decides.
    """
    reason, _, advice = sentence.partition("; ")
    if advice.startswith(_ADVICE):
        return f"{reason}.", advice[0].upper() + advice[1:]
    folded = sentence.lower()
    return sentence, next((line for words, line in _BY_WORD if any(word in folded for word in words)), _OTHERWISE)


_OF_SIDECARS: Final = (
    ("it is left as it is", "Save it anew in the program that it is of."),
    ("cannot be written", "Allow writing there, then look for new photos."),
    ("changed while", "Look for new photos."),
)


def note_and_remedy(note: str) -> tuple[str, str]:
    """A remark on a photo that can be read, and what to do, if anything has to be done."""
    reason, _, advice = note.partition("; ")
    if advice.startswith("decide"):
        return f"{reason}.", advice[0].upper() + advice[1:]
    return note, next((line for words, line in _OF_SIDECARS if words in note), "")


_COMMANDS: Final = ("photocull models", "--")


def said_in_window(error: PhotocullError) -> str:
    """An error in one line, without a remedy that names a command for which the window has a button."""
    remedy = error.remedy or ""
    if any(command in remedy for command in _COMMANDS):
        remedy = ""
    return one_line(f"{PhotocullError(error.sentence, path=error.path)} {remedy}")
