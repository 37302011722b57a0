"""Erasing a client's tickets: what was written about them goes; the folio, who did what when, and the clocks stay."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, delete, func, select, update

from chatserver.actions.unit import Unit
from chatserver.models import AuditEntry, InboundMail, NoticeRow, Ticket, TicketStep

WRITTEN = ("sizing", "diagnosis", "test_evidence", "solution")
"""What staff write on a ticket, in so many words that a name may be among them."""


async def forget_tickets(unit: Unit, tickets: Sequence[Ticket], erased: str) -> None:
    """Everybody who follows them is told what is left."""
    for ticket in tickets:
        ticket.summary, ticket.rfc, ticket.evidence, ticket.category = erased, None, None, None
        for name in WRITTEN:
            if getattr(ticket, name) is not None:
                setattr(ticket, name, erased)
        await _forget_history(unit, ticket, erased)
        unit.touch_ticket(ticket)


async def _forget_history(unit: Unit, ticket: Ticket, erased: str) -> None:
    """What was filled in for the moves; also on the audit trail, where a supervisor's reason stands."""
    for step in await unit.session.exec(select(TicketStep).where(TicketStep.ticket_id == ticket.id)):
        step.details = {}
        step.reason = erased if step.reason else None
        if step.actor.startswith("visitor:"):
            step.actor, step.name = "visitor:", erased
    for entry in await unit.session.exec(select(AuditEntry).where(AuditEntry.entity == f"ticket:{ticket.id}")):
        if entry.details.get("reason"):
            entry.details = entry.details | {"reason": erased}


async def forget_mail(unit: Unit, tickets: Sequence[Ticket], address: str | None) -> None:
    """Notices go, also those that are about to leave. Of what came in, for their tickets, or from their address for
    nobody's, only its place in the mailbox stays, so that it does not come again. Another client may write from there,
    too: what belongs to their tickets is theirs."""
    ids = [ticket.id for ticket in tickets]
    await unit.session.exec(delete(NoticeRow).where(col(NoticeRow.ticket_id).in_(ids)))
    theirs: ColumnElement[bool] = col(InboundMail.ticket_id).in_(ids)
    if address:
        theirs |= and_(func.lower(InboundMail.sender) == address, col(InboundMail.ticket_id).is_(None))
    gone = {"raw": b"", "sender": None, "message_id": None, "problem": None}
    await unit.session.exec(update(InboundMail).where(theirs).values(**gone))
