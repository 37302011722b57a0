"""What the sockets of this process are told from time to time: place in the queue, whether the desk answers, lost access."""

from collections.abc import Mapping

from sqlmodel import col, select

from chatserver.actions.presence import renew
from chatserver.errors import CloseCode
from chatserver.models import Conversation, LoginSession, Portal
from chatserver.protocol.codec import encode
from chatserver.protocol.events import AvailabilityChanged, QueuePosition
from chatserver.protocol.views import Availability, Wait
from chatserver.queries.access import get_staff
from chatserver.queries.desk import DeskLoad, get_availability, get_load, list_queue
from chatserver.types import ConversationId, ConversationState, PortalId, Topic, conversation_topic
from chatserver.ws.connection import Connection
from chatserver.ws.hub import Hub

FARTHEST_TOLD = 20
"""Places beyond this are told as "more than 20"."""


class Ticker:
    """Remembers what was last told, so that only news is told."""

    def __init__(self, hub: Hub, process_id: str) -> None:
        self.hub = hub
        self.process_id = process_id
        self._told: dict[PortalId, Availability] = {}

    async def presence(self) -> None:
        """Renew everybody who is connected here, in one batch."""
        await renew(self.hub.context, self.process_id, list(self.hub.visitors), list(self.hub.agents))

    async def positions(self) -> None:
        """Tell waiting clients their place and what wait to expect."""
        followed = self._followed()
        portals = {each.portal_id for each in self.hub.connections if each.portal_id is not None}
        for portal_id in portals if followed else ():
            await self._tell_positions(portal_id, followed)

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
        """End sockets whose login is over, and stop what may not be followed any more."""
        staff = [each for each in self.hub.connections if each.login_id is not None]
        if not staff:
            return
        async with self.hub.context.db.read() as session:
            ids = {each.login_id for each in staff}
            query = select(LoginSession.id).where(col(LoginSession.id).in_(ids))
            live = set(await session.exec(query.where(col(LoginSession.revoked_at).is_(None))))
        for connection in staff:
            await self._check(connection, alive=connection.login_id in live)

    async def _check(self, connection: Connection, *, alive: bool) -> None:
        actor = None
        if alive and connection.login_id is not None:
            async with self.hub.context.db.read() as session:
                actor = await get_staff(session, connection.login_id)
        if actor is None:
            connection.close(CloseCode.LOGIN_AGAIN, "log in again")
        elif not actor.supervises:
            await self.hub.recheck(connection, actor)

    async def _tell_positions(self, portal_id: PortalId, followed: Mapping[int, Topic]) -> None:
        context = self.hub.context
        async with context.db.read() as session:
            portal = await session.get_one(Portal, portal_id)
            queue = await list_queue(session, portal_id)
            load = await get_load(session, portal, context.clock.now(), context.settings.timers)
        for position, conversation_id in enumerate(queue, 1):
            if topic := followed.get(conversation_id):
                self.hub.whisper(topic, _position(conversation_id, position, load))

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
        portal = await session.get_one(Portal, row.portal_id)
        queue = await list_queue(session, row.portal_id)
        load = await get_load(session, portal, context.clock.now(), context.settings.timers)
    if row.id in queue:
        hub.whisper(conversation_topic(conversation_id), _position(row.id, queue.index(row.id) + 1, load))


def _position(conversation_id: int, position: int, load: DeskLoad) -> QueuePosition:
    wait = load.wait_at(position)
    seconds = Wait(low=int(wait.low.total_seconds()), high=int(wait.high.total_seconds())) if wait else None
    told = position if position <= FARTHEST_TOLD else None
    return QueuePosition(conversation=conversation_id, position=told, wait=seconds)
