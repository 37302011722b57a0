"""Where those who wait stand in their queue, and what wait to expect."""

from collections.abc import Callable, Collection

from sqlmodel import select

from chatserver.actions.unit import Context
from chatserver.models import Conversation
from chatserver.protocol.base import Wire
from chatserver.protocol.events import QueuePosition
from chatserver.protocol.views import Wait
from chatserver.queries.among import among
from chatserver.queries.desk import DeskLoad, Line, get_load, list_places
from chatserver.types import ConversationId, ConversationState, Topic, conversation_topic

FARTHEST_TOLD = 20
"""Places beyond this are told as "more than 20"."""


async def tell_places(
    context: Context, tell: Callable[[Topic, Wire], None], conversations: Collection[int]
) -> list[None]:
    """Tell those of the conversations that wait: each line is read once, however many of it ask."""
    asked = set(conversations)
    async with context.db.read() as session:
        query = select(Conversation.level, Conversation.team)
        waiting = query.where(among(Conversation.id, asked), Conversation.state == ConversationState.QUEUED)
        for level, team in await session.exec(waiting.distinct()):
            line = Line(level, team)
            load = await get_load(session, line, context.clock.now(), context.settings.timers)
            for id, position in (await list_places(session, line, asked)).items():
                tell(conversation_topic(ConversationId(id)), _place(id, position, load))
    return [None] * len(conversations)


def _place(conversation_id: int, position: int, load: DeskLoad) -> QueuePosition:
    wait = load.wait_at(position)
    seconds = Wait(low=int(wait.low.total_seconds()), high=int(wait.high.total_seconds())) if wait else None
    told = position if position <= FARTHEST_TOLD else None
    return QueuePosition(conversation=conversation_id, position=told, wait=seconds)
