"""Real server processes, to be killed: started as an operator would, on a port of loopback."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import psutil

from tests.servers import ended_with_this_process

STARTED_WITHIN = 120.0
"""Seconds; a machine may be busy with more than us."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass
class ServerProcess:
    """One `chatserver serve`, with its own environment. It belongs to no event loop, so many tests may share it."""

    url: str
    port: int
    env: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    host: str = "127.0.0.1"

    @property
    def base(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise RuntimeError("the server was not started")
        return self.process

    async def start(self) -> None:
        """Return when it answers."""
        env = {
            "CHATSERVER_DATABASE_URL": self.url,
            "CHATSERVER_HOST": self.host,
            "CHATSERVER_PORT": str(self.port),
            "CHATSERVER_BASE_URL": self.base,
        }
        self.process = self._spawn(os.environ | env | self.env)
        async with asyncio.timeout(STARTED_WITHIN):
            while await self.status("/healthz") != 200:
                if self.process.poll() is not None:
                    raise RuntimeError(f"the server ended with {self.process.returncode} before it answered")
                await asyncio.sleep(0.05)

    def _spawn(self, env: dict[str, str]) -> subprocess.Popen[bytes]:
        command = [*ended_with_this_process(signal.SIGKILL), sys.executable, "-m", "chatserver", "serve"]
        return subprocess.Popen(command, env=env)

    async def get(self, path: str, within: float = 10) -> dict[str, Any]:
        async with httpx2.AsyncClient(timeout=within) as client:
            said: dict[str, Any] = (await client.get(f"{self.base}{path}")).json()
            return said

    async def status(self, path: str, within: float = 10) -> int | None:
        """What it answers, or None when it does not."""
        try:
            async with httpx2.AsyncClient(timeout=within) as client:
                return (await client.get(f"{self.base}{path}")).status_code
        except httpx2.TransportError:
            return None

    async def kill(self) -> None:
        """As a power cut would: no goodbye."""
        await self._end(signal.SIGKILL)

    async def terminate(self) -> None:
        await self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """Keep every connection and do nothing, until `thaw`."""
        self.running.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.running.send_signal(signal.SIGCONT)

    def memory(self) -> int:
        """Bytes that are resident."""
        resident: int = psutil.Process(self.running.pid).memory_info().rss
        return resident

    async def _end(self, how: signal.Signals) -> None:
        """Signal the process, and see to it that no worker of it stays behind."""
        if self.process is None or self.process.poll() is not None:
            return
        workers = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(how)
        while self.process.poll() is None:
            await asyncio.sleep(0.01)
        for worker in workers:
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()


@asynccontextmanager
async def server_process(url: str, **env: str) -> AsyncIterator[ServerProcess]:
    """A running server; whatever of it is left is killed when the block ends."""
    server = ServerProcess(url, free_port(), env)
    try:
        await server.start()
        yield server
    finally:
        await server.kill()
