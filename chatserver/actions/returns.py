"""Conversations that lose their agent: back to the front of the queue, or after closing time on into a ticket."""

from chatserver.actions.assignment import release, release_all
from chatserver.actions.moves import move
from chatserver.actions.tickets import escalate_by_system
from chatserver.actions.unit import Unit
from chatserver.models import Agent, Assignment, Conversation, Portal
from chatserver.process.conversation import Move, decide_return
from chatserver.queries.calendars import get_calendar
from chatserver.routing.hours import is_open


async def take_back(unit: Unit, row: Conversation, assignment: Assignment, outcome: str) -> Agent:
    """An offer was not taken up. A transfer falls back to its owner; otherwise the conversation waits again, in
    front."""
    agent = await release(unit, row, assignment, outcome)
    if assignment.kind == "transfer":
        await _keep_where_it_was(unit, row)
        await move(unit, row, Move.KEEP)
        unit.line(row, "returned", name=agent.name, cause=f"cause.{outcome}")
    else:
        await return_to_queue(unit, row, outcome)
    return agent


async def _keep_where_it_was(unit: Unit, row: Conversation) -> None:
    """A transfer named a level or a team that did not take it: it is its owner's level's and team's again."""
    owner = await unit.session.get_one(Agent, row.agent_id)
    row.level = owner.level
    if row.team not in owner.teams:
        row.team = (await unit.session.get_one(Portal, row.portal_id)).team


async def return_to_queue(unit: Unit, row: Conversation, outcome: str) -> None:
    """Back to the front of the queue; after closing time it becomes a ticket instead, so that nobody waits for
    nobody."""
    await release_all(unit, row, outcome)
    calendar = await get_calendar(unit.session, row.calendar_version_id)
    how = decide_return(is_open(calendar, unit.now))
    if how is Move.ESCALATE:
        await escalate_by_system(unit, row, f"cause.{outcome}")
        return
    name = (await unit.session.get_one(Agent, row.agent_id)).name if row.agent_id else None
    row.agent_id = None
    row.offered_at = None
    row.returned += 1
    await move(unit, row, Move.RETURN)
    unit.line(row, "returned", name=name, cause=f"cause.{outcome}")
    unit.wakes_routing = True
