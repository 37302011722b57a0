"""Guarantee 6: present means present. Nobody is judged gone before renewals have run 45 s without a break."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from chatserver.actions.agents import lose_agent
from chatserver.actions.presence import begin, judge_gone, note_agents, note_departures, renew, stop_beating
from chatserver.models import PresenceClock, ServerProcess
from chatserver.types import AgentId, AgentState, VisitorId
from chatserver.types import ConversationState as State
from tests.looking import state_of
from tests.world import World, open_world

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def talking(world: World) -> AsyncIterator[tuple[World, int]]:
    """Ana answers Vic; from now on only what a test renews is renewed."""
    conversation = await world.talk()
    yield world, conversation


async def beat(world: World, *, present: bool, process: str = "one") -> None:
    visitors = [await world.visitor_id("vic")] if present else []
    agents = [AgentId(world.agents["ana"].id)] if present else []
    await renew(world.context, process, visitors, agents)


async def run(world: World, seconds: int, *, present: bool, process: str = "one") -> None:
    """A process renews every 10 s and looks every second, for so long."""
    for second in range(1, seconds + 1):
        world.clock.advance(seconds=1)
        if second % 10 == 0:
            await beat(world, present=present, process=process)
        await world.checked(lambda: judge_gone(world.context))


async def judged(world: World) -> bool:
    return (await world.agent("ana")).state is not AgentState.ONLINE


async def test_renewals_keep_people_there(talking: tuple[World, int]) -> None:
    world, conversation = talking
    await run(world, 70, present=True)
    assert (await judged(world), await state_of(world, conversation)) == (False, State.ACTIVE)


async def test_a_deploy_of_everything_does_not_empty_the_desk(talking: tuple[World, int]) -> None:
    """All processes are away for ten minutes; who comes back within 45 s of the boot is still there."""
    world, conversation = talking
    await stop_beating(world.context, "world")
    world.clock.advance(minutes=10)
    await begin(world.context, "two")
    await run(world, 44, present=False, process="two")
    assert not await judged(world)
    await note_agents(world.context, [AgentId(world.agents["ana"].id)])
    await note_departures(world.context, [await world.visitor_id("vic")])
    await run(world, 2, present=False, process="two")
    assert (await judged(world), await state_of(world, conversation)) == (False, State.ACTIVE)


async def test_who_does_not_come_back_after_a_boot_is_gone_when_the_count_is_full(talking: tuple[World, int]) -> None:
    world, conversation = talking
    await stop_beating(world.context, "world")
    world.clock.advance(minutes=10)
    await begin(world.context, "two")
    await run(world, 44, present=False, process="two")
    assert await state_of(world, conversation) is State.ACTIVE
    await run(world, 1, present=False, process="two")
    assert await judged(world)


async def test_an_outage_of_the_database_judges_nobody(talking: tuple[World, int]) -> None:
    """Nothing could be written for two minutes. Whoever looks first afterwards, nobody is gone for that."""
    world, conversation = talking
    await beat(world, present=True)
    world.clock.advance(minutes=2)
    await world.checked(lambda: judge_gone(world.context))
    assert (await judged(world), await state_of(world, conversation)) == (False, State.ACTIVE)
    await beat(world, present=True)
    await run(world, 60, present=True)
    assert (await judged(world), await state_of(world, conversation)) == (False, State.ACTIVE)


async def test_after_an_outage_the_count_starts_again(talking: tuple[World, int]) -> None:
    world, _ = talking
    world.clock.advance(minutes=2)
    await beat(world, present=False)
    await run(world, 44, present=False)
    assert not await judged(world)
    await run(world, 1, present=False)
    assert await judged(world)


async def test_a_missed_renewal_is_no_break(world: World) -> None:
    clock = await presence_clock(world)
    world.clock.advance(seconds=15)
    await renew(world.context, "one", [], [])
    assert (await presence_clock(world)).unbroken_since == clock.unbroken_since
    world.clock.advance(seconds=16)
    await renew(world.context, "one", [], [])
    assert (await presence_clock(world)).unbroken_since == world.clock.now()


async def test_another_process_keeps_the_count_unbroken(world: World) -> None:
    since = (await presence_clock(world)).unbroken_since
    for second in range(1, 8):
        world.clock.advance(seconds=10)
        await renew(world.context, f"process-{second % 2}", [], [])
    if not world.context.db.sqlite:  # of SQLite there is only ever one process: a second one is the next one
        await begin(world.context, "three")
        assert (await presence_clock(world)).unbroken_since == since
    await begin(world.context, "process-1")
    assert (await presence_clock(world)).beat_at == world.clock.now()


async def test_a_process_that_ends_is_not_counted_as_alive(world: World) -> None:
    await renew(world.context, "one", [], [])
    await stop_beating(world.context, "one")
    await stop_beating(world.context, "never-was")
    await begin(world.context, "two")
    assert (await presence_clock(world)).unbroken_since == world.clock.now()
    async with world.context.db.read() as session:
        assert await session.get(ServerProcess, "one") is None


async def test_a_renewal_waits_for_nobody(postgresql_url: str) -> None:
    """Whose row is locked just now is skipped and keeps what they have. (SQLite has one writer: it never happens.)"""
    async with open_world(postgresql_url, None) as world:
        ana, ben = AgentId(world.agents["ana"].id), AgentId(world.agents["ben"].id)
        async with world.context.unit() as unit:
            await unit.lock_agents([ana])
            await renew(world.context, "one", [VisitorId(4711)], [ana, ben])
        seen = [(await world.agent(name)).seen_at for name in ("ana", "ben")]
        assert seen[1] == world.clock.now()
        assert seen[0] < seen[1]


async def test_somebody_who_is_back_by_the_time_of_the_lock_stays(talking: tuple[World, int]) -> None:
    """What was seen without a lock is decided again under it."""
    world, conversation = talking
    await world.leaves(agent="ana")
    async with world.context.unit() as unit:
        await lose_agent(unit, world.agents["ana"].id)
    assert (await judged(world), await state_of(world, conversation)) == (False, State.ACTIVE)


async def presence_clock(world: World) -> PresenceClock:
    return await world.get(PresenceClock, 1)
