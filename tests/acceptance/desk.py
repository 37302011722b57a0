"""A help desk behind its real doors: a server on a port, a mailbox at a Dovecot, a server that takes our mail; and a
clock that only the test moves."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlmodel import col, func, select

from chatserver.actions.staff import Account, change_staff
from chatserver.models import Agent, Conversation, InboundMail, MailboxCursor, MailState, Ticket, Visitor
from chatserver.types import SYSTEM
from tests.acceptance.people import ClientPage, InWidget, Staff
from tests.acceptance.times import moment, told
from tests.mail.corpus import mail
from tests.mail.dovecot import Dovecot
from tests.mail.sink import Sink, open_sink
from tests.passing import next_of, timers_due
from tests.tickets import LEVELS
from tests.wire import PATIENCE, Live, live_server
from tests.world import fresh


@dataclass
class Desk:
    """Everybody is of level 1, until they are appointed; Sue supervises."""

    live: Live
    box: Dovecot
    sink: Sink
    mailbox: str
    people: dict[str, Staff] = field(default_factory=dict)

    # Time.

    async def until(self, when: str) -> None:
        """Time passes. The server looks whenever something may be due, and a second before, when it may not be yet."""
        at = moment(when)
        while self.live.clock.now() < at:
            async with self.live.service.db.read() as session:
                dues = await timers_due(session)
            self.live.clock.set(next_of(dues, self.live.clock.now(), at))
            await self.tick()

    async def meanwhile(self, when: str) -> None:
        """The same where people come and go: who is there is renewed every few seconds, and who is not is judged."""
        at, timers = moment(when), self.live.service.settings.timers
        while (now := self.live.clock.now()) < at:
            async with self.live.service.db.read() as session:
                dues = await timers_due(session)
                for seen_at in await session.exec(select(Visitor.seen_at)):
                    dues += [seen_at + timers.visitor_gone, seen_at + timers.visitor_gone_active]
                dues += [seen_at + timers.agent_gone for seen_at in await session.exec(select(Agent.seen_at))]
            self.live.clock.set(min(next_of(dues, now, at), now + timers.renew_presence))
            await self.tick()

    async def tick(self) -> None:
        """One round of everything that a server does by itself."""
        await self.live.tick()
        await self.live.service.ticker.access()
        for task in self.live.service.mail.tasks:
            await task.work()

    # People.

    async def appoint(self) -> None:
        """Ben is of level 2 from now on, and Olly of 3."""
        async with self.live.service.context.unit() as unit:
            for name, level in LEVELS.items():
                agent = await unit.session.get_one(Agent, self.live.agents[name].id)
                await change_staff(unit, SYSTEM, agent.login, Account(level=level))

    async def staff(self, name: str) -> Staff:
        """Somebody comes to work: logged in, with a console open."""
        if before := self.people.pop(name, None):
            await before.leave()
        cookie = await self.live.login(name)
        socket = await self.live.open("/ws/staff", cookie=cookie)
        welcome = await socket.ask("hello")
        self.people[name] = Staff(name, self.live, socket, welcome, cookie)
        await self.people[name].follow_boards()
        return self.people[name]

    async def on_shift(self, name: str) -> Staff:
        """And they take chats."""
        person = await self.staff(name)
        await person.socket.ask("set_state", state="online")
        return person

    async def visitor(self, body: str | None = None, token: str | None = None, **contact: str) -> InWidget:
        """A client in the widget who joins the queue."""
        socket, welcome = await self.live.visitor(token)
        return InWidget(self.live, socket, welcome["token"], await self.live.start(socket, body, **contact))

    # Mail.

    async def write(self, text: str, sender: str = "vic@client.example", **headers: str) -> int:
        """A client's mail comes into the mailbox now, and is dealt with. Returns the ticket it went to."""
        known = await self._count_mails()
        raw = mail(text, From=f"Vic Visitor <{sender}>", Message_ID=f"<{fresh()}@client.example>", **headers)
        await asyncio.to_thread(self.box.deliver, raw, self.live.clock.now(), user=self.mailbox)
        async with asyncio.timeout(PATIENCE):
            while await self._count_mails() == known:
                await self.tick()
                await asyncio.sleep(0.02)
        await self.tick()
        async with self.live.service.db.read() as session:
            newest = select(InboundMail.ticket_id).order_by(col(InboundMail.id).desc()).limit(1)
            ticket = (await session.exec(newest)).one()
        assert ticket is not None, "the mail was taken for nothing"
        return ticket

    async def answer(self, received: EmailMessage, text: str, sender: str) -> int:
        """The client answers a mail of ours, as their program does it."""
        headers = {"to": str(received["Reply-To"]), "subject": f"Re: {received['Subject']}"}
        return await self.write(text, sender, In_Reply_To=str(received["Message-ID"]), **headers)

    def mails(self, to: str) -> list[tuple[str, str | None]]:
        """What a client got, by what it told them and when, in the order it came."""
        return [(kind_of(each), told(each["Date"].datetime)) for each in self.letters(to)]

    def letter(self, to: str, kind: str) -> EmailMessage:
        """The one mail of a kind."""
        (found,) = [each for each in self.letters(to) if kind_of(each) == kind]
        return found

    def letters(self, to: str) -> list[EmailMessage]:
        return [each for each in self.sink.mails if to in str(each["To"])]

    async def _count_mails(self) -> int:
        done = select(func.count()).select_from(InboundMail).where(InboundMail.state != MailState.NEW)
        async with self.live.service.db.read() as session:
            count: int = (await session.exec(done)).one()
            return count

    # Looking.

    def page(self, link: str) -> ClientPage:
        return ClientPage(self.live, link)

    async def conversation(self, id: int) -> Conversation:
        async with self.live.service.db.read() as session:
            return await session.get_one(Conversation, id)

    async def tickets(self) -> list[int]:
        async with self.live.service.db.read() as session:
            return [*(await session.exec(select(Ticket.id).order_by(col(Ticket.id))))]


def kind_of(letter: EmailMessage) -> str:
    """What a mail of ours tells: its id begins with that."""
    found = re.match(r"<([a-z0-9-]+)-[0-9a-f]{16}\.", str(letter["Message-ID"]))
    assert found
    return found[1].replace("-", "_")


def words_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


def link_in(letter: EmailMessage) -> str:
    """The link to the ticket's page."""
    found = re.search(r"https?://\S+/t/[a-z2-7]{40}", words_of(letter))
    assert found
    return found[0]


@asynccontextmanager
async def open_desk(url: str, at: str, box: Dovecot, folder: Path) -> AsyncIterator[Desk]:
    """The desk on a migrated database, at a time; the mailbox is its own."""
    mailbox = f"ayuda-{fresh()[:8]}"
    async with open_sink() as sink:
        mail: Any = box.settings(smtp_host="127.0.0.1", smtp_port=sink.port, smtp_security="none", imap_user=mailbox)
        async with live_server(url, moment(at), mail=mail, files={"folder": folder}) as live:
            desk = Desk(live, box, sink, mailbox)
            async with asyncio.timeout(PATIENCE):
                while not await _reads(live):
                    await desk.tick()
            yield desk


async def _reads(live: Live) -> bool:
    async with live.service.db.read() as session:
        known = list(await session.exec(select(MailboxCursor.uidvalidity)))
        return any(known)
