"""Links to the client's page of a ticket: whoever has one may read and answer, until it is revoked."""

from datetime import timedelta

from chatserver.actions.unit import Unit
from chatserver.db import upsert
from chatserver.models import PageLinks, Ticket
from chatserver.types import StaffActor


async def revoke_links(unit: Unit, actor: StaffActor, ticket: Ticket) -> None:
    """None that exists opens the page any more. Links know seconds, so those of this second are revoked, too."""
    good_from = unit.now.replace(microsecond=0) + timedelta(seconds=1)
    connection = await unit.session.connection()
    revoking = upsert(connection, PageLinks).values(ticket_id=ticket.id, good_from=good_from)
    await connection.execute(
        revoking.on_conflict_do_update(index_elements=["ticket_id"], set_={"good_from": good_from})
    )
    unit.audit(actor, "revoke_page_links", f"ticket:{ticket.id}")
