"""Mail over real processes: what was committed leaves, whoever dies; once, however many send; and all the way round."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from chatserver.actions.notices import PROGRESS, Telling, queue_notice
from chatserver.actions.unit import Unit
from chatserver.mail_settings import MailSettings
from chatserver.models import InboundMail, MailboxCursor, Message, NoticeRow, NoticeState, Ticket
from tests.mail.account import account, environment
from tests.mail.corpus import mail
from tests.mail.dovecot import dovecot
from tests.mail.sink import Sink, open_sink
from tests.processes import server_process
from tests.servers import PostgresServer
from tests.world import CONTACT, World, fresh, open_world

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(180)]

SOON = 60.0


def writing(sink: Sink, **changes: Any) -> MailSettings:
    return account(smtp_port=sink.port, smtp_security="none", timeout=1, **changes)


async def soon(done: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(SOON):
        while not await done():
            await asyncio.sleep(0.1)


async def tell(world: World, count: int) -> None:
    """Queue so many notices, of a ticket each."""
    for n in range(count):
        said = {"contact": CONTACT, "client_message_id": fresh(), "body": "No timbra"}
        conversation = (await world.visitor(f"vic-{n}", "leave_message", **said)).conversation

        async def work(unit: Unit, of: int = conversation) -> None:
            ticket = (await unit.session.exec(select(Ticket).where(Ticket.conversation_id == of))).one()
            await queue_notice(unit, ticket, PROGRESS, "1", Telling(text="Hay noticias."))

        await world.context.attempt(work)


async def unsent(world: World) -> int:
    return len(await world.all(select(NoticeRow).where(NoticeRow.state != NoticeState.SENT)))


async def test_whoever_is_killed_while_sending_another_sends_it(database_url: str, tmp_path: Path) -> None:
    async with open_sink() as sink, open_world(database_url, None, mail=writing(sink)) as world:
        sink.hangs = "DATA"
        await tell(world, 1)
        queued = await world.all(select(NoticeRow.message_id).order_by(col(NoticeRow.id)))
        async with server_process(database_url, **environment(writing(sink), tmp_path)) as server:

            async def at_it() -> bool:
                return sink.connections > 0

            await soon(at_it)
            await server.kill()
            assert sink.mails == []
            sink.hangs = ""
            await server.start()

            async def all_sent() -> bool:
                return await unsent(world) == 0

            await soon(all_sent)
        assert [sent["Message-ID"] for sent in sink.mails] == queued


async def test_two_processes_send_each_notice_once(
    postgresql_url: str, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    async with open_sink() as sink, open_world(postgresql_url, None, mail=writing(sink)) as world:
        env = environment(writing(sink), tmp_path)
        async with server_process(postgresql_url, **env), server_process(postgresql_url, **env):
            await tell(world, 20)

            async def all_sent() -> bool:
                return await unsent(world) == 0

            await soon(all_sent)
        ids = [sent["Message-ID"] for sent in sink.mails]
        assert sorted(ids) == sorted(await world.all(select(NoticeRow.message_id)))


async def test_all_the_way_round(database_url: str, tmp_path: Path) -> None:
    """A client writes, is confirmed, answers the confirmation, and is joined to their ticket."""
    with dovecot() as box:
        async with open_sink() as sink, open_world(database_url, None) as world:
            receiving = box.settings(smtp_host="127.0.0.1", smtp_port=sink.port, smtp_security="none")
            async with server_process(database_url, **environment(receiving, tmp_path)):
                await soon(lambda: _reads(world))
                await asyncio.to_thread(box.deliver, mail("No puedo timbrar."))

                async def confirmed() -> bool:
                    return len(sink.mails) == 1

                await soon(confirmed)
                confirmation = sink.mails[0]
                reply = mail(
                    "Es el RFC XAXX010101000.",
                    to=str(confirmation["Reply-To"]),
                    subject=f"Re: {confirmation['Subject']}",
                    In_Reply_To=str(confirmation["Message-ID"]),
                    Message_ID="<2@client.example>",
                )
                await asyncio.to_thread(box.deliver, reply)

                async def joined() -> bool:
                    outcomes = select(InboundMail.outcome).order_by(col(InboundMail.id))
                    return await world.all(outcomes) == ["opened", "joined"]

                await soon(joined)
            said = await world.all(select(Message.body).order_by(col(Message.id)))
            assert said == ["No puedo timbrar.", "Es el RFC XAXX010101000."]
            assert confirmation["In-Reply-To"] == "<1@client.example>"
            assert len(await world.all(select(Ticket))) == 1
            assert len(sink.mails) == 1


async def _reads(world: World) -> bool:
    return bool(await world.all(select(MailboxCursor).where(col(MailboxCursor.uidvalidity) > 0)))
