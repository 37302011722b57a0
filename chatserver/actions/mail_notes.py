"""What staff read in a ticket about its mail: as a note, which the client never sees."""

from sqlmodel import select

from chatserver.actions.unit import Unit
from chatserver.mail_words import texts
from chatserver.models import Conversation, Message, Portal
from chatserver.types import SenderKind

MAIL = 1
"""Whose the notes are, among those of the system."""


async def note_on_mail(unit: Unit, row: Conversation, id: str, key: str, **params: str) -> None:
    """Say `mail.note.<key>` in a (locked) conversation, in its portal's language; once, by `id`."""
    said = select(Message.id).where(
        Message.conversation_id == row.id,
        Message.sender_kind == SenderKind.SYSTEM,
        Message.sender_id == MAIL,
        Message.client_message_id == id,
    )
    if (await unit.session.exec(said)).first() is not None:
        return
    known = texts((await unit.session.get_one(Portal, row.portal_id)).locale)
    row.staff_seq += 1
    note = Message(
        conversation_id=row.id,
        note=True,
        seq=row.staff_seq,
        after=row.seq,
        sender_kind=SenderKind.SYSTEM,
        sender_id=MAIL,
        sender_name=known["mail.note.by"],
        client_message_id=id,
        body=known[f"mail.note.{key}"].format(**params),
        at=unit.now,
    )
    unit.session.add(note)
    unit.message(row, note)
