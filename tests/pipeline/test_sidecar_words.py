"""A photographer's word is never written over: any order of decisions, policies, other programs, runs and writing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photocull.catalog.query import standings
from photocull.sidecar.names import RATING
from tests.pipeline.conftest import Rig
from tests.pipeline.sidecar_desk import Desk

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("photographer", "policy", "outside", "look", "tell")),
        st.sampled_from((0, 1, 2, 3, 4, 5)),
    ),
    max_size=9,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_a_photographer_s_mark_is_never_written_over(
    tmp_path_factory: pytest.TempPathFactory, rig: Rig, steps: list[tuple[str, int]]
) -> None:
    """Whatever happens in whatever order: what stands is a photographer's last word, or a difference is shown."""
    desk = Desk(rig, tmp_path_factory.mktemp("photos"))
    desk.look()
    words: list[int] = []
    outside: int | None = None  # what another program wrote since we looked
    seen: int | None = None  # what lay there when we looked: who writes that again says nothing new
    for kind, stars in (*steps, ("look", 0)):
        if kind in ("look", "tell") and outside is not None:
            words += [outside] if outside != seen and (outside or words) else []
            outside = None
        match kind:
            case "photographer" | "policy":
                desk.decide("rating", stars, kind)
                words += [stars] if kind == "photographer" else []
            case "outside":
                desk.outside(f'xmp:Rating="{stars}"')
                outside = stars
            case "look":
                desk.look()
            case "tell":
                desk.tell()
        if kind in ("look", "tell") and desk.sidecar.exists():
            seen = int(desk.text(RATING) or 0)
    rating, by = desk.marks[0] or 0, desk.marks[3]
    if words:
        assert by != "photocull" or rating == 0
        assert rating in words or rating == 0, "nobody but a photographer chose this"
        if not standings(rig.catalog, [desk.id])[desk.id].disputes and 0 not in words:
            assert rating == words[-1] or words[-1] in words[:-1], "the last word stands"
    rig.catalog.writer.forget(desk.photo.parent).result()
