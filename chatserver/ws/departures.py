"""Clients whose last socket in this process ended. Another process may still have them, or have them again: then their
presence is renewed there, and staff are not told that they left."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel import select

from chatserver.actions.presence import MISSED_BEAT, note_departures
from chatserver.actions.unit import Context
from chatserver.models import Visitor
from chatserver.protocol.base import Wire
from chatserver.protocol.events import PresenceChanged
from chatserver.queries.among import among
from chatserver.types import ConversationId, Topic, VisitorId, staff_topic
from chatserver.ws.gather import Gather


@dataclass(frozen=True, eq=False, slots=True)
class _Left:
    """Since when they are gone from here, and from which conversations."""

    at: datetime
    conversations: Collection[int]


class Departures:
    """Who is alone in serving the desk tells at once; else whoever was left looks again when every other process that
    is alive has renewed its clients."""

    def __init__(self, context: Context, publish: Callable[[Topic, Wire], None]) -> None:
        self._context = context
        self._publish = publish
        self._noting = Gather(partial(note_departures, context))
        self._left: dict[VisitorId, _Left] = {}

    async def note(self, id: VisitorId, conversations: Collection[int]) -> None:
        """They left this process just now. Raises what the database raises: then it is judged by their last renewal."""
        left = self._left[id] = _Left(self._context.clock.now(), conversations)
        departure = await self._noting.ask(id)
        if self._left.get(id) is not left:
            return  # back already
        self._left[id] = _Left(departure.at, conversations)
        if not departure.others:
            self._tell(id)

    def forget(self, id: VisitorId) -> None:
        """They are here again."""
        self._left.pop(id, None)

    async def judge(self) -> None:
        """Tell of those who left long enough ago, and were not seen since."""
        timers = self._context.settings.timers
        until = self._context.clock.now() - timers.renew_presence * MISSED_BEAT
        due = {id: left for id, left in self._left.items() if left.at <= until}
        if not due:
            return
        async with self._context.db.read() as session:
            rows = await session.exec(select(Visitor.id, Visitor.seen_at).where(among(Visitor.id, due)))
            seen = dict(rows.all())
        for id, left in due.items():
            if self._left.get(id) is not left:
                continue
            if seen[id] <= left.at:
                self._tell(id)
            else:
                self.forget(id)

    def _tell(self, id: VisitorId) -> None:
        for conversation in self._left.pop(id).conversations:
            said = PresenceChanged(conversation=conversation, present=False)
            self._publish(staff_topic(ConversationId(conversation)), said)
