"""Settings survive the way to the file and back, whatever lies there, and never half."""

import os
import sys
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.core import settings
from photocull.core.errors import PhotocullError, UsageError
from photocull.core.settings import Settings, folders, load, resources, save

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.builds(
    Settings,
    model=TEXT,
    device=TEXT,
    jobs=st.integers(0, 2**31),
    auto_advance=st.booleans(),
    folders=st.lists(TEXT, max_size=4).map(tuple),
)


@given(VALUES)
def test_settings_read_back_as_they_were_saved(tmp_path_factory: pytest.TempPathFactory, values: Settings) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    save(values, path)
    assert load(path) == values


def test_every_setting_is_in_the_file(tmp_path: Path) -> None:
    save(Settings(), tmp_path / "new" / "settings.toml")
    table = tomllib.loads((tmp_path / "new" / "settings.toml").read_text("utf-8"))
    assert set(table) == {f.name for f in fields(Settings)}


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load(tmp_path / "settings.toml") == Settings()


def test_a_setting_of_another_version_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('model = "mine"\nhovercraft = "eels"\n', "utf-8")
    assert load(path) == replace(Settings(), model="mine")


def test_a_renamed_setting_keeps_its_meaning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings._RENAMED, "workers", "jobs")
    path = tmp_path / "settings.toml"
    path.write_text("workers = 3\n", "utf-8")
    assert load(path).jobs == 3


@pytest.mark.parametrize(
    "text",
    ["jobs = 'four'", "jobs = 2.5", "jobs = true", "auto_advance = 1", "model = 7", "folders = 'one'", "folders = [1]"],
)
def test_a_value_of_the_wrong_kind_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=f"'{text.partition(' ')[0]}' has a value of the wrong kind") as caught:
        load(path)
    assert caught.value.path == path


@pytest.mark.parametrize("content", [b"jobs = ", b"[[[", b"\xff\xfe\x00", b'model = "\xe9"'])
def test_a_file_that_is_not_toml_is_named_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"cannot be read.*Correct or delete this file"):
        load(path)


def test_a_crash_while_saving_leaves_the_old_file_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.toml"
    save(replace(Settings(), model="old"), path)

    def crash(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(OSError, match="No space"):
        save(replace(Settings(), model="new"), path)
    assert load(path).model == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["settings.toml"]


def test_photocull_home_moves_all_state(tmp_path: Path) -> None:
    found = folders({"PHOTOCULL_HOME": str(tmp_path)})
    places = (found.catalog, found.previews, found.settings, found.log)
    assert all(place.is_relative_to(tmp_path) for place in places)
    assert len(set(places)) == 4


def test_photocull_home_may_begin_with_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("USERPROFILE" if os.name == "nt" else "HOME", str(tmp_path))
    assert folders({"PHOTOCULL_HOME": "~/portable"}).data.is_relative_to(tmp_path / "portable")


@pytest.mark.parametrize("environment", [{}, {"PHOTOCULL_HOME": ""}])
def test_without_photocull_home_the_platform_s_folders_are_used(environment: dict[str, str]) -> None:
    found = folders(environment)
    assert all("photocull" in str(path) for path in (found.config, found.data, found.cache, found.log))


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")
def test_linux_folders_follow_the_freedesktop_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert folders({}).catalog == tmp_path / "photocull" / "catalog.sqlite"


def test_the_tests_own_home_is_used(home: Path) -> None:
    assert folders().catalog.is_relative_to(home)


def test_resources_lie_beside_the_package_in_a_checkout() -> None:
    assert (resources() / "keymaps" / "lightroom.toml").is_file()


def test_missing_resources_are_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "__file__", str(tmp_path / "photocull" / "core" / "settings.py"))
    with pytest.raises(PhotocullError, match="Install Photocull again"):
        resources()
