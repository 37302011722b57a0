"""A client's end of a socket."""

import secrets
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chatserver.actions.arrivals import Token
from chatserver.actions.batch import FromVisitor
from chatserver.actions.unit import Unit
from chatserver.addresses import address_of
from chatserver.errors import Refused
from chatserver.process.fields import strip_page
from chatserver.protocol.base import Wire
from chatserver.protocol.commands import LeaveMessage, StartConversation, VisitorHello
from chatserver.protocol.events import PresenceChanged
from chatserver.protocol.replies import ConversationStarted, TicketOpened, VisitorWelcome
from chatserver.protocol.views import VisitorView
from chatserver.queries.access import get_visitor
from chatserver.queries.logins import hash_token
from chatserver.queries.topics import conversation_of
from chatserver.types import ConversationId, Topic, VisitorActor, VisitorId, staff_topic, visitor_topic
from chatserver.ws.connection import Connection
from chatserver.ws.dispatch import VISITOR
from chatserver.ws.front import Front
from chatserver.ws.hub import Hub
from chatserver.ws.peer import Peer

BEGINNING = (StartConversation, LeaveMessage)


class VisitorPeer(Peer):
    """Known by a token: the one they bring, or a fresh one that becomes theirs with their first form."""

    table = VISITOR

    def __init__(self, hub: Hub, connection: Connection, portal_key: str, front: Front) -> None:
        super().__init__(hub, connection)
        self.portal_key = portal_key
        self.portal_id = front.id
        self.token_hash = ""
        self.locale = front.card.locale
        self.zone: str | None = None
        self.page: str | None = None

    def sender(self) -> FromVisitor:
        return FromVisitor(self.portal_id, self.token_hash)

    def side(self) -> str:
        return "visitor"

    async def hello(self, command: VisitorHello) -> VisitorWelcome:
        """Say who we think they are, and how the desk stands."""
        self.locale = _locale(command.locale, self.locale)
        self.zone = _zone(command.zone)
        self.page = strip_page(command.page) if command.page else None
        front = await self.hub.fronts.get(self.portal_key)
        if front is None:
            raise Refused("not_found", "There is no such portal any more.")
        token, known = await self._recognise(command.token)
        self.token_hash = hash_token(token)
        if known is not None:
            self._know(VisitorId(known.id))
        return VisitorWelcome(
            ref=command.ref,
            epoch=front.epoch,
            token=token,
            portal=front.card,
            visitor=known,
            topic=visitor_topic(VisitorId(known.id)) if known else None,
        )

    async def _answer(self, command: Any) -> Wire | None:
        """What begins something is counted by where it comes from: a fresh token is to be had for the asking."""
        if isinstance(command, BEGINNING) and not await self.hub.crowd.may_begin(address_of(self.connection.socket)):
            raise Refused("too_many", "Too many conversations were begun from this address; try again later.")
        return await super()._answer(command)

    async def identify(self, unit: Unit) -> VisitorActor:
        visitor = await get_visitor(unit.session, self.portal_id, self.token_hash)
        return self._actor_of(VisitorId(visitor.id) if visitor else None)

    async def actor(self) -> VisitorActor:
        return self._actor_of(await self.hub.whose.ask(Token(self.portal_id, self.token_hash)))

    async def told(self, reply: Wire) -> None:
        """The first form made them known: presence counts from now."""
        if self.connection.visitor_id is not None:
            return
        if isinstance(reply, ConversationStarted):
            self._know(VisitorId(reply.visitor.id))
        elif isinstance(reply, TicketOpened):
            actor = await self.actor()
            if actor.id is not None:
                self._know(actor.id)

    async def followed(self, topic: Topic) -> None:
        """Who waits wants to know their place now, not at the next round; and staff, that they are there."""
        if number := conversation_of(topic):
            self._tell_present(number)
            await self.hub.places.ask(number)

    async def gone(self) -> None:
        """The socket ended. If it was their last here, the time they are given counts from now."""
        visitor_id = self.connection.visitor_id
        if self.hub.leave(self.connection) and visitor_id is not None:
            await self.hub.departures.note(visitor_id, self._conversations())

    def _know(self, id: VisitorId) -> None:
        if self.hub.know_visitor(self.connection, id):
            for number in self._conversations():
                self._tell_present(number)

    def _conversations(self) -> list[int]:
        return [number for topic in self.connection.topics if (number := conversation_of(topic))]

    def _tell_present(self, conversation: int) -> None:
        said = PresenceChanged(conversation=conversation, present=True)
        self.hub.publish(staff_topic(ConversationId(conversation)), said)

    async def _recognise(self, token: str | None) -> tuple[str, VisitorView | None]:
        """The token to keep, and whose it is. One that was given before the first form is nobody's yet, and stays: a
        second tab, or a reload before the form is stored, must not make somebody else of the client."""
        if token is not None:
            recognised = await self.hub.tokens.ask(Token(self.portal_id, hash_token(token)))
            if recognised.usable:
                return token, recognised.visitor
        return secrets.token_urlsafe(24), None

    def _actor_of(self, id: VisitorId | None) -> VisitorActor:
        return VisitorActor(
            portal_id=self.portal_id,
            token_hash=self.token_hash,
            id=id,
            locale=self.locale,
            zone=self.zone,
            page=self.page,
        )


def _locale(asked: str | None, default: str) -> str:
    if not asked:
        return default
    return "en" if asked.lower().startswith("en") else "es-MX"


def _zone(name: str | None) -> str | None:
    """A zone that exists, or none at all."""
    try:
        return ZoneInfo(name).key if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
