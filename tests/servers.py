"""Private Redis and PostgreSQL for tests: on unix sockets in a temporary directory, and gone with the test run.

The kernel ends them when the run is killed (`setpriv --pdeathsig`), so start them from its main thread.
"""

import itertools
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import psutil

START_DEADLINE = 20.0
STOP_DEADLINE = 10.0
PREFIX = "chatserver-tests-"


class ServerMissing(Exception):
    """A server that a test needs is not installed, or does not start. The test fails: it is never skipped."""


class Server:
    """A server process that a test may stop, kill, freeze and start again."""

    stop_signal: ClassVar[signal.Signals]

    def __init__(self, directory: Path, command: list[str], user: int | None = None) -> None:
        self.directory = directory
        self._command = command
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ServerMissing(f"{self._command[0]} was not started")
        return self._process.pid

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        """Start it and return when it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*ended_with_this_process(self.stop_signal), *self._command],
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests
                **_as_user(self._user),
            )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """End it in good order, frozen or not; if that takes too long, as `kill` does, and say so."""
        if self._process is None:
            return
        self.thaw()
        self._process.send_signal(self.stop_signal)
        try:
            self._process.wait(STOP_DEADLINE)
        finally:
            self.kill()

    def kill(self) -> None:
        """What a crash looks like: every process of it is gone at once."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def freeze(self) -> None:
        """Keep every connection and say nothing, until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    @property
    def _runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def _log(self) -> Path:
        return self.directory / "server.log"

    def _signal(self, signal_: signal.Signals) -> None:
        if self._process is None or not self._runs:
            return
        parent = psutil.Process(self._process.pid)
        for process in [parent, *parent.children(recursive=True)]:
            try:
                process.send_signal(signal_)
            except psutil.NoSuchProcess:  # a worker that ended by itself meanwhile
                continue

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_DEADLINE
        while not self.answers():
            if not self._runs or time.monotonic() > deadline:
                self.kill()
                raise ServerMissing(f"{self._command[0]} does not start:\n{self._log.read_text(errors='replace')}")
            time.sleep(0.005)


class RedisServer(Server):
    stop_signal = signal.SIGTERM

    def __init__(self, directory: Path) -> None:
        self.socket = directory / "redis.sock"
        options = {"port": "0", "unixsocket": str(self.socket), "save": "", "hz": "100"}
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        super().__init__(directory, [_program("redis-server"), *arguments])

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def answers(self) -> bool:
        try:
            return self.command("PING") == b"+PONG\r\n"
        except (FileNotFoundError, ConnectionError):
            return False

    def command(self, words: str) -> bytes:
        """Send an inline command; the answer must be short."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(STOP_DEADLINE)
            client.connect(str(self.socket))
            client.sendall(words.encode() + b"\r\n")
            return client.recv(4096)


class PostgresServer(Server):
    stop_signal = signal.SIGINT  # "fast shutdown": does not wait for clients

    def __init__(self, directory: Path, *, durable: bool = False) -> None:
        self._data = directory / "data"
        self._numbers = itertools.count(1)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(directory),
            "max_connections": "200",
            "shared_buffers": "64MB",
            "timezone": "UTC",
        }
        if not durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [_postgres_program("postgres"), "-D", str(self._data), *arguments]
        super().__init__(directory, command, _unprivileged_user())

    def initialize(self) -> None:
        if self._user is not None:
            os.chown(self.directory, self._user, -1)
        command = [_postgres_program("initdb"), "-D", str(self._data), "-U", "chatserver", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        done = subprocess.run(command, check=False, capture_output=True, cwd=self.directory, **_as_user(self._user))
        if done.returncode != 0:
            raise ServerMissing(done.stderr.decode())

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://chatserver@/{database}?host={self.directory}"

    def answers(self) -> bool:
        """Ask the file that pg_ctl asks; it may be that of a killed predecessor."""
        try:
            lines = (self._data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        return lines[0] == str(self.pid) and len(lines) > 7 and lines[7].strip() == "ready"

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The URL of a database of one's own, a copy of `template`, dropped in the end whoever is connected."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, *statements: str) -> None:
        """Run statements as the superuser, each in a transaction of its own."""
        psql = [_postgres_program("psql"), "-Xq", "--set=ON_ERROR_STOP=1", f"--host={self.directory}"]
        psql += ["--username=chatserver", "--dbname=postgres"]
        commands = [f"--command={statement}" for statement in statements]
        subprocess.run([*psql, *commands], cwd=self.directory, check=True, **_as_user(self._user))


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    with _temporary_directory() as directory:
        server = RedisServer(directory)
        with _running(server):
            yield server


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Fast, and forgetful when killed, unless `durable`."""
    with _temporary_directory() as directory:
        server = PostgresServer(directory, durable=durable)
        server.initialize()
        with _running(server):
            yield server


@contextmanager
def _running(server: Server) -> Iterator[None]:
    server.start()
    try:
        yield
    finally:
        server.stop()


@contextmanager
def _temporary_directory() -> Iterator[Path]:
    """A directory with a short path (a unix socket's has at most 107 bytes). Those of killed runs are removed."""
    root = Path(tempfile.gettempdir())
    for old in root.glob(f"{PREFIX}*-*"):
        owner = re.match(rf"{PREFIX}(\d+)-", old.name)
        if owner and not psutil.pid_exists(int(owner[1])) and os.access(old, os.W_OK):
            shutil.rmtree(old)
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as name:
        yield Path(name)


def _program(name: str, *elsewhere: Path) -> str:
    path = shutil.which(name) or shutil.which(name, path=os.pathsep.join(map(str, elsewhere)))
    if path is None:
        raise ServerMissing(f"{name} is not installed; on Debian and Ubuntu: apt-get install redis-server postgresql")
    return path


def _postgres_program(name: str) -> str:
    """Take every program from where `postgres` is: Debian keeps that off the PATH, and a slow wrapper of psql on it."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name), reverse=True)
    return str(Path(_program("postgres", *debian)).resolve().with_name(name))


def ended_with_this_process(how: signal.Signals) -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", how.name.removeprefix("SIG")] if setpriv else []


def _as_user(user: int | None) -> dict[str, Any]:
    """Options of subprocess for running as somebody else."""
    return {} if user is None else {"user": user, "group": pwd.getpwuid(user).pw_gid, "extra_groups": []}


def _unprivileged_user() -> int | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return known.get("postgres", known.get("nobody"))
