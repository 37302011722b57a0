"""Who waits to be given to an agent, as routing needs to know them: of each row what deciding asks, and no more."""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select, union_all
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Assignment, Conversation
from chatserver.queries.desk import IN_QUEUE
from chatserver.routing.policy import Need
from chatserver.types import AgentId, ConversationId

HEAD = 20
"""How many of the longest waiting of each kind (level, team, language) are looked at in one round."""

REFUSING = ("missed", "declined", "given_back", "silent")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A need, and the reason that its wait was last explained by."""

    need: Need
    reason: dict[str, Any] | None

    @property
    def kind(self) -> Hashable:
        """When nobody can be found for one, nobody can for another of the same kind, and for the same reason."""
        need = self.need
        return need.level, need.team, need.language, frozenset(need.refused.items())


async def list_waiting(session: AsyncSession) -> list[Waiting]:
    """The longest waiting of each kind, in the order of the queue."""
    kinds = select(Conversation.level, Conversation.team, Conversation.language).where(IN_QUEUE).distinct()
    rows: list[Any] = []
    for level, team, language in await session.exec(kinds):
        rows += await _head(session, level, team, language)
    rows.sort(key=lambda row: (row.returned == 0, row.joined_at, row.id))
    refused = await _list_refused(session, [row.id for row in rows])
    last = await _last_agents(session, [row.visitor_id for row in rows])
    return [Waiting(_need(row, refused[row.id], last.get(row.visitor_id)), row.reason) for row in rows]


async def _head(session: AsyncSession, level: int, team: str | None, language: str) -> list[Any]:
    """The first of those that came back, and of the others. Two questions, and the team in the order though it is one:
    so both are answered by the front of an index, however many wait."""
    query = select(  # type: ignore[call-overload]  # SQLModel knows the types of up to four columns
        Conversation.id,
        Conversation.visitor_id,
        Conversation.level,
        Conversation.team,
        Conversation.language,
        Conversation.returned,
        Conversation.joined_at,
        Conversation.reason,
    ).where(
        IN_QUEUE,
        Conversation.level == level,
        Conversation.language == language,
        col(Conversation.team).is_(None) if team is None else Conversation.team == team,
    )
    query = query.order_by(col(Conversation.team), col(Conversation.joined_at), col(Conversation.id))
    back = query.where(col(Conversation.returned) > 0).limit(HEAD).subquery()
    new = query.where(Conversation.returned == 0).limit(HEAD).subquery()
    connection = await session.connection()
    return list(await connection.execute(union_all(select(back), select(new))))


def _need(row: Any, refused: dict[AgentId, datetime], last_agent: AgentId | None) -> Need:
    return Need(
        conversation_id=ConversationId(row.id),
        level=row.level,
        team=row.team,
        language=row.language,
        returned=row.returned > 0,
        joined_at=row.joined_at,
        last_agent_id=last_agent,
        refused=refused,
    )


async def _list_refused(session: AsyncSession, ids: list[int]) -> defaultdict[int, dict[AgentId, datetime]]:
    """Who missed, declined, gave back or fell silent in each conversation, and when last."""
    query = select(Assignment).where(col(Assignment.conversation_id).in_(ids), col(Assignment.outcome).in_(REFUSING))
    found: defaultdict[int, dict[AgentId, datetime]] = defaultdict(dict)
    for row in await session.exec(query.order_by(col(Assignment.ended_at))):
        if row.ended_at:
            found[row.conversation_id][AgentId(row.agent_id)] = row.ended_at
    return found


async def _last_agents(session: AsyncSession, visitor_ids: list[int]) -> dict[int, AgentId]:
    """The agent who last answered each of these clients."""
    query = (
        select(Conversation.visitor_id, Assignment.agent_id)
        .join(Conversation, col(Conversation.id) == col(Assignment.conversation_id))
        .where(col(Conversation.visitor_id).in_(visitor_ids), col(Assignment.accepted_at).is_not(None))
        .order_by(col(Assignment.accepted_at))
    )
    return {visitor: AgentId(agent) for visitor, agent in await session.exec(query)}
