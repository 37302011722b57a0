"""Guarantee 7: a timer takes effect once, whichever process carries it out or dies over it."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import col, select

from chatserver.actions.due import CLAIM, claim_due, run_timer
from chatserver.actions.unit import Context
from chatserver.jobs import timers
from chatserver.jobs.timers import clear, run_due
from chatserver.models import DeskDay, ServerProcess, Ticket, Timer
from chatserver.types import ConversationState as State
from tests.looking import changes_of, clock, state_of
from tests.world import World, another_process, open_world

pytestmark = pytest.mark.asyncio


async def test_two_processes_that_look_at_once_carry_each_timer_out_once(database_url: str) -> None:
    async with open_world(database_url, None) as world, another_process(world) as other:
        conversations = [await world.start(f"visitor-{number}") for number in range(12)]
        world.clock.set(clock("10:20"))
        done = await asyncio.gather(run_due(world.context), run_due(other), run_due(world.context), run_due(other))
        assert sum(done) == 12
        for conversation in conversations:
            assert await state_of(world, conversation) is State.MISSED
            assert await changes_of(world, conversation) == ["queued", "missed (cause.nobody_came)"]
        folios = [ticket.folio for ticket in await world.all(select(Ticket).order_by(col(Ticket.folio)))]
        assert folios == [f"PG-2026-{number:06}" for number in range(1, 13)]
        (day,) = await world.all(select(DeskDay))
        assert (day.started, day.missed) == (12, 12)


async def test_a_timer_that_two_processes_claimed_takes_effect_once(database_url: str) -> None:
    """The first one is slower than its claim lasts, and both carry it out."""
    async with open_world(database_url, None) as world, another_process(world) as other:
        conversation = await world.start()
        world.clock.set(clock("10:20"))
        ids = await claim_due(world.context)
        world.clock.advance(seconds=CLAIM.total_seconds())
        assert await claim_due(other) == ids
        await asyncio.gather(*(run_timer(context, id) for id in ids for context in (world.context, other)))
        assert await changes_of(world, conversation) == ["queued", "missed (cause.nobody_came)"]


async def test_a_process_that_dies_over_a_timer_leaves_it_to_the_next_after_its_claim(world: World) -> None:
    conversation = await world.start()
    world.clock.set(clock("10:20"))
    assert len(await claim_due(world.context)) == 1
    world.clock.advance(seconds=CLAIM.total_seconds() - 1)
    assert await run_due(world.context) == 0
    world.clock.advance(seconds=1)
    assert await world.checked(lambda: run_due(world.context)) == 1
    assert await state_of(world, conversation) is State.MISSED


async def test_one_that_fails_keeps_no_other_back_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = await world.start("vic"), await world.start("val")
    world.clock.set(clock("10:20"))

    async def fail_once(context: Context, timer_id: int) -> None:
        timer = await world.get(Timer, timer_id)
        if timer.entity_id == broken:
            raise RuntimeError("broken on purpose")
        await run_timer(context, timer_id)

    monkeypatch.setattr(timers, "run_timer", fail_once)
    assert await world.checked(lambda: run_due(world.context)) == 1
    assert [await state_of(world, each) for each in (broken, fine)] == [State.QUEUED, State.MISSED]
    monkeypatch.undo()
    world.clock.advance(seconds=CLAIM.total_seconds())
    await world.checked(lambda: run_due(world.context))
    assert await state_of(world, broken) is State.MISSED


async def test_a_timer_of_a_state_that_is_over_does_nothing(world: World) -> None:
    await world.on_shift("ana")
    conversation = await world.start()
    await world.route()
    await world.reply("ana", conversation)
    world.clock.set(clock("10:02"))  # the wait, the offer: both due at 10:01 to 10:03, both of the past
    voided = select(Timer).where(col(Timer.kind).in_(["queue", "offer"]))
    before = await changes_of(world, conversation)
    for timer in await world.all(voided):
        world.clock.set(max(world.clock.now(), timer.due_at))
        await world.checked(partial(run_timer, world.context, timer.id))
    assert all(timer.done_at for timer in await world.all(voided))
    assert await changes_of(world, conversation) == before


async def test_a_timer_is_decided_again_when_it_is_due(world: World) -> None:
    """A message moves no timer: what is due looks, finds nothing to do, and looks again later."""
    conversation = await world.talk()
    world.clock.set(clock("10:04:59"))
    await world.reply("ana", conversation)
    await world.jump(clock("10:05"))
    (timer,) = await world.all(select(Timer).where(Timer.kind == "visitor_silent"))
    assert (timer.done_at, timer.claimed_until, world.local(timer.due_at)) == (None, None, "Tue 10 10:09:59")


async def test_done_timers_and_dead_processes_are_cleared_after_a_week(world: World) -> None:
    await world.start()
    await world.jump(clock("10:20"))
    processes = len(await world.all(select(ServerProcess)))
    world.clock.advance(days=7)
    await clear(world.context)
    assert len(await world.all(select(Timer).where(Timer.kind == "queue"))) == 1
    world.clock.advance(seconds=timedelta(hours=1).total_seconds())
    await clear(world.context)
    assert await world.all(select(Timer).where(Timer.kind == "queue")) == []
    assert await world.all(select(ServerProcess)) == []
    assert processes <= 1
