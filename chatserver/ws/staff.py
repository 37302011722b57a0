"""A console's end of a socket."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.actions.batch import FromStaff
from chatserver.actions.presence import MISSED_BEAT
from chatserver.actions.staff import touch_login
from chatserver.actions.unit import Unit
from chatserver.errors import CloseCode, Refused
from chatserver.models import Agent, Conversation, Portal, Visitor
from chatserver.process.ticket_states import LEVELS
from chatserver.protocol.base import Wire
from chatserver.protocol.codec import encode
from chatserver.protocol.commands import StaffHello
from chatserver.protocol.events import PresenceChanged
from chatserver.protocol.replies import (
    DeskCard,
    Done,
    MessageStored,
    StaffWelcome,
    TicketFound,
    TicketMoved,
    TicketOpened,
)
from chatserver.protocol.ticket_commands import FindTicket, GetMoves
from chatserver.queries.access import get_staff, get_ticket, list_portals
from chatserver.queries.calendars import current_calendar
from chatserver.queries.ticket_facts import list_moves
from chatserver.queries.topics import conversation_of, get_epoch, is_staff
from chatserver.queries.views import agent_view
from chatserver.types import (
    AGENTS_TOPIC,
    AgentId,
    PortalId,
    StaffActor,
    TicketId,
    Topic,
    agent_topic,
    board_topic,
    desk_topic,
)
from chatserver.ws.connection import Connection
from chatserver.ws.dispatch import STAFF
from chatserver.ws.hub import Hub
from chatserver.ws.peer import Peer

TOUCH_AFTER = timedelta(minutes=1)
"""How stale the note of a login's last use may get."""


class StaffPeer(Peer):
    """Known by a login session, which may be revoked at any moment."""

    table = STAFF

    def __init__(self, hub: Hub, connection: Connection, login_id: int) -> None:
        super().__init__(hub, connection)
        self.login_id = login_id
        connection.login_id = login_id
        self._touched = self.context.clock.now()

    def sender(self) -> FromStaff:
        return FromStaff(self.login_id)

    def side(self) -> str:
        return "agent"

    async def hello(self, command: StaffHello) -> StaffWelcome:
        """Say who they are and which topics are theirs to follow."""
        actor = await self.actor()
        await self.hub.seen_agents.ask(actor.id)
        self.hub.know_agent(self.connection, actor.id)
        async with self.context.db.read() as session:
            portals = await list_portals(session, actor)
            cards = [await self._card(session, portal) for portal in portals]
            return StaffWelcome(
                ref=command.ref,
                epoch=await get_epoch(session),
                agent=agent_view(await session.get_one(Agent, actor.id)),
                desks=cards,
                topics=[agent_topic(actor.id), AGENTS_TOPIC, *(card.topic for card in cards)],
                boards=[board_topic(PortalId(portal.id), level) for portal in portals for level in levels_of(actor)],
            )

    async def _answer(self, command: Any) -> Wire | None:
        match command:
            case GetMoves():
                return await self._moves(command)
            case FindTicket():
                return await self._find(command)
            case _:
                return await super()._answer(command)

    async def _moves(self, command: GetMoves) -> TicketMoved:
        actor, now = await self.actor(), self.context.clock.now()
        async with self.context.db.read() as session:
            id, waits = TicketId(command.ticket), self.context.settings.tickets
            ticket, moves = await list_moves(session, actor, id, waits, now)
        return TicketMoved(ref=command.ref, ticket=ticket.id, state=ticket.state, moves=moves)

    async def _find(self, command: FindTicket) -> TicketFound:
        actor = await self.actor()
        async with self.context.db.read() as session:
            ticket, _ = await get_ticket(session, actor, command.folio.upper())
            visitor = await session.get_one(Visitor, ticket.visitor_id)
        return TicketFound(
            ref=command.ref,
            ticket=ticket.id,
            folio=ticket.folio,
            visitor=visitor.name,
            summary=ticket.summary,
            state=ticket.state,
        )

    async def identify(self, unit: Unit) -> StaffActor:
        return self._must(await get_staff(unit.session, self.login_id, self._used_after()))

    async def actor(self) -> StaffActor:
        async with self.context.db.read() as session:
            return self._must(await get_staff(session, self.login_id, self._used_after()))

    async def followed(self, topic: Topic) -> None:
        """Who begins to look after a client wants to know at once whether they are connected."""
        number = conversation_of(topic) if is_staff(topic) else None
        if number is None:
            return
        async with self.context.db.read() as session:
            row = await session.get_one(Conversation, number)
            visitor = await session.get_one(Visitor, row.visitor_id)
        present = visitor.seen_at > self.context.clock.now() - self.context.settings.timers.renew_presence * MISSED_BEAT
        self.connection.send(encode(PresenceChanged(conversation=number, present=present)), ephemeral=True)

    async def told(self, reply: Wire) -> None:
        """Work keeps a login alive, as pages do; an open console alone does not."""
        now = self.context.clock.now()
        if now - self._touched > TOUCH_AFTER and isinstance(reply, Done | MessageStored | TicketOpened | TicketMoved):
            self._touched = now
            async with self.context.unit() as unit:
                await touch_login(unit, self.login_id)

    async def gone(self) -> None:
        """The socket ended. If it was their last here, the time they are given counts from now."""
        agent_id: AgentId | None = self.connection.agent_id
        if self.hub.leave(self.connection) and agent_id is not None:
            await self.hub.seen_agents.ask(agent_id)

    def _used_after(self) -> datetime:
        return self.context.clock.now() - timedelta(hours=self.context.settings.login_idle_hours)

    def _must(self, actor: StaffActor | None) -> StaffActor:
        if actor is None:
            self.connection.close(CloseCode.LOGIN_AGAIN, "log in again")
            raise Refused("login_again", "The session is over; log in again.")
        return actor

    async def _card(self, session: AsyncSession, portal: Portal) -> DeskCard:
        _, calendar = await current_calendar(session, portal)
        timers = self.context.settings.timers
        return DeskCard(
            id=portal.id,
            name=portal.name,
            zone=calendar.zone,
            topic=desk_topic(PortalId(portal.id)),
            demo=portal.demo,
            teams=[portal.team] if portal.team else [],
            categories=portal.topics,
            soon_wait=round(timers.soon_wait.total_seconds()),
            late_wait=round(timers.late_wait.total_seconds()),
        )


def levels_of(actor: StaffActor) -> tuple[int, ...]:
    """Whose boards are theirs to look after."""
    return LEVELS if actor.supervises else (actor.level,)
