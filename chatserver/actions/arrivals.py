"""Clients who come: whose their tokens are, for all who come at the same time in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Update
from sqlmodel import col, select, update

from chatserver.actions.unit import Context
from chatserver.models import Visitor
from chatserver.protocol.views import VisitorView
from chatserver.queries.among import among
from chatserver.queries.logins import Owner, find_owners
from chatserver.types import PortalId, VisitorId


@dataclass(frozen=True, slots=True)
class Token:
    """What a client brings to a portal."""

    portal_id: PortalId
    hash: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a token is worth. `usable`: it is theirs to keep, though nobody may be known by it yet."""

    visitor: VisitorView | None
    usable: bool


async def recognise(context: Context, tokens: Sequence[Token]) -> list[Recognised]:
    """Whose the tokens are, who are there from now on: one transaction for all who come at the same time."""
    async with context.db.transaction() as transaction:
        session, now = transaction.session, transaction.now
        owners = await find_owners(session, {token.hash for token in tokens})
        used_after = now - timedelta(hours=context.settings.visitor_idle_hours)
        recognised = [_recognise(token, owners.get(token.hash), used_after) for token in tokens]
        here = {each.visitor.id for each in recognised if each.visitor}
        if here:
            await session.exec(unlocked(here).values(seen_at=now, token_used_at=now))
    return recognised


async def whose(context: Context, tokens: Sequence[Token]) -> list[VisitorId | None]:
    """Who they are by now, for reading: one question for all who ask at the same time. How long a token lay unused is
    judged when they come."""
    async with context.db.read() as session:
        owners = await find_owners(session, {token.hash for token in tokens})
    return [_owner_of(token, owners.get(token.hash)) for token in tokens]


def _owner_of(token: Token, owner: Owner | None) -> VisitorId | None:
    if owner is None or owner.erased or owner.portal_id != token.portal_id:
        return None
    return VisitorId(owner.view.id)


def _recognise(token: Token, owner: Owner | None, used_after: datetime) -> Recognised:
    """A token is unknown, or a client's of that portal; of another portal, idle too long or erased it opens nothing."""
    if owner is None:
        return Recognised(None, usable=True)
    is_theirs = _owner_of(token, owner) is not None and owner.token_used_at >= used_after
    return Recognised(owner.view if is_theirs else None, usable=is_theirs)


def unlocked(visitors: Collection[int]) -> Update:
    """A change of these clients' rows that waits for nobody: whose row is locked just now is in the middle of something
    and is skipped. So a crowd is not kept waiting by one of them, nor two processes by each other."""
    free = select(Visitor.id).where(among(Visitor.id, visitors)).with_for_update(skip_locked=True, key_share=True)
    return update(Visitor).where(col(Visitor.id).in_(free))
