"""Real server processes, to be killed: started as an operator would, on a port of loopback."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
import psutil

STARTED_WITHIN = 20.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass
class ServerProcess:
    """One `chatserver serve`, with its own environment."""

    url: str
    port: int
    env: dict[str, str] = field(default_factory=dict)
    process: "asyncio.subprocess.Process | None" = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Return when it answers."""
        env = os.environ | {
            "CHATSERVER_DATABASE_URL": self.url,
            "CHATSERVER_PORT": str(self.port),
            "CHATSERVER_BASE_URL": self.base,
            **self.env,
        }
        self.process = await asyncio.create_subprocess_exec(sys.executable, "-m", "chatserver", "serve", env=env)
        async with asyncio.timeout(STARTED_WITHIN), httpx2.AsyncClient() as client:
            while not await self._answers(client):
                if self.process.returncode is not None:
                    raise RuntimeError(f"the server ended with {self.process.returncode} before it answered")
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """As a power cut would: no goodbye."""
        await self._end(signal.SIGKILL)

    async def terminate(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        """Signal the process, and see to it that no worker of it stays behind."""
        if self.process is None or self.process.returncode is not None:
            return
        workers = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(how)
        await self.process.wait()
        for worker in workers:
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()

    async def _answers(self, client: httpx2.AsyncClient) -> bool:
        try:
            return (await client.get(f"{self.base}/healthz")).status_code == 200
        except httpx2.TransportError:
            return False


@asynccontextmanager
async def server_process(url: str, **env: str) -> AsyncIterator[ServerProcess]:
    """A running server; whatever of it is left is killed when the block ends."""
    server = ServerProcess(url, free_port(), env)
    try:
        await server.start()
        yield server
    finally:
        await server.kill()
