"""Due times: the acceptance scenarios to the minute, then the naive reference and what must always hold."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chatserver.process.severity import Severity
from chatserver.process.sla import (
    DEFAULT_POLICY,
    Budget,
    DueTimes,
    Pause,
    Policy,
    clock,
    due_times,
    is_breached,
    policy_from_json,
    policy_to_json,
    spent,
)
from chatserver.routing.hours import ALWAYS, CLOSED, Calendar, Interval, business_between
from tests.routing.minutes import MINUTE, calendars_and_starts, walk

HOUR = timedelta(hours=1)
ZERO = timedelta()
DESK = Calendar("America/Monterrey", ((Interval(time(8), time(19)),),) * 5 + (CLOSED,) * 2, "MX")

S1, S2, S3, S4 = Severity


def at(text: str) -> datetime:
    """A time in November 2026 in Monterrey, as in `13 18:40`."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZoneInfo("America/Monterrey"))


def due(severity: Severity, start: str, human: str | None = None, *pauses: Pause) -> DueTimes:
    return due_times(DEFAULT_POLICY, DESK, severity, at(start), at(human) if human else None, pauses)


@pytest.mark.parametrize(
    ("severity", "first_reply", "resolution"),
    [
        (S1, "17 08:10", "17 11:40"),
        (S2, "17 08:40", "17 15:40"),
        (S3, "17 09:40", "19 18:40"),
        (S4, "17 11:40", "23 18:40"),
    ],
)
def test_scenario_2_friday_evening(severity: Severity, first_reply: str, resolution: str) -> None:
    promised = due(severity, "13 18:40")
    assert (promised.first_reply, promised.resolution) == (at(first_reply), at(resolution))


def test_scenario_2_as_s2() -> None:
    promised = due(S2, "13 18:40", "17 08:25")
    assert not is_breached(promised.first_reply, at("17 08:25"))
    assert promised.update == at("17 12:25")
    assert spent(DESK, at("13 18:40"), at("17 14:50")) == 430 * MINUTE
    assert not is_breached(promised.resolution, at("17 14:50"))
    assert is_breached(promised.update, at("17 14:50"))
    told_between = due(S2, "13 18:40", "17 10:50")
    assert not is_breached(told_between.update, at("17 14:50"))


def test_scenario_3_outage() -> None:
    promised = due(S1, "11 09:00", "11 09:08")
    assert (promised.update, promised.resolution) == (at("11 10:08"), at("11 13:00"))
    after_progress = due(S1, "11 09:00", "11 10:00").update
    assert after_progress == at("11 11:00")
    assert not is_breached(after_progress, at("11 11:00"))
    assert is_breached(after_progress, at("11 11:00") + timedelta.resolution)
    assert due(S1, "11 09:00", "11 11:10").update == at("11 12:10")
    assert spent(DESK, at("11 09:00"), at("11 12:00")) == 180 * MINUTE
    assert not is_breached(promised.resolution, at("11 12:00"))


def test_scenario_4_third_level() -> None:
    start, question = "10 10:00", Pause(at("11 12:00"), at("13 09:30"))
    assert due(S3, start).resolution == at("13 10:00")
    assert business_between(DESK, at("11 12:00"), at("13 09:30")) == 1170 * MINUTE
    assert due(S3, start, "11 12:00", Pause(at("11 12:00"))).resolution is None
    assert due(S3, start, "11 12:00", Pause(at("11 12:00"))).update is None
    answered = due(S3, start, "11 12:00", question)
    assert answered.resolution == at("17 18:30")
    assert answered.update == at("17 09:30")  # eleven hours after the answer, not after the question
    assert spent(DESK, at(start), at("17 13:25"), [question]) == 1675 * MINUTE
    assert not is_breached(answered.resolution, at("17 13:25"))


