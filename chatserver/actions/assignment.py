"""Who has a conversation: offers, transfers, returns. An agent's `load` changes only here, together with the row that
is it."""

from typing import Any, Literal

from sqlmodel import col, select

from chatserver.actions.moves import move
from chatserver.actions.shift import end_when_finished
from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.models import Agent, Assignment, Conversation, Portal
from chatserver.process.conversation import Move
from chatserver.queries.access import serves, staff_actor
from chatserver.routing.capacity import has_room
from chatserver.types import AgentState, ConversationState, StaffActor

Kind = Literal["owner", "transfer"]


async def open_assignments(unit: Unit, row: Conversation) -> dict[str, Assignment]:
    """The open assignments of a conversation, by kind: at most one each."""
    query = select(Assignment).where(Assignment.conversation_id == row.id, col(Assignment.ended_at).is_(None))
    return {assignment.kind: assignment for assignment in await unit.session.exec(query)}


async def give(
    unit: Unit,
    row: Conversation,
    agent: Agent,
    *,
    kind: Kind,
    by: str,
    reason: dict[str, Any],
    note: str = "",
) -> Assignment:
    """Give a conversation to a (locked) agent. Raises `Refused` (no_room) when they are full or not online."""
    if agent.state is not AgentState.ONLINE or agent.disabled_at or not has_room(agent.load, agent.capacity):
        raise Refused("no_room", f"{agent.name} is not available or has no room.")
    assignment = Assignment(
        conversation_id=row.id,
        agent_id=agent.id,
        kind=kind,
        by=by,
        reason=reason,
        note=note,
        offered_at=unit.now,
    )
    unit.session.add(assignment)
    agent.load += 1
    unit.touch_agent(agent)
    unit.inbox_added(assignment, row)
    return assignment


async def release(unit: Unit, row: Conversation, assignment: Assignment, outcome: str) -> Agent:
    """End an assignment; the agent has room again. `outcome` is stored and is the end of the locale key `cause.…`."""
    agent = (await unit.lock_agents([assignment.agent_id]))[assignment.agent_id]
    assignment.ended_at = unit.now
    assignment.outcome = outcome
    agent.load -= 1
    agent.idle_since = unit.now
    end_when_finished(unit, agent)
    unit.touch_agent(agent)
    unit.inbox_removed(agent.id, row, f"cause.{outcome}")
    unit.wakes_routing = True
    return agent


async def release_all(unit: Unit, row: Conversation, outcome: str) -> None:
    """Nobody has the conversation any more (it ended, or it waits again)."""
    assignments = (await open_assignments(unit, row)).values()
    await unit.lock_agents(assignment.agent_id for assignment in assignments)
    for assignment in assignments:
        await release(unit, row, assignment, outcome)


async def offer(
    unit: Unit, row: Conversation, agent_id: int, *, by: str, reason: dict[str, Any], note: str = ""
) -> None:
    """Offer a waiting conversation, or hand an active one over; its owner keeps that one until the offer is
    accepted."""
    held = await open_assignments(unit, row)
    if any(assignment.agent_id == agent_id for assignment in held.values()):
        raise Refused("already_theirs", "That agent has this conversation already.")
    agents = await unit.lock_agents({agent_id, *(assignment.agent_id for assignment in held.values())})
    agent = agents.get(agent_id)
    if agent is None:
        raise Refused("no_such_agent", "There is no such agent.", field="agent")
    portal = await unit.session.get_one(Portal, row.portal_id)
    unit.hold([portal])
    if not serves(staff_actor(agent), portal):
        raise Refused("no_room", f"{agent.name} does not work for this portal.")
    owner_answered = "owner" in held and held["owner"].accepted_at is not None
    for kind, assignment in held.items():
        if kind == "transfer" or not owner_answered:
            await release(unit, row, assignment, "reassigned")
    await unit.flush()
    await give(unit, row, agent, kind="transfer" if owner_answered else "owner", by=by, reason=reason, note=note)
    await move(unit, row, Move.OFFER)
    row.reason = reason
    if owner_answered:
        unit.line(row, "transferred", name=agent.name)
    else:
        row.agent_id = agent.id
        row.offered_at = unit.now
        unit.line(row, "offered", name=agent.name)


async def accept(unit: Unit, row: Conversation, assignment: Assignment) -> None:
    """The first human reply: the offer becomes a conversation, and a transfer takes it from its former owner."""
    held = await open_assignments(unit, row)
    agents = await unit.lock_agents(each.agent_id for each in held.values())
    if assignment.kind == "transfer":
        await release(unit, row, held["owner"], "transferred")
        await unit.flush()
        assignment.kind = "owner"
        row.level = agents[assignment.agent_id].level
        unit.inbox_added(assignment, row)
    agent = agents[assignment.agent_id]
    assignment.accepted_at = unit.now
    agent.misses = 0
    row.agent_id = agent.id
    await move(unit, row, Move.ANSWER)
    if row.first_replied_at is None:
        row.first_replied_at = unit.now
        unit.count(row, "answered")
    unit.line(row, "answered", name=agent.name)


async def succeed(unit: Unit, row: Conversation, owner: Assignment, transfer: Assignment, outcome: str) -> None:
    """The owner of a conversation on offer to somebody else drops out: the offer stands, now without an owner behind
    it."""
    await release(unit, row, owner, outcome)
    await unit.flush()
    transfer.kind = "owner"
    row.agent_id = transfer.agent_id
    unit.inbox_added(transfer, row)
    agent = await unit.session.get_one(Agent, transfer.agent_id)
    unit.line(row, "offered", name=agent.name)


def holds(held: dict[str, Assignment], agent_id: int) -> Assignment | None:
    """The open assignment of an agent among those of a conversation."""
    return next((assignment for assignment in held.values() if assignment.agent_id == agent_id), None)


def must_be(row: Conversation, *states: ConversationState) -> None:
    """Raises `Refused` (wrong_state) unless the conversation is in one of these states."""
    if row.state not in states:
        raise Refused(
            "wrong_state",
            f"The conversation is {row.state.value}; this is possible only while it is {' or '.join(states)}.",
        )


def must_hold(actor: StaffActor, held: dict[str, Assignment]) -> None:
    """Raises `Refused` (not_owner) unless the conversation is the actor's, or the actor supervises."""
    owner = held.get("owner")
    if not actor.supervises and (owner is None or owner.agent_id != actor.id):
        raise Refused("not_owner", "Only who has the conversation, or a supervisor, can do this.")
