"""Who gets whom, and why: the one place that decides whom a waiting conversation is offered to.

Deciding is total and deterministic: the order of the input does not matter, and there is always a reason.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from chatserver.routing.capacity import has_room
from chatserver.routing.reasons import OTHER_LANGUAGE, REASON_PARAMS, REASONS, Reason, reason_of
from chatserver.types import AgentId, AgentState, ConversationId

__all__ = [
    "REASONS",
    "REASON_PARAMS",
    "REOFFER_AFTER",
    "Candidate",
    "Decision",
    "Need",
    "Passed",
    "Reason",
    "order_queue",
    "pick_agent",
]

REOFFER_AFTER = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
ZERO = timedelta()

_REFUSED = "routing.passed.refused"
_FULL = "routing.passed.full"


@dataclass(frozen=True, slots=True)
class Need:
    """A waiting conversation. `refused`: who missed or declined it, and when last; `team` None: any team."""

    conversation_id: ConversationId
    level: int
    team: str | None
    language: str
    returned: bool
    joined_at: datetime
    last_agent_id: AgentId | None = None
    refused: Mapping[AgentId, datetime] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent as the database knows them now. `present`: seen recently enough; `load` as in `capacity.py`."""

    agent_id: AgentId
    name: str
    state: AgentState
    present: bool
    level: int
    teams: frozenset[str]
    languages: frozenset[str]
    capacity: int
    load: int
    idle_since: datetime


