"""How many notes a conversation takes: all of them are in what a console starts from, which must stay a frame."""

from sqlmodel import col, func, select

from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.models import Conversation, Message

NOTES = 200
CHARACTERS = 100_000
"""So many notes and characters of notes a conversation holds at most."""


async def must_take_note(unit: Unit, row: Conversation, body: str) -> None:
    """Raises `Refused` (too_many_notes) when a (locked) conversation has no place for one more."""
    notes = (Message.conversation_id == row.id, col(Message.note).is_(True))
    held = select(func.count(), func.coalesce(func.sum(func.length(Message.body)), 0)).where(*notes)
    count, characters = (await unit.session.exec(held)).one()
    if count >= NOTES or characters + len(body) > CHARACTERS:
        raise Refused("too_many_notes", f"A conversation takes {NOTES} notes, {CHARACTERS} characters in all.")
