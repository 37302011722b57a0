"""Appending to a thread. Who may, and what it sets in motion, is the callers' matter."""

from sqlmodel import select

from chatserver.actions.unit import Unit
from chatserver.models import Conversation, Message
from chatserver.protocol.replies import MessageStored
from chatserver.types import SenderKind, StaffActor


def add_message(
    unit: Unit, row: Conversation, kind: SenderKind, sender_id: int, name: str, client_message_id: str, body: str
) -> Message:
    """Append to the public thread of a locked conversation."""
    row.seq += 1
    message = Message(
        conversation_id=row.id,
        seq=row.seq,
        after=row.seq,
        sender_kind=kind,
        sender_id=sender_id,
        sender_name=name,
        client_message_id=client_message_id,
        body=body,
        at=unit.now,
    )
    unit.session.add(message)
    unit.message(row, message)
    return message


def add_note(unit: Unit, row: Conversation, actor: StaffActor, client_message_id: str, body: str) -> Message:
    """A note beside the thread of a locked conversation."""
    row.staff_seq += 1
    note = Message(
        conversation_id=row.id,
        note=True,
        seq=row.staff_seq,
        after=row.seq,
        sender_kind=SenderKind.AGENT,
        sender_id=actor.id,
        sender_name=actor.name,
        client_message_id=client_message_id,
        body=body,
        at=unit.now,
    )
    unit.session.add(note)
    unit.message(row, note)
    return note


def stored(ref: str, message: Message) -> MessageStored:
    return MessageStored(
        ref=ref,
        conversation=message.conversation_id,
        client_message_id=message.client_message_id,
        seq=message.seq,
        at=message.at,
    )


async def find_said(unit: Unit, conversation: int, kind: SenderKind, sender_id: int, client_message_id: str) -> Message:
    """What somebody said, or noted, by the id their client gave it."""
    query = select(Message).where(
        Message.conversation_id == conversation,
        Message.sender_kind == kind,
        Message.sender_id == sender_id,
        Message.client_message_id == client_message_id,
    )
    return (await unit.session.exec(query)).one()
