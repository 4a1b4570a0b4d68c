"""The command `watch`: what it says, how it ends, and that one is enough."""

import os
import signal
import socket
import sys
import threading
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.catalog.query import photo_ids
from photocull.catalog.records import Filter, Sort
from photocull.core.settings import folders
from photocull.core.types import Decision
from tests.building import make_folder, make_photo
from tests.journeys.program import photocull, score
from tests.journeys.watching import FAST, watching

SMALL = (96, 64)
HANG_UP = getattr(signal, "SIGHUP", 0)
posix = pytest.mark.skipif(os.name == "nt", reason="signals of Unix")


def test_once_scores_what_is_there_logs_it_and_is_done(tmp_path: Path) -> None:
    make_folder(tmp_path / "in", 3, size=SMALL)
    done = photocull("watch", "--once", *FAST, "--write-xmp", tmp_path / "in")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "3 photos there, 3 to score." in done.stderr
    assert "3 sidecars written." in done.stderr
    log = (folders().log / "watch.log").read_text("utf-8").splitlines()
    assert [line.split(" ", 2)[2] for line in log] == [line.split(" ", 2)[2] for line in done.stderr.splitlines()]
    again = photocull("watch", "--once", *FAST, "--log", tmp_path / "own.log", tmp_path / "in")
    assert again.returncode == 0
    assert "3 photos there." in (tmp_path / "own.log").read_text("utf-8")


POLICY = """
title = "The better half"

[shoot]
fewest = 2

[[give]]
stars = 4
best_percent = 50
"""


def test_auto_rate_gives_stars_with_their_reasons_and_a_dry_run_only_shows_them(tmp_path: Path) -> None:
    make_folder(tmp_path / "in", 4, size=SMALL)
    (tmp_path / "half.toml").write_text(POLICY)
    rating = ("--once", *FAST, "--auto-rate", "--policy", tmp_path / "half.toml", tmp_path / "in")
    dry = photocull("watch", "--dry-run", "--write-xmp", *rating)
    assert dry.returncode == 0, dry.stderr
    assert dry.stdout.splitlines()[-1] == "2 marks on 2 photos would change: 4 stars 2."
    assert {record["rating"] for record in score(tmp_path / "in", *FAST)} == {None}
    assert not list((tmp_path / "in").glob("*.xmp"))
    done = photocull("watch", "--write-xmp", *rating)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.count(" → ☆☆☆☆, among the best 50 % of 4 photos in this shoot.") == 2
    stars = {Path(record["path"]): record for record in score(tmp_path / "in", *FAST)}
    rated = [path for path, record in stars.items() if record["rating"] == 4]
    assert [stars[path]["rated_by"] for path in rated] == ["photocull", "photocull"]
    assert all('xmp:Rating="4"' in path.with_name(f"{path.name}.xmp").read_text("utf-8") for path in rated)


@pytest.mark.slow
def test_a_photo_that_arrives_is_rated_and_a_mark_of_the_photographer_stays(tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "in", 4, size=SMALL)
    (tmp_path / "half.toml").write_text(POLICY.replace("50", "100"))
    score(tmp_path / "in", *FAST)
    with open_catalog(folders().catalog) as catalog:
        first = photo_ids(catalog, Filter(paths=frozenset({paths[0]})), Sort("name"), "")
        catalog.writer.decide([Decision(first[0], "rating", 1)], initiator="test").result()
    with watching(*FAST, "--auto-rate", "--policy", tmp_path / "half.toml", tmp_path / "in") as watch:
        watch.says("→ ☆☆☆☆")
        make_photo(tmp_path / "in" / "new.jpg", size=SMALL, seed=9)
        watch.says("new.jpg: – → ☆☆☆☆")
        assert watch.end() == 0
    records = {Path(record["path"]).name: record for record in score(tmp_path / "in", *FAST)}
    assert (records[paths[0].name]["rating"], records[paths[0].name]["rated_by"]) == (1, "photographer")
    assert {records[name]["rating"] for name in records if name != paths[0].name} == {4}


