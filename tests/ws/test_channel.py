"""One topic in one process: hints may be lost, doubled or in any order, and members come and go at any moment; each
gets what follows their snapshot, in order and once, and after a look at the table nothing is missing."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.strategies import DataObject, booleans, data, integers

from chatserver.ws.channel import Channel
from chatserver.ws.connection import Connection

CONFIRMED = cast("asyncio.Task[None]", None)
"""The channel only keeps the broker's confirmation; nobody awaits it here."""


@dataclass(eq=False)
class Member:
    """A socket that writes down what it was sent. `start`: the head of its snapshot, once it was read."""

    start: int | None = None
    joined: bool = False
    got: list[int] = field(default_factory=list)
    whispers: int = 0

    def send(self, text: str, *, ephemeral: bool = False) -> None:
        if ephemeral:
            self.whispers += 1
        else:
            self.got.append(int(text))

    @property
    def connection(self) -> Connection:
        return cast("Connection", self)


class ChannelMachine(RuleBasedStateMachine):
    """A table that grows, hints on the way, and followers in every stage of joining."""

    def __init__(self) -> None:
        super().__init__()
        self.table = 0
        self.hints: list[int] = []
        self.members: list[Member] = []
        self.behind = False
        self.channel = Channel(self._note_behind, CONFIRMED)

    def _note_behind(self) -> None:
        self.behind = True

    @rule(published=booleans())
    def commit(self, published: bool) -> None:
        self.table += 1
        if published:
            self.hints.append(self.table)

    @precondition(lambda self: self.hints)
    @rule(data=data(), again=booleans())
    def hint(self, data: DataObject, again: bool) -> None:
        seq = self.pick(data, self.hints)
        if not again:
            self.hints.remove(seq)
        self.channel.offer(seq, str(seq))

    @rule()
    def begin(self) -> None:
        member = Member()
        self.members.append(member)
        self.channel.begin_joining(member.connection)

    @precondition(lambda self: self.reading)
    @rule(data=data())
    def read(self, data: DataObject) -> None:
        self.pick(data, self.reading).start = self.table

    @precondition(lambda self: self.arriving)
    @rule(data=data())
    def join(self, data: DataObject) -> None:
        member = self.pick(data, self.arriving)
        member.joined = True
        assert member.start is not None
        self.channel.join(member.connection, member.start)

    @precondition(lambda self: self.members)
    @rule(data=data())
    def leave(self, data: DataObject) -> None:
        member = self.pick(data, self.members)
        self.members.remove(member)
        self.channel.leave(member.connection)

    @rule()
    def catch_up(self) -> None:
        """What the hub does once a second and whenever the channel noticed a gap."""
        self.behind = False
        if self.channel.head is not None:
            for seq in range(self.channel.head + 1, self.table + 1):
                self.channel.offer(seq, str(seq))

    @property
    def reading(self) -> list[Member]:
        return [each for each in self.members if each.start is None]

    @property
    def arriving(self) -> list[Member]:
        return [each for each in self.members if each.start is not None and not each.joined]

    @invariant()
    def each_gets_what_follows_their_snapshot_in_order_and_once(self) -> None:
        for member in self.members:
            start = member.start or 0
            assert member.got == list(range(start + 1, start + 1 + len(member.got)))
            assert member.got == [] or member.joined

    @invariant()
    def it_is_empty_only_when_nobody_follows(self) -> None:
        assert self.channel.empty == (not self.members)

    def teardown(self) -> None:
        """All hints still on the way are lost; the next look at the table brings everybody up to date."""
        for member in self.reading:
            member.start = self.table
        for member in self.arriving:
            member.joined = True
            assert member.start is not None
            self.channel.join(member.connection, member.start)
        self.catch_up()
        for member in self.members:
            assert (member.start or 0) + len(member.got) == self.table

    @staticmethod
    def pick(data: Any, choices: list[Any]) -> Any:
        return choices[data.draw(integers(0, len(choices) - 1))]


TestChannel = ChannelMachine.TestCase
TestChannel.settings = settings(max_examples=300, stateful_step_count=40)
