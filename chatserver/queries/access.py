"""The only door to a conversation, a ticket or a topic. "Not yours" and "does not exist" are the same answer."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.errors import Refused, not_found
from chatserver.models import Agent, Assignment, Conversation, LoginSession, Portal, Ticket, Visitor
from chatserver.types import (
    AGENTS_TOPIC,
    Actor,
    AgentId,
    ConversationId,
    PortalId,
    StaffActor,
    Topic,
    VisitorActor,
    VisitorId,
    desk_topic,
)


async def get_conversation(
    session: AsyncSession, actor: Actor, id: ConversationId, *, lock: bool = False
) -> Conversation:
    """A conversation that `actor` may see, locked for writing if asked. Raises `Refused` (not_found)."""
    query = select(Conversation).where(Conversation.id == id)
    row = (await session.exec(query.with_for_update() if lock else query)).one_or_none()
    if row is None or not await _may_see(session, actor, row):
        raise not_found("conversation")
    return row


async def get_ticket(session: AsyncSession, actor: StaffActor, folio: str) -> tuple[Ticket, Conversation]:
    """A ticket by its folio, with the conversation that is its thread. Raises `Refused` (not_found)."""
    ticket = (await session.exec(select(Ticket).where(Ticket.folio == folio))).one_or_none()
    if ticket is None:
        raise not_found("ticket")
    try:
        return ticket, await get_conversation(session, actor, ConversationId(ticket.conversation_id))
    except Refused:
        raise not_found("ticket") from None


def live_login(used_after: datetime | None = None) -> tuple[ColumnElement[bool], ...]:
    """What a login session (joined with its agent) must be to open anything: not revoked, not idle, not disabled."""
    live = (col(LoginSession.revoked_at).is_(None), col(Agent.disabled_at).is_(None))
    return live if used_after is None else (*live, col(LoginSession.used_at) > used_after)


async def get_staff(
    session: AsyncSession, login_session_id: int, used_after: datetime | None = None
) -> StaffActor | None:
    """Who a login session is now, or None when it was revoked, idle since `used_after`, or its owner disabled."""
    query = (
        select(Agent)
        .join(LoginSession, col(LoginSession.agent_id) == col(Agent.id))
        .where(
            LoginSession.id == login_session_id,
            *live_login(used_after),
        )
    )
    agent = (await session.exec(query)).one_or_none()
    return staff_actor(agent) if agent else None


def staff_actor(agent: Agent) -> StaffActor:
    return StaffActor(AgentId(agent.id), agent.name, agent.role, agent.level, frozenset(agent.teams))


async def list_portals(session: AsyncSession, actor: StaffActor) -> list[Portal]:
    """The portals that this member of staff serves."""
    portals = await session.exec(select(Portal).where(col(Portal.disabled_at).is_(None)).order_by(col(Portal.id)))
    return [portal for portal in portals if serves(actor, portal)]


async def may_follow(session: AsyncSession, actor: Actor, topic: Topic) -> bool:
    """Whether `actor` may hear a topic now."""
    kind, _, rest = topic.partition(":")
    number, _, staff = rest.partition(":")
    if isinstance(actor, VisitorActor):
        return not staff and await _visitor_may_follow(session, actor, kind, int(number or 0))
    if isinstance(actor, StaffActor) and (not staff or kind == "conversation"):
        return await _staff_may_follow(session, actor, topic, kind, int(number or 0))
    return False


async def _visitor_may_follow(session: AsyncSession, actor: VisitorActor, kind: str, number: int) -> bool:
    if kind == "visitor":
        return actor.id == VisitorId(number)
    return kind == "conversation" and await _sees_conversation(session, actor, number)


async def _staff_may_follow(session: AsyncSession, actor: StaffActor, topic: Topic, kind: str, number: int) -> bool:
    match kind:
        case "conversation":
            return await _sees_conversation(session, actor, number)
        case "ticket":
            ticket = await session.get(Ticket, number)
            return ticket is not None and await _sees_conversation(session, actor, ticket.conversation_id)
        case "agent":
            return actor.id == AgentId(number)
        case "desk":
            return topic in {desk_topic(PortalId(portal.id)) for portal in await list_portals(session, actor)}
        case _:
            return topic == AGENTS_TOPIC


async def _sees_conversation(session: AsyncSession, actor: Actor, number: int) -> bool:
    row = await session.get(Conversation, number)
    return row is not None and await _may_see(session, actor, row)


async def _may_see(session: AsyncSession, actor: Actor, row: Conversation) -> bool:
    if isinstance(actor, VisitorActor):
        return actor.id is not None and row.visitor_id == actor.id
    if not isinstance(actor, StaffActor):
        return True
    if not serves(actor, await session.get_one(Portal, row.portal_id)):
        return False
    return actor.supervises or await _serves_client(session, actor, row) or await _is_ticket(session, row)


def serves(actor: StaffActor, portal: Portal) -> bool:
    """Whether a portal is theirs to work for: it is everybody's, or their team's, or they supervise."""
    return actor.supervises or portal.team is None or portal.team in actor.teams


async def _serves_client(session: AsyncSession, actor: StaffActor, row: Conversation) -> bool:
    """An agent sees all conversations of the clients they have now, so that the earlier threads are at hand."""
    query = (
        select(Assignment.id)
        .join(Conversation, col(Conversation.id) == col(Assignment.conversation_id))
        .where(
            Assignment.agent_id == actor.id,
            col(Assignment.ended_at).is_(None),
            Conversation.visitor_id == row.visitor_id,
        )
        .limit(1)
    )
    return (await session.exec(query)).first() is not None


async def _is_ticket(session: AsyncSession, row: Conversation) -> bool:
    return (await session.exec(select(Ticket.id).where(Ticket.conversation_id == row.id))).first() is not None


async def get_visitor(session: AsyncSession, portal_id: PortalId, token_hash: str) -> Visitor | None:
    """The client that a token belongs to, on that portal only."""
    query = select(Visitor).where(
        Visitor.token_hash == token_hash, Visitor.portal_id == portal_id, col(Visitor.erased_at).is_(None)
    )
    return (await session.exec(query)).one_or_none()
