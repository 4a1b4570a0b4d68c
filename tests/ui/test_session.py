"""Settings that change fast are kept as they were wished last."""

import time
from pathlib import Path

import pytest

from photocull.core.settings import Settings
from tests.ui.conftest import Studio


def test_the_settings_of_the_last_change_are_kept_however_long_an_earlier_one_takes(
    studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = studio.open(folder).session
    studio.scored()
    kept: list[str] = []

    def slow_at_first(settings: Settings) -> None:
        time.sleep(0.2 if not kept else 0)
        kept.append(settings.sort)

    monkeypatch.setattr(session, "_save", slow_at_first)
    for key in ("name", "taken", "colour"):
        session.keep(sort=key)
    studio.until(lambda: len(kept) == 3)
    assert kept[-1] == "colour"
