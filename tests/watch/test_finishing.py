"""Folders that are finished: rated and told once each, also where photos are known, moved or marked by others."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from photocull.core.errors import SidecarError
from photocull.core.types import Decision
from photocull.core.work import CancelToken
from photocull.picks.policy import Policy, Rule
from photocull.sidecar.updating import update
from photocull.watch.autorating import AutoRating
from tests.building import make_folder, make_photo
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
