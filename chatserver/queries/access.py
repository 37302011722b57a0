"""The only door to a conversation or a ticket. "Not yours" and "does not exist" are the same answer."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.errors import Refused, not_found
from chatserver.models import Agent, Assignment, Conversation, LoginSession, Portal, Ticket, Visitor
from chatserver.queries.among import among
from chatserver.types import Actor, AgentId, ConversationId, PortalId, StaffActor, SystemActor, VisitorActor


async def get_conversation(
    session: AsyncSession, actor: Actor, id: ConversationId, *, lock: bool = False
) -> Conversation:
    """A conversation that `actor` may see, locked for writing if asked. Raises `Refused` (not_found)."""
    query = select(Conversation).where(Conversation.id == id)
    row = (await session.exec(query.with_for_update() if lock else query)).one_or_none()
    if row is None or not await which_may_see(session, [(actor, Thread(row.id, row.visitor_id, row.portal_id))]):
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
    return (await find_staff(session, [login_session_id], used_after)).get(login_session_id)


async def find_staff(
    session: AsyncSession, login_session_ids: Collection[int], used_after: datetime | None = None
) -> dict[int, StaffActor]:
    """Who each login session is now, without those that open nothing."""
    query = (
        select(LoginSession.id, Agent)
        .join(Agent, col(LoginSession.agent_id) == col(Agent.id))
        .where(among(LoginSession.id, login_session_ids), *live_login(used_after))
    )
    return {id: staff_actor(agent) for id, agent in await session.exec(query)}


def staff_actor(agent: Agent) -> StaffActor:
    return StaffActor(AgentId(agent.id), agent.name, agent.role, agent.level, frozenset(agent.teams))


async def list_portals(session: AsyncSession, actor: StaffActor) -> list[Portal]:
    """The portals that this member of staff serves."""
    portals = await session.exec(select(Portal).where(col(Portal.disabled_at).is_(None)).order_by(col(Portal.id)))
    return [portal for portal in portals if serves(actor, portal)]


class Thread(NamedTuple):
    """What access asks of a conversation."""

    id: int
    visitor_id: int
    portal_id: int


async def which_may_see(
    session: AsyncSession, asked: Collection[tuple[Actor, Thread]]
) -> set[tuple[Actor, ConversationId]]:
    """Those of the pairs that may; at most three queries whatever their number."""
    seen = {(actor, thread) for actor, thread in asked if _is_theirs(actor, thread)}
    staff = [(actor, thread) for actor, thread in asked if isinstance(actor, StaffActor)]
    return {(actor, ConversationId(thread.id)) for actor, thread in seen | await _seen_by_staff(session, staff)}


def _is_theirs(actor: Actor, thread: Thread) -> bool:
    """What the system does is for everybody; a client's is what they began."""
    return isinstance(actor, SystemActor) or (isinstance(actor, VisitorActor) and thread.visitor_id == actor.id)


async def _seen_by_staff(
    session: AsyncSession, asked: Collection[tuple[StaffActor, Thread]]
) -> set[tuple[Actor, Thread]]:
    """Of the portals that they serve a supervisor sees all; an agent all of the clients they have now, so that the
    earlier threads are at hand, and whatever is a ticket."""
    if not asked:
        return set()
    portals = select(Portal.id, Portal.team).where(among(Portal.id, {thread.portal_id for _, thread in asked}))
    teams = dict((await session.exec(portals)).all())
    served = {(actor, thread) for actor, thread in asked if _serves_team(actor, teams[thread.portal_id])}
    seen: set[tuple[Actor, Thread]] = {(actor, thread) for actor, thread in served if actor.supervises}
    if served - seen:
        clients = await _clients_of(session, {actor.id for actor, _ in served - seen})
        seen |= {(actor, thread) for actor, thread in served if (actor.id, thread.visitor_id) in clients}
    if served - seen:
        ids = {thread.id for _, thread in served - seen}
        tickets = set(await session.exec(select(Ticket.conversation_id).where(among(Ticket.conversation_id, ids))))
        seen |= {(actor, thread) for actor, thread in served if thread.id in tickets}
    return seen


async def _clients_of(session: AsyncSession, agents: Collection[AgentId]) -> set[tuple[int, int]]:
    """Who looks after whom now: agent and client, by id."""
    query = (
        select(Assignment.agent_id, Conversation.visitor_id)
        .join(Conversation, col(Conversation.id) == col(Assignment.conversation_id))
        .where(among(Assignment.agent_id, agents), col(Assignment.ended_at).is_(None))
    )
    return set((await session.exec(query)).all())


def serves(actor: StaffActor, portal: Portal) -> bool:
    """Whether a portal is theirs to work for: it is everybody's, or their team's, or they supervise."""
    return _serves_team(actor, portal.team)


def _serves_team(actor: StaffActor, team: str | None) -> bool:
    return actor.supervises or team is None or team in actor.teams


async def get_visitor(session: AsyncSession, portal_id: PortalId, token_hash: str) -> Visitor | None:
    """The client that a token belongs to, on that portal only."""
    query = select(Visitor).where(
        Visitor.token_hash == token_hash, Visitor.portal_id == portal_id, col(Visitor.erased_at).is_(None)
    )
    return (await session.exec(query)).one_or_none()
