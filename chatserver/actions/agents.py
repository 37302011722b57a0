"""Staff and their shifts: available, away, off; capacity; and what becomes of what they hold when they are not
there."""

from sqlmodel import col, select

from chatserver.actions.assignment import holds, open_assignments, succeed
from chatserver.actions.conversations import expire_wrap_up
from chatserver.actions.returns import return_to_queue, take_back
from chatserver.actions.shift import FINISHING, enter_state
from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.models import Agent, Assignment, Conversation
from chatserver.protocol.commands import SetCapacity, SetState
from chatserver.protocol.replies import Done
from chatserver.types import AgentState, ConversationState, StaffActor

State = ConversationState

MISSES = 2
"""So many offers missed in a row set an agent away."""

GONE = "away.gone"


async def set_state(unit: Unit, actor: StaffActor, command: SetState) -> Done:
    """Start the shift, step away, end it. Away gives offers back; ending with open conversations must say what becomes
    of them."""
    agent, held = await _lock_held(unit, actor.id)
    if command.state is AgentState.OFFLINE and held and command.conversations is None:
        raise Refused("open_conversations", f"{len(held)} conversations are open: say what becomes of them.")
    if command.state is AgentState.OFFLINE and held and command.conversations == "stay":
        enter_state(unit, agent, AgentState.AWAY, FINISHING)
        await _give_back_offers(unit, agent, held, "away")
    elif command.state is AgentState.OFFLINE:
        enter_state(unit, agent, AgentState.OFFLINE, None)
        await give_back_all(unit, agent, held, "shift_ended")
    elif command.state is AgentState.AWAY:
        enter_state(unit, agent, AgentState.AWAY, None)
        await _give_back_offers(unit, agent, held, "away")
    else:
        enter_state(unit, agent, AgentState.ONLINE, None)
    unit.audit(actor, "set_state", f"agent:{agent.id}", state=agent.state)
    return Done(ref=command.ref)


async def set_capacity(unit: Unit, actor: StaffActor, command: SetCapacity) -> Done:
    """How many conversations an agent may hold from now on; lowering it evicts nobody."""
    must_supervise(actor)
    agent = (await unit.lock_agents([command.agent])).get(command.agent)
    if agent is None:
        raise Refused("no_such_agent", "There is no such agent.", field="agent")
    unit.audit(actor, "set_capacity", f"agent:{agent.id}", before=agent.capacity, after=command.capacity)
    agent.capacity = command.capacity
    unit.touch_agent(agent)
    unit.wakes_routing = True
    return Done(ref=command.ref)


def must_supervise(actor: StaffActor) -> None:
    """Raises `Refused` (not_allowed) for who does not supervise."""
    if not actor.supervises:
        raise Refused("not_allowed", "Only a supervisor can do this.")


async def lose_agent(unit: Unit, agent_id: int) -> None:
    """The agent is gone: what they were offered or answered goes back to the front, and they are away until they
    return."""
    agent, held = await _lock_held(unit, agent_id)
    if agent.seen_at > unit.now - unit.timers.agent_gone:
        return
    if agent.state is not AgentState.OFFLINE and agent.state_reason != FINISHING:
        enter_state(unit, agent, AgentState.AWAY, GONE)
    for row in held:
        if row.state is not State.WRAP_UP:
            await _give_back(unit, agent, row, "gone")


async def lose_offers(unit: Unit, agent_id: int) -> None:
    """The agent is not online any more: what they are offered goes on."""
    agent, held = await _lock_held(unit, agent_id)
    if agent.state is not AgentState.ONLINE:
        await _give_back_offers(unit, agent, held, "away")


async def miss_offer(unit: Unit, row: Conversation) -> None:
    """Nobody answered the offer in time; the second miss in a row sets the agent away."""
    held = await open_assignments(unit, row)
    offered = next((each for each in held.values() if each.accepted_at is None), None)
    if offered is None:
        return
    agent = await take_back(unit, row, offered, "missed")
    agent.misses += 1
    if agent.misses >= MISSES and agent.state is AgentState.ONLINE:
        enter_state(unit, agent, AgentState.AWAY, "away.missed")


async def give_back_all(unit: Unit, agent: Agent, held: list[Conversation], outcome: str) -> None:
    """Everything an agent holds: wrap-ups end as they would by themselves, the rest waits again."""
    for row in held:
        if row.state is State.WRAP_UP:
            await expire_wrap_up(unit, row)
        else:
            await _give_back(unit, agent, row, outcome)


async def _give_back_offers(unit: Unit, agent: Agent, held: list[Conversation], outcome: str) -> None:
    for row in held:
        mine = holds(await open_assignments(unit, row), agent.id)
        if mine is not None and mine.accepted_at is None:
            await take_back(unit, row, mine, outcome)


async def _give_back(unit: Unit, agent: Agent, row: Conversation, outcome: str) -> None:
    """A transfer under way goes on: whoever it is offered to then has it alone."""
    held = await open_assignments(unit, row)
    mine = holds(held, agent.id)
    if mine is None:
        return
    if mine.kind == "owner" and (transfer := held.get("transfer")):
        await succeed(unit, row, mine, transfer, outcome)
    elif mine.kind == "transfer":
        await take_back(unit, row, mine, outcome)
    else:
        await return_to_queue(unit, row, outcome)


async def _lock_held(unit: Unit, agent_id: int) -> tuple[Agent, list[Conversation]]:
    """An agent and what they hold, locked in the one order: the conversations by id, then by id the agent and whoever
    else has a part in them. What went into other hands before it was locked is not theirs any more."""
    unended = col(Assignment.ended_at).is_(None)
    mine = select(Assignment.conversation_id).where(Assignment.agent_id == agent_id, unended)
    query = select(Conversation).where(col(Conversation.id).in_(mine)).order_by(col(Conversation.id))
    rows = list(await unit.session.exec(query.with_for_update()))
    parts = select(Assignment.conversation_id, Assignment.agent_id).where(
        col(Assignment.conversation_id).in_([row.id for row in rows]), unended
    )
    held = (await unit.session.exec(parts)).all()
    agents = await unit.lock_agents({agent_id, *(holder for _, holder in held)})
    theirs = {conversation for conversation, holder in held if holder == agent_id}
    return agents[agent_id], [row for row in rows if row.id in theirs]
