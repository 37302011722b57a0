"""The one way a conversation changes state: the table says whether, the new state's timers are armed, the rest is
told."""

from chatserver.actions.unit import Unit
from chatserver.models import Conversation, Timer
from chatserver.process.conversation import Facts, Move, next_state, timers_of
from chatserver.queries.calendars import get_calendar
from chatserver.routing.hours import closes_at, on_until
from chatserver.types import OPEN_STATES, ConversationState


async def facts_of(unit: Unit, row: Conversation) -> Facts:
    """What decisions need to know of a conversation, by the calendar that its client was promised."""
    calendar = await get_calendar(unit.session, row.calendar_version_id)
    return Facts(
        state=row.state,
        state_since=row.state_since,
        queued_at=row.queued_at,
        closes_at=closes_at(calendar, row.joined_at),
        last_visitor_at=row.last_visitor_at,
        last_agent_at=row.last_agent_at,
        unanswered_since=row.unanswered_since,
        extended=row.extended,
        on_until=on_until(calendar, unit.now) if row.state is ConversationState.ACTIVE else None,
    )


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
