"""Who a browser is: the cookie it keeps, and the login session behind it. Only the token's hash is ever stored."""

import hashlib
from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Agent, LoginSession
from chatserver.queries.access import live_login, staff_actor
from chatserver.types import StaffActor

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
