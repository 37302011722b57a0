"""What a client does on their ticket's page. Whoever got there may do all of it: the link was asked for at the door."""

from chatserver.actions.ticket_moves import move_ticket
from chatserver.actions.ticket_words import Said, Saying, say_on_ticket
from chatserver.actions.unit import Unit
from chatserver.process.fields import clean_text
from chatserver.process.ticket_names import Move
from chatserver.queries.client_page import Holder
from chatserver.types import Channel


async def say_on_page(unit: Unit, holder: Holder, form_id: str, body: str, *, reopens: bool = False) -> Said:
    """Words for whoever works on the ticket, once however often their form is sent. While an answer is waited for they
    are the answer (row 18); on a closed ticket they begin another (row 23). What is resolved is reopened (row 21) only
    by who says that it is not solved: the page has two buttons. Raises `Refused`: text_empty and the like; conflict."""
    saying = Saying(clean_text(body, "body"), form_id, channel=Channel.PAGE, reopens=reopens)
    return await say_on_ticket(unit, holder.actor, holder.id, saying)


async def confirm_solution(unit: Unit, holder: Holder) -> None:
    """It is solved (row 22). Raises `Refused` (illegal_move) unless there is a solution to confirm."""
    await move_ticket(unit, holder.actor, holder.id, Move.CLOSE)
