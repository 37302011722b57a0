"""A line between two programs that a test can spoil: delay, cut, slice, hold, refuse, and rewrite what passes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

Place = Path | int
"""A unix socket, or a port of loopback."""

Rewrite = Callable[[bytes], bytes]
"""Keeps what is not whole yet; one for each connection."""


@dataclass(eq=False)
class Pair:
    """One connection through the proxy. `open` is cleared to let nothing more come back through it."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    open: asyncio.Event = field(default_factory=asyncio.Event)
    notes: set[str] = field(default_factory=set)

    def cut(self) -> None:
        for writer in (self.near, self.far):
            writer.transport.abort()


def as_it_came() -> Rewrite:
    return lambda data: data


def notice_nothing(_pair: Pair, _data: bytes) -> None:
    return


@dataclass
class Proxy:
    """Passes everything on until it is told otherwise; what is set counts for connections that are open, too."""

    to: Place
    delay: float = 0
    """Seconds that each piece is late, in either direction."""
    slice: int | None = None
    """The largest piece passed on at once."""
    refusing: bool = False
    asked: Callable[[Pair, bytes], None] = notice_nothing
    """Looks at what is about to be passed to the server."""
    rewriting: Callable[[], Rewrite] = as_it_came
    """Makes what rewrites the answers of a new connection."""
    pairs: set[Pair] = field(default_factory=set)
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._flowing.set()

    def hold(self) -> None:
        """A black hole: connections are kept, and made, and nothing comes out at the other end."""
        self._flowing.clear()

    def flow(self) -> None:
        self._flowing.set()

    def cut(self) -> None:
        for pair in list(self.pairs):
            pair.cut()

    def mend(self) -> None:
        """Pass everything on again."""
        self.delay, self.slice, self.refusing = 0, None, False
        self.asked, self.rewriting = notice_nothing, as_it_came
        self.flow()

    def refuse(self) -> None:
        """Nobody is there any more."""
        self.refusing = True
        self.cut()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        try:
            back, far = await _connect(self.to)
        except OSError:
            writer.transport.abort()
            return
        pair = Pair(writer, far)
        pair.open.set()
        self.pairs.add(pair)
        try:
            await asyncio.gather(self._there(reader, pair), self._back(back, pair))
        except ConnectionError:
            pass  # either end hung up, or a test cut the line: the other end is cut below
        finally:
            pair.cut()
            self.pairs.discard(pair)

    async def _there(self, reader: asyncio.StreamReader, pair: Pair) -> None:
        while data := await reader.read(65536):
            await self._flowing.wait()
            self.asked(pair, data)
            await self._pass(pair.far, data)
        raise ConnectionResetError

    async def _back(self, reader: asyncio.StreamReader, pair: Pair) -> None:
        rewrite = self.rewriting()
        while data := await reader.read(65536):
            await self._flowing.wait()
            await pair.open.wait()
            await self._pass(pair.near, rewrite(data))
        raise ConnectionResetError

    async def _pass(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        step = self.slice or max(len(data), 1)
        for start in range(0, len(data), step):
            if self.delay:
                await asyncio.sleep(self.delay)
            writer.write(data[start : start + step])
            await writer.drain()


@asynccontextmanager
async def proxy(to: Place, at: Place) -> AsyncIterator[Proxy]:
    """Listen `at` a place and pass on `to` another until the block ends."""
    made = Proxy(to)
    if isinstance(at, Path):
        server = await asyncio.start_unix_server(made.serve, at)
        at.chmod(0o777)
    else:
        server = await asyncio.start_server(made.serve, "127.0.0.1", at)
    try:
        yield made
    finally:
        server.close()
        made.flow()
        made.cut()
        while made.pairs:
            await asyncio.sleep(0.01)


async def _connect(place: Place) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(place, Path):
        return await asyncio.open_unix_connection(place)
    return await asyncio.open_connection("127.0.0.1", place)