@pytest.mark.parametrize(("joined", "first_reply"), [("13 18:52", "17 09:52"), ("13 18:58", "17 09:58")])
def test_scenario_6_closing_with_a_queue(joined: str, first_reply: str) -> None:
    assert due(S3, joined).first_reply == at(first_reply)


def test_without_any_human_message_the_update_counts_from_the_start() -> None:
    assert due(S1, "11 09:00").update == at("11 10:00")


def test_warnings_come_at_a_share_of_each_budget() -> None:
    warned = due_times(DEFAULT_POLICY, DESK, S1, at("11 09:00"), at("11 09:08"), percent=75)
    assert warned == DueTimes(first_reply=at("11 09:22") + MINUTE / 2, update=at("11 09:53"), resolution=at("11 12:00"))


def test_a_pause_after_the_due_time_pushes_nothing() -> None:
    assert due(S1, "11 09:00", None, Pause(at("11 13:30"), at("11 15:00"))).resolution == at("11 13:00")
    assert due(S1, "11 09:00", None, Pause(at("11 13:30"))).resolution == at("11 13:00")
    assert due(S1, "11 09:00", None, Pause(at("11 13:00"), at("11 15:00"))).resolution == at("11 13:00")
    pushed = due(S1, "11 09:00", None, Pause(at("11 12:30"), at("11 13:30")), Pause(at("11 13:45"), at("11 14:00")))
    assert pushed.resolution == at("11 14:15")


def test_a_reopened_ticket_goes_on_with_what_was_left() -> None:
    resolved_until_reopened = Pause(at("11 11:00"), at("12 09:00"))
    reopened = due(S1, "11 09:00", "11 11:00", resolved_until_reopened)
    assert reopened.resolution == at("12 11:00")
    assert reopened.update == at("12 10:00")


def test_a_pause_out_of_hours_costs_and_gives_nothing() -> None:
    night = Pause(at("11 19:00"), at("12 08:00"))
    assert due(S2, "11 11:00", None, night).resolution == at("11 19:00")
    assert due(S2, "11 11:30", None, night).resolution == at("12 08:30")


def test_overlapping_pauses_count_once_in_any_order() -> None:
    pauses = [Pause(at("11 11:00"), at("11 13:00")), Pause(at("11 10:00"), at("11 12:00"))]
    assert due(S1, "11 09:00", None, *pauses).resolution == at("11 16:00")
    assert spent(DESK, at("11 09:00"), at("11 14:00"), pauses) == 2 * HOUR


def test_a_severity_change_recomputes_and_keeps_the_pauses() -> None:
    pause = Pause(at("11 10:00"), at("11 11:00"))
    assert due(S3, "11 09:00", None, pause).resolution == at("17 10:00")
    assert due(S2, "11 09:00", None, pause).resolution == at("11 18:00")


def test_round_the_clock_counts_every_hour() -> None:
    policy = replace(DEFAULT_POLICY, round_the_clock=frozenset({S1}), on_call="guardia@example.com")
    promised = due_times(policy, DESK, S1, at("13 18:40"), None, [Pause(at("13 20:00"), at("13 21:00"))])
    assert promised.first_reply == at("13 19:10")
    assert promised.resolution == at("13 23:40")
    assert due_times(policy, DESK, S2, at("13 18:40")).first_reply == at("17 08:40")
    assert (clock(policy, DESK, S1), clock(policy, DESK, S2)) == (ALWAYS, DESK)


def test_what_is_not_due_is_not_breached() -> None:
    assert not is_breached(None, at("13 18:40"))


def test_a_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Pause(at("11 11:00"), at("11 10:59"))


def test_a_policy_survives_its_json() -> None:
    policy = replace(DEFAULT_POLICY, round_the_clock=frozenset({S2, S1}), on_call="guardia@example.com")
    shape = policy_to_json(policy)
    assert policy_from_json(shape) == policy
    assert shape["round_the_clock"] == ["S1", "S2"]
    assert policy_to_json(DEFAULT_POLICY)["budgets"] == {
        "S1": {"first_reply": 30, "update": 60, "resolution": 240},
        "S2": {"first_reply": 60, "update": 240, "resolution": 480},
        "S3": {"first_reply": 120, "update": 660, "resolution": 1980},
        "S4": {"first_reply": 240, "update": 1320, "resolution": 3300},
    }


