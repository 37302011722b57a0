"""What folios look like, and what tickets are sorted into."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import FolioCounter, Installation, Portal, Ticket
from chatserver.types import TicketState

OVER = (TicketState.RESOLVED, TicketState.CLOSED, TicketState.CANCELLED)


@dataclass(frozen=True, slots=True)
class FolioState:
    """`is_default`: nobody has decided on the prefix, it is the configured one."""

    prefix: str
    is_default: bool
    next: str


@dataclass(frozen=True, slots=True)
class Category:
    """`open`: how many open tickets have it. `is_offered`: not retired."""

    name: str
    open: int
    is_offered: bool


@dataclass(frozen=True, slots=True)
class PortalCategories:
    portal: Portal
    categories: list[Category]


async def get_folio_state(session: AsyncSession, configured: str, year: int) -> FolioState:
    decided = (await session.get_one(Installation, 1)).folio_prefix
    prefix = decided or configured
    return FolioState(prefix, decided is None, await next_folio(session, prefix, year))


async def next_folio(session: AsyncSession, prefix: str, year: int) -> str:
    """The folio of the next ticket of a year, if nobody opens one first."""
    counter = await session.get(FolioCounter, (prefix, year))
    return write_folio(prefix, year, (counter.number if counter else 0) + 1)


def write_folio(prefix: str, year: int, number: int) -> str:
    return f"{prefix}-{year}-{number:06d}"


async def list_categories(session: AsyncSession) -> list[PortalCategories]:
    """Those on offer in their order, then those that only tickets still have."""
    portals = (
        await session.exec(select(Portal).where(col(Portal.disabled_at).is_(None)).order_by(col(Portal.id)))
    ).all()
    counted = (
        select(Ticket.portal_id, Ticket.category, func.count())
        .where(col(Ticket.state).not_in(OVER), col(Ticket.category).is_not(None))
        .group_by(col(Ticket.portal_id), col(Ticket.category))
    )
    rows = (await session.exec(counted)).all()
    used = {(portal, name): count for portal, name, count in rows if name is not None}
    return [PortalCategories(portal, _of(portal, used)) for portal in portals]


def _of(portal: Portal, used: dict[tuple[int, str], int]) -> list[Category]:
    offered: Sequence[str] = portal.topics
    retired = sorted(name for id, name in used if id == portal.id and name not in offered)
    return [Category(name, used.get((portal.id, name), 0), name in offered) for name in (*offered, *retired)]
