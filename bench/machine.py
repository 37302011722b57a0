"""Two cores: the server has the first for itself; the load, PostgreSQL and Redis share the second. The same for all."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import IO

import psutil

SERVER_CORE, REST_CORE = 0, 1
STARTED_WITHIN = 30.0
ENDED_WITHIN = 15.0


def settle_here() -> None:
    """Keep this process, and PostgreSQL and Redis which it starts, off the server's core."""
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("bench: two cores are needed, one for the server and one for everything else")
    os.sched_setaffinity(0, {REST_CORE})


class Program:
    """A server under measurement, alone on its core. The kernel ends it with us."""

    def __init__(self, command: Sequence[str], port: int, process: subprocess.Popen[bytes]) -> None:
        self.began = perf_counter()
        self.command = command
        self.port = port
        self._process = process
        self._measured = psutil.Process(process.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    def cpu(self) -> float:
        """Seconds of the core that it has used so far, its threads included."""
        times = self._measured.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """Bytes resident now."""
        return int(self._measured.memory_info().rss)

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    async def end(self) -> None:
        """Ask it to end, then make it."""
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, ENDED_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@asynccontextmanager
async def running(
    command: Sequence[str], port: int, env: Mapping[str, str], log: Path, core: int = SERVER_CORE
) -> AsyncIterator[Program]:
    """A program that listens on a port of loopback, until the block ends."""
    pinned = ["setpriv", "--pdeathsig", "KILL", "taskset", "-c", str(core), *command]
    with log.open("ab") as output:
        program = Program(command, port, _start(pinned, env, output))
        try:
            await _listening(program, log)
            yield program
        finally:
            await program.end()


def _start(command: Sequence[str], env: Mapping[str, str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=os.environ | dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=output)


async def _listening(program: Program, log: Path) -> None:
    deadline = perf_counter() + STARTED_WITHIN
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", program.port)
        except OSError:
            if not program.runs or perf_counter() > deadline:
                raise RuntimeError(f"{program.command} does not start: see {log}") from None
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return


def core_busy(core: int, since: tuple[float, float]) -> float:
    """The share of a core's time that was used since `core_times`."""
    busy, total = core_times(core)
    return (busy - since[0]) / max(total - since[1], 1e-9)


def core_times(core: int) -> tuple[float, float]:
    times = psutil.cpu_times(percpu=True)[core]
    total = sum(times)
    return total - times.idle - times.iowait, total
