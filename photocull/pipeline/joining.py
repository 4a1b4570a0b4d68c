"""JPEGs that came to lie beside their RAWs: what is in those that may be marked photos of another place."""

from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import suppress
from functools import partial
from pathlib import Path

from photocull.catalog.database import Catalog
from photocull.catalog.query import marked_sizes
from photocull.core.errors import UnreadablePhotoError
from photocull.core.work import CancelToken
from photocull.photo.fingerprint import fingerprint
from photocull.photo.looking import look


def joining_contents(
    catalog: Catalog, joined: Sequence[Sequence[Path]], workers: Executor, token: CancelToken
) -> list[tuple[str, ...]]:
    """The content identities of these files, group by group; only files as large as a marked photo are opened.

    Raises:
        CancelledError: the token said so. CatalogError: nothing can be read.
    """
    paths = [path for group in joined for path in group]
    sizes = dict(zip(paths, workers.map(partial(_size, token=token), paths), strict=True))
    marked = marked_sizes(catalog, [size for size in sizes.values() if size is not None]) if paths else frozenset()
    asked = [path for path in paths if sizes[path] in marked]
    contents = dict(zip(asked, workers.map(partial(_content, token=token), asked), strict=True))
    return [tuple(content for path in group if (content := contents.get(path))) for group in joined]


def _size(path: Path, token: CancelToken) -> int | None:
    with suppress(OSError):
        return look(path, token=token).size
    return None


def _content(path: Path, token: CancelToken) -> str:
    token.check()
    with suppress(OSError, UnreadablePhotoError):
        return fingerprint(path, token=token)
    return ""
