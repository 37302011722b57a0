"""Clients: registered with what their first form says, changed by the next, erased on request."""

from datetime import timedelta
from typing import Any

from sqlmodel import col, func, select

from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.models import Conversation, Portal, Ticket, Visitor
from chatserver.process.fields import check_rfc, clean_line, normalise_email
from chatserver.protocol.commands import Contact
from chatserver.queries.access import get_visitor
from chatserver.types import PortalId, VisitorActor

MOST = 30
LATELY = timedelta(hours=1)
"""So many conversations a client may begin in so long; each that nobody answers is a ticket for somebody."""


async def register(unit: Unit, actor: VisitorActor, portal: Portal, contact: Contact) -> Visitor:
    """The client of this token with what they say of themselves now, and the notice they accepted. Locked."""
    if contact.privacy_version != portal.privacy_version:
        raise Refused("privacy_changed", "The privacy notice has changed; show the new one.", field="privacy_version")
    known = await get_visitor(unit.session, PortalId(portal.id), actor.token_hash)
    told: dict[str, Any] = {
        "name": clean_line(contact.name, "name"),
        "email": normalise_email(contact.email),
        "rfc": check_rfc(contact.rfc or "").value or None,
        "privacy_version": contact.privacy_version,
    }
    if known is None:
        visitor = Visitor(
            **told,
            portal_id=portal.id,
            token_hash=actor.token_hash,
            token_used_at=unit.now,
            locale=actor.locale,
            zone=actor.zone,
            privacy_accepted_at=unit.now,
            seen_at=unit.now,
            created_at=unit.now,
        )
        unit.session.add(visitor)
        await unit.flush()
        return visitor
    visitor = await lock_visitor(unit, known.id)
    changed = any(getattr(visitor, name) != value for name, value in told.items())
    for name, value in told.items():
        setattr(visitor, name, value)
    visitor.privacy_accepted_at = unit.now
    visitor.seen_at = unit.now
    if changed:
        await _tell_everywhere(unit, visitor)
    return visitor


async def lock_visitor(unit: Unit, id: int) -> Visitor:
    """The client's row, locked before any conversation of theirs: the one order. New rows may refer to it meanwhile."""
    lock = {"key_share": True}
    return await unit.session.get_one(Visitor, id, with_for_update=lock, populate_existing=True)


async def must_not_flood(unit: Unit, visitor: Visitor) -> None:
    """Raises `Refused` (too_many) for who has begun one conversation after the other."""
    begun = select(func.count()).select_from(Conversation).where(Conversation.visitor_id == visitor.id)
    lately = await unit.session.exec(begun.where(Conversation.started_at > unit.now - LATELY))
    if lately.one() >= MOST:
        raise Refused("too_many", f"{MOST} conversations in an hour are the most; try again later.")


async def _tell_everywhere(unit: Unit, visitor: Visitor) -> None:
    """A client's name and address stand in every conversation and ticket of theirs."""
    unit.touch_visitor(visitor)
    theirs = select(Conversation).where(Conversation.visitor_id == visitor.id).order_by(col(Conversation.id))
    for row in await unit.session.exec(theirs.with_for_update()):
        unit.touch(row)
    for ticket in await unit.session.exec(select(Ticket).where(Ticket.visitor_id == visitor.id)):
        unit.touch_ticket(ticket)
