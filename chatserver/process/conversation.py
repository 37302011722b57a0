"""The life of a conversation as tables: which moves exist, which waits a state has, what to do when one is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chatserver.process.rules import Timers
from chatserver.types import ConversationState as State


class Move(StrEnum):
    """What can happen to a conversation; by whom is the actions' matter."""

    OFFER = "offer"
    ANSWER = "answer"
    KEEP = "keep"
    RETURN = "return"
    WRAP_UP = "wrap_up"
    RESUME = "resume"
    CLOSE = "close"
    ESCALATE = "escalate"
    ABANDON = "abandon"
    MISS = "miss"


TRANSITIONS: dict[tuple[State, Move], State] = {
    (State.QUEUED, Move.OFFER): State.OFFERED,
    (State.QUEUED, Move.ABANDON): State.ABANDONED,
    (State.QUEUED, Move.MISS): State.MISSED,
    (State.OFFERED, Move.ANSWER): State.ACTIVE,
    (State.OFFERED, Move.OFFER): State.OFFERED,
    (State.OFFERED, Move.KEEP): State.ACTIVE,  # a transfer that was not accepted: the owner still has it
    (State.OFFERED, Move.RETURN): State.QUEUED,
    (State.OFFERED, Move.ABANDON): State.ABANDONED,
    (State.OFFERED, Move.ESCALATE): State.ESCALATED,  # instead of a return, after closing
    (State.ACTIVE, Move.OFFER): State.OFFERED,
    (State.ACTIVE, Move.RETURN): State.QUEUED,
    (State.ACTIVE, Move.WRAP_UP): State.WRAP_UP,
    (State.ACTIVE, Move.ESCALATE): State.ESCALATED,
    (State.WRAP_UP, Move.RESUME): State.ACTIVE,
    (State.WRAP_UP, Move.CLOSE): State.CLOSED,
    (State.WRAP_UP, Move.ESCALATE): State.ESCALATED,
}


class IllegalMove(Exception):
    """A move that the table does not have."""

    def __init__(self, state: State, move: Move) -> None:
        super().__init__(f"A conversation that is {state.value} cannot {move.value}.")
        self.state = state
        self.move = move


def next_state(state: State, move: Move) -> State:
    """Where a move leads. Raises `IllegalMove`."""
    try:
        return TRANSITIONS[state, move]
    except KeyError:
        raise IllegalMove(state, move) from None


class TimerKind(StrEnum):
    """The waits that are rows. Each looks again when due; none is moved by a message."""

    QUEUE = "queue"
    OFFER = "offer"
    AGENT_SILENT = "agent_silent"
    VISITOR_SILENT = "visitor_silent"
    AFTER_HOURS = "after_hours"
    WRAP_UP = "wrap_up"


