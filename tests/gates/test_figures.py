"""Figures in the README are those that were measured: each stands in the model card, to the same digits."""

import json
import re

from tests.gates.written import ROOT

FIGURE = re.compile(r"^\| (\w+) \| (\d+) .*\| (0\.\d{3}) \((0\.\d{3}) to (0\.\d{3})\) \|$", re.MULTILINE)


def test_the_agreement_in_the_readme_is_the_cards() -> None:
    card = json.loads((ROOT / "resources" / "models" / "builtin-1.json").read_text("utf-8"))
    measured = {
        (r["score"], str(r["photos"]), f"{r['value']:.3f}", f"{r['low']:.3f}", f"{r['high']:.3f}")
        for r in card["results"]
        if r["low"] is not None
    }
    told = FIGURE.findall((ROOT / "README.md").read_text("utf-8"))
    assert len(told) == 3
    assert set(told) <= measured
