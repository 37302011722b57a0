"""The writer of messages: many share a commit, none is lost, doubled or overtaken, and what needs more goes alone."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlmodel import col, select

from chatserver.actions import writer as writing
from chatserver.actions.batch import FromStaff, FromVisitor, Sender
from chatserver.actions.messages import send_message
from chatserver.actions.once import Identify, perform
from chatserver.actions.unit import Unit
from chatserver.actions.writer import Writer
from chatserver.errors import Refused
from chatserver.models import LoginSession, Message, Portal
from chatserver.protocol.base import Wire
from chatserver.protocol.commands import SendMessage
from chatserver.protocol.replies import MessageStored
from chatserver.queries.access import get_staff, get_visitor
from chatserver.queries.logins import hash_token
from chatserver.types import ConversationState, PortalId, StaffActor, VisitorActor, VisitorId
from tests.world import World, fresh

pytestmark = pytest.mark.asyncio


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


@pytest_asyncio.fixture
async def pen(world: World) -> AsyncIterator[Pen]:
    logins: dict[str, int] = {}
    async with world.context.db.transaction() as transaction:
        for name, agent in world.agents.items():
            now = transaction.now
            login = LoginSession(agent_id=agent.id, token_hash=hash_token(name), created_at=now, used_at=now)
            transaction.session.add(login)
            await transaction.session.flush()
            logins[name] = login.id
    yield Pen(world, logins)


async def bodies(world: World, conversation: int) -> list[str]:
    query = select(Message).where(Message.conversation_id == conversation).order_by(col(Message.seq))
    return [message.body for message in await world.all(query)]


async def test_messages_that_wait_together_share_commits_and_keep_their_order(world: World, pen: Pen) -> None:
    conversation = await world.talk()
    before = (await world.conversation(conversation)).seq
    told = len(await bodies(world, conversation))
    words = [f"palabra {n}" for n in range(40)]
    replies = await world.checked(lambda: asyncio.gather(*(pen.visitor(conversation, word) for word in words)))
    assert pen.alone == 0
    assert [reply.seq for reply in replies] == list(range(before + 1, before + 41))
    assert (await bodies(world, conversation))[told:] == words


async def test_both_sides_speak_in_one_batch_and_both_clocks_move(world: World, pen: Pen) -> None:
    conversation = await world.talk()
    world.clock.advance(seconds=5)
    await world.checked(lambda: asyncio.gather(pen.visitor(conversation, "uno"), pen.staff("ana", conversation, "dos")))
    row = await world.conversation(conversation)
    assert row.last_visitor_at == row.last_agent_at == world.clock.now()
    assert pen.alone == 0


async def test_a_retry_in_the_same_batch_and_later_gets_the_first_answer(world: World, pen: Pen) -> None:
    conversation = await world.talk()
    id = fresh()
    one, two = await asyncio.gather(pen.visitor(conversation, "hola", id), pen.visitor(conversation, "hola", id))
    again = await pen.visitor(conversation, "hola", id)
    assert isinstance(one, MessageStored)
    assert {reply.seq for reply in (one, two, again) if isinstance(reply, MessageStored)} == {one.seq}
    assert (await bodies(world, conversation)).count("hola") == 1
    with pytest.raises(Refused) as refused:
        await pen.visitor(conversation, "otra cosa", id)
    assert refused.value.code == "conflict"


async def test_a_first_reply_goes_alone_and_what_follows_waits_for_it(world: World, pen: Pen) -> None:
    await world.on_shift("ana")
    conversation = await world.start(body="Hola")
    await world.route()
    words = [f"respuesta {n}" for n in range(5)]
    await world.checked(lambda: asyncio.gather(*(pen.staff("ana", conversation, word) for word in words)))
    assert pen.alone >= 1
    assert (await bodies(world, conversation))[1:] == words
    assert (await world.conversation(conversation)).state is ConversationState.ACTIVE


async def test_one_refused_message_fails_alone(world: World, pen: Pen) -> None:
    mine = await world.talk("vic", "ana")
    other = await world.start("val", name="Val")
    outcomes = await asyncio.gather(
        pen.visitor(mine, "sí"),
        pen.visitor(other, "de otra persona"),
        pen.visitor(mine, "también"),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], MessageStored)
    assert isinstance(outcomes[1], Refused)
    assert isinstance(outcomes[2], MessageStored)
    assert outcomes[1].code == "not_found"


async def test_a_revoked_login_writes_nothing(world: World, pen: Pen) -> None:
    conversation = await world.talk()
    async with world.context.db.transaction() as transaction:
        login = await transaction.session.get_one(LoginSession, pen.logins["ana"])
        login.revoked_at = transaction.now
    with pytest.raises(Refused):
        await pen.staff("ana", conversation, "ya no")
    assert "ya no" not in await bodies(world, conversation)


async def test_beyond_what_may_wait_a_sender_is_asked_to_come_again(
    world: World, pen: Pen, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await world.talk()
    monkeypatch.setattr(writing, "WAITING", 3)
    outcomes = await asyncio.gather(
        *(pen.visitor(conversation, f"palabra {n}") for n in range(10)), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert {(each.code, each.retry_after) for each in refused} == {("busy", 1.0)}
    assert len(refused) + sum(isinstance(outcome, MessageStored) for outcome in outcomes) == 10


async def test_an_id_that_a_note_had_spoils_nobody_elses_message(world: World, pen: Pen) -> None:
    """One id is one thing that its sender wrote, be it a note; and a batch is other people's, too."""
    conversation, other, id = await world.talk("vic"), await world.talk("val"), fresh()
    note = await world.staff("ana", "add_note", conversation=conversation, client_message_id=id, body="Ojo")
    outcomes = await asyncio.gather(
        pen.visitor(other, "hola", token="val"),
        pen.staff("ana", conversation, "Ojo", id),
        pen.staff("ana", conversation, "otra cosa", id),
        return_exceptions=True,
    )
    first, again, conflict = outcomes
    assert isinstance(first, MessageStored)
    assert isinstance(again, MessageStored)
    assert again.seq == note.seq
    assert isinstance(conflict, Refused)
    assert conflict.code == "conflict"


async def test_an_owner_who_no_longer_serves_the_portal_writes_nothing(world: World, pen: Pen) -> None:
    conversation = await world.talk()
    async with world.context.db.transaction() as transaction:
        portal = await transaction.session.get_one(Portal, world.portal.id)
        portal.team = "elsewhere"
    with pytest.raises(Refused) as refused:
        await pen.staff("ana", conversation, "ya no")
    assert refused.value.code == "not_found"


async def test_when_both_speak_in_one_commit_the_last_one_says_who_waits(world: World, pen: Pen) -> None:
    conversation = await world.talk()
    await world.later(seconds=5)
    asked = world.clock.now()
    await asyncio.gather(
        pen.visitor(conversation, "uno"), pen.staff("ana", conversation, "dos"), pen.visitor(conversation, "tres")
    )
    row = await world.conversation(conversation)
    assert (row.last_visitor_at, row.last_agent_at, row.unanswered_since) == (asked, asked, asked)
    await world.later(seconds=5)
    await asyncio.gather(pen.visitor(conversation, "cuatro"), pen.staff("ana", conversation, "cinco"))
    row = await world.conversation(conversation)
    assert row.unanswered_since is None
