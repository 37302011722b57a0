"""Tickets in a test's world: opened by mail or out of a chat, moved by the cast, looked at as staff see them."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from chatserver.actions.ticket_openings import Contact, Opening, open_ticket
from chatserver.actions.ticket_words import Said, Saying, client_actor, say_on_ticket
from chatserver.models import Ticket, TicketBreach, TicketPause, TicketStep, TicketWarning
from chatserver.process.sla import Pause, spent
from chatserver.queries.calendars import get_calendar
from chatserver.types import SYSTEM, Channel, TicketId
from tests.looking import describe
from tests.world import World, fresh

LEVELS = {"ana": 1, "ben": 2, "olly": 3}
"""Ana is of level 1, Ben of 2, Olly of 3; Sue supervises."""

ESCALATION = {
    "impact": "core",
    "urgency": "high",
    "category": "Timbrado",
    "summary": "No timbra",
    "rfc": "none",
    "evidence": "none",
}


async def staffed(world: World) -> World:
    for name, level in LEVELS.items():
        await describe(world, name, level=level)
    return world


async def mailed(world: World, at: datetime | None = None, **contact: Any) -> int:
    """A request by mail, received at a time (now), opened now."""

    async def act() -> int:
        async with world.context.unit() as unit:
            who = Contact(**{"name": "Vic", "email": "vic@example.com"} | contact)
            opening = Opening(Channel.MAIL, "No timbra", "No puedo timbrar", who, at or unit.now, fresh())
            return (await open_ticket(unit, SYSTEM, opening)).id

    return int(await world.checked(act))


async def escalated(world: World, level: int = 1, severity: str = "S3", token: str = "vic") -> int:
    """A chat that Ana answered and made a ticket."""
    conversation = await world.talk(token)
    await world.staff("ana", "escalate", conversation=conversation, level=level, severity=severity, **ESCALATION)
    ticket = await world.ticket(conversation)
    assert ticket is not None
    return ticket.id


async def move(world: World, name: str, ticket: int, how: str, **form: Any) -> Any:
    return await world.staff(name, "move_ticket", ticket=ticket, move=how, form=form)


async def write(world: World, name: str, ticket: int, body: str = "Seguimos", **fields: Any) -> Any:
    fields = {"client_message_id": fresh(), "body": body} | fields
    return await world.staff(name, "say_on_ticket", ticket=ticket, **fields)


async def client_writes(world: World, ticket: int, body: str = "Desde ayer", **saying: Any) -> Said:
    """The client's words, by mail or on the ticket's page."""

    async def act() -> Said:
        async with world.context.unit() as unit:
            actor = await client_actor(unit, TicketId(ticket))
            said = Saying(**{"body": body, "client_message_id": fresh(), "channel": Channel.MAIL} | saying)
            return await say_on_ticket(unit, actor, TicketId(ticket), said)

    said: Said = await world.checked(act)
    return said


async def get(world: World, ticket: int) -> Ticket:
    return await world.get(Ticket, ticket)


async def steps(world: World, ticket: int) -> list[TicketStep]:
    query = select(TicketStep).where(TicketStep.ticket_id == ticket).order_by(col(TicketStep.number))
    return await world.all(query)


async def moves_made(world: World, ticket: int) -> list[tuple[str, str]]:
    """Each move with its time."""
    return [(str(step.move), world.local(step.at)) for step in await steps(world, ticket) if step.move]


async def breaches(world: World, ticket: int) -> list[tuple[str, str]]:
    rows = await world.all(select(TicketBreach).where(TicketBreach.ticket_id == ticket).order_by(col(TicketBreach.due)))
    return [(str(row.clock), world.local(row.due)) for row in rows]


async def warnings(world: World, ticket: int) -> list[tuple[str, int, str]]:
    rows = await world.all(
        select(TicketWarning).where(TicketWarning.ticket_id == ticket).order_by(col(TicketWarning.id))
    )
    return [(str(row.clock), row.percent, world.local(row.at)) for row in rows]


async def minutes_spent(world: World, ticket: int) -> float:
    """Business minutes from contact to solution, outside the pauses."""
    row = await get(world, ticket)
    assert row.resolved_at is not None
    pauses = await world.all(select(TicketPause).where(TicketPause.ticket_id == ticket))
    async with world.context.db.read() as session:
        calendar = await get_calendar(session, row.calendar_version_id)
    stood = [Pause(pause.started_at, pause.ended_at) for pause in pauses]
    return spent(calendar, row.sla_start, row.resolved_at, stood).total_seconds() / 60
