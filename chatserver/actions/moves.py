"""The one way a conversation changes state: the table says whether, the new state's timers are armed, the rest is
told."""

from datetime import datetime

from chatserver.actions.unit import Unit
from chatserver.models import Conversation, Timer
from chatserver.process.conversation import Facts, Move, next_state, timers_of
from chatserver.queries.calendars import get_calendar
from chatserver.routing.hours import closes_at
from chatserver.types import OPEN_STATES, ConversationState


async def facts_of(unit: Unit, row: Conversation) -> Facts:
    """What decisions need to know of a conversation."""
    return Facts(
        state=row.state,
        state_since=row.state_since,
        queued_at=row.queued_at,
        closes_at=await closing_of(unit, row),
        last_visitor_at=row.last_visitor_at,
        last_agent_at=row.last_agent_at,
        unanswered_since=row.unanswered_since,
        extended=row.extended,
    )


async def closing_of(unit: Unit, row: Conversation) -> datetime | None:
    """When the desk closes that this client reached while it was open, by the calendar they were promised."""
    return closes_at(await get_calendar(unit.session, row.calendar_version_id), row.joined_at)


async def move(unit: Unit, row: Conversation, how: Move) -> None:
    """Change state. Raises `IllegalMove` for what the table does not have."""
    row.state = next_state(row.state, how)
    row.alert = "none"
    row.message_offered = False
    if how in (Move.ANSWER, Move.RESUME):
        row.extended = False
    if row.state not in OPEN_STATES:
        row.ended_at = unit.now
    if row.state is ConversationState.QUEUED:
        row.queued_at = unit.now
    await enter(unit, row)


async def enter(unit: Unit, row: Conversation) -> None:
    """Begin a state: its clock, its version (which voids the timers of the last one), its timers."""
    row.state_since = unit.now
    row.version += 1
    for kind, due_at in timers_of(await facts_of(unit, row), unit.timers):
        unit.session.add(Timer(kind=kind, entity_id=row.id, version=row.version, due_at=due_at))
    unit.touch(row)
