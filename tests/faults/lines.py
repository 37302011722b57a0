"""Lines to a server that go bad: from a network that can be unplugged, or with somebody who does not read."""

import asyncio
import ctypes
import json
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Thread

from tests.abuse.raw import Line, frame, handshake
from tests.world import fresh

NETWORK = "10.213.84"
"""Of the two ends of a cable that nobody else is plugged into."""

NEWNET = 0x40000000

_numbers = count(1)


@dataclass(frozen=True)
class Cable:
    """Two ends: `here`, where a server may listen, and another network of this machine."""

    name: str
    here: str = f"{NETWORK}.1"
    there: str = f"{NETWORK}.2"

    def unplug(self) -> None:
        """From now on nothing arrives at either end, and neither is told."""
        _ip("link", "set", f"{self.name}h", "down")

    def connect(self, port: int) -> socket.socket:
        """A socket of the other network, connected to a server here."""
        made: list[socket.socket] = []
        thread = Thread(target=lambda: made.append(self._connect(port)))
        thread.start()
        thread.join(5)
        return made[0]

    def _connect(self, port: int) -> socket.socket:
        """A thread that has moved to the other network stays there, and ends."""
        with Path(f"/var/run/netns/{self.name}").open() as network:
            if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        return socket.create_connection((self.here, port), 5)


@contextmanager
def cable() -> Iterator[Cable]:
    """Making networks takes root and iproute2."""
    assert shutil.which("ip"), "this test needs `ip`: apt-get install iproute2"
    assert os.geteuid() == 0, "this test makes a network of its own: it must run as root"
    made = Cable(f"cs{os.getpid() % 100_000}n{next(_numbers)}")
    near, far = f"{made.name}h", f"{made.name}t"
    _ip("netns", "add", made.name)
    try:
        _ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", made.name)
        _ip("addr", "add", f"{made.here}/30", "dev", near)
        _ip("link", "set", near, "up")
        _ip("-n", made.name, "addr", "add", f"{made.there}/30", "dev", far)
        _ip("-n", made.name, "link", "set", far, "up")
        yield made
    finally:
        _ip("netns", "del", made.name)  # the cable goes with its end


@asynccontextmanager
async def followed(sock: socket.socket, path: str, origin: str, token: str, topic: str) -> AsyncIterator[Line]:
    """A client's bare socket that follows a conversation and then does nothing, not even answer a ping."""
    sock.setblocking(False)
    reader, writer = await asyncio.open_connection(sock=sock, limit=2048)
    it = Line(reader, writer)
    try:
        await it.send(handshake(path, origin))
        await it.until(b"\r\n\r\n")
        for command in ({"type": "hello", "token": token}, {"type": "subscribe", "topic": topic}):
            await it.send(frame(json.dumps(command | {"ref": fresh()}).encode()))
        await it.until(b'"type":"subscribed"')
        yield it
    finally:
        writer.transport.abort()


def little_room(port: int) -> socket.socket:
    """A socket that takes in next to nothing that is not read."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", port))
    return sock


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=10)
