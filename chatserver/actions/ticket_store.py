"""A ticket as its rows keep it: locked, turned into facts and clocks for deciding, and written back."""

from dataclasses import dataclass, field

from sqlmodel import col, select

from chatserver.actions.unit import Unit
from chatserver.errors import Refused, not_found
from chatserver.models import Conversation, Ticket, TicketPause
from chatserver.process.clocks import Clocks, Promises
from chatserver.process.ticket_facts import TicketFacts
from chatserver.queries.access import get_conversation
from chatserver.queries.calendars import get_calendar, get_policy
from chatserver.queries.ticket_board import boards_of
from chatserver.queries.ticket_facts import facts_from
from chatserver.queries.ticket_views import clocks_of, list_breaches, list_pauses
from chatserver.types import Actor, ConversationId, TicketId, TicketState


@dataclass(slots=True)
class Held:
    """A locked ticket with everything that is decided from. `boards`: the levels on whose boards it stood before."""

    ticket: Ticket
    conversation: Conversation
    promises: Promises
    clocks: Clocks
    boards: frozenset[int] = frozenset()
    pauses: list[TicketPause] = field(default_factory=list)


async def lock_ticket(unit: Unit, actor: Actor, id: TicketId, other: TicketId | None = None) -> Held:
    """The ticket and its conversation, locked in the one order: conversations by id, then tickets by id. With `other`
    that one is locked, too, if it is there and theirs. Raises `Refused` (not_found) for what is not there, or not
    theirs."""
    query = select(Ticket.id, Ticket.conversation_id).where(col(Ticket.id).in_({id, other or id}))
    threads = dict((await unit.session.exec(query.order_by(col(Ticket.conversation_id)))).all())
    rows = {key: await _lock_thread(unit, actor, threads[key]) for key in threads}
    row = rows.get(id)
    if row is None:
        raise not_found("ticket")
    tickets = {key: await _lock(unit, key) for key in sorted(rows) if rows[key] is not None}
    return await hold(unit, tickets[id], row)


async def _lock_thread(unit: Unit, actor: Actor, id: int) -> Conversation | None:
    try:
        return await get_conversation(unit.session, actor, ConversationId(id), lock=True)
    except Refused:
        return None


async def _lock(unit: Unit, id: int) -> Ticket:
    return await unit.session.get_one(Ticket, id, with_for_update=True, populate_existing=True)


async def hold_ticket(unit: Unit, row: Conversation, id: int) -> Held:
    """The ticket of a conversation that is locked already."""
    return await hold(unit, await _lock(unit, id), row)


async def hold(unit: Unit, ticket: Ticket, row: Conversation) -> Held:
    """A ticket that is locked, or was made just now."""
    promises = Promises(
        await get_policy(unit.session, ticket.policy_version_id),
        await get_calendar(unit.session, ticket.calendar_version_id),
    )
    pauses = await list_pauses(unit.session, ticket)
    clocks = clocks_of(ticket, pauses, await list_breaches(unit.session, ticket))
    return Held(ticket, row, promises, clocks, boards_of(ticket), pauses)


def facts_of(unit: Unit, held: Held) -> TicketFacts:
    return facts_from(held.ticket, held.promises.calendar, unit.settings.tickets)


def keep_facts(ticket: Ticket, facts: TicketFacts) -> None:
    """What a move decided, onto the row."""
    if facts.state is None:
        raise ValueError("A ticket that is kept has a state.")
    ticket.state, ticket.state_since = facts.state, facts.since
    ticket.level, ticket.owner_id = facts.level, facts.owner_id
    ticket.severity, ticket.provisional = facts.severity, facts.provisional
    ticket.category, ticket.rfc, ticket.evidence = facts.category, facts.rfc, facts.evidence
    ticket.return_state = facts.return_state
    ticket.last_owners = {str(level): int(id) for level, id in facts.last_owners.items()}
    ticket.authors = sorted(facts.authors)
    ticket.returns, ticket.reopened, ticket.reminded = facts.returns, facts.reopened, facts.reminded
    if facts.state is TicketState.CLOSED:
        ticket.closed_at = facts.since
