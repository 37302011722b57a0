"""Clients: registered with what their first form says, changed by the next, erased on request."""

from typing import Any

from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.models import Portal, Visitor
from chatserver.process.fields import check_rfc, clean_text, normalise_email
from chatserver.protocol.commands import Contact
from chatserver.queries.access import get_visitor
from chatserver.types import PortalId, VisitorActor


def clean_line(text: str, field: str) -> str:
    """One line of text, spaces folded."""
    return " ".join(clean_text(text, field, 200).split())


async def register(unit: Unit, actor: VisitorActor, portal: Portal, contact: Contact) -> Visitor:
    """The client of this token with what they say of themselves now, and the notice they accepted. Locked."""
    if contact.privacy_version != portal.privacy_version:
        raise Refused("privacy_changed", "The privacy notice has changed; show the new one.", field="privacy_version")
    known = await get_visitor(unit.session, PortalId(portal.id), actor.token_hash)
    told: dict[str, Any] = {
        "name": clean_line(contact.name, "name"),
        "email": normalise_email(contact.email),
        "rfc": check_rfc(contact.rfc).value if contact.rfc and contact.rfc.strip() else None,
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
    visitor = await unit.session.get_one(Visitor, known.id, with_for_update=True, populate_existing=True)
    changed = any(getattr(visitor, name) != value for name, value in told.items())
    for name, value in told.items():
        setattr(visitor, name, value)
    visitor.privacy_accepted_at = unit.now
    visitor.seen_at = unit.now
    if changed:
        unit.touch_visitor(visitor)
    return visitor