Pool = list[Candidate]


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody who did not get it, and the code (of `REASONS`) of the first thing that spoke against them."""

    agent_id: AgentId
    code: str


@dataclass(frozen=True, slots=True)
class Decision:
    """`agent_id` None: it waits. `passed` is everybody else, by id.

    `again_at` is when time alone, without any event, may have changed the answer: ask again then.
    """

    agent_id: AgentId | None
    reason: Reason
    passed: tuple[Passed, ...]
    again_at: datetime | None = None


def order_queue(needs: Iterable[Need]) -> list[Need]:
    """Who is next: those that came back from an agent, then by time of joining."""
    return sorted(needs, key=lambda need: (not need.returned, need.joined_at, need.conversation_id))


def pick_agent(
    need: Need, candidates: Iterable[Candidate], now: datetime, reoffer_after: timedelta = REOFFER_AFTER
) -> Decision:
    """The agent who gets the conversation now, or why it waits.

    On shift are those online and present; they match by level, team and language, and when nobody on shift speaks
    the language, anybody may answer. Of those with room: the client's last agent, then the least load relative to
    capacity, then the longest idle. Who refused it is asked again only when nobody else who matches is on shift, and
    not before `reoffer_after` has passed.
    """
    barred = frozenset(agent_id for agent_id, at in need.refused.items() if now < at + reoffer_after)
    pool = sorted(candidates, key=lambda each: each.agent_id)
    against: dict[AgentId, str] = {}
    for code, keep in _stages(need, barred):
        kept = keep(pool)
        left = {each.agent_id for each in pool} - {each.agent_id for each in kept}
        against |= dict.fromkeys(left, code)
        if not kept:
            again_at = _again_at(need, against, barred, reoffer_after)
            reason = _why_waits(need, code, pool, against, (again_at or now) - now)
            return Decision(None, reason, _passed(against), again_at)
        pool = kept
    chosen, *behind = sorted(pool, key=lambda each: _rank(need, each))
    against |= {each.agent_id: _BEHIND[_edge(need, chosen, each)] for each in behind}
    return Decision(chosen.agent_id, _why_assigned(need, chosen, behind, now), _passed(against))


def _stages(need: Need, barred: frozenset[AgentId]) -> tuple[tuple[str, Callable[[Pool], Pool]], ...]:
    """What narrows the candidates down, in order, and what is said of those who drop out there."""
    return (
        ("routing.passed.off_shift", lambda pool: [each for each in pool if each.state is not AgentState.OFFLINE]),
        ("routing.passed.away", lambda pool: [each for each in pool if each.state is AgentState.ONLINE]),
        ("routing.passed.gone", lambda pool: [each for each in pool if each.present]),
        ("routing.passed.level", lambda pool: [each for each in pool if each.level == need.level]),
        ("routing.passed.team", lambda pool: [each for each in pool if need.team is None or need.team in each.teams]),
        ("routing.passed.language", lambda pool: [each for each in pool if need.language in each.languages] or pool),
        (_REFUSED, lambda pool: _askable(need, pool, barred)),
        (_FULL, lambda pool: [each for each in pool if has_room(each.load, each.capacity)]),
    )


def _askable(need: Need, pool: Pool, barred: frozenset[AgentId]) -> Pool:
    fresh = [each for each in pool if each.agent_id not in need.refused]
    return fresh or [each for each in pool if each.agent_id not in barred]


def _again_at(
    need: Need, against: Mapping[AgentId, str], barred: frozenset[AgentId], reoffer_after: timedelta
) -> datetime | None:
    waiting = [agent_id for agent_id in barred if against.get(agent_id) == _REFUSED]
    return min((need.refused[agent_id] + reoffer_after for agent_id in waiting), default=None)


def _passed(against: Mapping[AgentId, str]) -> tuple[Passed, ...]:
    return tuple(Passed(agent_id, code) for agent_id, code in sorted(against.items()))


_EDGES = ("last_agent", "least_loaded", "longest_idle", "tie")
_BEHIND = {
    "last_agent": "routing.passed.not_last_agent",
    "least_loaded": "routing.passed.busier",
    "longest_idle": "routing.passed.less_idle",
    "tie": "routing.passed.tie",
}


def _rank(need: Need, each: Candidate) -> tuple[bool, Fraction, datetime, AgentId]:
    """The least comes first; one element for each of `_EDGES`."""
    return each.agent_id != need.last_agent_id, Fraction(each.load, each.capacity), each.idle_since, each.agent_id


def _edge(need: Need, first: Candidate, other: Candidate) -> str:
    """What put the first before the other."""
    pairs = zip(_EDGES, _rank(need, first), _rank(need, other), strict=True)
    return next(edge for edge, one, another in pairs if one != another)


def _why_assigned(need: Need, chosen: Candidate, behind: Pool, now: datetime) -> Reason:
    if chosen.agent_id == need.last_agent_id:
        edge = "last_agent"
    else:
        edge = _edge(need, chosen, behind[0]) if behind else "only_one"
    return reason_of(
        f"routing.assigned.{edge}{'' if need.language in chosen.languages else OTHER_LANGUAGE}",
        agent=chosen.name,
        load=chosen.load,
        capacity=chosen.capacity,
        idle_seconds=max(now - chosen.idle_since, ZERO) // SECOND,
        language=need.language,
    )


_WAITS = {
    "routing.passed.off_shift": "routing.waits.nobody_on_shift",
    "routing.passed.away": "routing.waits.nobody_on_shift",
    "routing.passed.gone": "routing.waits.nobody_on_shift",
    "routing.passed.level": "routing.waits.no_level",
    "routing.passed.team": "routing.waits.no_team",
    _REFUSED: "routing.waits.after_refusal",
    _FULL: "routing.waits.all_full",
}


def _why_waits(need: Need, code: str, pool: Pool, against: Mapping[AgentId, str], pause: timedelta) -> Reason:
    """`pool` are the last who were in question, and dropped out with `code`; `pause` until one may be asked again."""
    full_for_others = code == _FULL and _REFUSED in against.values()
    return reason_of(
        "routing.waits.others_full" if full_for_others else _WAITS[code],
        level=need.level,
        team=need.team or "",
        agents=len(pool),
        places=sum(each.capacity for each in pool),
        seconds=-(-pause // SECOND),
    )
