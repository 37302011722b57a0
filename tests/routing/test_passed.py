"""A decision is kept as a person can read it: how many were passed over why, and who came nearest."""

from chatserver.routing.passed import sum_up
from chatserver.routing.policy import Passed
from chatserver.types import AgentId


def passed(id: int, code: str) -> Passed:
    return Passed(AgentId(id), f"routing.passed.{code}")


def test_all_are_counted_and_those_named_who_dropped_out_last() -> None:
    everybody = [passed(1, "off_shift"), passed(2, "full"), passed(3, "busier"), passed(4, "full"), passed(5, "team")]
    over = sum_up(everybody, limit=3)
    assert over.counts == {
        "routing.passed.off_shift": 1,
        "routing.passed.team": 1,
        "routing.passed.full": 2,
        "routing.passed.busier": 1,
    }
    assert over.nearest == (passed(3, "busier"), passed(2, "full"), passed(4, "full"))


def test_nobody_passed_over_is_nobody_named() -> None:
    assert (dict(sum_up([]).counts), sum_up([]).nearest) == ({}, ())
