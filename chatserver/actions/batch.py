"""Which of many waiting messages can share one commit: pure. Whatever needs more than a row of its own goes alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chatserver.errors import Refused
from chatserver.process.fields import clean_text
from chatserver.protocol.commands import SendMessage
from chatserver.types import ConversationState, SenderKind

State = ConversationState

VISITOR_MAY = (State.QUEUED, State.OFFERED, State.ACTIVE)
"""In these a client's word changes nothing but the thread."""


@dataclass(frozen=True, slots=True)
class FromVisitor:
    """A sender by the hash of their token, on one portal."""

    portal_id: int
    token_hash: str


@dataclass(frozen=True, slots=True)
class FromStaff:
    """A sender by their login session."""

    login_id: int


Sender = FromVisitor | FromStaff


@dataclass(frozen=True, slots=True)
class Author:
    """Who a sender is, as the database knows them now."""

    kind: SenderKind
    id: int
    name: str
    teams: frozenset[str] | None = None
    """Whose portals an agent serves; None for a client, and for who supervises."""


@dataclass(frozen=True, slots=True)
class Thread:
    """How a conversation stands. `seq` and `staff_seq`: the heads of its two topics. `owner_id`: who has accepted it
    and has it still."""

    state: ConversationState
    visitor_id: int
    seq: int
    staff_seq: int
    alert: str
    owner_id: int | None
    portal_team: str | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message that was stored before under the same client id."""

    seq: int
    at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the batch is decided from."""

    authors: Mapping[Sender, Author]
    threads: Mapping[int, Thread]
    earlier: Mapping[tuple[int, SenderKind, int, str], Earlier]


@dataclass(frozen=True, slots=True)
class New:
    """To be stored, with this number."""

    author: Author
    seq: int
    body: str


@dataclass(frozen=True, slots=True)
class Again:
    """Stored before: the first answer again. It may have been earlier in this very batch."""

    seq: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Alone:
    """Not for the batch: it needs a transition, or a refusal that the action words."""


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Not stored: something else happened in the conversation meanwhile. To be read and decided anew."""


Outcome = New | Again | Alone | Overtaken


@dataclass(frozen=True, slots=True)
class Mark:
    """What a batch leaves on a conversation: its head, which sides spoke, and whether the client spoke last."""

    conversation: int
    head: int
    asked: bool
    answered: bool
    unanswered: bool


def marks_of(made: Sequence[tuple[SendMessage, New]]) -> list[Mark]:
    """One mark a conversation, by id, from its new messages in their order."""
    marks: dict[int, Mark] = {}
    for message, new in made:
        by_client = new.author.kind is SenderKind.VISITOR
        before = marks.get(message.conversation)
        marks[message.conversation] = Mark(
            conversation=message.conversation,
            head=new.seq,
            asked=by_client or (before is not None and before.asked),
            answered=not by_client or (before is not None and before.answered),
            unanswered=by_client,
        )
    return [marks[id] for id in sorted(marks)]


def decide_batch(messages: Sequence[tuple[Sender, SendMessage]], facts: Facts) -> list[Outcome]:
    """What becomes of each, in the order they came. Once one of a conversation goes alone, so do those after it."""
    heads = {id: thread.seq for id, thread in facts.threads.items()}
    seen: dict[tuple[int, SenderKind, int, str], New] = {}
    held: set[int] = set()
    outcomes: list[Outcome] = []
    for sender, message in messages:
        outcome = Alone() if message.conversation in held else _decide(sender, message, facts, heads, seen)
        if isinstance(outcome, Alone):
            held.add(message.conversation)
        outcomes.append(outcome)
    return outcomes


def _decide(
    sender: Sender,
    message: SendMessage,
    facts: Facts,
    heads: dict[int, int],
    seen: dict[tuple[int, SenderKind, int, str], New],
) -> Outcome:
    author, thread = facts.authors.get(sender), facts.threads.get(message.conversation)
    body = _clean(message.body)
    if author is None or thread is None or body is None:
        return Alone()
    key = (message.conversation, author.kind, author.id, message.client_message_id)
    if first := facts.earlier.get(key):
        return Again(first.seq, first.at) if first.body == body else Alone()
    if twin := seen.get(key):
        return Again(twin.seq, None) if twin.body == body else Alone()
    if not _changes_nothing_else(author, thread):
        return Alone()
    heads[message.conversation] += 1
    seen[key] = New(author, heads[message.conversation], body)
    return seen[key]


def _changes_nothing_else(author: Author, thread: Thread) -> bool:
    if author.kind is SenderKind.VISITOR:
        return thread.visitor_id == author.id and thread.state in VISITOR_MAY
    served = thread.portal_team is None or author.teams is None or thread.portal_team in author.teams
    return served and thread.owner_id == author.id and thread.state is State.ACTIVE and thread.alert == "none"


def _clean(text: str) -> str | None:
    try:
        return clean_text(text, "body")
    except Refused:
        return None
