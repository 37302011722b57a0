"""The board of a level: a portal's open tickets that are its to work on, or to answer for, sorted by what is to be kept
next."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Agent, Ticket, Visitor
from chatserver.process.ticket_states import ENDED, LEVELS
from chatserver.protocol.snapshots import BoardSnapshot
from chatserver.protocol.ticket_views import BoardRow
from chatserver.queries.ticket_views import board_row
from chatserver.types import Topic

FORMAL_CONTACT = 1
"""Level 1 sees what is open at every level: it is who the client hears of it from."""


def boards_of(ticket: Ticket) -> frozenset[int]:
    """The levels on whose boards a ticket stands."""
    if ticket.state in ENDED:
        return frozenset()
    return frozenset(level for level in LEVELS if _is_on(ticket, level))


def _is_on(ticket: Ticket, level: int) -> bool:
    return level in (ticket.level, FORMAL_CONTACT)


def portal_and_level(topic: Topic) -> tuple[int, int]:
    """What a board is of: the two numbers in `board:7:l2`."""
    _, portal, level = topic.split(":")
    return int(portal), int(level.removeprefix("l"))


async def get_board(session: AsyncSession, portal_id: int, level: int) -> BoardSnapshot:
    """All of it: a board that is cut off could not be kept up by events."""
    query = select(Ticket).where(Ticket.portal_id == portal_id, col(Ticket.state).not_in(ENDED))
    if level != FORMAL_CONTACT:
        query = query.where(Ticket.level == level)
    tickets = (await session.exec(query)).all()
    # Held until the rows are made: the session then has every person at hand and asks for none of them alone.
    people = [
        *await session.exec(select(Visitor).where(col(Visitor.id).in_({ticket.visitor_id for ticket in tickets}))),
        *await session.exec(select(Agent).where(col(Agent.id).in_({ticket.owner_id for ticket in tickets}))),
    ]
    rows = [await board_row(session, ticket) for ticket in tickets]
    people.clear()
    return BoardSnapshot(rows=sorted(rows, key=_soonest))


def _soonest(row: BoardRow) -> tuple[bool, float, int]:
    """What stands still comes last."""
    return row.next is None, row.next.due.timestamp() if row.next else 0, row.id
