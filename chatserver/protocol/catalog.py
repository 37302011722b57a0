"""Every frame in order, by who says it: what the documents and the TypeScript types are made from."""

from typing import Any, get_args

from chatserver.protocol import commands, events, replies
from chatserver.protocol.base import Wire


def members(union: Any) -> tuple[type[Wire], ...]:
    """The models of a (possibly annotated) union."""
    inner = get_args(union)
    if inner and not isinstance(inner[0], type):
        return members(inner[0])
    return tuple(member for member in inner if isinstance(member, type) and issubclass(member, Wire))


VISITOR_COMMANDS = members(commands.VisitorCommand)
STAFF_COMMANDS = members(commands.StaffCommand)
REPLIES = members(replies.Reply)
DURABLE_EVENTS = members(events.Durable)
EPHEMERAL_EVENTS = members(events.Ephemeral)


def frame_type(model: type[Wire]) -> str:
    """The value of a frame's `type` field."""
    return str(get_args(model.model_fields["type"].annotation)[0])