@pytest.mark.parametrize(
    "options", [["--policy", "strict"], ["--dry-run"], ["--once", "--dry-run"], ["--auto-rate", "--dry-run"]]
)
def test_options_that_say_nothing_together_are_refused_in_one_line(tmp_path: Path, options: list[str]) -> None:
    done = photocull("watch", *options, *FAST, tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr


@pytest.mark.slow
def test_once_ends_with_1_where_a_photo_cannot_be_read_and_names_it_each_time(tmp_path: Path) -> None:
    make_folder(tmp_path / "in", 1, size=SMALL)
    (tmp_path / "in" / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    for _ in range(2):
        done = photocull("watch", "--once", *FAST, tmp_path / "in")
        assert done.returncode == 1
        assert done.stderr.count("broken.jpg") == 1


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--once"]], ids=["watch", "once"])
def test_what_is_no_folder_is_said_in_one_line(tmp_path: Path, options: list[str]) -> None:
    file = make_photo(tmp_path / "a.jpg", size=SMALL)
    for path in (file, tmp_path / "nowhere"):
        done = photocull("watch", *options, *FAST, path)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr


@pytest.mark.slow
def test_once_ends_with_1_where_a_folder_is_away_with_2_where_all_are_and_an_empty_one_is_no_fault(
    tmp_path: Path,
) -> None:
    drive, inbox = tmp_path / "drive", tmp_path / "inbox"
    make_folder(drive, 1, size=SMALL)
    (photo,) = make_folder(inbox, 1, size=SMALL, seed=5)
    assert photocull("watch", "--once", *FAST, drive, inbox).returncode == 0
    photo.unlink()  # as whoever empties an inbox
    drive.rename(tmp_path / "unplugged")
    both = photocull("watch", "--once", *FAST, drive, inbox)
    assert (both.returncode, both.stderr.count(f"{drive}: It is not there")) == (1, 1), both.stderr
    assert f"{inbox}: 0 photos there." in both.stderr
    alone = photocull("watch", "--once", *FAST, drive)
    assert (alone.returncode, alone.stderr.count("There is nothing to look at.")) == (2, 1), alone.stderr
    assert photocull("watch", "--once", *FAST, inbox).returncode == 0


@pytest.mark.slow
@posix
def test_once_that_is_ended_before_it_is_done_says_so_by_its_exit_code(tmp_path: Path) -> None:
    make_folder(tmp_path / "in", 1, size=SMALL)
    with (tmp_path / "in" / "copying.jpg").open("wb") as file, watching("--once", *FAST, tmp_path / "in") as watch:
        still = threading.Event()

        def copy() -> None:
            while not still.wait(0.2):
                file.write(b"more")
                file.flush()

        copying = threading.Thread(target=copy)
        copying.start()
        try:
            watch.says("IMG_0001.jpg: scored")
            assert watch.end() == 130
        finally:
            still.set()
            copying.join()


@pytest.mark.slow
@posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130), (HANG_UP, 0)])
def test_it_is_ended_within_a_photo_and_what_was_scored_is_kept(tmp_path: Path, number: int, code: int) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("whoever runs the tests lets this signal be ignored, and so it is (nohup)")
    make_folder(tmp_path / "in", 80, size=SMALL)
    with watching(*FAST, tmp_path / "in") as watch:
        watch.says("80 to score")
        watch.says("48 wait")  # in the midst of the work
        assert watch.end(number) == code
    assert "Traceback" not in watch.text
    assert "what was scored is kept" in watch.text
    with open_catalog(folders().catalog) as catalog:
        kept = catalog.info().judged
        assert catalog.check() == ()
    assert kept >= 32
    records = score(tmp_path / "in", *FAST)
    assert len(records) == 80


@pytest.mark.slow
@posix
def test_it_goes_on_while_it_is_idle_and_ends_at_once(tmp_path: Path) -> None:
    make_folder(tmp_path / "in", 1, size=SMALL)
    with watching(*FAST, tmp_path / "in") as watch:
        watch.says("scored")
        make_photo(tmp_path / "in" / "new.jpg", size=SMALL, seed=9)
        watch.says("new.jpg: scored")
        assert watch.end() == 0


@pytest.mark.slow
def test_a_second_watch_of_the_folder_says_so_and_ends_while_score_works_beside_it(tmp_path: Path) -> None:
    make_folder(tmp_path / "in", 2, size=SMALL)
    with watching(*FAST, tmp_path / "in") as watch:
        watch.says("2 photos there")
        second = photocull("watch", *FAST, tmp_path / "in")
        assert second.returncode == 2
        assert second.stderr.splitlines() == [
            f"{tmp_path / 'in'}: Another watch looks at this folder already. One is enough; end it first to begin anew."
        ]
        other = photocull("watch", "--once", *FAST, "--catalog", tmp_path / "other.sqlite", tmp_path / "in")
        assert other.returncode == 0
        assert len(score(tmp_path / "in", *FAST)) == 2
        watch.kill()
    assert photocull("watch", "--once", *FAST, tmp_path / "in").returncode == 0, "a kill leaves no lock behind"


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="systemd")
def test_it_tells_systemd_that_it_is_ready_lives_and_ends(tmp_path: Path) -> None:
    make_folder(tmp_path / "in", 1, size=SMALL)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(60)
        with watching(*FAST, tmp_path / "in", NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="1000000") as watch:
            heard = [listener.recv(200).decode() for _ in range(6)]
            assert "READY=1" in heard
            assert "WATCHDOG=1" in heard
            assert any(word.startswith("STATUS=") for word in heard)
            assert watch.end() == 0
        listener.settimeout(1)
        while heard[-1] != "STOPPING=1":
            heard.append(listener.recv(200).decode())


@pytest.mark.slow
def test_a_folder_whose_photos_are_known_may_be_away_at_the_start(tmp_path: Path) -> None:
    make_folder(tmp_path / "in", 2, size=SMALL)
    assert photocull("watch", "--once", *FAST, tmp_path / "in").returncode == 0
    (tmp_path / "in").rename(tmp_path / "unplugged")
    with watching(*FAST, tmp_path / "in") as watch:
        (tmp_path / "unplugged").rename(tmp_path / "in")
        watch.says("2 photos there.")
        if os.name != "nt":
            assert watch.end() == 0
