"""`chatserver demo` as a process to look at, to read behind the scenes, and to kill."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.processes import STARTED_WITHIN, free_port

DEMO = ("chatserver", "demo")
DESK = ("tests.browser.desk_server",)
"""With a mail account, and people of every level."""


class Server:
    """A demo of its own: its port, its database, and timers short enough to wait for. `program`: another than the demo,
    that is started like it; `env`: what it is told besides."""

    def __init__(
        self,
        folder: Path,
        program: tuple[str, ...] = DEMO,
        env: dict[str, str] | None = None,
        **timers: float,
    ) -> None:
        self.port = free_port()
        self._folder = folder
        self._program = program
        self._env = {f"CHATSERVER_TIMERS__{name.upper()}": str(seconds) for name, seconds in timers.items()}
        self._env |= env or {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def portal(self) -> str:
        """To a browser another origin than `base`."""
        return f"http://localhost:{self.port}/demo"

    @property
    def database(self) -> Path:
        return self._folder / "chatserver.sqlite3"

    def start(self) -> None:
        """Return when it answers. After a kill it is the same server again, on the same port and database."""
        command = [sys.executable, "-m", *self._program, "--port", str(self.port), "--folder", str(self._folder)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, env=os.environ | self._env, stdout=log, stderr=log)
        until = time.monotonic() + STARTED_WITHIN
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start:\n{(self._folder / 'log').read_text()}")
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut would: no goodbye."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What is really stored; the connection cannot write."""
        uri = f"file:{self.database}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as database:
            return database.execute(query, values).fetchall()

    def stored(self, body: str) -> int:
        """How many messages say exactly this."""
        ((count,),) = self.rows("SELECT count(*) FROM message WHERE body = ?", body)
        return int(count)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/healthz", timeout=1) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
