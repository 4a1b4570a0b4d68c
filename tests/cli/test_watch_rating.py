"""What a watch says of its rating, and what a dry run shows in the end."""

from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.cli.watch_rating import WatchRating
from photocull.core.work import CancelToken
from photocull.picks.policy import Policy, Rule
from photocull.watch.autorating import AutoRating
from tests.catalog.building import MODEL
from tests.watch.test_autorating import shot


def test_a_dry_run_that_comes_to_a_folder_twice_shows_what_it_wished_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    best = Policy("best", "x", fewest=1, rules=(Rule(5, best_percent=10),))
    with open_catalog(tmp_path / "catalog.sqlite") as catalog:
        rating = WatchRating(AutoRating(catalog, MODEL, best), best, lambda _line: None, dry_run=True)
        first = shot(catalog, "/a", [4.0, 5.0])
        rating.rate(first, CancelToken())
        better = shot(catalog, "/a", [9.0], first=2)
        rating.rate((*first, *better), CancelToken())
        rating.rate(shot(catalog, "/b", [3.0]), CancelToken())
        rating.show()
    shown = capsys.readouterr().out
    assert "2 marks on 2 photos would change" in shown
    assert "IMG_001" not in shown
