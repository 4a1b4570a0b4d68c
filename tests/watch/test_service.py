"""The watch as a whole: once and for ever, rating and telling, a catalogue that refuses, chores, locks, supervisors."""

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.core.errors import CatalogDamagedError, CatalogError, ModelError, OutputError, SidecarError, UsageError
from photocull.core.types import Decision, DecodedPhoto
from photocull.core.work import CancelToken
from photocull.picks.policy import Policy, Rule
from photocull.sidecar.updating import update
from photocull.watch.autorating import AutoRating
from photocull.watch.chores import Chore, Chores
from photocull.watch.lock import alone
from photocull.watch.patience import Patience
from photocull.watch.supervisor import Supervisor
from tests.building import make_folder, make_photo
from tests.conftest import ROOT
from tests.pixel_scorer import PixelScorer
from tests.sidecar.packets import packet
from tests.watch.conftest import QUICK, Watch


class ByNumber:
    """Gives every photo of a folder as many stars as the folder has photos, at most 5."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.asked: list[tuple[int, ...]] = []

    def rate(self, ids: Sequence[int], token: CancelToken) -> object:
        self.asked.append(tuple(ids))
        stars = min(5, len(ids))
        decisions = [Decision(i, "rating", stars, "policy") for i in ids]
        return self._watch.catalog.writer.decide(decisions, initiator="policy").result()


class Counted:
    """A rater that counts how often it is asked."""

    def __init__(self, rating: AutoRating) -> None:
        self._rating = rating
        self.times = 0

    def rate(self, ids: Sequence[int], token: CancelToken) -> object:
        self.times += 1
        return self._rating.rate(ids, token)


def test_once_settles_what_is_there_and_returns(watch: Watch, inbox: Path) -> None:
    make_folder(inbox, 3)
    (inbox / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    watching = watch.once(inbox)
    assert len(watch.scored()) == 3
    assert [path.name for path in watching.faults] == ["broken.jpg"]
    assert [p.name for p in watch.once(inbox).faults] == ["broken.jpg"], "known from the catalogue the next time"
    assert watch.seen.total() == 3


def test_once_waits_for_a_file_that_is_still_being_copied(watch: Watch, inbox: Path) -> None:
    whole = make_photo(inbox.parent / "whole.jpg", size=(900, 700), seed=2).read_bytes()
    make_photo(inbox / "a.jpg", seed=1)

    def copy() -> None:
        with (inbox / "slow.jpg").open("wb") as file:
            for start in range(0, len(whole), len(whole) // 10):
                file.write(whole[start : start + len(whole) // 10])
                file.flush()
                time.sleep(0.15)

    copying = threading.Thread(target=copy)
    copying.start()
    while not (inbox / "slow.jpg").exists():
        time.sleep(0.005)
    watching = watch.once(inbox)
    copying.join()
    assert watch.scored() == {"a.jpg", "slow.jpg"}
    assert not watching.faults
    assert watch.rows()["slow.jpg"].width == 900
    assert watch.seen["slow.jpg"] == 1


def test_once_of_an_empty_folder_is_done_at_once(watch: Watch, inbox: Path) -> None:
    assert not watch.once(inbox).faults


def test_folders_are_rated_when_all_of_them_is_scored_and_sidecars_say_it(watch: Watch, inbox: Path) -> None:
    make_folder(inbox / "a", 3)
    make_folder(inbox / "b", 2, seed=30)
    rater = ByNumber(watch)
    watch.begin(inbox, rater=rater, write_xmp=True)
    watch.until(lambda: len(list(inbox.rglob("*.xmp"))) == 5)
    assert sorted(len(ids) for ids in rater.asked) == [2, 3], "each folder once, whole"
    make_photo(inbox / "b" / "new.jpg", seed=60)
    watch.until(lambda: sum("xmp:Rating" in p.read_text() and ">3<" in p.read_text().replace('="3"', ">3<")
                            for p in (inbox / "b").glob("*.xmp")) == 3)  # fmt: skip
    assert {row.rating for row in watch.rows(inbox / "b").values()} == {3}
    watch.quiet()
    assert len(rater.asked) == 3


@pytest.mark.parametrize("write_xmp", [False, True])
def test_photos_whose_content_is_known_are_rated_where_they_arrive(
    watch: Watch, inbox: Path, tmp_path: Path, write_xmp: bool
) -> None:
    make_folder(tmp_path / "card", 3)
    watch.once(tmp_path / "card")
    rater = ByNumber(watch)
    watch.begin(inbox, rater=rater, write_xmp=write_xmp)
    shutil.copytree(tmp_path / "card", inbox, dirs_exist_ok=True)
    watch.until(lambda: [row.rating for row in watch.rows(inbox).values()] == [3, 3, 3])
    watch.quiet()
    (tmp_path / "card").rename(inbox / "moved")
    watch.until(lambda: [row.rating for row in watch.rows(inbox / "moved").values()] == [3, 3, 3])
    assert watch.seen.total() == 3


def test_a_folder_that_is_renamed_between_score_and_rating_is_rated_under_its_new_name(
    watch: Watch, inbox: Path
) -> None:
    make_folder(inbox / "one", 3)
    watch.once(inbox)
    watching = watch.make(inbox, rater=ByNumber(watch))
    watching._fresh.clear()  # the look of the start would finish all folders by itself
    watching._drives.look(CancelToken())
    for row in watch.rows().values():
        watching._backlog.untold(row.id, row.path.parent)
    (inbox / "one").rename(inbox / "two")
    watching._settling.folder(inbox / "two")
    while not (watching._settling.empty and watching._backlog.empty):
        watching._work(CancelToken())
    assert {row.rating for row in watch.rows(inbox / "two").values()} == {3}


def test_a_reject_that_comes_in_a_sidecar_after_the_photo_withdraws_the_policys_stars(
    watch: Watch, inbox: Path
) -> None:
    make_folder(inbox, 3)
    policy = Policy("all", "x", fewest=1, rules=(Rule(5, best_percent=100),))
    rater = Counted(AutoRating(watch.catalog, watch.scorer.fingerprint, policy))
    watch.begin(inbox, rater=rater, write_xmp=True)
    watch.until(lambda: len(list(inbox.glob("*.xmp"))) == 3)
    watch.quiet()
    assert (rater.times, {row.rating for row in watch.rows().values()}) == (1, {5}), "our own sidecars are no news"
    (inbox / "IMG_0002.jpg.xmp").write_bytes(packet('xmpDM:pick="-1"'))
    watch.until(lambda: watch.rows()["IMG_0002.jpg"].rating is None)
    watch.quiet()
    assert [row.rating for row in watch.rows().values()] == [5, None, 5]
    assert watch.rows()["IMG_0002.jpg"].pick == "reject"
    assert rater.times == 2


def test_a_folder_with_a_broken_photo_is_rated_once_however_often_it_is_looked_at(watch: Watch, inbox: Path) -> None:
    make_folder(inbox, 2)
    (inbox / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    policy = Policy("all", "x", fewest=1, rules=(Rule(5, best_percent=100),))
    rater = Counted(AutoRating(watch.catalog, watch.scorer.fingerprint, policy))
    watch.begin(inbox, rater=rater, write_xmp=True)
    watch.until(lambda: len(list(inbox.glob("*.xmp"))) == 2)
    watch.quiet()
    times = rater.times
    for _ in range(3):
        assert watch.watching is not None
        watch.watching._settling.folder(inbox)
        watch.quiet()
    assert rater.times == times


def test_a_sidecar_that_could_not_be_written_is_tried_again_at_the_next_look_at_everything(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_folder(inbox, 2)
    watch.once(inbox, write_xmp=True)
    for sidecar in inbox.glob("*.xmp"):
        sidecar.write_bytes(packet())  # there, so that it is not missed; what it is to say it does not say
    left = ["IMG_0002.jpg.xmp"] * 3

    def refuse(path: Path, *given: object) -> bool:
        if path.name in left:
            left.remove(path.name)
            raise SidecarError("It changed while it was to be written.", path=path)
        return update(path, *given)  # type: ignore[arg-type]

    monkeypatch.setattr("photocull.pipeline.telling.update", refuse)
    watch.begin(inbox, write_xmp=True, beats=replace(QUICK, whole=0.5))
    watch.until(lambda: all(b"photocull:" in sidecar.read_bytes() for sidecar in inbox.glob("*.xmp")))
    watch.quiet()
    assert not left
    assert sum("It changed while" in line for line in watch.lines) == 1


def test_once_keeps_no_fault_of_a_sidecar_that_was_written_later(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_folder(inbox, 2)
    left = ["IMG_0001.jpg.xmp"] * 1

    def refuse(path: Path, *given: object) -> bool:
        if path.name in left:
            left.remove(path.name)
            watching._backlog.whole([inbox])  # as when something of the folder comes while it is dealt with
            raise SidecarError("It changed while it was to be written.", path=path)
        return update(path, *given)  # type: ignore[arg-type]

    monkeypatch.setattr("photocull.pipeline.telling.update", refuse)
    watching = watch.make(inbox, write_xmp=True)
    watching.once(CancelToken())
    assert (left, watching.faults) == ([], {})
    assert len(list(inbox.glob("*.xmp"))) == 2


def test_what_a_killed_watch_did_not_rate_or_tell_is_caught_up_with(watch: Watch, inbox: Path) -> None:
    make_folder(inbox, 3)
    watch.once(inbox)
    assert not list(inbox.glob("*.xmp"))
    watch.once(inbox, rater=ByNumber(watch), write_xmp=True)
    assert len(list(inbox.glob("*.xmp"))) == 3
    assert {row.rating for row in watch.rows().values()} == {3}
    assert watch.seen.total() == 3


@pytest.mark.parametrize("failures", [1, 3])
def test_a_catalogue_that_refuses_for_a_while_is_waited_over(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    left = [failures]
    store = watch.catalog.writer.store

    def refuse(*given: object, **more: object) -> object:
        if left[0]:
            left[0] -= 1
            raise CatalogError("The disk is full.")
        return store(*given, **more)  # type: ignore[arg-type]

    make_folder(inbox, 3)
    monkeypatch.setattr(watch.catalog.writer, "store", refuse)
    watch.begin(inbox)
    watch.until(lambda: len(watch.scored()) == 3)
    assert sum("The disk is full." in line for line in watch.lines) == 1


def test_once_gives_up_where_the_catalogue_refuses_for_ever(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_more: object) -> object:
        raise CatalogError("The disk is full.")

    make_folder(inbox, 1)
    monkeypatch.setattr(watch.catalog.writer, "register", refuse)
    monkeypatch.setattr("photocull.watch.patience.TRIES", 2)
    with pytest.raises(CatalogError):
        watch.once(inbox)


def test_a_watch_never_gives_up_on_a_catalogue_that_refuses(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [12]
    register = watch.catalog.writer.register

    def refuse(*given: object, **more: object) -> object:
        if left[0]:
            left[0] -= 1
            raise CatalogError("The disk is full.")
        return register(*given, **more)  # type: ignore[arg-type]

    make_folder(inbox, 2)
    monkeypatch.setattr(watch.catalog.writer, "register", refuse)
    monkeypatch.setattr("photocull.watch.patience.TRIES", 2)
    watch.begin(inbox, beats=replace(QUICK, refused=0.02))
    watch.until(lambda: len(watch.scored()) == 2)
    assert left == [0]
    assert sum("The disk is full." in line for line in watch.lines) == 1


def test_a_damaged_catalogue_ends_the_watch_at_once(watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_more: object) -> object:
        raise CatalogDamagedError("The catalogue is damaged.")

    make_folder(inbox, 1)
    monkeypatch.setattr(watch.catalog.writer, "register", refuse)
    with pytest.raises(CatalogDamagedError):
        watch.make(inbox).watch(CancelToken())


def test_refusals_that_go_on_are_told_once_an_hour_and_waited_over_for_longer() -> None:
    now, said = [0.0], list[str]()
    patience = Patience(said.append, 10.0, clock=lambda: now[0])
    pauses = []
    while now[0] < 4 * 3600:
        pauses.append(patience.after(CatalogError("The disk is full.")))
        now[0] += pauses[-1]
    assert (set(pauses[:20]), set(pauses[25:])) == ({10.0}, {60.0})
    assert sorted(pauses) == pauses
    assert len(said) == 4
    now[0] += 1000
    assert patience.after(CatalogError("The disk is full.")) == 10.0
    assert len(said) == 5


def test_a_model_that_fails_ends_the_watch(watch: Watch, inbox: Path) -> None:
    def fail(_batch: list[DecodedPhoto]) -> None:
        raise ModelError("The network fails.")

    make_folder(inbox, 1)
    watch.scorer = PixelScorer(before=fail)
    with pytest.raises(ModelError):
        watch.once(inbox)


def test_a_window_beside_the_watch_writes_and_both_go_on(watch: Watch, inbox: Path, tmp_path: Path) -> None:
    make_folder(inbox, 4)
    watch.begin(inbox)
    with open_catalog(tmp_path / "state" / "catalog.sqlite") as window:
        watch.until(lambda: len(watch.scored()) == 4)
        window.writer.decide([Decision(watch.rows()["IMG_0001.jpg"].id, "rating", 5)], initiator="window").result()
        make_photo(inbox / "new.jpg", seed=70)
        watch.until(lambda: "new.jpg" in watch.scored())
    assert watch.rows()["IMG_0001.jpg"].rating == 5


def test_two_watches_of_one_folder_exclude_each_other_and_others_do_not(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    (tmp_path / "link").symlink_to(one)
    with alone(tmp_path / "locks", "a.sqlite", [one]):
        for again in (one, tmp_path / "link"):
            with (
                pytest.raises(UsageError, match="Another watch"),
                alone(tmp_path / "locks", "a.sqlite", [other, again]),
            ):
                pass
        with alone(tmp_path / "locks", "a.sqlite", [other]), alone(tmp_path / "locks", "b.sqlite", [one]):
            pass
    with alone(tmp_path / "locks", "a.sqlite", [one, other]):
        pass
    assert not list((tmp_path / "locks").iterdir())


def test_two_watches_of_folders_inside_each_other_exclude_each_other_too(tmp_path: Path) -> None:
    locks, outer = tmp_path / "locks", tmp_path / "outer"
    inner, beside = outer / "a" / "inner", tmp_path / "outer 2"
    inner.mkdir(parents=True)
    (tmp_path / "link").symlink_to(inner)
    for first, second, words in (
        (outer, inner, "above"),
        (outer, tmp_path / "link", "above"),
        (inner, outer, "in this"),
    ):
        with alone(locks, "a.sqlite", [first]):
            with pytest.raises(UsageError, match=words), alone(locks, "a.sqlite", [beside, second]):
                pass
            with alone(locks, "a.sqlite", [beside]), alone(locks, "b.sqlite", [second]):
                pass
    with alone(locks, "a.sqlite", [outer, tmp_path / "link"]):
        pass
    assert not list(locks.iterdir())


def test_a_watch_that_was_killed_keeps_no_folder_above_or_below(tmp_path: Path) -> None:
    locks, outer = tmp_path / "locks", tmp_path / "outer"
    code = (
        "import sys, time; from pathlib import Path; from photocull.watch.lock import alone\n"
        "with alone(Path(sys.argv[1]), 'a.sqlite', [Path(sys.argv[2])]): print('held', flush=True); time.sleep(100)"
    )
    with subprocess.Popen([sys.executable, "-c", code, locks, outer], stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(UsageError, match="above"), alone(locks, "a.sqlite", [outer / "inner"]):
            pass
        other.kill()
    with alone(locks, "a.sqlite", [outer / "inner"]):
        assert len(list(locks.glob("*.folder"))) == 1


def test_chores_are_done_at_the_start_and_again_beside_the_work() -> None:
    now, done, said = [0.0], threading.Semaphore(0), list[str]()
    chores = Chores(
        [
            Chore("backup", 10.0, lambda _token: done.release()),
            Chore("sweep", 1e9, lambda _token: "swept"),
        ],
        said.append,
        clock=lambda: now[0],
    )
    for moment in (0.0, 5.0, 10.0, 20.0):
        now[0] = moment
        chores.tick()
        chores._thread.join()  # type: ignore[union-attr]
    assert [done.acquire(blocking=False) for _ in range(4)] == [True, True, True, False]
    assert said == ["swept"]
    chores.close()


@pytest.mark.expects_log
def test_a_chore_that_fails_costs_a_line_and_no_other_chore() -> None:
    def full(_token: CancelToken) -> None:
        raise OutputError("The disk is full.")

    def wrong(_token: CancelToken) -> None:
        raise ValueError("oh")

    said: list[str] = []
    chores = Chores(
        [Chore("backup", 9.0, full), Chore("odd", 9.0, wrong), Chore("c", 9.0, lambda _t: "c")], said.append
    )
    chores.tick()
    chores.close()
    assert said == ["backup: The disk is full.", "odd: ValueError: oh", "c"]


def test_the_watch_does_its_chores(watch: Watch, inbox: Path) -> None:
    watch.begin(inbox, chores=[Chore("c", 1e9, lambda _token: "a chore was done")])
    watch.until(lambda: "a chore was done" in watch.lines)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="systemd")
def test_a_supervisor_is_told_and_its_absence_is_no_fault(tmp_path: Path) -> None:
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(address))
        listener.settimeout(10)
        supervisor = Supervisor({"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "60000000"})
        supervisor.ready()
        supervisor.alive()
        supervisor.alive()  # not oftener than every half of what is asked
        supervisor.status("12 photos")
        supervisor.stopping()
        heard = [listener.recv(100).decode() for _ in range(4)]
    assert heard == ["READY=1", "WATCHDOG=1", "STATUS=12 photos", "STOPPING=1"]
    Supervisor({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).ready()
    Supervisor({}).ready()
