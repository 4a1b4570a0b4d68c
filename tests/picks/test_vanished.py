"""A photo that vanished after the plan was made: it alone stays behind."""

from pathlib import Path

from photocull.picks.export_journal import begin
from photocull.picks.plan import check_room
from tests.picks.shoot import content, make_shoot, plan, run


def test_a_photo_that_vanished_since_it_was_planned_weighs_nothing_and_stays_alone_behind(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 2)
    planned = plan(photos, tmp_path / "out", "move")
    gone = planned.families[0]
    gone.photo.unlink()
    check_room(planned)
    problems = run(begin(planned, tmp_path / "journals")).problems
    assert [problem.path for problem in problems] == [gone.photo]
    assert {item.target.name for item in planned.families[1].items if item.target} <= set(content(tmp_path / "out"))
