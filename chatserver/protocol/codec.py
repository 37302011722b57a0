"""Frames to text and back: the only place where JSON becomes a command and an event becomes bytes."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from chatserver.protocol.commands import StaffCommand, StaffHello, Typing, VisitorCommand, VisitorHello
from chatserver.protocol.events import Durable, DurableFrame
from chatserver.protocol.replies import StoredReply

MAX_FRAME = 65536
"""Bytes of one frame from a client, at most."""

_visitor: TypeAdapter[Any] = TypeAdapter(VisitorCommand)
_staff: TypeAdapter[Any] = TypeAdapter(StaffCommand)
_durable: TypeAdapter[Durable] = TypeAdapter(DurableFrame)
_stored: TypeAdapter[Any] = TypeAdapter(StoredReply)


class BadFrame(Exception):
    """Text that is no frame of this vocabulary. `ref` is that of the command, when it could be read."""

    def __init__(self, message: str, field: str | None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def parse_command(text: str, *, staff: bool) -> Any:
    """Read one frame of the visitor's or of the staff's vocabulary. Raises `BadFrame` with what is wrong and where."""
    try:
        return (_staff if staff else _visitor).validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or None
        raise BadFrame(first["msg"], field) from None


def encode(frame: BaseModel) -> str:
    return frame.model_dump_json()


def decode_event(payload: str | bytes) -> Durable:
    return _durable.validate_json(payload)


def decode_reply(payload: str) -> Any:
    return _stored.validate_json(payload)


def encode_subscribed(head: BaseModel, events: Sequence[str]) -> str:
    """Put already encoded events into an (empty) `Subscribed`, without reading them again."""
    return head.model_dump_json().replace('"events":[]', f'"events":[{",".join(events)}]', 1)


__all__ = [
    "MAX_FRAME",
    "BadFrame",
    "StaffHello",
    "Typing",
    "VisitorHello",
    "decode_event",
    "decode_reply",
    "encode",
    "encode_subscribed",
    "parse_command",
]
