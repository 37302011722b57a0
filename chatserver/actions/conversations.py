"""How a conversation goes on and ends, seen from its client and from its agent."""

from chatserver.actions.assignment import must_be, must_hold, open_assignments, release, release_all
from chatserver.actions.moves import facts_of, move
from chatserver.actions.thread import add_message
from chatserver.actions.tickets import escalate_by_system, open_for_nobody
from chatserver.actions.unit import Unit
from chatserver.actions.visitors import lock_visitor
from chatserver.models import Conversation, Message, Visitor
from chatserver.process.conversation import Move, decide_unclassified
from chatserver.protocol.commands import Dispose, EndConversation, Extend
from chatserver.protocol.replies import Done
from chatserver.queries.access import get_conversation
from chatserver.types import ConversationId, ConversationState, Disposition, SenderKind, StaffActor, VisitorActor

State = ConversationState


async def end_conversation(unit: Unit, actor: VisitorActor | StaffActor, command: EndConversation) -> Done:
    """Stop talking: wrap-up while an agent answers it; a client who still waits leaves the queue."""
    if isinstance(actor, VisitorActor) and actor.id is not None:
        await lock_visitor(unit, actor.id)
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    if isinstance(actor, VisitorActor) and row.state in (State.QUEUED, State.OFFERED):
        (await unit.session.get_one(Visitor, row.visitor_id)).seen_at = unit.now
        await leave(unit, row, "cause.client_left")
        return Done(ref=command.ref)
    must_be(row, State.ACTIVE)
    if isinstance(actor, StaffActor):
        must_hold(actor, await open_assignments(unit, row))
    await wrap_up(unit, row, "cause.client_left" if isinstance(actor, VisitorActor) else None)
    return Done(ref=command.ref)


async def dispose(unit: Unit, actor: StaffActor, command: Dispose) -> Done:
    """The agent's last word: resolved or spam closes, unresolved escalates with a provisional S3."""
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    must_be(row, State.ACTIVE, State.WRAP_UP)
    must_hold(actor, await open_assignments(unit, row))
    if row.state is State.ACTIVE:
        await move(unit, row, Move.WRAP_UP)
    row.disposition = command.disposition
    if command.disposition is Disposition.UNRESOLVED:
        row.last_agent_at = unit.now  # the notice of what a person decided is a person's word to the client
        await escalate_by_system(unit, row, "cause.unresolved")
    else:
        # The line in the thread is the client's, too: that they are taken for spam is for staff to know.
        await close(unit, row, "cause.resolved" if command.disposition is Disposition.RESOLVED else None)
    return Done(ref=command.ref)


async def extend(unit: Unit, actor: StaffActor, command: Extend) -> Done:
    """A silent client gets more time."""
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    must_be(row, State.ACTIVE)
    must_hold(actor, await open_assignments(unit, row))
    row.extended = True
    unit.line(row, "extended", name=actor.name)
    return Done(ref=command.ref)


async def add_client_message(unit: Unit, row: Conversation, client_message_id: str, body: str) -> Message:
    """What a client says in a (locked) conversation; in wrap-up it resumes."""
    visitor = await unit.session.get_one(Visitor, row.visitor_id)
    if row.state is State.WRAP_UP:
        await move(unit, row, Move.RESUME)
        unit.line(row, "resumed")
    message = add_message(unit, row, SenderKind.VISITOR, visitor.id, visitor.name, client_message_id, body)
    row.last_visitor_at = unit.now
    row.unanswered_since = row.unanswered_since or unit.now
    return message


async def wrap_up(unit: Unit, row: Conversation, cause: str | None = None) -> None:
    await move(unit, row, Move.WRAP_UP)
    unit.line(row, "wrap_up", cause=cause)


async def close(unit: Unit, row: Conversation, cause: str | None) -> None:
    await release_all(unit, row, "closed")
    await move(unit, row, Move.CLOSE)
    unit.count(row, "closed")
    unit.line(row, "closed", cause=cause)


async def expire_wrap_up(unit: Unit, row: Conversation) -> None:
    """Nobody classified it in time."""
    if decide_unclassified(await facts_of(unit, row)) is Move.CLOSE:
        await close(unit, row, "cause.unclassified")
    else:
        await escalate_by_system(unit, row, "cause.unclassified")


async def leave(unit: Unit, row: Conversation, cause: str) -> None:
    """The client goes before anybody answered them; or, while they are handed over, from somebody who has."""
    held = await open_assignments(unit, row)
    owner = held.get("owner")
    if row.state is State.OFFERED and owner is not None and owner.accepted_at is not None:
        await release(unit, row, held["transfer"], "abandoned")
        await move(unit, row, Move.KEEP)
        await wrap_up(unit, row, cause)
    else:
        await abandon(unit, row, cause)


async def abandon(unit: Unit, row: Conversation, cause: str) -> None:
    """The client is gone. Gone within seconds of arriving is `short`; only what they had written becomes a ticket."""
    visitor = await unit.session.get_one(Visitor, row.visitor_id)
    await release_all(unit, row, "abandoned")
    row.short = visitor.seen_at - row.joined_at < unit.timers.short
    await move(unit, row, Move.ABANDON)
    unit.count(row, "short" if row.short else "abandoned")
    if row.last_visitor_at:
        await open_for_nobody(unit, row, "abandoned")
    unit.line(row, "abandoned", cause=cause)


async def miss(unit: Unit, row: Conversation, cause: str | None = None) -> None:
    """Nobody came in time: a ticket whose clocks run from when the client joined the queue."""
    await move(unit, row, Move.MISS)
    unit.count(row, "missed")
    await open_for_nobody(unit, row, "missed")
    unit.line(row, "missed" if cause else "left_message", cause=cause)
