"""One topic in one process: who follows it here and how far it has come. Events pass in order, each once."""

import asyncio
import re
from collections.abc import Callable

from chatserver.ws.connection import Connection

_SEQ = re.compile(rb'^\{"topic":"[a-z0-9:]+","seq":(\d+),')


def seq_of(payload: bytes) -> int | None:
    """The sequence number of an encoded durable event, None for an ephemeral one."""
    found = _SEQ.match(payload)
    return int(found[1]) if found else None


class Channel:
    """`head` is the last event passed on, None until the first follower has read the table. Followers have cursors of
    their own, because each started from its own snapshot; who is still reading theirs gets what passes meanwhile after
    it.
    """

    def __init__(self, behind: Callable[[], None], confirmation: "asyncio.Task[None]") -> None:
        self.head: int | None = None
        self.members: dict[Connection, int] = {}
        self._joining: dict[Connection, list[tuple[int, str]]] = {}
        self._early: list[tuple[int, str]] = []
        self._behind = behind
        self.confirmation = confirmation

    def begin_joining(self, connection: Connection) -> None:
        self._joining[connection] = []

    def abandon_joining(self, connection: Connection) -> None:
        self._joining.pop(connection, None)

    def join(self, connection: Connection, head: int) -> None:
        """Follow from `head` on: what passed while the snapshot was read comes now. Of several who are the first, one
        may have read less than whoever joined before: the channel goes back to them, the others have it already."""
        passed = self._joining.pop(connection, [])
        self.members[connection] = head
        for seq, text in passed:
            self._pass(connection, seq, text)
        if self.head is None:
            self.head = head
            early, self._early = self._early, []
            for seq, text in early:
                self.offer(seq, text)
        elif self.members[connection] < self.head:
            self.head = self.members[connection]
            self._behind()

    def leave(self, connection: Connection) -> None:
        self.members.pop(connection, None)
        self._joining.pop(connection, None)

    @property
    def empty(self) -> bool:
        return not self.members and not self._joining

    def offer(self, seq: int, text: str) -> None:
        """Pass an event on if it is the next one; an old one was passed, a later one shows that a hint was lost."""
        if self.head is None:
            self._early.append((seq, text))
        elif seq == self.head + 1:
            self.head = seq
            for connection in self.members:
                self._pass(connection, seq, text)
            for passed in self._joining.values():
                passed.append((seq, text))
        elif seq > self.head:
            self._behind()

    def whisper(self, text: str) -> None:
        """Pass an ephemeral frame on."""
        for connection in self.members:
            connection.send(text, ephemeral=True)

    def _pass(self, connection: Connection, seq: int, text: str) -> None:
        if seq == self.members[connection] + 1:
            self.members[connection] = seq
            connection.send(text)
