"""Looking through photos, against the plain way in one run; what a machine decides is printed, ratios are asserted."""

import json
import sys
from pathlib import Path

import pytest

from photocull.cli.benchmark_browsing import browse, grid_gain
from photocull.models.store import scorer_fingerprint

LARGE = (6000, 4000)


@pytest.mark.slow
@pytest.mark.parametrize(("inside", "least"), [(True, 20.0), (False, 3.0)])
def test_grid_pictures_of_large_jpegs_come_many_times_faster_than_the_plain_way(
    inside: bool, least: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faster = grid_gain(tmp_path / "large", LARGE, inside=inside)
    with capsys.disabled():
        told = "with" if inside else "without"
        sys.stdout.write(
            f"\ngrid picture of a 24-megapixel JPEG {told} a thumbnail inside: {faster:.1f} times faster\n"
        )
    assert faster > least


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_two_thousand_photos_are_browsed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = browse(tmp_path / "home", 2000, LARGE, "builtin-1", scorer_fingerprint("builtin-1"))
    with capsys.disabled():
        sys.stdout.write("\n" + json.dumps(figures, indent=1) + "\n")
    assert figures["photos"] == 2000
    assert figures["browsed_mb"] < 700
