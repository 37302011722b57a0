"""What a client says of how they were helped: once for a ticket or a chat, and for a day it may be changed."""

from sqlmodel import col, select, update

from chatserver.actions.ticket_store import lock_ticket
from chatserver.actions.unit import Unit
from chatserver.models import Conversation, Rating, Ticket
from chatserver.process.fields import clean_text
from chatserver.process.satisfaction import MAX_COMMENT, check_score, must_be_ratable
from chatserver.protocol.commands import RateConversation
from chatserver.protocol.replies import Done
from chatserver.queries.access import get_conversation
from chatserver.types import ConversationId, ConversationState, TicketId, TicketState, VisitorActor


async def rate_ticket(unit: Unit, actor: VisitorActor, id: TicketId, score: int, comment: str) -> None:
    """Raises `Refused` (not_found, not_over, rated, score_invalid)."""
    ticket = (await lock_ticket(unit, actor, id)).ticket
    rating = (await unit.session.exec(select(Rating).where(Rating.ticket_id == ticket.id))).one_or_none()
    over = ticket.state is TicketState.CLOSED
    _keep(unit, rating or Rating(ticket_id=ticket.id), rating, over=over, said=(score, comment))


async def rate_conversation(unit: Unit, actor: VisitorActor, command: RateConversation) -> Done:
    """A chat that somebody answered and that ended as a chat; what became a ticket is judged when that is closed."""
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    rating = (await unit.session.exec(select(Rating).where(Rating.conversation_id == row.id))).one_or_none()
    over = row.state is ConversationState.CLOSED and row.first_replied_at is not None
    said = (command.score, command.comment)
    _keep(unit, rating or Rating(conversation_id=row.id), rating, over=over, said=said)
    return Done(ref=command.ref)


def _keep(unit: Unit, row: Rating, before: Rating | None, *, over: bool, said: tuple[int, str]) -> None:
    score, comment = said
    must_be_ratable(over=over, rated_at=before.rated_at if before else None, now=unit.now)
    row.score = check_score(score)
    row.comment = clean_text(comment, "comment", MAX_COMMENT) if comment.strip() else None
    row.rated_at = before.rated_at if before else unit.now
    row.changed_at = unit.now
    unit.session.add(row)


async def forget_comments(unit: Unit, rows: list[Conversation], tickets: list[Ticket]) -> None:
    """The scores stay: they say nothing of who gave them."""
    theirs = col(Rating.conversation_id).in_([row.id for row in rows]) | col(Rating.ticket_id).in_(
        [ticket.id for ticket in tickets]
    )
    await unit.session.exec(update(Rating).where(theirs).values(comment=None))
