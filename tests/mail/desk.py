"""A desk with a mailbox: mails are put into it, read, dealt with and answered, as the loops of a server do."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from chatserver.actions.mailbox import Found, begin_mailbox, hold_mailbox, store_mail
from chatserver.actions.ticket_moves import move_ticket
from chatserver.actions.unit import Unit
from chatserver.files import FolderStore
from chatserver.mail.inbox import deal_with_new
from chatserver.models import Agent, InboundMail, Message, NoticeRow, Ticket
from chatserver.process.severity import Severity
from chatserver.process.ticket_facts import Form
from chatserver.process.ticket_names import Move
from chatserver.queries.access import staff_actor
from chatserver.tokens import Purpose, make_token, tagged_address
from chatserver.types import TicketId
from tests.mail.account import ADDRESS, SECRET, account
from tests.mail.corpus import mail
from tests.verify import Applier
from tests.world import World, open_world

LONG = 60.0
"""Seconds: a round of a busy machine is cut short by nothing."""

BOX = "ayuda@imap.desk.example/INBOX"


@dataclass
class Desk:
    world: World
    store: FolderStore
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def arrive(self, raw: bytes) -> InboundMail:
        """A mail comes and is dealt with; everybody's snapshots are checked."""
        number = next(self.numbers)
        await store_mail(self.world.context, BOX, 1, Found(number, self.world.clock.now(), raw))
        await self.world.checked(lambda: deal_with_new(self.world.context, self.store, LONG))
        (row,) = await self.world.all(select(InboundMail).where(InboundMail.uid == number))
        found: InboundMail = row
        return found

    async def write(self, text: str = "No puedo timbrar.", **headers: Any) -> InboundMail:
        """Vic writes; each mail has an id of its own."""
        headers = {"Message_ID": f"<{next(self.numbers)}@client.example>"} | headers
        return await self.arrive(mail(text, **headers))

    async def ask(self, **headers: Any) -> Ticket:
        """A ticket by mail."""
        row = await self.write(**headers)
        assert row.outcome == "opened"
        return await self.ticket(row.ticket_id)

    def reply_address(self, ticket: Ticket) -> str:
        token = make_token(SECRET, Purpose.REPLY, TicketId(ticket.id), self.world.clock.now())
        return tagged_address(ADDRESS, token)

    async def answer(self, ticket: Ticket, text: str, **headers: Any) -> InboundMail:
        return await self.write(text, **{"to": self.reply_address(ticket)} | headers)

    async def move(self, ticket: Ticket, move: Move, name: str = "ana", **form: Any) -> Ticket:
        """What somebody at the desk does."""

        async def work(unit: Unit) -> None:
            actor = staff_actor(await unit.session.get_one(Agent, self.world.agents[name].id))
            await move_ticket(unit, actor, TicketId(ticket.id), move, Form(**form))

        await self.world.checked(lambda: self.world.context.attempt(work))
        return await self.ticket(ticket.id)

    async def take(self, ticket: Ticket) -> Ticket:
        return await self.move(ticket, Move.TAKE, severity=Severity.S3, category="Timbrado")

    async def solve(self, ticket: Ticket) -> Ticket:
        return await self.move(await self.take(ticket), Move.SOLVE, solution="Ya timbra.")

    async def ticket(self, id: int | None) -> Ticket:
        return await self.world.get(Ticket, id)

    async def notices(self, ticket: Ticket) -> list[NoticeRow]:
        query = select(NoticeRow).where(NoticeRow.ticket_id == ticket.id).order_by(col(NoticeRow.id))
        return await self.world.all(query)

    async def said(self, ticket: Ticket, *, notes: bool = False) -> list[str]:
        query = select(Message.body).where(Message.conversation_id == ticket.conversation_id, Message.note == notes)
        return await self.world.all(query.order_by(col(Message.seq)))


@asynccontextmanager
async def open_desk(url: str, folder: Path, faces: Applier | None = None, **changes: Any) -> AsyncIterator[Desk]:
    settings = account(imap_host="127.0.0.1", imap_user="ayuda", imap_password="right", imap_security="none", **changes)
    async with open_world(url, faces, mail=settings) as world:
        await hold_mailbox(world.context, BOX, "one", timedelta(minutes=1))
        await begin_mailbox(world.context, BOX, 1, 0)
        yield Desk(world, FolderStore(folder / "files"))
