"""What the sockets of this process are told from time to time: place in the queue, whether the desk answers, lost
access."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import col, select

from chatserver.actions.presence import renew
from chatserver.errors import CloseCode
from chatserver.models import Agent, LoginSession, Portal, Visitor
from chatserver.protocol.codec import encode
from chatserver.protocol.events import AvailabilityChanged
from chatserver.protocol.views import Availability
from chatserver.queries.access import find_staff, live_login
from chatserver.queries.among import among
from chatserver.queries.desk import get_availability
from chatserver.queries.topics import conversation_of
from chatserver.types import PortalId, agent_topic
from chatserver.ws.connection import Connection
from chatserver.ws.hub import Hub
from chatserver.ws.places import tell_places

RECHECK = 10
"""In so many rounds the topics of all staff are checked again, for a team or a role that was changed."""


class Ticker:
    """Remembers what was last told, so that only news is told."""

    def __init__(self, hub: Hub, process_id: str) -> None:
        self.hub = hub
        self.process_id = process_id
        self._told: dict[PortalId, Availability] = {}
        self._rounds = 0

    async def presence(self) -> None:
        """Renew everybody who is connected here, in one batch; then look whom no other process has renewed."""
        await renew(self.hub.context, self.process_id, list(self.hub.visitors), list(self.hub.agents))
        await self.hub.departures.judge()

    async def positions(self) -> None:
        """Tell waiting clients their place and what wait to expect."""
        if followed := self._followed():
            await tell_places(self.hub.context, self.hub.whisper, followed)

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
        live = await self._live_logins({each.login_id for each in staff if each.login_id}) if staff else set()
        due = []
        for connection in staff:
            if connection.login_id not in live:
                connection.close(CloseCode.LOGIN_AGAIN, "log in again")
            elif self._is_due(connection) or (connection.agent_id and agent_topic(connection.agent_id) in moved):
                due.append(connection)
        if due:
            await self._recheck(due)
        for connection in await self._erased():
            connection.close(CloseCode.ACCESS_LOST, "these data were erased")

    def _is_due(self, connection: Connection) -> bool:
        """A part of all consoles a round, so that no round has to do with all of them."""
        return (connection.id + self._rounds) % RECHECK == 0

    async def _erased(self) -> list[Connection]:
        """The sockets of clients who are no more: nobody has the token, but who had it may still listen."""
        here = [each for each in self.hub.connections if each.visitor_id is not None]
        ids = {each.visitor_id for each in here if each.visitor_id is not None}
        query = select(Visitor.id).where(among(Visitor.id, ids), col(Visitor.erased_at).is_not(None))
        async with self.hub.context.db.read() as session:
            gone = set(await session.exec(query)) if here else set()
        return [each for each in here if each.visitor_id in gone]

    async def _live_logins(self, ids: set[int]) -> set[int]:
        query = (
            select(LoginSession.id)
            .join(Agent, col(Agent.id) == col(LoginSession.agent_id))
            .where(among(LoginSession.id, ids), *live_login(self._used_after()))
        )
        async with self.hub.context.db.read() as session:
            return set(await session.exec(query))

    def _used_after(self) -> datetime:
        context = self.hub.context
        return context.clock.now() - timedelta(hours=context.settings.login_idle_hours)

    async def _recheck(self, due: Collection[Connection]) -> None:
        """Whoever supervises sees everything, and is left alone."""
        async with self.hub.context.db.read() as session:
            actors = await find_staff(session, {each.login_id for each in due if each.login_id is not None})
        await self.hub.recheck(
            {
                each: actor
                for each in due
                if (actor := actors.get(each.login_id or 0)) is not None and not actor.supervises
            }
        )

    def _followed(self) -> set[int]:
        """The conversations that clients follow here."""
        topics = {topic for each in self.hub.connections if not each.staff for topic in each.topics}
        return {number for topic in topics if (number := conversation_of(topic))}
