"""The side bar: folders, decisions, themes, colours, faults, with counts that stay in place."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu
from pytestqt.qtbot import QtBot

from photocull.catalog.records import Facets, Filter
from photocull.core.vocabulary import THEMES
from photocull.ui.facet_row import FacetRow
from photocull.ui.sidebar import Sidebar
from tests.ui.staging import staged

FACETS = Facets(
    total=2418,
    shown=2418,
    judged=2400,
    problems=3,
    themes={"bird": 214, "sunset": 96, "sea": 88, "people": 71, "water": 52, "snow": 12},
    schemes={"orange_blue": 131, "green": 97},
    harmonies={"achromatic": 61, "complementary": 131},
    ratings={0: 2113, 3: 200, 5: 105},
    picks={"pick": 42, "reject": 118, "none": 2258},
    labels={"red": 12, "none": 2406},
    flags={"blurred": 7},
    folders={},
)
ICELAND, WEDDING = Path("/photos/Iceland 2026-06"), Path("/photos/Wedding June")


@pytest.fixture
def sidebar(qtbot: QtBot, tmp_path: Path) -> Sidebar:
    with staged(tmp_path) as stage:
        made = Sidebar(stage.bridge)
        qtbot.addWidget(made)
        made.resize(232, 900)
        made.set_folders([ICELAND, WEDDING], {ICELAND: 2418, WEDDING: 1204})
        made.set_facets(FACETS)
        made.set_filter(Filter())
        made.show()
        yield made


def row(sidebar: Sidebar, word: str) -> FacetRow:
    return next(r for r in sidebar.findChildren(FacetRow) if r.text() == word)


def words(sidebar: Sidebar) -> list[str]:
    QApplication.processEvents()
    rows = [r for r in sidebar.findChildren(FacetRow) if r.isVisible()]
    return [r.text() for r in sorted(rows, key=lambda r: r.mapTo(sidebar, QPoint()).y())]


def heard(signal: object) -> list[object]:
    values: list[object] = []
    connect: Callable[..., object] = signal.connect  # type: ignore[attr-defined]  # a Qt signal
    connect(values.append)
    return values


def test_it_shows_what_there_is_and_leaves_out_what_there_is_not(sidebar: Sidebar) -> None:
    assert words(sidebar) == [
        "All folders", "Iceland 2026-06", "Wedding June",
        "Picks", "Rejects", "Undecided", "Rated", "Problems",
        "bird", "sunset", "sea", "people", "water",
        "orange and blue", "green",
        "achromatic", "complementary",
        "blurred",
    ]  # fmt: skip
    assert row(sidebar, "Rated").accessibleName() == "Rated, 305 photos"


def test_a_click_filters_a_second_takes_it_back_and_one_with_control_adds(sidebar: Sidebar) -> None:
    filters = heard(sidebar.filterChanged)
    row(sidebar, "bird").click()
    assert filters[-1] == Filter(themes=frozenset({"bird"}))
    sidebar.set_filter(Filter(themes=frozenset({"bird"})))
    assert "filtered" in row(sidebar, "bird").accessibleName()
    at = row(sidebar, "sea").rect().center()
    QTest.mouseClick(row(sidebar, "sea"), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, at)
    assert filters[-1] == Filter(themes=frozenset({"bird", "sea"}))
    row(sidebar, "bird").click()
    assert filters[-1] == Filter()


def test_groups_add_up(sidebar: Sidebar) -> None:
    filters = heard(sidebar.filterChanged)
    sidebar.set_filter(Filter(themes=frozenset({"bird"})))
    row(sidebar, "orange and blue").click()
    assert filters == [Filter(themes=frozenset({"bird"}), schemes=frozenset({"orange_blue"}))]


def test_folders_are_chosen_and_let_go(sidebar: Sidebar) -> None:
    chosen = heard(sidebar.folderChosen)
    row(sidebar, "Iceland 2026-06").click()
    sidebar.set_filter(Filter(folders=frozenset({ICELAND})))
    assert row(sidebar, "Iceland 2026-06").on
    assert not row(sidebar, "All folders").on
    row(sidebar, "Iceland 2026-06").click()
    row(sidebar, "All folders").click()
    assert chosen == [ICELAND, None, None]
    sidebar.set_filter(Filter(folders=frozenset({ICELAND, WEDDING})))
    assert row(sidebar, "All folders").on
    assert not row(sidebar, "Iceland 2026-06").on


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)")
def test_a_folder_is_added_and_removed(sidebar: Sidebar, qtbot: QtBot) -> None:
    removed = heard(sidebar.removeFolderRequested)
    with qtbot.waitSignal(sidebar.addFolderRequested):
        next(b for b in sidebar.findChildren(QAbstractButton) if "Add a folder" in b.toolTip()).click()
    row(sidebar, "Wedding June").customContextMenuRequested.emit(QPoint(5, 5))
    menu = sidebar.findChild(QMenu)
    menu.actions()[0].trigger()
    menu.close()
    assert removed == [WEDDING]


def test_folders_of_one_name_are_told_apart_by_their_parents(sidebar: Sidebar) -> None:
    sidebar.set_folders([Path("/a/raw"), Path("/b/raw"), Path("/c/web")], {})
    assert words(sidebar)[:4] == ["All folders", "a/raw", "b/raw", "web"]


def test_stars_filter_from_so_many_up(sidebar: Sidebar) -> None:
    filters = heard(sidebar.filterChanged)
    row(sidebar, "Rated").click()
    stars = row(sidebar, "Rated").findChildren(object)
    mini = next(w for w in stars if type(w).__name__ == "Stars")
    QTest.mouseClick(mini, Qt.MouseButton.LeftButton, pos=QPoint(round(mini.width() * 0.7), 10))
    assert [f.min_rating for f in filters] == [1, 4]
    sidebar.set_filter(Filter(min_rating=4))
    QTest.mouseClick(mini, Qt.MouseButton.LeftButton, pos=QPoint(round(mini.width() * 0.7), 10))
    assert filters[-1] == Filter()


def test_labels_and_problems_filter_too(sidebar: Sidebar, qtbot: QtBot) -> None:
    filters = heard(sidebar.filterChanged)
    dot = next(b for b in sidebar.findChildren(QAbstractButton) if b.accessibleName() == "red label")
    assert dot.toolTip() == "Red label, 12 photos"
    dot.click()
    row(sidebar, "Problems").click()
    assert filters == [Filter(labels=frozenset({"red"})), Filter(problems_only=True)]
    with qtbot.waitSignal(sidebar.problemsRequested):
        next(b for b in sidebar.findChildren(QAbstractButton) if "list of problems" in b.toolTip()).click()


def test_all_themes_unfold_and_fold_again(sidebar: Sidebar) -> None:
    more = next(b for b in sidebar.findChildren(QAbstractButton) if b.text() == "all 47…")
    more.click()
    assert sum(r.isVisible() for r in sidebar.findChildren(FacetRow)) >= len(THEMES)
    more.click()
    assert "snow" not in words(sidebar)


def test_counts_change_in_place_while_somebody_points_at_them(
    sidebar: Sidebar, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = sidebar._groups["themes"]
    monkeypatch.setattr(group, "underMouse", lambda: True)
    before = words(sidebar)
    sidebar.set_facets(replace(FACETS, themes={"snow": 500, "bird": 2, "sea": 400}))
    assert words(sidebar) == before
    assert row(sidebar, "sea").count == 400
    assert row(sidebar, "sunset").count == 0
    monkeypatch.setattr(group, "underMouse", lambda: False)
    sidebar.set_facets(replace(FACETS, themes={"snow": 500, "bird": 2, "sea": 400}))
    assert words(sidebar)[8:11] == ["snow", "sea", "bird"]


def test_what_is_filtered_by_stays_in_sight_even_without_photos(sidebar: Sidebar) -> None:
    sidebar.set_filter(Filter(themes=frozenset({"moon"}), flags=frozenset({"noisy"})))
    assert {"moon", "noisy"} <= set(words(sidebar))


def test_the_keyboard_reaches_and_chooses(sidebar: Sidebar) -> None:
    filters = heard(sidebar.filterChanged)
    bird = row(sidebar, "bird")
    bird.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(bird, Qt.Key.Key_Return)
    QTest.keyClick(bird, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert filters == [Filter(themes=frozenset({"bird"}))] * 2
    assert all(b.focusPolicy() & Qt.FocusPolicy.TabFocus for b in sidebar.findChildren(QAbstractButton))


def test_a_click_leaves_the_keys_with_the_photos(sidebar: Sidebar) -> None:
    QTest.mouseClick(row(sidebar, "bird"), Qt.MouseButton.LeftButton)
    assert not row(sidebar, "bird").hasFocus()
