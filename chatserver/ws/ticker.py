"""What the sockets of this process are told from time to time: place in the queue, whether the desk answers, lost
access."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from chatserver.actions.presence import renew
from chatserver.errors import CloseCode
from chatserver.models import Agent, Conversation, LoginSession, Portal, Visitor
from chatserver.protocol.codec import encode
from chatserver.protocol.events import AvailabilityChanged, QueuePosition
from chatserver.protocol.views import Availability, Wait
from chatserver.queries.access import get_staff, live_login
from chatserver.queries.desk import DeskLoad, Line, get_availability, get_load, list_places
from chatserver.types import ConversationId, ConversationState, PortalId, Topic, agent_topic, conversation_topic
from chatserver.ws.connection import Connection
from chatserver.ws.hub import Hub

FARTHEST_TOLD = 20
"""Places beyond this are told as "more than 20"."""

RECHECK = 10
"""Every so many rounds the topics of all staff are checked again, for a team or a role that was changed."""


class Ticker:
    """Remembers what was last told, so that only news is told."""

    def __init__(self, hub: Hub, process_id: str) -> None:
        self.hub = hub
        self.process_id = process_id
        self._told: dict[PortalId, Availability] = {}
        self._rounds = 0

    async def presence(self) -> None:
        """Renew everybody who is connected here, in one batch."""
        await renew(self.hub.context, self.process_id, list(self.hub.visitors), list(self.hub.agents))

    async def positions(self) -> None:
        """Tell waiting clients their place and what wait to expect."""
        followed = self._followed()
        if not followed:
            return
        context = self.hub.context
        async with context.db.read() as session:
            query = select(Conversation.level, Conversation.team).where(
                col(Conversation.id).in_(followed), Conversation.state == ConversationState.QUEUED
            )
            for level, team in await session.exec(query.distinct()):
                line = Line(level, team)
                places = await list_places(session, line, followed)
                load = await get_load(session, line, context.clock.now(), context.settings.timers)
                for conversation_id, place in places.items():
                    self.hub.whisper(followed[conversation_id], _position(conversation_id, place, load))

    async def availability(self) -> None:
        """Tell the clients of a portal when it opens, closes, or had better be written to."""
        context = self.hub.context
        for portal_id in {each.portal_id for each in self.hub.connections if each.portal_id is not None}:
            async with context.db.read() as session:
                portal = await session.get_one(Portal, portal_id)
                news = await get_availability(session, portal, context.clock.now(), context.settings.timers)
            if self._told.get(portal_id, news) != news:
                for connection in self.hub.of_portal(portal_id):
                    connection.send(encode(AvailabilityChanged(availability=news)), ephemeral=True)
            self._told[portal_id] = news

    async def access(self) -> None:
        """End sockets whose login is over, or whose client was erased. Whose inbox moved, and everybody now and then,
        may have lost topics, too."""
        staff = [each for each in self.hub.connections if each.login_id is not None]
        moved, self.hub.moved = self.hub.moved, set()
        self._rounds += 1
        live = await self._live_logins({each.login_id for each in staff}) if staff else set()
        for connection in staff:
            if connection.login_id not in live:
                connection.close(CloseCode.LOGIN_AGAIN, "log in again")
            elif self._rounds % RECHECK == 0 or (connection.agent_id and agent_topic(connection.agent_id) in moved):
                await self._recheck(connection)
        for connection in await self._erased():
            connection.close(CloseCode.ACCESS_LOST, "these data were erased")

    async def _erased(self) -> list[Connection]:
        """The sockets of clients who are no more: nobody has the token, but who had it may still listen."""
        here = [each for each in self.hub.connections if each.visitor_id is not None]
        ids = {each.visitor_id for each in here}
        query = select(Visitor.id).where(col(Visitor.id).in_(ids), col(Visitor.erased_at).is_not(None))
        async with self.hub.context.db.read() as session:
            gone = set(await session.exec(query)) if here else set()
        return [each for each in here if each.visitor_id in gone]

    async def _live_logins(self, ids: set[int | None]) -> set[int]:
        query = (
            select(LoginSession.id)
            .join(Agent, col(Agent.id) == col(LoginSession.agent_id))
            .where(col(LoginSession.id).in_(ids), *live_login(self._used_after()))
        )
        async with self.hub.context.db.read() as session:
            return set(await session.exec(query))

    def _used_after(self) -> datetime:
        context = self.hub.context
        return context.clock.now() - timedelta(hours=context.settings.login_idle_hours)

    async def _recheck(self, connection: Connection) -> None:
        async with self.hub.context.db.read() as session:
            actor = await get_staff(session, connection.login_id or 0)
        if actor is not None and not actor.supervises:
            await self.hub.recheck(connection, actor)

    def _followed(self) -> dict[int, Topic]:
        """The conversations that clients follow here, by id."""
        topics = {topic for each in self.hub.connections if not each.staff for topic in each.topics}
        return {int(topic.partition(":")[2]): topic for topic in topics if topic.startswith("conversation:")}


async def tell_position(hub: Hub, conversation_id: ConversationId) -> None:
    """Tell one client their place at once, when they have just begun to follow the conversation."""
    context = hub.context
    async with context.db.read() as session:
        row = await session.get(Conversation, conversation_id)
        if row is None or row.state is not ConversationState.QUEUED:
            return
        line = Line(row.level, row.team)
        places = await list_places(session, line, [row.id])
        load = await get_load(session, line, context.clock.now(), context.settings.timers)
    if place := places.get(row.id):
        hub.whisper(conversation_topic(conversation_id), _position(row.id, place, load))


def _position(conversation_id: int, position: int, load: DeskLoad) -> QueuePosition:
    wait = load.wait_at(position)
    seconds = Wait(low=int(wait.low.total_seconds()), high=int(wait.high.total_seconds())) if wait else None
    told = position if position <= FARTHEST_TOLD else None
    return QueuePosition(conversation=conversation_id, position=told, wait=seconds)
