"""Who a browser is: the cookie it keeps and the login session behind it, or a client's token. Only a token's hash is
ever stored."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Agent, LoginSession, Visitor
from chatserver.protocol.views import VisitorView
from chatserver.queries.access import live_login, staff_actor
from chatserver.queries.among import among
from chatserver.queries.views import visitor_view
from chatserver.types import PortalId, StaffActor, VisitorId

COOKIE = "chatserver_session"


def cookie_name(secure: bool) -> str:
    """Over https the prefix makes browsers take it from us alone: this host, this path, never a sibling's domain."""
    return f"__Host-{COOKIE}" if secure else COOKIE


def hash_token(token: str) -> str:
    """What is kept of a token, staff's or client's: random enough that no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def tidy_login(login: str) -> str:
    """Logins differ by more than case and the spaces around them."""
    return login.strip().casefold()


async def get_login(
    session: AsyncSession, token: str | None, now: datetime, idle: timedelta
) -> tuple[int, StaffActor] | None:
    """The login session of a token and who it belongs to; None when unknown, revoked, idle too long, or disabled."""
    if not token:
        return None
    query = (
        select(LoginSession.id, Agent)
        .join(Agent, col(Agent.id) == col(LoginSession.agent_id))
        .where(
            LoginSession.token_hash == hash_token(token),
            *live_login(now - idle),
        )
    )
    found = (await session.exec(query)).one_or_none()
    return (found[0], staff_actor(found[1])) if found else None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a client's token is, on whichever portal. `view` is what they may be told of themselves."""

    id: VisitorId
    portal_id: PortalId
    token_used_at: datetime
    erased: bool
    view: VisitorView


async def find_owners(session: AsyncSession, token_hashes: Collection[str]) -> dict[str, Owner]:
    """Who has which token, without those that nobody has."""
    query = select(  # type: ignore[call-overload]  # SQLModel knows the types of up to four columns
        Visitor.id,
        Visitor.portal_id,
        Visitor.token_hash,
        Visitor.token_used_at,
        Visitor.erased_at,
        Visitor.name,
        Visitor.email,
        Visitor.rfc,
        Visitor.locale,
        Visitor.zone,
    ).where(among(Visitor.token_hash, token_hashes))
    return {
        row.token_hash: Owner(
            id=VisitorId(row.id),
            portal_id=PortalId(row.portal_id),
            token_used_at=row.token_used_at,
            erased=row.erased_at is not None,
            view=visitor_view(row),
        )
        for row in await session.exec(query)
    }
