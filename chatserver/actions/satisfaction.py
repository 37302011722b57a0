"""What a client says of how they were helped: once for a ticket or a chat, and for a day it may be changed."""

from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Answer:
    """From 1 to 5, and what else there is to say."""

    score: int
    comment: str | None


async def rate_ticket(unit: Unit, actor: VisitorActor, id: TicketId, score: int, comment: str) -> None:
    """Raises `Refused` (not_found, not_over, rated, score_invalid)."""
    ticket = (await lock_ticket(unit, actor, id)).ticket
    before = (await unit.session.exec(select(Rating).where(Rating.ticket_id == ticket.id))).one_or_none()
    must_be_ratable(over=ticket.state is TicketState.CLOSED, rated_at=_when(before), now=unit.now)
    _keep(unit, before, _answer(score, comment), ticket_id=ticket.id)


async def rate_conversation(unit: Unit, actor: VisitorActor, command: RateConversation) -> Done:
    """A chat that somebody answered and that ended as a chat; what became a ticket is judged when that is closed."""
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    before = (await unit.session.exec(select(Rating).where(Rating.conversation_id == row.id))).one_or_none()
    over = row.state is ConversationState.CLOSED and row.first_replied_at is not None
    must_be_ratable(over=over, rated_at=_when(before), now=unit.now)
    _keep(unit, before, _answer(command.score, command.comment), conversation_id=row.id)
    return Done(ref=command.ref)


def _when(before: Rating | None) -> datetime | None:
    return before.rated_at if before else None


def _answer(score: int, comment: str) -> Answer:
    """Raises `Refused`: score_invalid, text_too_long."""
    return Answer(check_score(score), clean_text(comment, "comment", MAX_COMMENT) if comment.strip() else None)


def _keep(
    unit: Unit,
    before: Rating | None,
    answer: Answer,
    *,
    ticket_id: int | None = None,
    conversation_id: int | None = None,
) -> None:
    if before is not None:
        before.score, before.comment, before.changed_at = answer.score, answer.comment, unit.now
        return
    unit.session.add(
        Rating(
            ticket_id=ticket_id,
            conversation_id=conversation_id,
            score=answer.score,
            comment=answer.comment,
            rated_at=unit.now,
            changed_at=unit.now,
        )
    )


async def forget_comments(unit: Unit, rows: list[Conversation], tickets: list[Ticket]) -> None:
    """The scores stay: they say nothing of who gave them."""
    theirs = col(Rating.conversation_id).in_([row.id for row in rows]) | col(Rating.ticket_id).in_(
        [ticket.id for ticket in tickets]
    )
    await unit.session.exec(update(Rating).where(theirs).values(comment=None))
