"""Many hands at one ticket: one of two who claim it gets it, a timer of it takes effect once, a move is made once."""

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from chatserver.actions.due import CLAIM, claim_due, run_timer
from chatserver.errors import Refused
from chatserver.jobs.timers import run_due
from chatserver.models import Timer
from chatserver.process.ticket_timers import TicketTimer
from tests.looking import clock, describe
from tests.tickets import escalated, get, mailed, move, moves_made, staffed, warnings
from tests.world import World, another_process, open_world

pytestmark = pytest.mark.asyncio


async def code_of(doing: Any) -> str:
    try:
        return str((await doing).type)
    except Refused as refused:
        return refused.code


async def test_of_two_who_claim_at_once_one_gets_it(database_url: str) -> None:
    async with open_world(database_url, None) as world:
        await staffed(world)
        await describe(world, "ben", level=1)
        for _ in range(5):
            ticket = await mailed(world)
            claims = [code_of(world.staff(name, "claim_ticket", ticket=ticket)) for name in ("ana", "ben")]
            codes = sorted(await asyncio.gather(*claims))
            assert codes == ["owner_taken", "ticket_moved"]
            sets = [name for name, _ in await moves_made(world, ticket) if name == "set_owner"]
            assert len(sets) == 1


async def test_of_many_who_take_a_new_one_at_once_one_gets_it(database_url: str) -> None:
    async with open_world(database_url, None) as world:
        await staffed(world)
        await describe(world, "ben", level=1)
        ticket = await mailed(world)
        form = {"severity": "S2", "category": "Timbrado"}
        takes = [code_of(move(world, name, ticket, "take", **form)) for name in ("ana", "ben") * 3]
        codes = await asyncio.gather(*takes)
        assert sorted(codes) == ["illegal_move"] * 5 + ["ticket_moved"]
        assert [name for name, _ in await moves_made(world, ticket)] == ["open", "take"]


async def test_two_links_across_do_not_lock_each_other_out(database_url: str) -> None:
    async with open_world(database_url, None) as world:
        await staffed(world)
        one, other = await mailed(world), await mailed(world)
        for _ in range(5):
            links = [
                world.staff("ana", "link_ticket", ticket=one, link="causes", other=other),
                world.staff("sue", "link_ticket", ticket=other, link="follows", other=one),
            ]
            assert [reply.type for reply in await asyncio.gather(*links)] == ["done", "done"]


async def test_two_processes_carry_each_timer_of_a_ticket_out_once(database_url: str) -> None:
    async with open_world(database_url, None) as world, another_process(world) as other:
        await staffed(world)
        tickets = [await escalated(world, token=f"visitor-{number}") for number in range(3)]
        for ticket in tickets:
            await move(world, "ana", ticket, "ask_client", question="¿Desde cuándo?")
        world.clock.set(clock("10:00", world.clock.now().replace(day=11)))
        await asyncio.gather(*(run_due(context) for context in (world.context, other) * 2))
        for ticket in tickets:
            assert [name for name, _ in await moves_made(world, ticket)][2:] == []
        world.clock.advance(hours=12)
        await asyncio.gather(*(run_due(context) for context in (world.context, other) * 2))
        for ticket in tickets:
            assert [name for name, _ in await moves_made(world, ticket)][2:] == ["remind"]


async def test_a_warning_that_two_processes_claimed_is_given_once(database_url: str) -> None:
    """The first one is slower than its claim lasts, and both carry it out."""
    async with open_world(database_url, None) as world, another_process(world) as other:
        await staffed(world)
        ticket = await mailed(world)
        world.clock.set(clock("11:30"))
        ids = await claim_due(world.context)
        world.clock.advance(seconds=CLAIM.total_seconds())
        assert await claim_due(other) == ids
        await asyncio.gather(*(run_timer(context, id) for id in ids for context in (world.context, other)))
        assert await warnings(world, ticket) == [("first_reply", 75, "Tue 10 11:30:30")]


async def test_a_move_voids_the_timers_of_what_was_before(world: World) -> None:
    await staffed(world)
    ticket = await escalated(world)
    await move(world, "ana", ticket, "ask_client", question="¿Desde cuándo?")
    await move(world, "ana", ticket, "client_answered")
    version = (await get(world, ticket)).version
    kinds = select(Timer).where(Timer.kind == TicketTimer.WAIT, Timer.entity_id == ticket)
    (wait,) = await world.all(kinds)
    assert wait.version < version
    await world.jump(wait.due_at)
    assert (await world.get(Timer, wait.id)).done_at == wait.due_at
    assert (await moves_made(world, ticket))[-1][0] == "client_answered"
