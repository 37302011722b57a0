"""One connection to Redis that subscribes, from its handshake to its loss.

It is redis-py's Connection and not its PubSub: a PubSub reconnects behind our back, even with no retries, and so hides
the very gap after which the hub must catch up; and its `subscribe()` returns before the broker confirmed.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisError

from chatserver.bus.base import BusUnavailable

PING_EVERY = 1.0
PING_DEADLINE = 1.0


class Link:
    """Sends commands and matches answers to them: Redis answers in order, with messages in between.

    The connection must have no socket time-out: with one, redis-py writes from a task of its own, and drops the
    connection when the caller of a write is cancelled. A silent broker is noticed by `keep_asking`.
    """

    def __init__(self, connection: AbstractConnection, on_message: Callable[[bytes, bytes], None]) -> None:
        self._connection = connection
        self._on_message = on_message
        self._unanswered: deque[asyncio.Future[bool] | None] = deque()

    async def ask(self, command: str, *channels: bytes) -> None:
        """Return when the command is answered (SUBSCRIBE: for its last channel), or raise BusUnavailable."""
        if not await (await self._send(command, *channels)):
            raise BusUnavailable("the connection was lost before the answer")

    async def tell(self, command: str, *channels: bytes) -> None:
        """Send a command whose answer nobody waits for."""
        (await self._send(command, *channels)).cancel()

    async def read(self) -> None:
        """Hand out messages and answers until the connection is lost, which raises."""
        while True:
            reply = await self._connection.read_response(push_request=True)
            if isinstance(reply, list) and reply[0] == b"message":
                self._on_message(reply[1], reply[2])
            elif reply is not None:  # None is a notice that redis-py keeps for itself
                self._settle(self._unanswered.popleft(), True)

    async def keep_asking(self) -> None:
        """Raise TimeoutError when the broker is connected but silent."""
        while True:
            await asyncio.sleep(PING_EVERY)
            pong = await self._send("PING")
            # No asyncio.timeout: after a stall of our own loop an answer that is there must be read before we judge.
            await asyncio.wait({pong}, timeout=PING_DEADLINE)
            if not pong.done():
                raise TimeoutError(f"no answer to a PING within {PING_DEADLINE} s")

    async def close(self) -> None:
        while self._unanswered:
            self._settle(self._unanswered.popleft(), False)
        await self._connection.disconnect(nowait=True)

    async def _send(self, command: str, *channels: bytes) -> asyncio.Future[bool]:
        """Write a command; the future tells whether it was answered before the connection was lost."""
        if not self._connection.is_connected:  # else redis-py would connect again, without our subscriptions
            raise BusUnavailable("the connection is lost")
        answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._unanswered.extend([None] * (len(channels) - 1))
        self._unanswered.append(answered)
        try:
            await self._connection.send_command(command, *channels, check_health=False)
        except (RedisError, OSError) as error:
            raise BusUnavailable(f"{command} could not be sent") from error
        return answered

    @staticmethod
    def _settle(answered: asyncio.Future[bool] | None, outcome: bool) -> None:
        if answered is not None and not answered.done():
            answered.set_result(outcome)
