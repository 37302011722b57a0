"""Whoever holds a link to a ticket's page, and tickets that have come so far."""

from pathlib import Path
from typing import Any

from httpx2 import Response
from sqlmodel import col, select

from chatserver.actions.ticket_moves import move_ticket
from chatserver.actions.unit import Unit
from chatserver.models import Message, Ticket
from chatserver.process.ticket_facts import Form
from chatserver.process.ticket_names import Move
from chatserver.queries.access import staff_actor
from chatserver.queries.client_page import make_link
from chatserver.types import TicketId
from tests.http.conftest import Browser, Site
from tests.http.filed import MAX_BYTES, OURS
from tests.http.test_tickets import ESCALATION
from tests.mail.account import SECRET
from tests.world import fresh


def read_by_link(folder: Path) -> dict[str, Any]:
    """Settings of a site whose links are signed."""
    mail = {"secret": SECRET.get_secret_value()}
    return {"mail": mail, "files": {"folder": folder / "files", "max_bytes": MAX_BYTES}}


class Client:
    """Somebody with a link."""

    def __init__(self, browser: Browser, link: str) -> None:
        self.browser, self.link = browser, link

    async def look(self) -> str:
        answer = await self.browser.get(self.link)
        assert answer.status_code == 200
        return answer.text

    async def press(self, action: str, **fields: str) -> Response:
        return await self.browser.submit(f"{self.link}/{action}", **fields)

    async def write(self, body: str, file: bytes | None = None, name: str = "f.pdf", id: str | None = None) -> Response:
        files: dict[str, Any] = {"file": (name if file is not None else "", file or b"")}
        data = {"client_message_id": id or fresh(), "body": body}
        return await self.browser.post(f"{self.link}/message", data=data, files=files, headers=OURS)


async def escalated(site: Site) -> Ticket:
    world = site.world
    conversation = await world.talk("vic")
    await world.staff("ana", "add_note", conversation=conversation, client_message_id=fresh(), body="Solo nosotros")
    await world.staff("ana", "escalate", conversation=conversation, **ESCALATION | {"level": 1})
    ticket = await world.ticket(conversation)
    assert ticket is not None
    return ticket


async def client_of(site: Site, ticket: Ticket) -> Client:
    settings = site.context.settings
    async with site.context.db.read() as session:
        link = await make_link(session, settings.mail.secret, settings.base_url, ticket, site.clock.now())
    assert link is not None
    return Client(site.browser(), link.removeprefix(settings.base_url))


async def move(site: Site, ticket: Ticket, name: Move, **form: Any) -> None:
    ana = staff_actor(await site.world.agent("ana"))

    async def work(unit: Unit) -> None:
        await move_ticket(unit, ana, TicketId(ticket.id), name, Form(**form))

    await site.context.attempt(work)


async def now(site: Site, ticket: Ticket) -> Ticket:
    return await site.world.get(Ticket, ticket.id)


async def asked(site: Site) -> tuple[Ticket, Client]:
    ticket = await escalated(site)
    await move(site, ticket, Move.ASK_CLIENT, question="¿Qué mensaje le aparece?")
    return ticket, await client_of(site, ticket)


async def solved(site: Site) -> tuple[Ticket, Client]:
    ticket = await escalated(site)
    await move(site, ticket, Move.SOLVE, solution="Cambie el régimen y vuelva a timbrar")
    return ticket, await client_of(site, ticket)


async def closed(site: Site) -> tuple[Ticket, Client]:
    ticket, client = await solved(site)
    assert (await client.press("confirm")).status_code == 303
    return ticket, client


async def bodies(site: Site, ticket: Ticket) -> list[str]:
    query = select(Message).where(Message.conversation_id == ticket.conversation_id).order_by(col(Message.id))
    return [message.body for message in await site.world.all(query)]
