"""What sends messages through a writer, as sockets do."""

from sqlmodel import col, select

from chatserver.actions.batch import FromStaff, FromVisitor, Sender
from chatserver.actions.messages import send_message
from chatserver.actions.once import Identify, perform
from chatserver.actions.unit import Unit
from chatserver.actions.writer import Writer
from chatserver.errors import Refused
from chatserver.models import LoginSession, Message
from chatserver.protocol.base import Wire
from chatserver.protocol.commands import SendMessage
from chatserver.queries.access import get_staff, get_visitor
from chatserver.queries.logins import hash_token
from chatserver.types import PortalId, StaffActor, VisitorActor, VisitorId
from tests.world import World, fresh


class Pen:
    """Sends messages through a writer, as a socket would."""

    def __init__(self, world: World, logins: dict[str, int]) -> None:
        self.world = world
        self.writer = Writer(world.context)
        self.logins = logins
        self.alone = 0

    async def visitor(self, conversation: int, body: str, id: str | None = None, token: str = "vic") -> Wire:
        sender = FromVisitor(self.world.portal.id, hash_token(token))

        async def identify(unit: Unit) -> VisitorActor:
            known = await get_visitor(unit.session, PortalId(self.world.portal.id), hash_token(token))
            visitor_id = VisitorId(known.id) if known else None
            return VisitorActor(PortalId(self.world.portal.id), hash_token(token), visitor_id, "es-MX", None, None)

        return await self._send(sender, conversation, body, id, identify)

    async def staff(self, name: str, conversation: int, body: str, id: str | None = None) -> Wire:
        async def identify(unit: Unit) -> StaffActor:
            actor = await get_staff(unit.session, self.logins[name])
            if actor is None:
                raise Refused("login_again", "over")
            return actor

        return await self._send(FromStaff(self.logins[name]), conversation, body, id, identify)

    async def _send(self, sender: Sender, conversation: int, body: str, id: str | None, identify: Identify) -> Wire:
        message = SendMessage(
            type="send_message",
            ref=fresh(),
            conversation=conversation,
            client_message_id=id or fresh(),
            body=body,
        )

        async def alone(message: SendMessage) -> Wire:
            self.alone += 1
            reply: Wire = await perform(self.world.context, identify, message, send_message, keep=False)
            return reply

        return await self.writer.send(sender, message, alone)


async def pen_of(world: World) -> Pen:
    """A writer for the world, with everybody logged in."""
    logins: dict[str, int] = {}
    async with world.context.db.transaction() as transaction:
        for name, agent in world.agents.items():
            now = transaction.now
            login = LoginSession(agent_id=agent.id, token_hash=hash_token(name), created_at=now, used_at=now)
            transaction.session.add(login)
            await transaction.session.flush()
            logins[name] = login.id
    return Pen(world, logins)


async def bodies(world: World, conversation: int) -> list[str]:
    query = select(Message).where(Message.conversation_id == conversation).order_by(col(Message.seq))
    return [message.body for message in await world.all(query)]
