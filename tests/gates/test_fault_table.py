"""The table of faults names tests that exist and runs that they make; its counts are the tests' own."""

import ast
from collections import Counter

import pytest

from tests.faults import table
from tests.gates.written import ROOT

FAULTS = table.faults()
COUNTS = ("KILLS", "SERVER_KILLS", "OF_A_WATCH", "OF_THE_WHOLE_PROGRAM", "EXPORTS", "ELSEWHERE", "IN_A_LARGE_FILE")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.test.rpartition("::")[2])
def test_each_row_has_its_test(fault: table.Fault) -> None:
    file, _, name = fault.test.partition("::")
    module = ast.parse((ROOT / file).read_text("utf-8"))
    assert name in {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
    assert fault.part in table.PARTS
    assert fault.times > 0


def test_each_test_has_one_row_but_for_what_is_done_in_two_ways() -> None:
    twice = {test for test, count in Counter(fault.test for fault in FAULTS).items() if count > 1}
    assert twice == {
        "tests/faults/test_kills.py::test_an_export_ends_as_if_it_was_never_killed",
        "tests/catalog/test_faults.py::test_what_was_confirmed_survives_many_kills",
    }


@pytest.mark.parametrize("name", COUNTS)
def test_each_count_is_used_by_the_test_of_its_row(name: str) -> None:
    count = getattr(table, name)
    files = {fault.test.partition("::")[0] for fault in FAULTS if fault.times in (count, 2 * count) and count > 2}
    users = {file for file in files if name in (ROOT / file).read_text("utf-8")}
    assert users
