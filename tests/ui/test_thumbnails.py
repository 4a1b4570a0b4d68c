"""Small pictures: read elsewhere, the last wish first, forgotten when scrolled away, bounded."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from photocull.catalog.records import PhotoRow
from photocull.cli.drawing import listed
from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import PREVIEW_SIDE
from photocull.photo.decode import load_preview
from photocull.photo.fingerprint import fingerprint
from photocull.photo.previews import PreviewStore
from photocull.ui import thumbnails as thumbnails_module
from photocull.ui.thumbnails import Thumbnails, Wish, preview_loader
from tests.building import make_photo

BLANK = PhotoRow(0, Path("/a.jpg"), "f", "ok", None, 600, 400, 5.0, 5.0, 5.0, 5.0, (), None, None, None, None)


def row(number: int) -> PhotoRow:
    return replace(BLANK, id=number, path=Path(f"/{number}.jpg"), fingerprint=f"f{number}")


def picture(wish: Wish) -> QImage:
    made = QImage(wish.height * 3 // 2, wish.height, QImage.Format.Format_RGB32)
    made.fill(QColor("#345"))
    return made


Make = Callable[..., Thumbnails]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    made: list[Thumbnails] = []

    def build(load: Callable[[Wish], QImage] = picture, *, limit_bytes: int = 2**20, workers: int = 1) -> Thumbnails:
        made.append(Thumbnails(load, workers=workers, limit_bytes=limit_bytes))
        return made[-1]

    yield build
    for thumbnails in made:
        thumbnails.close()


def test_a_picture_is_none_until_it_is_read_and_then_at_hand(make: Make, qtbot: QtBot) -> None:
    thumbnails = make()
    with qtbot.waitSignal(thumbnails.ready) as told:
        assert thumbnails.pixmap(row(1), 120) is None
    assert told.args == [1]
    shown = thumbnails.pixmap(row(1), 120)
    assert shown is not None
    assert shown.height() >= 120


def test_what_was_asked_for_last_is_read_first(make: Make, qtbot: QtBot) -> None:
    gate, order = threading.Event(), []

    def load(wish: Wish) -> QImage:
        gate.wait(5)
        order.append(wish.photo_id)
        return picture(wish)

    thumbnails = make(load)
    thumbnails.pixmap(row(0), 100)
    qtbot.wait(30)
    for number in (1, 2, 3):
        thumbnails.pixmap(row(number), 100)
    gate.set()
    qtbot.waitUntil(lambda: len(order) == 4)
    assert order == [0, 3, 2, 1]


def test_wishes_for_photos_that_scrolled_away_are_dropped(make: Make, qtbot: QtBot) -> None:
    gate, order = threading.Event(), []

    def load(wish: Wish) -> QImage:
        gate.wait(5)
        order.append(wish.photo_id)
        return picture(wish)

    thumbnails = make(load)
    thumbnails.pixmap(row(0), 100)
    qtbot.wait(30)
    for number in range(1, 50):
        thumbnails.pixmap(row(number), 100)
    thumbnails.keep([48, 49])
    gate.set()
    qtbot.waitUntil(lambda: len(order) == 3)
    qtbot.wait(30)
    assert sorted(order) == [0, 48, 49]


def test_the_nearest_size_stands_in_while_the_right_one_is_read(make: Make, qtbot: QtBot) -> None:
    thumbnails = make()
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.pixmap(row(1), 100)
    small = thumbnails.pixmap(row(1), 400)
    assert small is not None
    assert small.height() < 400
    qtbot.waitUntil(lambda: (thumbnails.pixmap(row(1), 400) or small).height() >= 400)


def test_pictures_are_kept_within_the_bound(make: Make, qtbot: QtBot) -> None:
    thumbnails = make(limit_bytes=10 * 192 * 128 * 4)
    for number in range(40):
        with qtbot.waitSignal(thumbnails.ready):
            thumbnails.pixmap(row(number), 128)
    assert thumbnails.held_bytes <= 10 * 192 * 128 * 4
    assert thumbnails.pixmap(row(39), 128) is not None
    assert thumbnails.pixmap(row(0), 128) is None


def test_a_photo_that_cannot_be_read_has_a_reason_and_is_not_asked_again(make: Make, qtbot: QtBot) -> None:
    tries = []

    def load(wish: Wish) -> QImage:
        tries.append(wish.photo_id)
        raise UnreadablePhotoError("The file ends too early.")

    thumbnails = make(load)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.pixmap(row(7), 100)
    assert thumbnails.pixmap(row(7), 100) is None
    assert thumbnails.problem(row(7)) == "The file ends too early."
    assert tries == [7]


def test_a_photo_that_a_drive_kept_back_is_asked_for_again_after_a_while(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnails_module, "_AGAIN", 0.3)
    tries = []

    def load(wish: Wish) -> QImage:
        tries.append(wish.photo_id)
        if len(tries) == 1:
            raise UnreadablePhotoError("The drive did not answer.") from TimeoutError(110, "silent")
        return picture(wish)

    thumbnails = make(load)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.pixmap(row(7), 100)
    assert thumbnails.problem(row(7)) == "The drive did not answer."
    assert thumbnails.pixmap(row(7), 100) is None
    qtbot.waitUntil(lambda: thumbnails.pixmap(row(7), 100) is not None)
    assert (tries, thumbnails.problem(row(7))) == ([7, 7], None)


def test_a_photo_without_a_stored_preview_is_opened_once_and_stored(make: Make, qtbot: QtBot, tmp_path: Path) -> None:
    path = make_photo(tmp_path / "p.jpg", size=(600, 400))
    with PreviewStore(tmp_path / "previews.sqlite", limit_bytes=2**24) as previews:
        thumbnails = make(preview_loader(previews))
        photo = replace(row(3), path=path, fingerprint=fingerprint(path))
        with qtbot.waitSignal(thumbnails.ready):
            thumbnails.pixmap(photo, 150)
        shown = thumbnails.pixmap(photo, 150)
        assert shown is not None
        assert abs(shown.width() / shown.height() - 1.5) < 0.02
        assert previews.get(photo.fingerprint, 512) is not None
        thumbnails.close()


def test_the_picture_of_a_file_that_another_one_took_the_place_of_is_not_stored_as_that_of_the_old(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    path = make_photo(tmp_path / "p.jpg", size=(600, 400))
    known = replace(row(3), path=path, fingerprint=fingerprint(path))
    make_photo(path, size=(400, 600), seed=1)
    with PreviewStore(tmp_path / "previews.sqlite", limit_bytes=2**24) as previews:
        thumbnails = make(preview_loader(previews))
        with qtbot.waitSignal(thumbnails.ready):
            thumbnails.pixmap(known, 150)
        assert previews.get(known.fingerprint, 512) is None
        thumbnails.close()


def test_a_photo_that_is_not_judged_yet_shows_its_thumbnail_until_it_is(
    make: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "p.jpg"
    blue = Image.new("RGB", (600, 400), (0, 0, 200))
    path.write_bytes(listed(Image.new("RGB", (1200, 800), (200, 0, 0)), blue))
    with PreviewStore(tmp_path / "previews.sqlite", limit_bytes=2**24) as previews:
        thumbnails = make(preview_loader(previews))
        new = replace(row(3), path=path, status="new")
        with qtbot.waitSignal(thumbnails.ready):
            thumbnails.pixmap(new, 200)
        shown = thumbnails.pixmap(new, 200)
        assert shown is not None
        assert shown.toImage().pixelColor(9, 9).blue() > 150
        assert previews.get(new.fingerprint, 512) is None, "only what is judged is worth keeping"
        previews.put(new.fingerprint, load_preview(path, PREVIEW_SIDE))
        judged = replace(new, status="ok")
        with qtbot.waitSignal(thumbnails.ready):
            assert thumbnails.pixmap(judged, 200) is shown, "the thumbnail stays until the photo's own picture comes"
        own = thumbnails.pixmap(judged, 200)
        assert own is not None
        assert own.toImage().pixelColor(9, 9).red() > 150
        thumbnails.close()


def test_an_unreadable_photo_is_never_asked_for(make: Make, qtbot: QtBot) -> None:
    asked = []
    thumbnails = make(lambda wish: asked.append(wish.photo_id) or picture(wish))
    assert thumbnails.pixmap(replace(row(5), status="unreadable"), 100) is None
    qtbot.wait(50)
    assert asked == []


@pytest.mark.expects_log
def test_a_fault_while_reading_one_picture_does_not_end_the_others(make: Make, qtbot: QtBot) -> None:
    def load(wish: Wish) -> QImage:
        if wish.photo_id == 1:
            raise ValueError("nobody thought of this")
        return picture(wish)

    thumbnails = make(load)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.pixmap(row(1), 100)
    assert "log file" in (thumbnails.problem(row(1)) or "")
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.pixmap(row(2), 100)
    assert thumbnails.pixmap(row(2), 100) is not None
