"""One unit of work: an action marks what it changed, and at the end every audience is told once, from the final
rows."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.clock import Clock
from chatserver.db import Database, Transaction, upsert
from chatserver.driver import retried
from chatserver.models import (
    Agent,
    Assignment,
    AuditEntry,
    Conversation,
    DeskDay,
    Message,
    StoredFile,
    Ticket,
    TicketStep,
    Visitor,
)
from chatserver.process.rules import Timers
from chatserver.protocol.events import (
    AgentChanged,
    BoardChanged,
    ContextChanged,
    ConversationChanged,
    DeskChanged,
    DeskTicketChanged,
    Durable,
    FileAttached,
    InboxAdded,
    InboxRemoved,
    MessageSent,
    NoteAdded,
    SeenMoved,
    TicketChanged,
    VisitorChanged,
    VisitorConversationChanged,
)
from chatserver.protocol.views import Change, ChangeEntry, FileView
from chatserver.queries import views
from chatserver.queries.calendars import desk_day_of
from chatserver.queries.ticket_board import boards_of
from chatserver.queries.ticket_views import board_row, step_view, ticket_view
from chatserver.settings import Settings
from chatserver.types import (
    AGENTS_TOPIC,
    Actor,
    AgentId,
    ConversationId,
    PortalId,
    TicketId,
    VisitorId,
    agent_topic,
    board_topic,
    conversation_topic,
    desk_topic,
    staff_topic,
    ticket_topic,
    visitor_topic,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """What every action stands on. `poke` wakes routing after something that may let a conversation be assigned."""

    db: Database
    clock: Clock
    settings: Settings
    poke: Callable[[], None]

    @asynccontextmanager
    async def unit(self) -> AsyncIterator["Unit"]:
        """A transaction that commits and then tells; nothing of it remains when it raises."""
        async with self.db.transaction() as transaction:
            unit = Unit(transaction, self.settings)
            yield unit
            await unit.tell()
        if unit.wakes_routing:
            self.poke()

    async def attempt(self, work: Callable[["Unit"], Awaitable[T]]) -> T:
        """Carry out a whole unit and return what its work does; again when another transaction went first."""

        async def once() -> T:
            async with self.unit() as unit:
                return await work(unit)

        return await retried(once)


@dataclass(slots=True)
class Said:
    """What happened in one conversation during a unit, in order."""

    row: Conversation
    moments: list[ChangeEntry | Message | SeenMoved] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    files: list[FileView] = field(default_factory=list)
    touched: bool = False
    counts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Moved:
    """A ticket that changed: the levels on whose boards it stood before, and the new lines of its history."""

    row: Ticket
    boards: frozenset[int] = frozenset()
    steps: list[TicketStep] = field(default_factory=list)


class Unit:
    """Collects changes of one transaction; `tell` turns them into events for everybody who may hear of them."""

    def __init__(self, transaction: Transaction, settings: Settings) -> None:
        self.session: AsyncSession = transaction.session
        self.now: datetime = transaction.now
        self.settings = settings
        self.timers: Timers = settings.timers
        self.wakes_routing = False
        self._transaction = transaction
        self._said: dict[int, Said] = {}
        self._agents: dict[int, Agent] = {}
        self._tickets: dict[int, Moved] = {}
        self._visitors: dict[int, Visitor] = {}
        self._ticket_of: dict[int, Ticket] = {}
        self._days: dict[int, str] = {}
        self._figures: dict[int, DeskDay | None] = {}
        self._held: list[object] = []

    # What an action says happened.

    def line(self, row: Conversation, change: Change, *, name: str | None = None, cause: str | None = None) -> None:
        """A line in the thread that everybody of the conversation sees."""
        row.seq += 1
        entry = ChangeEntry(seq=row.seq, at=self.now, change=change, name=name, cause=cause)
        self._of(row).moments.append(entry)
        self.touch(row)

    def message(self, row: Conversation, message: Message) -> None:
        """A message, or a note, that was added with its number taken from `row`."""
        said = self._of(row)
        (said.notes if message.note else said.moments).append(message)

    def file(self, row: Conversation, message: Message, file: StoredFile) -> None:
        """A file that was attached to a message, or a note, of a locked conversation."""
        self._of(row).files.append(views.file_view(file, message.note, message.seq))

    def seen(self, row: Conversation, event: SeenMoved) -> None:
        self._of(row).moments.append(event)

    def touch(self, row: Conversation) -> None:
        """What staff and desk know of the conversation changed."""
        self._of(row).touched = True

    def touch_agent(self, agent: Agent) -> None:
        self._agents[agent.id] = agent

    def touch_ticket(self, ticket: Ticket, boards: frozenset[int] = frozenset()) -> None:
        """What staff and desk know of the ticket changed; `boards` are the levels on whose boards it stood before."""
        self._moved(ticket).boards |= boards

    def ticket_step(self, ticket: Ticket, step: TicketStep) -> None:
        """A line that was added to the ticket's history."""
        self._moved(ticket).steps.append(step)

    def touch_visitor(self, visitor: Visitor) -> None:
        self._visitors[visitor.id] = visitor

    def count(self, row: Conversation, figure: str) -> None:
        """One more in today's figures of the conversation's desk."""
        self._of(row).counts.append(figure)
        self.touch(row)

    def inbox_added(self, assignment: Assignment, row: Conversation) -> None:
        topic = agent_topic(AgentId(assignment.agent_id))
        item = views.inbox_item(assignment, row.portal_id)
        self._next(topic, InboxAdded, item=item)

    def inbox_removed(self, agent_id: int, row: Conversation, cause: str) -> None:
        self._next(agent_topic(AgentId(agent_id)), InboxRemoved, conversation=row.id, cause=cause)

    def audit(self, actor: Actor, action: str, entity: str, **details: Any) -> None:
        self.session.add(AuditEntry(at=self.now, actor=actor.key, action=action, entity=entity, details=details))

    # What it needs on the way.

    async def lock_agents(self, ids: Iterable[int]) -> dict[int, Agent]:
        """Agents, locked in the one order of ids, as they are now."""
        query = select(Agent).where(col(Agent.id).in_(set(ids))).order_by(col(Agent.id)).with_for_update()
        rows = await self.session.exec(query, execution_options={"populate_existing": True})
        return {agent.id: agent for agent in rows}

    async def flush(self) -> None:
        await self.session.flush()

    def hold(self, rows: Iterable[Any]) -> None:
        """Keep rows at hand to the end: the session forgets what nobody holds, and would ask for each of them alone."""
        self._held += rows

    # Telling.

    async def tell(self) -> None:
        """Emit everything, conversations by id first; then the transaction numbers the other topics."""
        await self.session.flush()
        await self._find_tickets()
        for _, said in sorted(self._said.items()):
            await self._tell_conversation(said)
        for visitor in self._visitors.values():
            self._next(visitor_topic(VisitorId(visitor.id)), VisitorChanged, visitor=views.visitor_view(visitor))
        for agent in self._agents.values():
            self._next(AGENTS_TOPIC, AgentChanged, agent=views.agent_view(agent))
        for _, moved in sorted(self._tickets.items()):
            await self._tell_ticket(moved)

    async def _tell_ticket(self, moved: Moved) -> None:
        ticket, portal = moved.row, PortalId(moved.row.portal_id)
        view, steps = await ticket_view(self.session, ticket), [step_view(step) for step in moved.steps]
        self._next(ticket_topic(TicketId(ticket.id)), TicketChanged, ticket=view, steps=steps)
        row = await board_row(self.session, ticket)
        now_on = boards_of(ticket)
        for level in sorted(now_on | moved.boards):
            self._next(board_topic(portal, level), BoardChanged, row=row, on=level in now_on)
        self._next(desk_topic(portal), DeskTicketChanged, ticket=await views.ticket_row(self.session, ticket))

    async def _find_tickets(self) -> None:
        """The tickets of all conversations whose readers will be told what has become of them."""
        ids = [id for id, said in self._said.items() if said.touched]
        found = await self.session.exec(select(Ticket).where(col(Ticket.conversation_id).in_(ids))) if ids else ()
        self._ticket_of = {ticket.conversation_id: ticket for ticket in found}

    async def _tell_conversation(self, said: Said) -> None:
        row, id = said.row, ConversationId(said.row.id)
        public = None
        for moment in said.moments:
            match moment:
                case ChangeEntry():
                    public = public or await views.conversation_public(self.session, row, self._ticket_of.get(id))
                    topic = conversation_topic(id)
                    event = ConversationChanged(topic=topic, seq=moment.seq, entry=moment, conversation=public)
                    self._transaction.emit(event)
                case Message():
                    entry = views.message_entry(moment)
                    self._transaction.emit(MessageSent(topic=conversation_topic(id), seq=moment.seq, entry=entry))
                case SeenMoved():
                    self._transaction.emit(moment)
        for note in said.notes:
            self._transaction.emit(NoteAdded(topic=staff_topic(id), seq=note.seq, note=views.note_entry(note)))
        for file in said.files:
            row.staff_seq += 1
            self._transaction.emit(FileAttached(topic=staff_topic(id), seq=row.staff_seq, file=file))
        if said.touched:
            await self._tell_context(said)

    async def _tell_context(self, said: Said) -> None:
        row, id = said.row, ConversationId(said.row.id)
        row.staff_seq += 1
        self.hold([await self.session.get_one(Visitor, row.visitor_id)])
        context = await views.conversation_staff(self.session, row, self._ticket_of.get(id))
        self._transaction.emit(ContextChanged(topic=staff_topic(id), seq=row.staff_seq, conversation=context))
        if any(isinstance(moment, ChangeEntry) for moment in said.moments):
            summary = views.summary(row, self._ticket_of.get(id))
            topic = visitor_topic(VisitorId(row.visitor_id))
            self._next(topic, VisitorConversationChanged, conversation=summary)
        self._transaction.emit_next(desk_topic(PortalId(row.portal_id)), partial(self._desk_changed, said))

    async def _desk_changed(self, said: Said, seq: int) -> Durable:
        portal_id = said.row.portal_id
        day = self._days[portal_id] = self._days.get(portal_id) or await desk_day_of(self.session, portal_id, self.now)
        counts = views.desk_counts(day, await self._count(portal_id, day, said.counts))
        row = await views.desk_row(self.session, said.row)
        return DeskChanged(topic=desk_topic(PortalId(portal_id)), seq=seq, row=row, counts=counts)

    async def _count(self, portal_id: int, day: str, figures: list[str]) -> DeskDay | None:
        """Add to today's figures and read them, under the desk's lock: who holds it, knows them."""
        if not figures and portal_id in self._figures:
            return self._figures[portal_id]
        if figures:
            connection = await self.session.connection()
            added = {figure: figures.count(figure) for figure in figures}
            columns = {name: 0 for name in DeskDay.model_fields if name not in ("portal_id", "day")}
            await connection.execute(
                upsert(connection, DeskDay)
                .values(portal_id=portal_id, day=day, **columns | added)
                .on_conflict_do_update(
                    index_elements=["portal_id", "day"],
                    set_={figure: getattr(DeskDay, figure) + more for figure, more in added.items()},
                )
            )
        self._figures[portal_id] = await self.session.get(DeskDay, (portal_id, day), populate_existing=True)
        return self._figures[portal_id]

    def _next(self, topic: Any, kind: type[Any], **fields: Any) -> None:
        async def make(seq: int) -> Durable:
            event: Durable = kind(topic=topic, seq=seq, **fields)
            return event

        self._transaction.emit_next(topic, make)

    def _moved(self, ticket: Ticket) -> Moved:
        return self._tickets.setdefault(ticket.id, Moved(ticket))

    def _of(self, row: Conversation) -> Said:
        return self._said.setdefault(row.id, Said(row))