class Act(StrEnum):
    """What a due timer asks for."""

    NOTHING = "nothing"
    OFFER_MESSAGE = "offer_message"
    MISS = "miss"
    NUDGE = "nudge"
    ALERT = "alert"
    RETURN = "return"
    ASK = "ask"
    WRAP_UP = "wrap_up"
    ESCALATE = "escalate"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision needs to know. `closes_at`: the closing after the client joined, None when it never closes;
    `on_until`: when the desk closes that is open now or opens again today, None when it is closed for the day."""

    state: State
    state_since: datetime
    queued_at: datetime
    closes_at: datetime | None
    last_visitor_at: datetime | None = None
    last_agent_at: datetime | None = None
    extended: bool = False
    unanswered_since: datetime | None = None
    on_until: datetime | None = None

    @property
    def agent_owes_since(self) -> datetime | None:
        """Since when the agent is silent: only while the visitor spoke last, and from their first unanswered word on; a
        client who asks again has not been answered by that."""
        if self.last_visitor_at and (not self.last_agent_at or self.last_visitor_at > self.last_agent_at):
            return max(self.unanswered_since or self.last_visitor_at, self.state_since)
        return None

    @property
    def visitor_owes_since(self) -> datetime | None:
        """Since when the visitor is silent: only while an agent spoke last."""
        if self.last_agent_at and (not self.last_visitor_at or self.last_agent_at >= self.last_visitor_at):
            return max(self.last_agent_at, self.state_since)
        return None


@dataclass(frozen=True, slots=True)
class Due:
    """What a due timer does, and when it is to look again (None: it is done)."""

    act: Act
    again_at: datetime | None = None


Stages = tuple[tuple[datetime, Act], ...]
Waits = tuple[tuple[timedelta, Act], ...]


def timers_of(facts: Facts, timers: Timers) -> tuple[tuple[TimerKind, datetime], ...]:
    """The timers to arm on entering the state, with their first due times."""
    since = facts.state_since
    match facts.state:
        case State.QUEUED:
            return ((TimerKind.QUEUE, _queue_stages(facts, timers)[0][0]),)
        case State.OFFERED:
            return ((TimerKind.OFFER, since + timers.offer_nudge),)
        case State.ACTIVE:
            closing = ((TimerKind.AFTER_HOURS, facts.closes_at + timers.after_closing),) if facts.closes_at else ()
            return (
                (TimerKind.AGENT_SILENT, (facts.agent_owes_since or since) + timers.agent_nudge),
                (TimerKind.VISITOR_SILENT, (facts.visitor_owes_since or since) + timers.visitor_asked),
                *closing,
            )
        case State.WRAP_UP:
            return ((TimerKind.WRAP_UP, since + timers.wrap_up),)
        case _:
            return ()


def decide_due(kind: TimerKind, facts: Facts, timers: Timers, now: datetime) -> Due:
    """What a timer of the present state asks for at `now`; late is no different from on time."""
    match kind:
        case TimerKind.QUEUE:
            return _latest(_queue_stages(facts, timers), now)
        case TimerKind.OFFER:
            return _latest(_offer_stages(facts, timers), now)
        case TimerKind.AGENT_SILENT:
            return _silence(facts.agent_owes_since, _agent_stages(timers), now)
        case TimerKind.VISITOR_SILENT:
            return _silence(facts.visitor_owes_since, _visitor_stages(facts, timers), now)
        case TimerKind.AFTER_HOURS:
            return _after_hours(facts, timers)
        case TimerKind.WRAP_UP:
            return Due(Act.EXPIRE)


def decide_unclassified(facts: Facts) -> Move:
    """How a wrap-up ends that nobody classified: closed if the agent spoke last, else it is still unresolved."""
    return Move.ESCALATE if facts.agent_owes_since else Move.CLOSE


def decide_return(desk_open: bool) -> Move:
    """A conversation that loses its agent goes back to the front of the queue, unless the desk has closed."""
    return Move.RETURN if desk_open else Move.ESCALATE


def _queue_stages(facts: Facts, timers: Timers) -> Stages:
    end = facts.queued_at + timers.queue_timeout
    if facts.closes_at:
        end = min(end, facts.closes_at)
    offer = facts.queued_at + timers.offer_message
    return ((offer, Act.OFFER_MESSAGE), (end, Act.MISS)) if offer < end else ((end, Act.MISS),)


def _offer_stages(facts: Facts, timers: Timers) -> Stages:
    since = facts.state_since
    return (
        (since + timers.offer_nudge, Act.NUDGE),
        (since + timers.offer_alert, Act.ALERT),
        (since + timers.offer_missed, Act.RETURN),
    )


def _agent_stages(timers: Timers) -> Waits:
    return ((timers.agent_nudge, Act.NUDGE), (timers.agent_alert, Act.ALERT), (timers.agent_return, Act.RETURN))


def _visitor_stages(facts: Facts, timers: Timers) -> Waits:
    end = timers.visitor_extended if facts.extended else timers.visitor_wrap_up
    return ((timers.visitor_asked, Act.ASK), (end, Act.WRAP_UP))


def _after_hours(facts: Facts, timers: Timers) -> Due:
    """Only the end of the day makes a ticket of what is still talked about; a break at midday does not."""
    return Due(Act.NOTHING, facts.on_until + timers.after_closing) if facts.on_until else Due(Act.ESCALATE)


def _silence(owes_since: datetime | None, waits: Waits, now: datetime) -> Due:
    """Look again after the shortest wait at the latest: this silence may end, and none begun later can be over before.
    So an act may be asked for again, and what it does is done once."""
    since = owes_since or now
    due = _latest(tuple((since + wait, act) for wait, act in waits), now)
    shortest, _ = waits[0]
    return Due(due.act, min(due.again_at, now + shortest)) if due.again_at else due


def _latest(stages: Stages, now: datetime) -> Due:
    """The last stage that has come, and when the next one comes."""
    act = Act.NOTHING
    for at, stage in stages:
        if at > now:
            return Due(act, at)
        act = stage
    return Due(act)
