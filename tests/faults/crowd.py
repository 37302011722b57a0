"""Many clients in a process of their own, so that neither they nor who measures them wait for the other; see `Crowd`.

The process is told by lines of JSON what to do, and answers with one line each.
"""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.servers import ended_with_this_process
from tests.talkers import Talker

AT_A_TIME = 100
"""So many come in the beginning; it is coming back that they all do at once."""

COMES_WITHIN = 0.2
"""Seconds for each, until everybody must be there: a machine may be busy with more than us."""

ENDED_WITHIN = 60.0

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Plan:
    """Who comes where: `many` tabs of one client, who all follow one conversation. They come to the first of `urls`,
    and go on to the others by halves, as behind a balancer."""

    many: int
    urls: Sequence[str]
    origin: str
    token: str
    topic: str
    patience: float


@dataclass(frozen=True)
class Crowd:
    """The other end of the process."""

    process: Process

    async def reach(self, seq: int, within: float) -> int:
        """Return when everybody has applied everything up to there, with how many had to come back since the last time.
        Raises `AssertionError` when somebody has not, or missed something on the way."""
        said = await self.ask({"seq": seq, "within": within}, within + ENDED_WITHIN)
        assert said["late"] == 0, f"not everybody was back within {within} s"
        return int(said["returned"])

    async def ask(self, what: dict[str, Any], within: float) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(what).encode() + b"\n")
        async with asyncio.timeout(within):
            line = await self.process.stdout.readline()
        assert line, "the crowd has ended: see above why"
        said: dict[str, Any] = json.loads(line)
        return said


@asynccontextmanager
async def crowd(plan: Plan) -> AsyncIterator[Crowd]:
    """Everybody is there, and follows; they leave when the block ends."""
    command = [*ended_with_this_process(signal.SIGKILL), sys.executable, "-m", __name__]
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=ROOT)
    try:
        made = Crowd(process)
        await made.ask(asdict(plan), ENDED_WITHIN + COMES_WITHIN * plan.many)
        yield made
        assert process.stdin
        process.stdin.close()
        async with asyncio.timeout(ENDED_WITHIN):
            assert await process.wait() == 0, "a client of the crowd missed something: see above"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _be(plan: Plan) -> None:
    """Do what the lines say until there are no more. Ends with an error when a client does."""
    first, *others = plan.urls
    ways = (first, *others), (first, *reversed(others))
    clients = [
        Talker(ways[number % 2], plan.origin, patience=plan.patience, pings=None, hello={"token": plan.token})
        for number in range(plan.many)
    ]
    gate = asyncio.Semaphore(AT_A_TIME)
    await asyncio.gather(*(_come(client, plan.topic, gate) for client in clients))
    _answer({"here": len(clients)})
    before = [client.connected for client in clients]
    while line := await asyncio.to_thread(sys.stdin.readline):
        late = await _reach(clients, plan.topic, **json.loads(line))
        after = [client.connected for client in clients]
        _answer({"late": late, "returned": sum(now > was for now, was in zip(after, before, strict=True))})
        before = after
    await asyncio.gather(*(client.end() for client in clients))


async def _reach(clients: Sequence[Talker], topic: str, seq: int, within: float) -> int:
    """How many did not."""
    reached = await asyncio.gather(*(each.reach(topic, seq, within) for each in clients), return_exceptions=True)
    for client in clients:
        client.raise_what_went_wrong()
    return sum(isinstance(each, TimeoutError) for each in reached)


async def _come(client: Talker, topic: str, gate: asyncio.Semaphore) -> None:
    async with gate:
        await client.begin()
        await client.follow(topic)


def _answer(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_be(Plan(**json.loads(sys.stdin.readline()))))
