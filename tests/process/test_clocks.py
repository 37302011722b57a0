"""A ticket's ledger: the acceptance scenarios played move by move to the minute, verdicts and warnings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from chatserver.errors import Refused
from chatserver.process.clocks import (
    Alarm,
    Breach,
    Clock,
    Clocks,
    Promises,
    Standing,
    Told,
    alarms,
    judge,
    standing,
    start_clocks,
    turn_clocks,
)
from chatserver.process.severity import Severity
from chatserver.process.sla import DEFAULT_POLICY, Pause, spent
from chatserver.process.ticket import decide_move
from chatserver.process.ticket_facts import CLIENT, THE_SYSTEM, MoveRequest, Party, Person, TicketFacts
from chatserver.process.ticket_names import CancelCause, Effect, Move
from chatserver.types import TicketState as State
from tests.process.cast import ANA, DAN, DESK, DEV, FULL, OLGA, at, ticket

MINUTE = timedelta(minutes=1)
INSTANT = timedelta.resolution
PROMISES = Promises(DEFAULT_POLICY, DESK)
S1, S2, S3, S4 = Severity
FIRST_REPLY, UPDATE, RESOLUTION = Clock


@dataclass
class Played:
    """A ticket that is moved as the scenarios tell it."""

    facts: TicketFacts
    clocks: Clocks

    def move(self, when: str, move: Move, by: Party, **form: object) -> None:
        made = decide_move(self.facts, MoveRequest(move, by, at(when), replace(FULL, **form)))  # type: ignore[arg-type]
        severity = made.after.severity
        self.facts = made.after
        self.clocks = turn_clocks(self.clocks, made.effects, at(when), PROMISES, severity)

    def says(self, when: str) -> None:
        """Somebody tells the client how it goes."""
        self.clocks = turn_clocks(self.clocks, {Effect.SAID}, at(when), PROMISES)

    @property
    def used(self) -> timedelta:
        assert self.clocks.resolved_at
        return spent(DESK, self.clocks.sla_start, self.clocks.resolved_at, self.clocks.pauses)

    @property
    def verdicts(self) -> list[Standing]:
        return [standing(self.clocks, clock) for clock in Clock]

    @property
    def late(self) -> Mapping[Clock, int]:
        found = [breach.clock for breach in self.clocks.breaches]
        return {clock: found.count(clock) for clock in Clock if clock in found}


def mail(when: str) -> Played:
    """Row 1: by mail."""
    facts = decide_move(ticket(None), MoveRequest(Move.OPEN, THE_SYSTEM, at(when), FULL)).after
    return Played(facts, start_clocks(PROMISES, S3, at(when)))


def chat(start: str, reply: str, escalated: str, move: Move, severity: Severity) -> Played:
    """Row 1b: from a chat."""
    form = replace(FULL, severity=severity)
    made = decide_move(ticket(None), MoveRequest(move, ANA, at(escalated), form))
    began = start_clocks(PROMISES, severity, at(start), at(reply), at(reply))
    return Played(made.after, turn_clocks(began, made.effects, at(escalated), PROMISES, severity))


@pytest.mark.parametrize("told_between", [False, True])
def test_scenario_2_friday_evening(told_between: bool) -> None:
    played = mail("13 18:40")
    played.move("17 08:25", Move.TAKE, ANA, severity=S2)
    assert (played.clocks.first_reply_due, played.clocks.resolution_due) == (at("17 08:40"), at("17 15:40"))
    assert played.clocks.update_due == at("17 12:25")
    played.move("17 10:50" if told_between else "17 08:25", Move.PASS_TO_L2, ANA)
    played.move("17 11:00", Move.SIZE, OLGA)
    played.move("17 14:50", Move.SOLVE, OLGA)
    assert played.used == 430 * MINUTE
    assert played.late == ({} if told_between else {UPDATE: 1})
    assert played.verdicts == [Standing.MET, Standing.MET if told_between else Standing.BREACHED, Standing.MET]


def test_scenario_3_outage() -> None:
    played = chat("11 09:00", "11 09:01", "11 09:08", Move.OPEN_FOR_L1, S1)
    assert (played.clocks.update_due, played.clocks.resolution_due) == (at("11 10:08"), at("11 13:00"))
    played.says("11 10:00")
    assert played.clocks.update_due == at("11 11:00")
    assert judge(played.clocks, at("11 11:00")) == played.clocks
    noticed = judge(played.clocks, at("11 11:00") + INSTANT)
    assert noticed.breaches == {Breach(UPDATE, at("11 11:00"))}
    alerted = [alarm.at for alarm in alarms(played.clocks, PROMISES) if Told.SUPERVISOR in alarm.told]
    assert alerted == [at("11 11:00"), at("11 13:00")]
    played.clocks = noticed
    played.says("11 11:10")
    assert played.clocks.update_due == at("11 12:10")
    played.move("11 12:00", Move.SOLVE, ANA)
    assert played.used == 180 * MINUTE
    assert played.late == {UPDATE: 1}  # the timer noticed it and so did the message: it is one
    assert played.verdicts == [Standing.MET, Standing.BREACHED, Standing.MET]


def test_scenario_4_third_level() -> None:
    played = chat("10 10:00", "10 10:00", "10 10:40", Move.OPEN_FOR_L2, S3)
    assert played.clocks.resolution_due == at("13 10:00")
    played.move("10 11:00", Move.SIZE, OLGA)
    played.move("10 16:00", Move.PASS_TO_L3, OLGA)
    played.move("10 16:30", Move.START_L3, DAN, owner=Person(DEV, 3))
    played.move("11 12:00", Move.ASK_CLIENT, DAN)
    assert {played.clocks.update_due, played.clocks.resolution_due} == {None}
    assert standing(played.clocks, RESOLUTION) is Standing.PAUSED
    played.move("13 09:30", Move.CLIENT_ANSWERED, CLIENT)
    assert (played.clocks.update_due, played.clocks.resolution_due) == (at("17 09:30"), at("17 18:30"))
    played.move("13 17:00", Move.SUBMIT, DAN)
    played.move("17 09:00", Move.VALIDATE, OLGA)
    with pytest.raises(Refused):
        played.move("17 13:10", Move.RELEASE, DAN)
    played.move("17 13:10", Move.RELEASE, OLGA, released_at=at("17 13:10"))
    played.move("17 13:25", Move.CONFIRM, ANA)
    assert played.used == 1675 * MINUTE
    assert (played.late, played.verdicts) == ({}, [Standing.MET] * 3)
    played.move("24 13:25", Move.CLOSE, THE_SYSTEM)
    assert played.facts.state is State.CLOSED


def test_scenario_5_client_silent() -> None:
    played = chat("13 09:00", "13 09:00", "13 09:30", Move.OPEN_FOR_L1, S3)
    played.move("13 10:00", Move.ASK_CLIENT, ANA)
    played.move("17 10:00", Move.REMIND, THE_SYSTEM)
    played.move("18 10:00", Move.REMIND, THE_SYSTEM)
    played.move("19 10:00", Move.RESOLVE_UNANSWERED, THE_SYSTEM)
    assert played.used == 60 * MINUTE
    assert (played.clocks.pauses, played.late) == ((Pause(at("13 10:00"), at("19 10:00")),), {})
    played.move("20 09:00", Move.REOPEN, CLIENT)
    assert played.clocks.pauses == (Pause(at("13 10:00"), at("19 10:00")), Pause(at("19 10:00"), at("20 09:00")))
    assert played.clocks.resolution_due == at("24 19:00")  # 32 of 33 hours were left
    assert played.clocks.update_due == at("23 09:00")


def test_a_provisional_promise_that_was_broken_stays_broken() -> None:
    played = mail("10 10:00")
    played.move("10 12:30", Move.TAKE, ANA, severity=S4)
    assert played.clocks.first_reply_due == at("10 14:00")
    assert played.late == {FIRST_REPLY: 1}


def test_a_first_reply_is_judged_by_the_severity_it_brings() -> None:
    played = mail("10 10:00")
    played.move("10 11:30", Move.TAKE, ANA, severity=S2)
    assert played.clocks.breaches == {Breach(FIRST_REPLY, at("10 11:00"))}
    played.move("10 11:40", Move.SET_SEVERITY, ANA, severity=S1)
    assert played.clocks.first_reply_due == at("10 11:00")  # given: no later severity touches it
    assert played.late == {FIRST_REPLY: 1}


def test_a_late_first_reply_in_the_chat_is_late() -> None:
    assert chat("10 10:00", "10 10:31", "10 10:40", Move.OPEN_FOR_L1, S1).late == {FIRST_REPLY: 1}
    assert chat("10 10:00", "10 10:30", "10 10:40", Move.OPEN_FOR_L1, S1).late == {}


def test_a_new_severity_breaks_no_update_that_was_never_promised() -> None:
    played = chat("10 08:00", "10 08:00", "10 08:10", Move.OPEN_FOR_L1, S4)
    played.move("10 11:00", Move.SET_SEVERITY, ANA, severity=S1)
    assert (played.late, played.clocks.update_due) == ({}, at("10 12:00"))
    played.move("10 11:30", Move.SET_SEVERITY, ANA, severity=S2)
    assert (played.clocks.resolution_due, played.clocks.update_due) == (at("10 16:00"), at("10 15:30"))


def test_a_severity_whose_resolution_is_over_already_is_a_breach_at_once() -> None:
    played = chat("10 08:00", "10 08:00", "10 08:10", Move.OPEN_FOR_L1, S3)
    played.move("10 13:00", Move.SET_SEVERITY, ANA, severity=S1)
    assert played.clocks.breaches == {Breach(RESOLUTION, at("10 12:00"))}


def test_breached_stays_breached_through_reopening_and_severity() -> None:
    played = chat("10 08:00", "10 08:00", "10 08:00", Move.OPEN_FOR_L1, S1)
    played.move("10 12:00", Move.SOLVE, ANA)
    assert RESOLUTION not in played.late  # at its due time to the minute
    played.move("11 08:00", Move.REOPEN, CLIENT)
    assert played.clocks.resolution_due == at("10 12:00")  # nothing was left
    assert played.late[RESOLUTION] == 1
    played.move("11 08:10", Move.SET_SEVERITY, ANA, severity=S4)
    played.move("11 09:00", Move.SOLVE, ANA)
    assert standing(played.clocks, RESOLUTION) is Standing.BREACHED


def test_a_cancelled_ticket_has_no_verdict_but_what_was_broken() -> None:
    spam = mail("10 10:00")
    spam.move("10 10:30", Move.CANCEL, ANA, cause=CancelCause.SPAM)
    assert spam.verdicts == [Standing.DROPPED] * 3
    withdrawn = mail("10 10:00")
    withdrawn.move("10 12:30", Move.CANCEL, ANA, cause=CancelCause.WITHDRAWN)
    assert withdrawn.verdicts == [Standing.BREACHED, Standing.DROPPED, Standing.DROPPED]
    assert alarms(withdrawn.clocks, PROMISES) == ()


def test_waiting_stops_update_and_resolution_but_not_the_first_reply() -> None:
    silent = turn_clocks(start_clocks(PROMISES, S3, at("10 10:00")), {Effect.PAUSE}, at("10 10:30"), PROMISES)
    assert [standing(silent, clock) for clock in Clock] == [Standing.RUNNING, Standing.PAUSED, Standing.PAUSED]
    assert [alarm.at for alarm in alarms(silent, PROMISES)] == [at("10 11:30"), at("10 12:00")]


def test_warnings_at_three_quarters_and_at_the_whole() -> None:
    owner, supervisor = frozenset({Told.OWNER, Told.LEVEL_1}), frozenset({Told.SUPERVISOR})
    assert alarms(start_clocks(PROMISES, S2, at("10 10:00")), PROMISES) == (
        Alarm(FIRST_REPLY, 75, at("10 10:45"), at("10 11:00"), owner),
        Alarm(FIRST_REPLY, 100, at("10 11:00"), at("10 11:00"), supervisor),
        Alarm(UPDATE, 75, at("10 13:00"), at("10 14:00"), owner),
        Alarm(UPDATE, 100, at("10 14:00"), at("10 14:00"), supervisor),
        Alarm(RESOLUTION, 75, at("10 16:00"), at("10 18:00"), owner),
        Alarm(RESOLUTION, 100, at("10 18:00"), at("10 18:00"), supervisor),
    )


def test_round_the_clock_goes_on_at_night() -> None:
    policy = replace(DEFAULT_POLICY, round_the_clock=frozenset({S1}), on_call="guardia@example.com")
    promises = Promises(policy, DESK)
    night = start_clocks(promises, S1, at("13 18:40"))
    assert (night.first_reply_due, night.resolution_due) == (at("13 19:10"), at("13 22:40"))
    calmed = turn_clocks(night, {Effect.RECOMPUTE, Effect.SAID}, at("13 19:00"), promises, S2)
    assert calmed.resolution_due == at("17 15:40")


def test_a_budget_used_up_at_closing_is_due_at_closing() -> None:
    clocks = start_clocks(PROMISES, S2, at("10 18:00"))
    assert clocks.first_reply_due == at("10 19:00")
    closing, opening = at("10 19:00"), at("11 08:00")
    assert judge(clocks, closing).breaches == frozenset()
    assert judge(clocks, opening).breaches == {Breach(FIRST_REPLY, closing)}
