"""What is installed: ranges, locks that satisfy them with hashes, nothing missing, and licences that allow it."""

import re
import tomllib
from importlib import metadata
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.gates.written import ROOT

LOCKS = ("run", "test", "torch")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
WANTED = {
    "run": PROJECT["dependencies"],
    "torch": [*EXTRAS["torch"], *EXTRAS["train"]],
    "test": [*PROJECT["dependencies"], *EXTRAS["test"], *EXTRAS["train"], *EXTRAS["torch"]],
}


def entries(lock: str) -> list[tuple[Requirement, int]]:
    """Each pinned requirement of a lock and how many hashes it has."""
    text = (ROOT / "packaging" / "locks" / f"{lock}.txt").read_text("utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    found = []
    for block in blocks:
        pinned, *hashes = re.split(r"\s*\\\n\s*", block.strip())
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", h) for h in hashes), block
        found.append((Requirement(pinned), len(hashes)))
    return found


def here(lock: str) -> dict[str, str]:
    """Name and version of what a lock installs on this machine."""
    active = [r for r, _ in entries(lock) if r.marker is None or r.marker.evaluate()]
    return {canonicalize_name(r.name): str(r.specifier).removeprefix("==") for r in active}


@pytest.mark.parametrize("text", WANTED["test"])
def test_a_dependency_has_a_lower_and_an_upper_bound(text: str) -> None:
    operators = {s.operator for s in Requirement(text).specifier}
    assert operators - {"!="} == {">=", "<"}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_of_a_lock_is_one_version_with_hashes(lock: str) -> None:
    for requirement, hashes in entries(lock):
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), requirement
        assert hashes >= 1, requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_satisfies_the_project_file(lock: str) -> None:
    pinned = [(canonicalize_name(r.name), str(r.specifier).removeprefix("==")) for r, _ in entries(lock)]
    for wanted in map(Requirement, WANTED[lock]):
        versions = [version for name, version in pinned if name == canonicalize_name(wanted.name)]
        assert versions, wanted
        assert all(wanted.specifier.contains(version) for version in versions), (wanted, versions)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_all_that_its_packages_need(lock: str) -> None:
    """pip installs locks without looking for dependencies, so they must be complete."""
    locked = here(lock)
    if lock == "torch":
        locked |= here("run")
    missing = set()
    for name in locked:
        for needed in map(Requirement, metadata.distribution(name).requires or ()):
            if (needed.marker is None or _applies(needed.marker)) and canonicalize_name(needed.name) not in locked:
                missing.add(f"{name} needs {needed.name}")
    assert not missing


def _applies(marker: Marker) -> bool:
    return marker.evaluate({"extra": ""})


@pytest.mark.parametrize("part", ["run", "torch"])
def test_the_lock_of_tests_holds_the_others(part: str) -> None:
    whole = {(canonicalize_name(r.name), str(r.specifier)) for r, _ in entries("test")}
    assert {(canonicalize_name(r.name), str(r.specifier)) for r, _ in entries(part)} <= whole


def test_torch_is_no_part_of_a_first_start() -> None:
    names = {canonicalize_name(r.name) for r, _ in entries("run")}
    assert not {n for n in names if n.startswith(("torch", "nvidia", "triton"))}


@pytest.mark.parametrize("name", sorted(here("run")))
def test_a_package_of_the_program_has_no_licence_that_forbids_ours(name: str) -> None:
    licence = _licence(metadata.metadata(name))
    assert licence, "no licence is named"
    strong = re.search(r"(?<![A-Za-z])A?GPL", licence)
    assert not strong or "LGPL" in licence, licence


def _licence(facts: Any) -> str:
    classifiers = [c for c in facts.get_all("Classifier") or () if c.startswith("License")]
    named = [facts.get("License-Expression"), (facts.get("License") or "").splitlines()[:1], *classifiers]
    return " ".join(str(part) for part in named if part)


def test_our_own_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert PROJECT["license"] == "Apache-2.0"