FINE = policy_to_json(DEFAULT_POLICY)
BUDGETS = {"first_reply": 30, "update": 60, "resolution": 240}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"round_the_clock": ["S1"]}, "on-call address"),
        ({"round_the_clock": ["S5"]}, "round_the_clock.0"),
        ({"budgets": {}}, "missing: S1, S2, S3, S4"),
        ({"budgets": dict.fromkeys(("S1", "S2", "S4"), BUDGETS)}, "missing: S3"),
        ({"budgets": dict.fromkeys(Severity, BUDGETS | {"update": 0})}, "budgets.S1.update: A budget is"),
        ({"budgets": dict.fromkeys(Severity, BUDGETS | {"update": 1.5})}, "whole number of minutes"),
        ({"budgets": dict.fromkeys(Severity, BUDGETS | {"update": "60"})}, "whole number of minutes"),
        ({"budgets": dict.fromkeys(Severity, BUDGETS | {"update": True})}, "whole number of minutes"),
        ({"budgets": dict.fromkeys(Severity, BUDGETS | {"update": 10**400})}, "whole number of minutes"),
        ({"budgets": dict.fromkeys(Severity, BUDGETS | {"close": 1})}, "budgets.S1.close"),
        ({"sla": 1}, "sla: Unexpected"),
    ],
)
def test_a_wrong_policy_is_refused_in_words(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said.replace(".", r"\.")):
        policy_from_json({**FINE, **wrong})


def test_a_budget_is_positive() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Budget(ZERO, HOUR, HOUR)


minutes = st.integers(0, 5 * 1440)
pauses = st.lists(st.tuples(minutes, minutes).map(sorted), max_size=3)


def policy_of(resolution: int) -> Policy:
    return Policy(dict.fromkeys(Severity, Budget(MINUTE, MINUTE, resolution * MINUTE)))


@settings(deadline=None, max_examples=120)
@given(calendars_and_starts(), st.integers(1, 1200), pauses)
def test_a_resolution_agrees_with_the_reference(
    drawn: tuple[Calendar, datetime], budget: int, drawn_pauses: list[list[int]]
) -> None:
    calendar, start = drawn
    ledger = [Pause(start + begins * MINUTE, start + ends * MINUTE) for begins, ends in drawn_pauses]
    expected, used = None, 0
    for minute, is_open in walk(calendar, start, start + timedelta(days=5)):
        paused = any(each.end and each.start <= minute < each.end for each in ledger)
        used += is_open and not paused
        if expected is None and used == budget:
            expected = minute + MINUTE
    if expected is not None:
        assert due_times(policy_of(budget), calendar, S1, start, None, ledger).resolution == expected
    assert spent(calendar, start, start + timedelta(days=5), ledger) == used * MINUTE


@settings(deadline=None, max_examples=120)
@given(calendars_and_starts(), st.integers(1, 1200), pauses, minutes)
def test_due_and_spent_never_disagree(
    drawn: tuple[Calendar, datetime], budget: int, drawn_pauses: list[list[int]], later: int
) -> None:
    calendar, start = drawn
    ledger = [Pause(start + begins * MINUTE, start + ends * MINUTE) for begins, ends in drawn_pauses]
    resolution = due_times(policy_of(budget), calendar, S1, start, None, ledger).resolution
    assert resolution is not None
    assert spent(calendar, start, resolution, ledger) == budget * MINUTE
    now = start + later * MINUTE
    assume(now != resolution)
    used = spent(calendar, start, now, ledger)
    assert used >= budget * MINUTE if is_breached(resolution, now) else used <= budget * MINUTE
