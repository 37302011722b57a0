"""What a follower starts from: the tail they miss or a snapshot, for all who ask at the same time together."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatserver.actions.unit import Context
from chatserver.errors import not_found
from chatserver.metrics import FOLLOWED
from chatserver.protocol.codec import encode_subscribed
from chatserver.protocol.commands import Subscribe
from chatserver.protocol.replies import Subscribed
from chatserver.queries.following import Pair, may_follow, which_may_follow
from chatserver.queries.snapshots import get_snapshot
from chatserver.queries.topics import get_epoch, get_heads, get_tails
from chatserver.types import Actor, Topic
from chatserver.ws.gather import Gather
from chatserver.ws.resume import LARGEST_TAIL, Tail, decide_resume


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place that somebody had come to, and from which they want to go on."""

    actor: Actor
    topic: Topic
    since: int
    epoch: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The encoded events that they miss, up to `head`."""

    epoch: str
    head: int
    tail: Sequence[str]


class Following:
    """Nothing in here is kept: each command asks again what its actor may."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._access: Gather[Pair, bool] = Gather(self._may)
        self._places: Gather[Wanted, Resumed | None] = Gather(self._resume)

    async def must_be_allowed(self, actor: Actor, topic: Topic) -> None:
        """Raises `Refused` (not_found) for what is not theirs, before anything is done for it."""
        if not await self._access.ask((actor, topic)):
            raise not_found("topic")

    async def begin(self, actor: Actor, command: Subscribe) -> tuple[int, str]:
        """The head that a follower starts from and the encoded answer. Raises `Refused` (not_found)."""
        topic = Topic(command.topic)
        if command.since is not None and command.epoch is not None:
            resumed = await self._places.ask(Wanted(actor, topic, command.since, command.epoch))
            if resumed is not None:
                FOLLOWED.labels("tail").inc()
                answer = Subscribed(
                    ref=command.ref, topic=topic, epoch=resumed.epoch, head=resumed.head, snapshot=None, events=[]
                )
                return resumed.head, encode_subscribed(answer, resumed.tail)
        return await self._start_afresh(actor, command, topic)

    async def _may(self, pairs: Sequence[Pair]) -> list[bool]:
        async with self._context.db.read() as session:
            allowed = await which_may_follow(session, set(pairs))
        return [pair in allowed for pair in pairs]

    async def _resume(self, places: Sequence[Wanted]) -> list[Resumed | None]:
        """In one consistent view; None for who has to start afresh, or may not follow at all."""
        async with self._context.db.read() as session:
            allowed = await which_may_follow(session, {(each.actor, each.topic) for each in places})
            epoch = await get_epoch(session)
            heads = await get_heads(session, {each.topic for each in places})
            tails = await get_tails(
                session,
                {
                    (each.topic, each.since)
                    for each in places
                    if (each.actor, each.topic) in allowed
                    and isinstance(decide_resume(each.since, each.epoch, epoch, heads[each.topic]), Tail)
                },
                heads,
            )

        def resumed(each: Wanted) -> Resumed | None:
            tail = tails.get((each.topic, each.since)) if (each.actor, each.topic) in allowed else None
            if tail is None or each.epoch != epoch or sum(map(len, tail)) > LARGEST_TAIL:
                return None
            return Resumed(epoch, heads[each.topic], tail)

        return [resumed(each) for each in places]

    async def _start_afresh(self, actor: Actor, command: Subscribe, topic: Topic) -> tuple[int, str]:
        """A snapshot is a client's own reading, in one consistent view with its head."""
        async with self._context.db.read() as session:
            if not await may_follow(session, actor, topic):
                raise not_found("topic")
            epoch = await get_epoch(session)
            head = (await get_heads(session, [topic]))[topic]
            snapshot = await get_snapshot(session, topic, self._context.clock.now())
        FOLLOWED.labels("snapshot").inc()
        answer = Subscribed(ref=command.ref, topic=topic, epoch=epoch, head=head, snapshot=snapshot, events=[])
        return head, encode_subscribed(answer, [])
