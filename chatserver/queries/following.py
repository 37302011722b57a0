"""Who may hear which topic now: asked for one, for a crowd that comes back, for all consoles of a process."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Conversation, Portal, Ticket
from chatserver.queries.access import Thread, serves, which_may_see
from chatserver.queries.among import among
from chatserver.types import AGENTS_TOPIC, Actor, StaffActor, Topic, VisitorActor

Pair = tuple[Actor, Topic]


PARTS = {"conversation": ("", "staff"), "board": ("l1", "l2", "l3")}
"""What may stand after the number of a topic; after that of any other kind, nothing."""


class _Question(NamedTuple):
    """A topic taken apart. `number` is 0 where there is none, which nothing has for an id."""

    actor: Actor
    topic: Topic
    kind: str
    number: int


async def may_follow(session: AsyncSession, actor: Actor, topic: Topic) -> bool:
    """Whether `actor` may hear a topic now."""
    return bool(await which_may_follow(session, [(actor, topic)]))


async def which_may_follow(session: AsyncSession, pairs: Iterable[Pair]) -> set[Pair]:
    """Those of the pairs that are allowed now; a few queries whatever their number."""
    asked = [question for pair in pairs if (question := _take_apart(*pair))]
    return {
        *((each.actor, each.topic) for each in asked if _is_own(each)),
        *await _conversations(session, asked),
        *await _desks(session, [each for each in asked if each.kind in ("desk", "board")]),
    }


def _take_apart(actor: Actor, topic: Topic) -> _Question | None:
    """None for what nobody of the actor's side may hear, whoever they are."""
    kind, _, rest = topic.partition(":")
    number, _, part = rest.partition(":")
    if isinstance(actor, VisitorActor):
        possible = not part and kind in ("visitor", "conversation")
    else:
        possible = isinstance(actor, StaffActor) and kind != "visitor" and part in PARTS.get(kind, ("",))
    return _Question(actor, topic, kind, int(number or 0)) if possible else None


def _is_own(each: _Question) -> bool:
    """What is theirs by itself: their own topic, and the roster of all who work here."""
    own = "agent" if isinstance(each.actor, StaffActor) else "visitor"
    is_theirs = each.kind == own and isinstance(each.actor, StaffActor | VisitorActor) and each.actor.id == each.number
    return is_theirs or (each.topic == AGENTS_TOPIC and isinstance(each.actor, StaffActor))


async def _conversations(session: AsyncSession, asked: Collection[_Question]) -> set[Pair]:
    """Conversations, and tickets, which are heard by whoever sees the conversation that is their thread."""
    of_ticket = await _threads_of(session, {each.number for each in asked if each.kind == "ticket"})
    thread_of = {
        each: each.number if each.kind == "conversation" else of_ticket.get(each.number, 0)
        for each in asked
        if each.kind in ("conversation", "ticket")
    }
    if not thread_of:
        return set()
    query = select(Conversation.id, Conversation.visitor_id, Conversation.portal_id)
    rows = await session.exec(query.where(among(Conversation.id, set(thread_of.values()))))
    threads = {row[0]: Thread(*row) for row in rows}
    seen = await which_may_see(session, {(each.actor, threads[id]) for each, id in thread_of.items() if id in threads})
    return {(each.actor, each.topic) for each, id in thread_of.items() if (each.actor, id) in seen}


async def _threads_of(session: AsyncSession, tickets: Collection[int]) -> dict[int, int]:
    if not tickets:
        return {}
    return dict((await session.exec(select(Ticket.id, Ticket.conversation_id).where(among(Ticket.id, tickets)))).all())


async def _desks(session: AsyncSession, asked: Collection[_Question]) -> set[Pair]:
    """The desks and boards of portals that are in use and theirs to serve."""
    if not asked:
        return set()
    live = select(Portal).where(among(Portal.id, {each.number for each in asked}), col(Portal.disabled_at).is_(None))
    portals = {portal.id: portal for portal in await session.exec(live)}
    return {
        (each.actor, each.topic)
        for each in asked
        if isinstance(each.actor, StaffActor) and each.number in portals and serves(each.actor, portals[each.number])
    }
