"""Tickets are born here: by escalation, by a missed or abandoned conversation, by the out-of-hours form."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import col

from chatserver.actions.assignment import must_be, must_hold, open_assignments, release_all
from chatserver.actions.moves import move
from chatserver.actions.unit import Unit
from chatserver.db import upsert
from chatserver.models import Conversation, FolioCounter, Ticket
from chatserver.process.conversation import Move
from chatserver.process.fields import clean_line, clean_text
from chatserver.process.severity import Impact, Severity, Urgency
from chatserver.process.sla import due_times
from chatserver.protocol.commands import Escalate
from chatserver.protocol.replies import TicketOpened
from chatserver.queries import views
from chatserver.queries.access import get_conversation
from chatserver.queries.calendars import current_policy, get_calendar, get_policy
from chatserver.types import ConversationId, ConversationState, StaffActor, TicketState, conversation_topic


@dataclass(frozen=True, slots=True)
class Classification:
    """What level 1 said of a ticket; the default is what the system may say: a provisional S3 for level 1."""

    severity: Severity = Severity.S3
    provisional: bool = True
    state: TicketState = TicketState.NEW
    level: int = 1
    impact: Impact | None = None
    urgency: Urgency | None = None
    category: str | None = None
    rfc: str | None = None
    evidence: str | None = None
    owner_id: int | None = None


PROVISIONAL = Classification()


async def open_ticket(
    unit: Unit, row: Conversation, origin: str, summary: str, classification: Classification = PROVISIONAL
) -> Ticket:
    """Make a ticket whose thread is the conversation, with its folio and due times (process.md, rows 1 and 1b).
    Its clocks run from the moment of contact; a first human reply in the chat counts."""
    calendar = await get_calendar(unit.session, row.calendar_version_id)
    policy_id, policy = await current_policy(unit.session)
    last_human = row.last_agent_at
    due = due_times(policy, calendar, classification.severity, row.started_at, last_human)
    ticket = Ticket(
        folio=await _next_folio(unit, unit.now.astimezone(ZoneInfo(calendar.zone)).year),
        portal_id=row.portal_id,
        visitor_id=row.visitor_id,
        conversation_id=row.id,
        origin=origin,
        state=classification.state,
        severity=classification.severity,
        impact=classification.impact,
        urgency=classification.urgency,
        provisional=classification.provisional,
        level=classification.level,
        owner_id=classification.owner_id,
        category=classification.category,
        summary=summary,
        rfc=classification.rfc,
        evidence=classification.evidence,
        calendar_version_id=row.calendar_version_id,
        policy_version_id=policy_id,
        sla_start=row.started_at,
        first_reply_due=due.first_reply,
        first_replied_at=row.first_replied_at,
        update_due=due.update,
        last_public_human_at=last_human,
        resolution_due=due.resolution,
        created_at=unit.now,
    )
    unit.session.add(ticket)
    await unit.flush()
    unit.touch_ticket(ticket)
    return ticket


async def escalate(unit: Unit, actor: StaffActor, command: Escalate) -> TicketOpened:
    """The agent's escalation (row 1b): the chat ends with folio and severity told in it."""
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    must_be(row, ConversationState.ACTIVE, ConversationState.WRAP_UP)
    must_hold(actor, await open_assignments(unit, row))
    row.last_agent_at = unit.now  # the notice of what a person decided is a person's word to the client
    classification = Classification(
        severity=command.severity,
        provisional=False,
        state=TicketState.L1_WORKING if command.level == 1 else TicketState.L2_QUEUED,
        level=command.level,
        impact=command.impact,
        urgency=command.urgency,
        category=clean_line(command.category, "category"),
        rfc=clean_line(command.rfc, "rfc"),
        evidence=clean_text(command.evidence, "evidence"),
        owner_id=actor.id if command.level == 1 else None,
    )
    ticket = await _end_as_ticket(unit, row, clean_text(command.summary, "summary"), classification, actor.name, None)
    unit.audit(actor, "escalate", f"ticket:{ticket.id}", severity=command.severity, level=command.level)
    return TicketOpened(
        ref=command.ref,
        conversation=row.id,
        topic=conversation_topic(ConversationId(row.id)),
        ticket=views.ticket_public(ticket),
    )


async def escalate_by_system(unit: Unit, row: Conversation, cause: str) -> Ticket:
    """Unresolved and nobody classified it: a ticket all the same, with a provisional S3 (row 1)."""
    return await _end_as_ticket(unit, row, row.subject, PROVISIONAL, None, cause)


async def _end_as_ticket(
    unit: Unit, row: Conversation, summary: str, classification: Classification, name: str | None, cause: str | None
) -> Ticket:
    await release_all(unit, row, "escalated")  # agents are locked before the folio counter, everywhere
    ticket = await open_ticket(unit, row, "escalated", summary, classification)
    await move(unit, row, Move.ESCALATE)
    unit.count(row, "escalated")
    unit.line(row, "escalated", name=name, cause=cause)
    return ticket


async def answered_in_public(unit: Unit, row: Conversation, ticket: Ticket) -> None:
    """A human answered in the ticket's thread: the first reply is met, and the update clock starts again."""
    calendar = await get_calendar(unit.session, ticket.calendar_version_id)
    policy = await get_policy(unit.session, ticket.policy_version_id)
    ticket.last_public_human_at = unit.now
    ticket.first_replied_at = ticket.first_replied_at or unit.now
    ticket.update_due = due_times(policy, calendar, ticket.severity, ticket.sla_start, unit.now).update
    unit.touch_ticket(ticket)
    await unit.flush()
    unit.line(row, "ticket")


async def _next_folio(unit: Unit, year: int) -> str:
    """The next number of the year, taken under its row's lock: no gap after a commit, no double ever."""
    prefix = unit.settings.folio_prefix
    connection = await unit.session.connection()
    taking = (
        upsert(connection, FolioCounter)
        .values(prefix=prefix, year=year, number=1)
        .on_conflict_do_update(index_elements=["prefix", "year"], set_={"number": FolioCounter.number + 1})
        .returning(col(FolioCounter.number))
    )
    number: int = (await connection.execute(taking)).scalar_one()
    return f"{prefix}-{year}-{number:06d}"
