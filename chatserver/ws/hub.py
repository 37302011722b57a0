"""The process's switchboard: which sockets follow which topics. The bus brings hints, the table makes them whole."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from chatserver.actions.arrivals import recognise, whose
from chatserver.actions.presence import note_agents
from chatserver.actions.unit import Context
from chatserver.actions.writer import Writer
from chatserver.bus import Bus, BusUnavailable
from chatserver.errors import CloseCode
from chatserver.metrics import CAUGHT_UP
from chatserver.protocol.base import Wire
from chatserver.protocol.codec import encode
from chatserver.protocol.commands import Subscribe
from chatserver.protocol.events import Heartbeat, Unsubscribed
from chatserver.queries.following import which_may_follow
from chatserver.queries.topics import get_heads, get_tail
from chatserver.rates import Rates
from chatserver.types import Actor, AgentId, PortalId, Topic, VisitorId
from chatserver.ws.channel import Channel, seq_of
from chatserver.ws.connection import Connection
from chatserver.ws.crowd import Crowd
from chatserver.ws.departures import Departures
from chatserver.ws.following import Following
from chatserver.ws.front import Fronts
from chatserver.ws.gather import Gather
from chatserver.ws.places import tell_places
from chatserver.ws.resume import LONGEST_TAIL

log = structlog.get_logger()

Id = TypeVar("Id", VisitorId, AgentId)


class Hub:
    """Owns the connections and channels of one process. `moved`: inboxes that changed since access was last checked."""

    def __init__(self, context: Context, bus: Bus, rates: Rates) -> None:
        self.context = context
        self.bus = bus
        self.writer = Writer(context)
        self.crowd = Crowd(context.settings.sockets_per_address, context.settings.forms_per_address, rates)
        self.fronts = Fronts(context)
        self.tokens = Gather(partial(recognise, context))
        self.whose = Gather(partial(whose, context))
        self.following = Following(context)
        self.places = Gather(partial(tell_places, context, self.whisper))
        self.departures = Departures(context, self.publish)
        self.seen_agents = Gather(partial(note_agents, context))
        self.connections: set[Connection] = set()
        self.visitors: Counter[VisitorId] = Counter()
        self.agents: Counter[AgentId] = Counter()
        self.moved: set[Topic] = set()
        self._channels: dict[Topic, Channel] = {}
        self._behind: set[Topic] = set()
        self._catching_up = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    # Sockets.

    def add(self, connection: Connection) -> None:
        self.connections.add(connection)

    def know_visitor(self, connection: Connection, id: VisitorId) -> bool:
        """The socket is this client's. True when it is their first one here."""
        if connection.visitor_id is not None:
            return False
        connection.visitor_id = id
        self.visitors[id] += 1
        self.departures.forget(id)
        return self.visitors[id] == 1

    def know_agent(self, connection: Connection, id: AgentId) -> None:
        connection.agent_id = id
        self.agents[id] += 1

    def leave(self, connection: Connection) -> bool:
        """The socket has ended, and whose it was is not renewed for it any more. True when it was their last one
        here."""
        visitor, connection.visitor_id = connection.visitor_id, None
        agent, connection.agent_id = connection.agent_id, None
        return _forget(self.visitors, visitor) or _forget(self.agents, agent)

    async def remove(self, connection: Connection) -> None:
        """The socket is gone."""
        self.leave(connection)
        self.connections.discard(connection)
        for topic in list(connection.topics):
            await self.unsubscribe(connection, topic)

    def of_portal(self, id: PortalId) -> list[Connection]:
        return [connection for connection in self.connections if connection.portal_id == id]

    # Topics.

    async def subscribe(self, connection: Connection, actor: Actor, command: Subscribe) -> None:
        """Follow a topic and answer with its tail or snapshot. Raises `Refused` (not_found)."""
        topic = Topic(command.topic)
        connection.topics.discard(topic)
        try:
            await self.following.must_be_allowed(actor, topic)
            channel = self._channel(topic)
            channel.begin_joining(connection)
            await self._confirmed(channel)
            head, text = await self.following.begin(actor, command)
        except BaseException:
            await self.unsubscribe(connection, topic)
            raise
        connection.topics.add(topic)
        connection.send(text)
        channel.join(connection, head)

    async def unsubscribe(self, connection: Connection, topic: Topic) -> None:
        connection.topics.discard(topic)
        if channel := self._channels.get(topic):
            channel.leave(connection)
            await self._close_if_empty(topic)

    def publish(self, topic: Topic, frame: Wire) -> None:
        """Say something ephemeral to everybody who follows a topic, in every process."""
        self.bus.publish(topic, encode(frame).encode())

    def whisper(self, topic: Topic, frame: Wire) -> None:
        """Say something ephemeral to who follows a topic in this process."""
        if channel := self._channels.get(topic):
            channel.whisper(encode(frame))

    def deliver(self, topic: Topic, payload: bytes) -> None:
        """A hint from the bus."""
        if channel := self._channels.get(topic):
            seq = seq_of(payload)
            if seq is None:
                channel.whisper(payload.decode())
            else:
                channel.offer(seq, payload.decode())
                if topic.startswith("agent:"):
                    self.moved.add(topic)

    def recovered(self) -> None:
        """The bus was away and is back: hints were lost, so look at the table at once."""
        self._spawn(self.sweep)

    # Making hints whole.

    async def sweep(self) -> None:
        """Read the heads of all followed topics and catch up where the table is ahead: no hint is needed for
        anything."""
        topics = [topic for topic, channel in self._channels.items() if channel.head is not None]
        if not topics:
            return
        async with self.context.db.read() as session:
            heads = await get_heads(session, topics)
        behind = [topic for topic, head in heads.items() if self._is_behind(topic, head)]
        await self._catch_up(behind)

    async def heartbeat(self) -> None:
        """Tell every socket how far its topics are."""
        now = self.context.clock.now()
        for connection in list(self.connections):
            heads = {str(topic): head for topic in connection.topics if (head := self._head(topic)) is not None}
            connection.send(encode(Heartbeat(at=now, heads=heads)))

    async def recheck(self, actors: Mapping[Connection, Actor]) -> None:
        """Stop following what may not be followed any more; a few queries for all of them."""
        asked = [(connection, topic) for connection in actors for topic in connection.topics]
        async with self.context.db.read() as session:
            allowed = await which_may_follow(session, {(actors[connection], topic) for connection, topic in asked})
        for connection, topic in asked:
            if (actors[connection], topic) not in allowed:
                await self.unsubscribe(connection, topic)
                connection.send(encode(Unsubscribed(topic=topic)))

    def close_all(self, code: CloseCode, reason: str) -> None:
        for connection in list(self.connections):
            connection.close(code, reason)

    def _channel(self, topic: Topic) -> Channel:
        channel = self._channels.get(topic)
        if channel is None:
            confirmation = asyncio.get_running_loop().create_task(self.bus.subscribe(topic))
            channel = self._channels[topic] = Channel(lambda: self._note_behind(topic), confirmation)
        return channel

    async def _confirmed(self, channel: Channel) -> None:
        """Only what is said after the broker's confirmation is sure to arrive, so the table is read after it."""
        try:
            await asyncio.shield(channel.confirmation)
        except BusUnavailable:
            log.info("hub.unhinted")  # the sweep brings what hints cannot

    async def _close_if_empty(self, topic: Topic) -> None:
        channel = self._channels.get(topic)
        if channel is not None and channel.empty:
            del self._channels[topic]
            await self.bus.unsubscribe(topic)

    def _note_behind(self, topic: Topic) -> None:
        self._behind.add(topic)
        self._spawn(self._catch_up_noted)

    async def _catch_up_noted(self) -> None:
        topics, self._behind = self._behind, set()
        await self._catch_up(topics)

    async def _catch_up(self, topics: Iterable[Topic]) -> None:
        """Read what was missed and pass it on; a gap too long is left to the clients, who then ask for a snapshot."""
        async with self._catching_up:
            for topic in topics:
                channel = self._channels.get(topic)
                if channel is None or channel.head is None:
                    continue
                since = channel.head
                async with self.context.db.read() as session:
                    head = (await get_heads(session, [topic]))[topic]
                    near = head - since <= LONGEST_TAIL
                    tail = await get_tail(session, topic, since, head) if near else None
                if head <= channel.head:
                    continue  # a hint was quicker
                CAUGHT_UP.inc()
                for seq, text in enumerate(tail or [], head - len(tail or []) + 1):
                    channel.offer(seq, text)
                if tail is None:
                    channel.head = head
                    channel.whisper(encode(Heartbeat(at=self.context.clock.now(), heads={topic: head})))

    def _is_behind(self, topic: Topic, head: int) -> bool:
        mine = self._head(topic)
        return mine is not None and head > mine

    def _head(self, topic: Topic) -> int | None:
        channel = self._channels.get(topic)
        return channel.head if channel else None

    def _spawn(self, work: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except (SQLAlchemyError, OSError):
            log.warning("hub.catch_up_failed", exc_info=True)  # the next sweep tries again


def _forget(counter: Counter[Id], id: Id | None) -> bool:
    """Count one less. True when it was the last."""
    if id is None:
        return False
    counter[id] -= 1
    if counter[id] > 0:
        return False
    del counter[id]
    return True
