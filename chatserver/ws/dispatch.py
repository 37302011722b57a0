"""One table: which action a command is for. No rule lives here."""

from dataclasses import dataclass
from typing import Any

from chatserver.actions import agents, beginnings, conversations, desk, messages, satisfaction, ticket_commands, tickets
from chatserver.actions.once import Action
from chatserver.protocol import commands as c
from chatserver.protocol import ticket_commands as t


@dataclass(frozen=True, slots=True)
class Handler:
    """`keep`: the first reply is stored for retries. Messages and marks do without: theirs is in their row."""

    action: Action
    keep: bool = True


VISITOR: dict[type[Any], Handler] = {
    c.StartConversation: Handler(beginnings.start_conversation),
    c.LeaveMessage: Handler(beginnings.leave_message),
    c.SendMessage: Handler(messages.send_message, keep=False),
    c.MarkSeen: Handler(messages.mark_seen, keep=False),
    c.EndConversation: Handler(conversations.end_conversation),
    c.RateConversation: Handler(satisfaction.rate_conversation),
}

STAFF: dict[type[Any], Handler] = {
    c.SendMessage: Handler(messages.send_message, keep=False),
    c.MarkSeen: Handler(messages.mark_seen, keep=False),
    c.EndConversation: Handler(conversations.end_conversation),
    c.AddNote: Handler(messages.add_note, keep=False),
    c.SetState: Handler(agents.set_state),
    c.DeclineOffer: Handler(desk.decline_offer),
    c.Transfer: Handler(desk.transfer),
    c.ReturnToQueue: Handler(desk.give_back),
    c.Dispose: Handler(conversations.dispose),
    c.Escalate: Handler(tickets.escalate),
    c.Extend: Handler(conversations.extend),
    c.Assign: Handler(desk.assign),
    c.TakeOver: Handler(desk.take_over),
    c.SetCapacity: Handler(agents.set_capacity),
    t.MoveTicket: Handler(ticket_commands.move),
    t.ClaimTicket: Handler(ticket_commands.claim),
    t.SayOnTicket: Handler(ticket_commands.say, keep=False),
    t.LinkTicket: Handler(ticket_commands.link),
    t.TagTicket: Handler(ticket_commands.tag),
}

BY_THE_CONNECTION = (
    c.VisitorHello,
    c.StaffHello,
    c.Subscribe,
    c.Unsubscribe,
    c.Typing,
    c.GetEarlier,
    t.GetMoves,
    t.FindTicket,
)
"""What concerns only the socket: it is answered by `ws/peer.py` and changes nothing."""
