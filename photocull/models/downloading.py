"""Published checkpoints from their authors' repositories: fetched, proven to be the very file, then imported.

The one place of the program that opens a connection, apart from a catalogue whose address the person gives.
"""

import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photocull.core.errors import ModelError
from photocull.core.work import CancelToken
from photocull.models.checkpoint import git_blob_of
from photocull.models.fetching import Listener, Patience, Request, fetch
from photocull.models.importing import import_file
from photocull.models.partials import Partial, locked_partial
from photocull.models.registry import ModelCard, ModelSource, published_card
from photocull.models.shelf import check_name, find, is_full, made_from, own_shelf, require_room, sound, taken
from photocull.models.unpickling import require_torch

SOURCE: Final = "https://raw.githubusercontent.com"
"""Where public repositories give out their files."""
_ROOM: Final = 2
"""Times the largest size: the download, and its weights on the shelf."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """A published file, and how it is to be fetched."""

    card: ModelCard
    published: ModelSource
    shelf: Path
    request: Request
    token: CancelToken
    listener: Listener | None
    patience: Patience


def download(
    name: str,
    *,
    called: str | None = None,
    replace: bool = False,
    shelf: Path | None = None,
    source: str | None = None,
    token: CancelToken | None = None,
    listener: Listener | None = None,
    patience: Patience | None = None,
) -> ModelCard:
    """Fetch a published checkpoint and put it on the shelf; an interrupted download goes on where it stopped.

    What is here already, and sound, is not fetched again.

    Args:
        name: of a published card. called: a name of its own on the shelf.
        replace: replace a model that has the name already.
        source: base address in place of GitHub's; may be ``http://``, since it is given in so many words.
        token: stops it; what has arrived is kept. listener: told of bytes done, in all (0: not known) and a second.

    Raises:
        ModelError: the file cannot be had, is not the published one, or cannot be kept; the shelf is as it was.
        CancelledError: stopped by the token.
    """
    card = published_card(name)
    published, place, own_name = _source(card), own_shelf(shelf), called or name
    check_name(own_name, card.architecture)
    known = find(place, own_name)
    same = made_from(known, published.git_blob)
    if known is not None and known.card is not None and same and sound(known):
        return known.card
    if known is not None and not (replace or same):
        raise taken(own_name)
    require_torch()
    request = Request(_address(source or SOURCE, published), published.largest, plain_allowed=source is not None)
    wish = _Wish(card, published, place, request, token or CancelToken(), listener, patience or Patience())
    with _partial(wish) as partial:
        _fetch(wish, partial)
        made = import_file(
            partial.path,
            name=own_name,
            replace=replace,
            shelf=place,
            origin=published.file_name,
            token=token,
        )
        partial.discard()
    return made


def _source(card: ModelCard) -> ModelSource:
    if card.source is not None and card.source.downloadable:
        return card.source
    where = f" (their repository is {card.source.repository})" if card.source is not None else ""
    called = f" It is called {card.source.file_name}." if card.source is not None and card.source.file_name else ""
    remedy = f"Get it from its authors{where}, then: photocull models import FILE.{called}"
    raise ModelError(f"'{card.name}' has no public address that a program can fetch it from.", remedy=remedy)


def _address(base: str, published: ModelSource) -> str:
    return f"{base.rstrip('/')}/{published.repository}/HEAD/{urllib.parse.quote(published.path)}"


@contextmanager
def _partial(wish: _Wish) -> Iterator[Partial]:
    with locked_partial(wish.card.name, wish.shelf, wish.request.address) as partial:
        require_room(wish.shelf, _ROOM * wish.published.largest - partial.size)
        try:
            yield partial
        except OSError as error:
            if is_full(error):
                partial.discard()
            raise


def _fetch(wish: _Wish, partial: Partial) -> None:
    """Until the file is whole and proven; one that was pieced together and is not right is fetched once more."""
    pieced = partial.size > 0
    while True:
        fetch(wish.request, partial, patience=wish.patience, token=wish.token, listener=wish.listener)
        found = git_blob_of(partial.path)
        if found == wish.published.git_blob:
            return
        partial.discard()
        if not pieced:
            remedy = "Its authors may have changed it; look for a newer Photocull."
            sentence = f"What came is not the published file: its git blob is {found[:12]}, not"
            raise ModelError(f"{sentence} {wish.published.git_blob[:12]}.", remedy=remedy)
        pieced = False
