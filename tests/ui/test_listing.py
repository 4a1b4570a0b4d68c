"""A list that cannot be had: it is told, nothing claims to be what it is not, and it is asked for again."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from photocull.catalog.records import Sort
from photocull.core.errors import CatalogError
from photocull.core.work import PhotosChanged
from photocull.ui import listing, session
from photocull.ui.bridge import INITIATOR
from photocull.ui.pages import Situation, page_for
from tests.ui.conftest import Studio


def silent(*_: Any) -> list[int]:
    raise CatalogError("The server does not answer.")


def test_a_filter_whose_photos_cannot_be_listed_is_told_and_put_back(
    studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = studio.open(folder)
    studio.scored()
    before, sort = window.session.filter, window.session.sort
    with monkeypatch.context() as broken, studio.qtbot.waitSignal(window.session.photos.listingFailed):
        broken.setattr(listing, "photo_ids", silent)
        window.session.set_filter(replace(before, picks=frozenset({"pick"})))
    assert window.statusbar.notice() == "The photos could not be listed: The server does not answer."
    assert window.session.filter == before == window.session.photos.wanted
    assert len(window.session.photos.ids) == 5
    with monkeypatch.context() as broken, studio.qtbot.waitSignal(window.session.photos.listingFailed):
        broken.setattr(listing, "photo_ids", silent)
        window.session.set_sort(Sort("name", not sort.descending))
    assert window.session.sort == sort
    studio.until(lambda: studio.settings.sort == sort.key)
    window.session.set_filter(replace(before, text="no such photo"))
    studio.until(lambda: not window.session.photos.ids)
    assert window.middle._page is not None
    assert window.middle._page.kind == "no-match"


def test_a_first_list_that_cannot_be_had_is_asked_for_again(
    studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_AGAIN_MS", 300)
    with monkeypatch.context() as broken:
        broken.setattr(listing, "photo_ids", silent)
        window = studio.open(folder)
        studio.until(lambda: window.middle._page is not None and window.middle._page.kind == "failed")
        assert window.middle._page is not None
        assert window.middle._page.lines == ("The server does not answer.",)
    studio.scored()
    assert window.middle._page is None


def test_photos_that_could_not_be_looked_for_are_looked_for_again(
    studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photocull.ui.photo_list._AGAIN_MS", 300)
    window = studio.open(folder)
    studio.scored()
    studio.qtbot.wait(600)
    asked: list[None] = []

    def once(*about: Any) -> list[int]:
        asked.append(None)
        return silent() if len(asked) == 1 else real(*about)

    real = listing.photo_ids
    monkeypatch.setattr(listing, "photo_ids", once)
    with studio.qtbot.waitSignal(window.bridge.questionFailed):
        window.bridge.photosChanged.emit(PhotosChanged((window.session.photos.ids[0],), INITIATOR))
    studio.until(lambda: len(asked) == 2)
    assert window.middle._page is None


def test_why_a_run_ended_does_not_stand_in_for_a_filter_that_nothing_fits() -> None:
    page = page_for(Situation((Path("/photos"),), shown=0, filtered=True, failure="The model is damaged."))
    assert page is not None
    assert page.kind == "no-match"
