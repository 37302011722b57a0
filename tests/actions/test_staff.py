"""Accounts of staff: everybody who watches the roster sees what becomes of them."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlmodel import select

from chatserver.actions.staff import Account, add_staff, change_staff, disable_staff, enable_staff, log_in
from chatserver.actions.unit import Unit
from chatserver.models import AuditEntry, LoginSession
from chatserver.types import SYSTEM, AgentState, ConversationState, Role
from tests.world import World

pytestmark = pytest.mark.asyncio


async def act(world: World, work: Callable[[Unit], Awaitable[Any]]) -> Any:
    async def in_unit() -> Any:
        async with world.context.unit() as unit:
            return await work(unit)

    return await world.checked(in_unit)


async def test_a_new_colleague_appears_off_shift(world: World) -> None:
    await act(world, lambda unit: add_staff(unit, SYSTEM, "new@example.com", "-", Account(name="Nadia")))
    (agent,) = [agent for agent in await world.all(select(type(world.agents["ana"]))) if agent.name == "Nadia"]
    assert (agent.state, agent.role, agent.capacity) == (AgentState.OFFLINE, Role.AGENT, 3)


async def test_a_changed_account_says_what_it_was_before(world: World) -> None:
    await act(world, lambda unit: change_staff(unit, SYSTEM, "ana@example.com", Account(capacity=0, teams=["pac"])))
    assert ((await world.agent("ana")).capacity, (await world.agent("ana")).teams) == (0, ["pac"])
    (entry,) = await world.all(select(AuditEntry).where(AuditEntry.action == "change_staff"))
    assert entry.details == {"before": {"capacity": 3, "teams": []}, "after": {"capacity": 0, "teams": ["pac"]}}


async def test_who_is_disabled_leaves_nothing_stranded(world: World) -> None:
    conversation = await world.talk()
    async with world.context.unit() as unit:
        assert await log_in(unit, await world.agent("ana"), "-", None)
    await act(world, lambda unit: disable_staff(unit, SYSTEM, "ana@example.com"))
    assert (await world.conversation(conversation)).state is ConversationState.QUEUED
    assert ((await world.agent("ana")).state, (await world.agent("ana")).load) == (AgentState.OFFLINE, 0)
    assert [login.revoked_at is not None for login in await world.all(select(LoginSession))] == [True]
    await act(world, lambda unit: enable_staff(unit, SYSTEM, "ana@example.com"))
    assert (await world.agent("ana")).disabled_at is None
