"""What staff do to a ticket, as their frames say it: read, cleaned, and handed to the one door."""

from datetime import UTC
from typing import Any

from chatserver.actions.ticket_history import add_step
from chatserver.actions.ticket_links import add_link
from chatserver.actions.ticket_moves import Beside, make_move, tell
from chatserver.actions.ticket_store import Held, facts_of, lock_ticket
from chatserver.actions.ticket_words import Saying, say_on_ticket
from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.models import Agent, Portal, StoredFile
from chatserver.process.fields import clean_line, clean_text
from chatserver.process.ticket import moves_for
from chatserver.process.ticket_facts import Form, Person, party_of
from chatserver.process.ticket_names import Move, StepKind
from chatserver.protocol.replies import Done, MessageStored, TicketMoved
from chatserver.protocol.ticket_commands import (
    ClaimTicket,
    LinkTicket,
    MoveTicket,
    SayOnTicket,
    TagTicket,
    TicketForm,
)
from chatserver.queries.access import serves, staff_actor
from chatserver.queries.ticket_views import offer_view
from chatserver.types import AgentId, StaffActor, TicketId

TEXTS = ("summary", "evidence", "solution", "message", "question", "sizing", "reason", "diagnosis", "test_evidence")
LINES = ("category", "rfc", "version")
INSTANTS = ("release_from", "release_until", "released_at", "new_date")
PLAIN = ("severity", "no_deployment", "cause")


async def move(unit: Unit, actor: StaffActor, command: MoveTicket) -> TicketMoved:
    """Any move of the table. What the table does not have for this state and person is refused by its name."""
    held = await lock_ticket(unit, actor, TicketId(command.ticket), _other(command.form))
    form = await read_form(unit, held, command.form)
    beside = Beside(command.form.impact, command.form.urgency, tuple(command.form.evidence_files))
    await make_move(unit, actor, held, command.move, form, beside)
    return _moved(unit, actor, held, command.ref)


async def claim(unit: Unit, actor: StaffActor, command: ClaimTicket) -> TicketMoved:
    """Take a ticket that nobody has. Of two who reach for it one gets it. Raises `Refused` (owner_taken)."""
    held = await lock_ticket(unit, actor, TicketId(command.ticket))
    if held.ticket.owner_id not in (None, actor.id):
        raise Refused("owner_taken", "Somebody has this ticket already.")
    if held.ticket.owner_id is None:
        form = Form(owner=Person(actor.id, actor.level))
        await make_move(unit, actor, held, Move.SET_OWNER, form)
    return _moved(unit, actor, held, command.ref)


async def say(unit: Unit, actor: StaffActor, command: SayOnTicket) -> MessageStored:
    """A word to the client, or a note for staff."""
    saying = Saying(clean_text(command.body, "body"), command.client_message_id, note=command.note)
    said = await say_on_ticket(unit, actor, TicketId(command.ticket), saying)
    message = said.message
    return MessageStored(
        ref=command.ref,
        conversation=message.conversation_id,
        client_message_id=message.client_message_id,
        seq=message.seq,
        at=message.at,
    )


async def link(unit: Unit, actor: StaffActor, command: LinkTicket) -> Done:
    """Say what two tickets have to do with each other; saying it again changes nothing."""
    other = TicketId(command.other)
    held = await lock_ticket(unit, actor, TicketId(command.ticket), other)
    if await add_link(unit, actor, held.ticket, command.link, other):
        await add_step(unit, held, StepKind.LINKED, actor, details={"kind": command.link, "other": command.other})
        await tell(unit, held)
    return Done(ref=command.ref)


async def tag(unit: Unit, actor: StaffActor, command: TagTicket) -> Done:
    """An outage elsewhere, the tax authority's for one: it is noted, and pauses nothing."""
    held = await lock_ticket(unit, actor, TicketId(command.ticket))
    if held.ticket.external_cause is not command.external_cause:
        held.ticket.external_cause = command.external_cause
        details = {"external_cause": command.external_cause}
        await add_step(unit, held, StepKind.TAGGED, actor, details=details)
        await tell(unit, held)
    return Done(ref=command.ref)


async def read_form(unit: Unit, held: Held, told: TicketForm) -> Form:
    """What was filled in, cleaned. Raises `Refused`: for a text that cannot be kept, no_such_agent, no_such_file."""
    await _must_be_its_files(unit, held, told.evidence_files)
    owner = await _person(unit, held, told.owner) if told.owner is not None else None
    given: dict[str, Any] = {name: getattr(told, name) for name in (*PLAIN, *INSTANTS, *TEXTS, *LINES)}
    for names, clean in ((TEXTS, clean_text), (LINES, clean_line)):
        given |= {name: clean(given[name], name) for name in names if given[name] is not None}
    given |= {name: given[name].astimezone(UTC) for name in INSTANTS if given[name] is not None}
    return Form(owner=owner, duplicate_of=_other(told), **given)


def _other(form: TicketForm) -> TicketId | None:
    return TicketId(form.duplicate_of) if form.duplicate_of is not None else None


async def _person(unit: Unit, held: Held, id: int) -> Person:
    """Somebody who works here, and for this portal."""
    agent = await unit.session.get(Agent, id)
    portal = await unit.session.get_one(Portal, held.ticket.portal_id)
    if agent is None or agent.disabled_at is not None or not serves(staff_actor(agent), portal):
        raise Refused("no_such_agent", "There is no such person, or they do not work for this portal.", field="owner")
    return Person(AgentId(agent.id), agent.level)


async def _must_be_its_files(unit: Unit, held: Held, ids: list[int]) -> None:
    for id in ids:
        file = await unit.session.get(StoredFile, id)
        if file is None or file.conversation_id != held.conversation.id or file.removed_at is not None:
            raise Refused("no_such_file", "There is no such file on this ticket.", field="evidence_files")


def _moved(unit: Unit, actor: StaffActor, held: Held, ref: str) -> TicketMoved:
    offers = moves_for(facts_of(unit, held), party_of(actor), unit.now)
    return TicketMoved(
        ref=ref, ticket=held.ticket.id, state=held.ticket.state, moves=[offer_view(offer) for offer in offers]
    )
