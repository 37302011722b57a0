"""The ledger against the naive reference, minute by minute, through any order of what can happen to a ticket."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chatserver.process.clocks import Clock, Clocks, Promises, alarms, judge, start_clocks, turn_clocks
from chatserver.process.severity import Severity
from chatserver.process.sla import Budget, Policy
from chatserver.process.ticket_names import Effect
from chatserver.routing.hours import Calendar
from tests.process.naive import MINUTE, Naive
from tests.routing.minutes import calendars_and_starts, walk

LONGEST = timedelta(days=5)
STEPS = 8
STEP = 240

minutes = st.integers(1, 300).map(lambda number: number * MINUTE)
budgets = st.builds(Budget, minutes, minutes, minutes)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    around = draw(st.sampled_from([frozenset[Severity](), frozenset({Severity.S1}), frozenset(Severity)]))
    return Policy({severity: draw(budgets) for severity in Severity}, around, "guardia@example.com")


SAID, PAUSE, RESUME, REOPEN, STOP, RECOMPUTE = (
    Effect.SAID,
    Effect.PAUSE,
    Effect.RESUME,
    Effect.REOPEN,
    Effect.STOP,
    Effect.RECOMPUTE,
)

steps = st.tuples(st.integers(0, STEP), st.integers(0, 3), st.sampled_from(Severity))


def possible(clocks: Clocks) -> list[set[Effect]]:
    """The effects that moves have, of a ticket that stands as it does."""
    if clocks.resolved_at:
        return [{REOPEN}, {REOPEN, SAID}]
    if clocks.paused:
        return [{RESUME}, {RECOMPUTE, SAID}, {STOP}, set()]
    return [{SAID}, {SAID, PAUSE}, {SAID, STOP}, {RECOMPUTE, SAID}]


@settings(max_examples=150)
@given(calendars_and_starts(), policies(), st.sampled_from(Severity), st.lists(steps, max_size=STEPS))
def test_the_ledger_agrees_with_the_reference(
    drawn: tuple[Calendar, datetime], policy: Policy, severity: Severity, drawn_steps: list[tuple[int, int, Severity]]
) -> None:
    calendar, start = drawn
    promises = Promises(policy, calendar)
    clocks = start_clocks(promises, severity, start)
    naive = Naive(policy, start, [is_open for _, is_open in walk(calendar, start, start + LONGEST)], severity)
    agree(clocks, naive)
    for wait, choice, new in drawn_steps:
        naive.pass_time(wait)
        now = start + naive.now * MINUTE
        agree(judge(clocks, now), naive)
        options = possible(clocks)
        effects = options[choice % len(options)]
        changed = new if RECOMPUTE in effects else None
        before = clocks
        clocks = turn_clocks(clocks, effects, now, promises, changed)
        naive.turn(effects, changed)
        agree(clocks, naive)
        well_formed(before, clocks, promises)


def agree(clocks: Clocks, naive: Naive) -> None:
    """The same due times, as far ahead as the reference can see, and the same breaches."""
    due = {Clock.UPDATE: clocks.update_due, Clock.RESOLUTION: clocks.resolution_due}
    if not naive.replied:
        due[Clock.FIRST_REPLY] = clocks.first_reply_due
    for clock in naive.running():
        seen, promised = naive.due(clock), due[Clock(clock)]
        if seen is not None or promised is None or promised <= naive.start + LONGEST:
            assert promised == (None if seen is None else naive.start + seen * MINUTE), clock
    late = {(breach.clock.value, (breach.due - naive.start) // MINUTE) for breach in clocks.breaches}
    assert late == naive.late


def well_formed(before: Clocks, clocks: Clocks, promises: Promises) -> None:
    assert before.breaches <= clocks.breaches
    assert [pause for pause in clocks.pauses[:-1] if pause.end is None] == []
    ends = [pause.end for pause in clocks.pauses if pause.end]
    starts = [pause.start for pause in clocks.pauses]
    assert starts == sorted(starts)
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert not (clocks.paused and clocks.stopped)
    assert all(alarm.at <= alarm.due for alarm in alarms(clocks, promises))
