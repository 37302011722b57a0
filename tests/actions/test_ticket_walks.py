"""Random walks through the real actions: whatever anybody tries, the rows go where the table of the process leads, and
the ledger, the timers and the history stay whole."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from chatserver.actions.ticket_moves import move_ticket
from chatserver.actions.ticket_store import facts_of, lock_ticket
from chatserver.actions.ticket_words import client_actor
from chatserver.actions.unit import Context
from chatserver.db import Database
from chatserver.errors import Refused
from chatserver.jobs.timers import run_due
from chatserver.models import Agent, Portal, TicketPause, Timer
from chatserver.process.severity import Severity
from chatserver.process.ticket import CODES, decide_move
from chatserver.process.ticket_facts import Form, MoveRequest, Person, party_of
from chatserver.process.ticket_names import CancelCause, Move
from chatserver.process.ticket_timers import TicketTimer
from chatserver.queries.access import staff_actor
from chatserver.settings import Settings
from chatserver.types import SYSTEM, AgentId, TicketId, TicketState
from tests.process.cast import FULL
from tests.tickets import get, mailed, staffed, steps
from tests.world import TUESDAY, ManualClock, World, open_world

WHO = ("ana", "ben", "olly", "sue", "client", "system")
EXAMPLES = {"sqlite": 8, "postgresql": 4}
STAFF_MOVES = [move for move in Move if move not in (Move.OPEN, Move.OPEN_FOR_L1, Move.OPEN_FOR_L2, Move.FOLLOW_UP)]


@dataclass(frozen=True)
class Try:
    """Somebody tries a move, or (without one) time passes and the system looks."""

    who: str
    move: Move | None
    minutes: int
    named: int
    severity: Severity
    cause: CancelCause


def tries_of(walker: str) -> st.SearchStrategy[list[Try]]:
    one = st.builds(
        Try,
        who=st.sampled_from([walker, walker, *WHO]),
        move=st.none() | st.sampled_from(STAFF_MOVES),
        minutes=st.sampled_from([0, 1, 30, 400, 3000]),
        named=st.integers(0, 2),
        severity=st.sampled_from(Severity),
        cause=st.sampled_from([CancelCause.WITHDRAWN, CancelCause.SPAM]),
    )
    return st.lists(one, min_size=8, max_size=14)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", EXAMPLES)
@pytest.mark.parametrize("walker", WHO)
def test_a_walk_of(walker: str, kind: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{kind}_url")

    @settings(max_examples=EXAMPLES[kind], deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(tries=tries_of(walker))
    def walk(tries: list[Try]) -> None:
        asyncio.run(walks(url, tries))

    asyncio.run(furnish_once(url))
    walk()


async def furnish_once(url: str) -> None:
    async with open_world(url, None) as world:
        await staffed(world)


@asynccontextmanager
async def reopened(url: str) -> AsyncIterator[World]:
    """The world that was furnished before, at its beginning."""
    clock = ManualClock(TUESDAY)
    db = Database(url, lambda _topic, _payload: None, clock.now)
    context = Context(db, clock, Settings(database_url=url), poke=lambda: None)
    try:
        async with db.read() as session:
            portal = (await session.exec(select(Portal))).one()
            names = {agent.name.lower(): agent for agent in await session.exec(select(Agent))}
        yield World(context, clock, [], None, portal, names)
    finally:
        await db.close()


async def walks(url: str, tries: list[Try]) -> None:
    async with reopened(url) as world:
        ticket = await mailed(world)
        for each in tries:
            world.clock.advance(minutes=each.minutes)
            await run_due(world.context)
            if each.move is not None:
                await attempt(world, ticket, each, each.move)
            await whole(world, ticket)


async def attempt(world: World, ticket: int, each: Try, move: Move) -> None:
    """The action does what the pure decision says of the same facts, and nothing else."""
    async with world.context.unit() as unit:
        actor: Any = SYSTEM
        if each.who == "client":
            actor = await client_actor(unit, TicketId(ticket))
        elif each.who != "system":
            actor = staff_actor(await unit.session.get_one(Agent, world.agents[each.who].id))
        held = await lock_ticket(unit, actor, TicketId(ticket))
        form = filled(world, each, unit.now)
        try:
            decided: Any = decide_move(facts_of(unit, held), MoveRequest(move, party_of(actor), unit.now, form))
        except Refused as refused:
            decided = refused
    got = await code_of(world, actor, ticket, move, form)
    if isinstance(decided, Refused):
        assert (move, got) == (move, decided.code)
        assert got in CODES
        return
    assert (move, got) == (move, None)
    row = await get(world, ticket)
    after = decided.after
    assert (row.state, row.level, row.owner_id) == (after.state, after.level, after.owner_id)
    assert (row.severity, row.provisional) == (after.severity, after.provisional)
    last = [step for step in await steps(world, ticket) if step.move][-1]
    assert (last.move, last.row, last.overrides) == (move, decided.row, decided.overrides)


async def code_of(world: World, actor: Any, ticket: int, move: Move, form: Form) -> str | None:
    """What the move was refused with, if it was."""
    try:
        async with world.context.unit() as unit:
            await move_ticket(unit, actor, TicketId(ticket), move, form)
    except Refused as refused:
        return refused.code
    return None


def filled(world: World, each: Try, now: Any) -> Form:
    name = ("ana", "ben", "olly")[each.named]
    owner = Person(AgentId(world.agents[name].id), each.named + 1)
    full = {name: getattr(FULL, name) for name in FULL.__slots__}
    release = {"release_from": now, "release_until": now + timedelta(hours=1), "released_at": now, "new_date": now}
    told = {"severity": each.severity, "owner": owner, "cause": each.cause, "duplicate_of": None}
    return Form(**full | release | told)


async def whole(world: World, ticket: int) -> None:
    row = await get(world, ticket)
    pauses = await world.all(select(TicketPause).where(TicketPause.ticket_id == ticket).order_by(col(TicketPause.id)))
    waiting = row.state is TicketState.WAITING_CLIENT
    assert sum(pause.ended_at is None for pause in pauses) == waiting
    assert (row.return_state is not None) == waiting
    assert (row.resolved_at is not None) == (row.state in (TicketState.RESOLVED, TicketState.CLOSED))
    assert (row.dropped_at is not None) == (row.state is TicketState.CANCELLED)
    history = await steps(world, ticket)
    assert [step.number for step in history] == list(range(1, len(history) + 1))
    assert history[-1].after is row.state
    armed = select(Timer).where(
        col(Timer.kind).in_(list(TicketTimer)), Timer.entity_id == ticket, Timer.version == row.version
    )
    kinds = [timer.kind for timer in await world.all(armed.where(col(Timer.done_at).is_(None)))]
    assert len(kinds) == len(set(kinds))
    assert (TicketTimer.WAIT in kinds) == (row.state in (TicketState.WAITING_CLIENT, TicketState.RESOLVED))
    over = row.state in (TicketState.RESOLVED, TicketState.CLOSED, TicketState.CANCELLED)
    assert TicketTimer.CLOCK not in kinds or not over
