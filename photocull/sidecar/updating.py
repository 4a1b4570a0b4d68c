"""One sidecar from what it says to what it is to say: read, edit, check, write; nothing where nothing changes."""

from pathlib import Path

from photocull.core.errors import SidecarError
from photocull.core.work import CancelToken
from photocull.sidecar.document import Document
from photocull.sidecar.editing import BLANK, checked, edited
from photocull.sidecar.parsing import parse
from photocull.sidecar.rules import Record, Rules, wishes
from photocull.sidecar.writing import read_file, replace_file


def read(path: Path, *, token: CancelToken | None = None) -> tuple[bytes, Document] | None:
    """A sidecar's content, and what it says; None where there is none.

    Raises:
        SidecarError: it cannot be read or is not understood. CancelledError: the token said so.
    """
    content = read_file(path, token=token)
    if content is None:
        return None
    try:
        return content, parse(content)
    except SidecarError as error:
        raise SidecarError(error.sentence, path=path, remedy=error.remedy) from error


def update(path: Path, record: Record, rules: Rules, before: bytes | None) -> bool:
    """Let a sidecar say this; whether it had to be written.

    Args:
        before: the content as it was read, on which the record rests; None where there was no file.

    Raises:
        SidecarError: it changed since, is not understood, or cannot be written; the old one is whole.
    """
    try:
        document = parse(BLANK if before is None else before)
        changes = wishes(record, document, rules)
        content = edited(document, changes)
        if content == (BLANK if before is None else before):
            return False
        checked(content, changes)
    except SidecarError as error:
        raise SidecarError(error.sentence, path=path, remedy=error.remedy) from error
    replace_file(path, content, before)
    return True
