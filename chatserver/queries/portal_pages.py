"""Who asks from a portal's page over HTTP: the page by its origin, the client by their token."""

from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.errors import Refused
from chatserver.models import Portal
from chatserver.queries.access import get_visitor
from chatserver.queries.logins import hash_token
from chatserver.types import PortalId, VisitorActor, VisitorId


async def get_portal(session: AsyncSession, public_key: str, origin: str | None) -> Portal:
    """Raises `Refused` (foreign_form): the same for an unknown portal and for a page that is not on its list."""
    portal = None
    if public_key.isprintable():
        query = select(Portal).where(Portal.public_key == public_key, col(Portal.disabled_at).is_(None))
        portal = (await session.exec(query)).one_or_none()
    if portal is None or origin not in portal.origins:
        raise Refused("foreign_form", "This was not sent by a page of that portal.")
    return portal


async def get_client(
    session: AsyncSession, portal: Portal, token: str | None, now: datetime, idle: timedelta
) -> VisitorActor:
    """Raises `Refused` (token_unknown) for a token of nobody, of another portal, or that was idle too long."""
    token_hash = hash_token(token or "")
    visitor = await get_visitor(session, PortalId(portal.id), token_hash) if token else None
    if visitor is None or visitor.token_used_at < now - idle:
        raise Refused("token_unknown", "That token opens nothing here.")
    return VisitorActor(PortalId(portal.id), token_hash, VisitorId(visitor.id), visitor.locale, visitor.zone, page=None)
