"""Who is measured: chatserver and the yardsticks, each started the same way and spoken to in its own dialect."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.desk import Crowd
from bench.install import NODE, PYTHON, ROOT, SOCKET_IO
from bench.machine import Program, running
from bench.stores import Stores
from bench.wires import ChatserverWire, PlainWire, SocketIoWire, Wire
from tests.processes import free_port

LOGS = ROOT / "bench" / "results"


@dataclass(frozen=True, slots=True)
class Up:
    """A subject that runs: its processes, and how to speak to it. With two, visitors are on the first and agents on
    the second."""

    programs: Sequence[Program]
    wire: Wire

    def port(self, side: str) -> int:
        return self.programs[0 if side == "visitor" else -1].port

    def cpu(self) -> float:
        return sum(program.cpu() for program in self.programs)


@dataclass(frozen=True, slots=True)
class Subject:
    """A server by name. `app` is a Python yardstick's, `python` what runs it."""

    name: str
    wire: Wire
    app: str = ""
    python: Path = Path(sys.executable)

    @asynccontextmanager
    async def up(self, stores: Stores, kind: str, crowd: Crowd, processes: int = 1, **env: str) -> AsyncIterator[Up]:
        """Start so many processes on a database of their own, which holds this crowd if it is chatserver's."""
        async with AsyncExitStack() as stack:
            if self is CHATSERVER:
                url = await stack.enter_async_context(stores.desk(kind, crowd))
            else:
                url = stack.enter_context(stores.empty(kind))
            more = self._env(stores, url, shared=processes > 1) | env
            programs = []
            for _ in range(processes):
                port = free_port()
                programs.append(await stack.enter_async_context(self._running(port, more)))
            yield Up(programs, self.wire)

    def _running(self, port: int, env: dict[str, str]) -> AbstractAsyncContextManager[Program]:
        LOGS.mkdir(exist_ok=True)
        log = LOGS / f"{self.name.lower().replace(' ', '-')}.log"
        if self is CHATSERVER:
            base = {"CHATSERVER_PORT": str(port), "CHATSERVER_BASE_URL": f"http://127.0.0.1:{port}"}
            return running([sys.executable, "-m", "chatserver", "serve"], port, env | base, log)
        if self is SOCKET_IO_SERVER:
            return running([str(NODE), str(SOCKET_IO)], port, env | {"PORT": str(port)}, log)
        command = [str(self.python), "-m", "bench.yardsticks.serve", f"bench.yardsticks.{self.app}:app", str(port)]
        return running(command, port, env | {"PYTHONPATH": str(ROOT)}, log)

    def _env(self, stores: Stores, url: str, *, shared: bool) -> dict[str, str]:
        if self is CHATSERVER:
            redis = {"CHATSERVER_REDIS_URL": stores.redis.url} if shared else {}
            return {"CHATSERVER_DATABASE_URL": url, **redis}
        place = url.partition(":///")[2]
        if url.startswith("postgresql"):
            place = f"{stores.postgres.directory}/{url.partition('@/')[2].partition('?')[0]}"
        redis_needed = shared or self is CHANNELS
        socket = str(stores.redis.socket) if self is SOCKET_IO_SERVER else stores.redis.url
        return {"BENCH_URL": url, "BENCH_DATABASE": place} | ({"BENCH_REDIS": socket} if redis_needed else {})


CHATSERVER = Subject("chatserver", ChatserverWire())
SOCKET_IO_SERVER = Subject("Node Socket.IO", SocketIoWire())
STRIPPED = Subject("stripped Starlette relay", PlainWire(), "relay")
ORM = Subject("one-row-a-commit ORM relay", PlainWire(), "orm_relay")
CHANNELS = Subject("Django Channels", PlainWire(), "channels_relay", PYTHON)
ECHO = Subject("raw Starlette echo", PlainWire(), "echo")
