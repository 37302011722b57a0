"""Moving conversations between people: decline, transfer, give back, and what a supervisor may do."""

import hashlib

from chatserver.actions.agents import must_supervise
from chatserver.actions.assignment import holds, must_be, must_hold, offer, open_assignments, release_all
from chatserver.actions.notes import must_take_note
from chatserver.actions.returns import return_to_queue, take_back
from chatserver.actions.thread import add_note
from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.models import Conversation
from chatserver.process.fields import clean_line, clean_text
from chatserver.protocol.commands import Assign, DeclineOffer, ReturnToQueue, TakeOver, Transfer
from chatserver.protocol.replies import Done
from chatserver.queries.access import get_conversation
from chatserver.queries.desk import list_candidates
from chatserver.routing.policy import Need, pick_agent
from chatserver.routing.reasons import reason_of
from chatserver.types import ConversationId, ConversationState, StaffActor

State = ConversationState


async def decline_offer(unit: Unit, actor: StaffActor, command: DeclineOffer) -> Done:
    """Say no; it goes on to somebody else, and not back to who declined while anybody else could take it."""
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    must_be(row, State.OFFERED)
    mine = holds(await open_assignments(unit, row), actor.id)
    if mine is None or mine.accepted_at is not None:
        raise Refused("not_offered", "This conversation is not offered to you.")
    await take_back(unit, row, mine, "declined")
    return Done(ref=command.ref)


async def transfer(unit: Unit, actor: StaffActor, command: Transfer) -> Done:
    """Offer a conversation to somebody else, with a note; who answers it keeps it until that is accepted."""
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    must_be(row, State.OFFERED, State.ACTIVE)
    must_hold(actor, await open_assignments(unit, row))
    note = await _note(unit, row, command.note)
    if command.agent is None:
        row.level = command.level or row.level
        row.team = clean_line(command.team, "team") if command.team else row.team
    to = command.agent if command.agent is not None else await _pick(unit, row)
    await offer(unit, row, to, by=actor.name, reason=_reason("routing.assigned.transfer", actor), note=note)
    if note:
        add_note(unit, row, actor, _note_id("transfer", command.ref), note)
    return Done(ref=command.ref)


async def give_back(unit: Unit, actor: StaffActor, command: ReturnToQueue) -> Done:
    """Back to the front of the queue, with a note for whoever gets it."""
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    must_be(row, State.OFFERED, State.ACTIVE)
    must_hold(actor, await open_assignments(unit, row))
    if note := await _note(unit, row, command.note):
        add_note(unit, row, actor, _note_id("return", command.ref), note)
    await return_to_queue(unit, row, "given_back")
    return Done(ref=command.ref)


async def assign(unit: Unit, actor: StaffActor, command: Assign) -> Done:
    """A supervisor's choice instead of routing's; a capacity binds them, too."""
    must_supervise(actor)
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    must_be(row, State.QUEUED, State.OFFERED, State.ACTIVE)
    await offer(unit, row, command.agent, by=actor.name, reason=_reason("routing.assigned.supervisor", actor))
    unit.audit(actor, "assign", f"conversation:{row.id}", agent=command.agent)
    return Done(ref=command.ref)


async def take_over(unit: Unit, actor: StaffActor, command: TakeOver) -> Done:
    """A supervisor takes a conversation out of other hands, at once."""
    must_supervise(actor)
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    must_be(row, State.QUEUED, State.OFFERED, State.ACTIVE)
    held = await open_assignments(unit, row)
    await unit.lock_agents({actor.id, *(each.agent_id for each in held.values())})
    if holds(held, actor.id):
        raise Refused("already_theirs", "You have this conversation already.")
    await release_all(unit, row, "taken_over")
    await unit.flush()
    await offer(unit, row, actor.id, by=actor.name, reason=_reason("routing.assigned.taken_over", actor))
    unit.audit(actor, "take_over", f"conversation:{row.id}")
    return Done(ref=command.ref)


async def _pick(unit: Unit, row: Conversation) -> int:
    """Whoever routing would choose in the team and level that the conversation is for now."""
    held = await open_assignments(unit, row)
    candidates = await list_candidates(unit.session, unit.now, unit.timers)
    others = [each for each in candidates if holds(held, each.agent_id) is None]
    need = Need(
        conversation_id=ConversationId(row.id),
        level=row.level,
        team=row.team,
        language=row.language,
        returned=False,
        joined_at=row.joined_at,
    )
    decision = pick_agent(need, others, unit.now, unit.timers.reoffer_after)
    if decision.agent_id is None:
        raise Refused("nobody_free", "Nobody there is free now; choose somebody else, or return it to the queue.")
    return decision.agent_id


def _note_id(command: str, ref: str) -> str:
    """The note's own id, from the command's: two refs that begin alike are two notes."""
    return f"{command}-{hashlib.sha256(ref.encode()).hexdigest()[:40]}"


async def _note(unit: Unit, row: Conversation, text: str) -> str:
    """What is to be written beside the thread; nothing is no note."""
    if not text.strip():
        return ""
    note = clean_text(text, "note")
    await must_take_note(unit, row, note)
    return note


def _reason(code: str, actor: StaffActor) -> dict[str, object]:
    reason = reason_of(code, by=actor.name)
    return {"code": reason.code, "params": dict(reason.params)}
