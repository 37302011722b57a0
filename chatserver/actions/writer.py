"""One writer a process: messages that wait at the same time share one commit.

A commit costs a disk's round trip whatever is in it, so while one is under way the next messages gather, and nobody
waits when there is nobody to share with: the first message begins at once. On PostgreSQL a few commits may be under
way, never with messages of the same conversation: one is decided while another waits for the disk.

What needs a transition (a first reply, a word in wrap-up, a ticket's thread) or a refusal is carried out alone, by its
action, and the later messages of that conversation wait for it: arrival order is kept. What was overtaken by somebody
else's change goes first into the next batch, and alone, under a lock, when it is overtaken again and again.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from typing import Any

from chatserver.actions.batch import Again, New, Outcome, Overtaken, Sender
from chatserver.actions.batch_rows import BatchWork
from chatserver.actions.unit import Context
from chatserver.driver import retried
from chatserver.errors import Refused
from chatserver.metrics import BATCH, MESSAGE_SECONDS, MESSAGES
from chatserver.protocol.base import Wire
from chatserver.protocol.codec import encode
from chatserver.protocol.commands import SendMessage
from chatserver.protocol.events import MessageSent
from chatserver.protocol.replies import MessageStored
from chatserver.protocol.views import MessageEntry
from chatserver.protocol.views import Sender as SenderView
from chatserver.types import Channel, ConversationId, Topic, conversation_topic

LARGEST = 200
"""Messages in one commit, at most."""

LANES = 3
"""Commits that may be under way on PostgreSQL; SQLite has one writer."""

OVERTAKEN = 3
"""Batches that may be too late for a message before it goes alone."""

WAITING = 5_000
"""Messages that may wait for their commit; beyond that a sender is asked to come again."""

Alone = Callable[[SendMessage], Awaitable[Wire]]
"""Carries one message out by its action, in a transaction of its own."""


@dataclass(eq=False, slots=True)
class Sending:
    """A message on its way, and whoever waits for its answer."""

    sender: Sender
    message: SendMessage
    alone: Alone
    overtaken: int = 0
    answer: "asyncio.Future[Wire]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def settle(self, reply: Wire | BaseException) -> None:
        """Answer, unless whoever asked has gone."""
        if self.answer.done():
            return
        if isinstance(reply, BaseException):
            self.answer.set_exception(reply)
        else:
            self.answer.set_result(reply)


class Writer:
    """Owns the queue of messages and the tasks that commit them. `_busy`: conversations in a batch under way."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._queue: deque[Sending] = deque()
        self._held: dict[int, deque[Sending]] = {}
        self._busy: set[int] = set()
        self._free_lanes = 1 if context.db.sqlite else LANES
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, sender: Sender, message: SendMessage, alone: Alone) -> Wire:
        """Store a message and return its reply, after the commit. Raises what its action raises."""
        if len(self._queue) >= WAITING:
            raise Refused("busy", "Too many messages are waiting; the same one again is safe.", retry_after=1.0)
        sending = Sending(sender, message, alone)
        held = self._held.get(message.conversation)
        (self._queue if held is None else held).append(sending)
        if held is None and self._free_lanes and message.conversation not in self._busy:
            self._free_lanes -= 1
            self._spawn(self._drain())
        began = perf_counter()
        try:
            return await sending.answer
        finally:
            MESSAGE_SECONDS.observe(perf_counter() - began)

    async def _drain(self) -> None:
        """Commit batch after batch, until nothing waits but what has to wait for another lane."""
        try:
            while batch := self._take():
                conversations = {sending.message.conversation for sending in batch}
                self._busy |= conversations
                try:
                    await self._write(batch)
                finally:
                    self._busy -= conversations
        finally:
            self._free_lanes += 1

    def _take(self) -> list[Sending]:
        """The first that wait, without those whose conversation is in a batch already; they keep their place."""
        batch: list[Sending] = []
        passed: list[Sending] = []
        while self._queue and len(batch) < LARGEST:
            sending = self._queue.popleft()
            (passed if sending.message.conversation in self._busy else batch).append(sending)
        self._queue.extendleft(reversed(passed))
        return batch

    async def _write(self, batch: list[Sending]) -> None:
        try:
            outcomes = await self._commit(batch)
        except BaseException as error:
            for sending in batch:
                sending.settle(error)
            if not isinstance(error, Exception):
                raise
        else:
            self._hold(batch, outcomes)

    async def _commit(self, batch: list[Sending]) -> list[Outcome]:
        work = BatchWork([(sending.sender, sending.message) for sending in batch])
        outcomes = await retried(lambda: self._context.db.straight(work, lambda done, at: _say(batch, done, at)))
        BATCH.observe(len(batch))
        return outcomes

    def _hold(self, batch: list[Sending], outcomes: list[Outcome]) -> None:
        """Begin what goes alone, a conversation at a time; what comes for those meanwhile waits behind it."""
        late: list[Sending] = []
        for sending, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, New | Again):
                continue
            sending.overtaken += 1
            if isinstance(outcome, Overtaken) and sending.overtaken < OVERTAKEN:
                late.append(sending)
                continue
            conversation = sending.message.conversation
            if conversation in self._held:
                self._held[conversation].append(sending)
            else:
                self._held[conversation] = deque([sending])
                self._spawn(self._one_by_one(conversation))
        self._queue.extendleft(reversed(late))
        later = [sending for sending in self._queue if sending.message.conversation in self._held]
        if later:
            self._queue = deque(s for s in self._queue if s.message.conversation not in self._held)
            for sending in later:
                self._held[sending.message.conversation].append(sending)

    async def _one_by_one(self, conversation: int) -> None:
        held = self._held[conversation]
        try:
            while held:
                sending = held.popleft()
                try:
                    sending.settle(await sending.alone(sending.message))
                except Exception as error:  # noqa: BLE001 -- whoever asked gets it
                    sending.settle(error)
        finally:
            del self._held[conversation]

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _say(batch: list[Sending], outcomes: list[Outcome], now: datetime) -> Iterator[tuple[Topic, bytes]]:
    """Once it is stored: answer who sent it, and tell who follows."""
    for sending, outcome in zip(batch, outcomes, strict=True):
        message = sending.message
        if isinstance(outcome, Again):
            sending.settle(_stored(message, outcome.seq, outcome.at or now))
        elif isinstance(outcome, New):
            MESSAGES.inc()
            sending.settle(_stored(message, outcome.seq, now))
            yield (
                conversation_topic(ConversationId(message.conversation)),
                encode(_sent(message, outcome, now)).encode(),
            )


def _sent(message: SendMessage, new: New, now: datetime) -> MessageSent:
    entry = MessageEntry(
        seq=new.seq,
        at=now,
        sender=SenderView(kind=new.author.kind, name=new.author.name),
        body=new.body,
        client_message_id=message.client_message_id,
        channel=Channel.CHAT,
    )
    return MessageSent(topic=conversation_topic(ConversationId(message.conversation)), seq=new.seq, entry=entry)


def _stored(message: SendMessage, seq: int, at: datetime) -> MessageStored:
    return MessageStored(
        ref=message.ref,
        conversation=message.conversation,
        client_message_id=message.client_message_id,
        seq=seq,
        at=at,
    )
