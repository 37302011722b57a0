"""Several workers on one port, looked after without waiting for any of them.

uvicorn's own supervisor waits for one worker's answer before it looks at the next. One that is starting answers late,
and one that was killed just then never: meanwhile nobody else who died is replaced, and no signal is heard.
"""

import time
from socket import socket

import structlog
from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.supervisors.multiprocess import Multiprocess, Process

SILENT_FOR = 30.0
"""Seconds until a worker that does not answer any more is replaced."""

START_WITHIN = 300.0
"""Seconds until one that has never answered is. On a machine with little to spare importing alone has taken longer than
thirty: each would be ended before it is there, and its successor, for ever."""

log = structlog.get_logger()


class Workers(Multiprocess):
    """Asks each worker in one round and looks for the answer in later ones. `asked`: when, of who has not answered.
    `heard`: who ever did."""

    def __init__(self, config: Config, sockets: list[socket]) -> None:
        super().__init__(config, sockets)
        self.asked: dict[Process, float] = {}
        self.heard: set[Process] = set()

    def keep_subprocess_alive(self) -> None:
        for index, worker in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if not self._lives(worker):
                self._replace(index, worker)

    def _lives(self, worker: Process) -> bool:
        if not worker.process.is_alive():
            return False
        if worker not in self.asked:
            worker.parent_conn.send(b"ping")
            self.asked[worker] = time.monotonic()
        elif worker.parent_conn.poll():
            worker.parent_conn.recv()
            del self.asked[worker]
            self.heard.add(worker)
        patience = SILENT_FOR if worker in self.heard else START_WITHIN
        return time.monotonic() - self.asked.get(worker, time.monotonic()) < patience

    def _replace(self, index: int, worker: Process) -> None:
        self.asked.pop(worker, None)
        self.heard.discard(worker)
        worker.kill()
        worker.join()
        if worker.exitcode == STARTUP_FAILURE:
            log.error("worker.cannot_start", pid=worker.pid)  # nor could the next one
            self.should_exit.set()
            return
        log.warning("worker.replaced", pid=worker.pid)
        self.processes[index] = Process(self.config, self.sockets)
        self.processes[index].start()
