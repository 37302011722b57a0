"""Carrying out what one socket says: greets, follows, and hands commands to their actions."""

from abc import ABC, abstractmethod
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chatserver.actions.batch import Sender
from chatserver.actions.once import perform
from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.metrics import REFUSED
from chatserver.process.conversation import IllegalMove
from chatserver.protocol.base import Wire
from chatserver.protocol.codec import encode
from chatserver.protocol.commands import (
    GetEarlier,
    SendMessage,
    StaffHello,
    Subscribe,
    Typing,
    Unsubscribe,
    VisitorHello,
)
from chatserver.protocol.events import TypingChanged
from chatserver.protocol.replies import CommandRefused, Done, Earlier
from chatserver.queries.access import get_conversation
from chatserver.queries.snapshots import get_entries
from chatserver.types import Actor, ConversationId, Topic, conversation_topic
from chatserver.ws.connection import Connection
from chatserver.ws.dispatch import Handler
from chatserver.ws.hub import Hub

log = structlog.get_logger()

TRY_AGAIN_AFTER = 2.0
AWAY = (OperationalError, InterfaceError, PoolTimeout, OSError)
"""What the database raises when it cannot be reached or is busy for too long."""


class Peer(ABC):
    """The other end of one socket. Every command asks again who it is and what it may."""

    table: dict[type[Any], Handler]

    def __init__(self, hub: Hub, connection: Connection) -> None:
        self.hub = hub
        self.context = hub.context
        self.connection = connection

    @abstractmethod
    async def hello(self, command: Any) -> Wire:
        """Greet; the answer says who the other end is."""

    @abstractmethod
    async def identify(self, unit: Unit) -> Any:
        """Who this is now, as far as the database knows. Raises `Refused`."""

    @abstractmethod
    async def actor(self) -> Actor:
        """The same, for reading."""

    @abstractmethod
    def sender(self) -> Sender:
        """The same, for the writer of messages."""

    @abstractmethod
    def side(self) -> Any:
        """`visitor` or `agent`."""

    async def handle(self, command: Any) -> None:
        """Carry out a command and answer it. Nothing that a client sends ends in an exception here."""
        if type(command) is Typing:
            self._typing(command)
            return
        try:
            reply = await (self._message(command) if type(command) is SendMessage else self._answer(command))
        except Refused as refused:
            self._refuse(refusal(command.ref, refused))
        except IllegalMove as illegal:
            self._refuse(CommandRefused(ref=command.ref, code="wrong_state", message=str(illegal)))
        except AWAY as error:
            log.warning("command.database_away", connection=self.connection.id, error=type(error).__name__)
            self._refuse(unavailable(command.ref))
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self._refuse(unavailable(command.ref))
        else:
            if reply is not None:
                self.connection.send(encode(reply))
                await self._note(reply)

    def _refuse(self, refused: CommandRefused) -> None:
        REFUSED.labels(refused.code).inc()
        self.connection.send(encode(refused))

    async def _note(self, reply: Wire) -> None:
        """What follows from an answer is a convenience: the answer stands, whatever the database says to the rest."""
        try:
            await self.told(reply)
        except AWAY as error:
            log.warning("command.database_away", connection=self.connection.id, error=type(error).__name__)

    async def told(self, _reply: Wire) -> None:
        """Look at an answer that went out; a client may have become known by it."""
        return

    async def followed(self, _topic: Topic) -> None:
        """A topic is followed from now on; some want to be told more at once."""
        return

    async def _answer(self, command: Any) -> Wire | None:
        match command:
            case VisitorHello() | StaffHello():
                return await self.hello(command)
            case Subscribe():
                await self.hub.subscribe(self.connection, await self.actor(), command)
                await self.followed(Topic(command.topic))
                return None
            case Unsubscribe():
                await self.hub.unsubscribe(self.connection, Topic(command.topic))
                return Done(ref=command.ref)
            case GetEarlier():
                return await self._earlier(command)
            case _:
                return await self._perform(command)

    async def _message(self, command: SendMessage) -> Wire:
        """Most of what is said. It does not stand in line behind the rare commands above: each would have to be asked
        whether it is one, and a model is slow to say no."""
        return await self.hub.writer.send(self.sender(), command, self._perform)

    async def _perform(self, command: Any) -> Wire:
        handler = self.table[type(command)]
        reply: Wire = await perform(self.context, self.identify, command, handler.action, keep=handler.keep)
        return reply

    async def _earlier(self, command: GetEarlier) -> Earlier:
        actor = await self.actor()
        async with self.context.db.read() as session:
            row = await get_conversation(session, actor, ConversationId(command.conversation))
            entries, earlier = await get_entries(session, row.id, command.before)
        return Earlier(ref=command.ref, conversation=row.id, entries=entries, earlier=earlier)

    def _typing(self, command: Typing) -> None:
        """Passed on only by who follows the conversation: following was allowed, so this is."""
        topic = conversation_topic(ConversationId(command.conversation))
        if topic in self.connection.topics:
            said = TypingChanged(conversation=command.conversation, by=self.side(), on=command.on)
            self.hub.publish(topic, said)


def refusal(ref: str, refused: Refused) -> CommandRefused:
    return CommandRefused(
        ref=ref,
        code=refused.code,
        message=refused.message,
        field=refused.field,
        retry_after=refused.retry_after,
    )


def unavailable(ref: str) -> CommandRefused:
    """Nothing was stored, or it is not known: the same command again is safe."""
    return CommandRefused(
        ref=ref, code="unavailable", message="The database is away; try again.", retry_after=TRY_AGAIN_AFTER
    )
