"""Open loop: messages leave when the clock says so, however the server does, and are timed from that moment.

So a server that stalls pays for every message that it kept from being sent, not only for the one it was asked.
"""

import asyncio
import gc
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from time import perf_counter

from bench.frames import header
from bench.link import Link
from bench.wires import MARK, Wire

WARM_UP = 0.5
"""Seconds at the beginning of a step that are not counted."""

TICK = 0.001
DRAIN = 6.0
"""Seconds that what is under way gets to arrive when a step ends."""

HOPELESS = 1.0
"""A step ends early when the server is so many seconds of messages behind."""

_numbers = count()


@dataclass(frozen=True, slots=True)
class Speaker:
    """One side of a conversation: its socket, and its message cut where the number belongs."""

    link: Link
    parts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What one rate gave. Latencies are seconds from when a message should have left: to its acknowledgement, and to
    its arrival at the other side."""

    rate: float
    sent: int
    missing: int
    refused: int
    acked: Sequence[float]
    delivered: Sequence[float]

    def p(self, share: float) -> float:
        """A quantile of the delivery, infinite for what never arrived."""
        return quantile(self.delivered, share)

    @property
    def holds(self) -> bool:
        """Everything was stored, acknowledged and delivered, and 99 of 100 within the limit."""
        complete = not self.missing and not self.refused
        return complete and max(quantile(self.acked, 0.99), self.p(0.99)) <= LIMIT


LIMIT = 0.1
"""The knee is where the 99th percentile passes this."""


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")


class Load:
    """One step: sends at a rate over all speakers in turn, and listens on all their links."""

    def __init__(self, speakers: Sequence[Speaker], wire: Wire) -> None:
        self._speakers = speakers
        self._ack = wire.ack
        self._first = next(_numbers) << 20
        self._due = array("d")
        self._counted_from = 0
        self._acked: list[float] = []
        self._delivered: list[float] = []
        self._arrived = self._answered = self._refused = 0
        for number, speaker in enumerate(speakers):
            speaker.link.listener = partial(self._hear, number)

    async def run(self, rate: float, seconds: float) -> Step:
        gc.collect()
        gc.disable()
        try:
            await self._send(rate, seconds)
            await self._drain()
        finally:
            gc.enable()
        missing = 2 * len(self._due) - self._arrived - self._answered
        return Step(rate, len(self._due), missing, self._refused, self._acked, self._delivered)

    async def _send(self, rate: float, seconds: float) -> None:
        begin, total = perf_counter(), int(rate * (seconds + WARM_UP))
        self._counted_from = int(rate * WARM_UP)
        frames = [(speaker.link, _frame(speaker.parts)) for speaker in self._speakers]
        sent = 0
        while sent < total:
            due = min(total, int((perf_counter() - begin) * rate) + 1)
            for number in range(sent, due):
                self._due.append(begin + number / rate)
                link, (before, *rest) = frames[number % len(frames)]
                id = b"%08x" % (self._first + number)
                link.write(before + b"".join([id + part for part in rest]))
            sent = due
            if sent - self._arrived > rate * HOPELESS + 200:
                return
            await asyncio.sleep(max(TICK, begin + sent / rate - perf_counter()))

    async def _drain(self) -> None:
        deadline = perf_counter() + DRAIN
        while self._arrived + self._answered < 2 * len(self._due) and perf_counter() < deadline:
            await asyncio.sleep(0.02)

    def _hear(self, listener: int, text: bytes) -> None:
        """Whose message comes back to its own sender is an acknowledgement, an echo or a refusal."""
        at = text.find(MARK)
        if at < 0:
            return
        number = int(text[at + len(MARK) : at + len(MARK) + 8], 16) - self._first
        if not 0 <= number < len(self._due):
            return
        late = perf_counter() - self._due[number]
        if number % len(self._speakers) != listener:
            self._arrived += 1
            self._note(self._delivered, number, late)
        elif self._ack in text[:200]:
            self._answered += 1
            self._note(self._acked, number, late)
        elif b"refused" in text:
            self._refused += 1

    def _note(self, latencies: list[float], number: int, late: float) -> None:
        if number >= self._counted_from:
            latencies.append(late)


def _frame(parts: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The frame's header goes before the first part: every message of a speaker is of one length."""
    length = sum(map(len, parts)) + 8 * (len(parts) - 1)
    return header(length) + parts[0], *parts[1:]
