"""Who looks after the workers waits for none of them."""

import time
from multiprocessing import Pipe
from typing import Any

import pytest
import uvicorn

from chatserver import workers
from chatserver.workers import Workers


class Worker:
    """As uvicorn's, without a process: `alive`, and whether it `answers`."""

    def __init__(self, *_config: Any, alive: bool = True, answers: bool = True) -> None:
        self.parent_conn, self.child_conn = Pipe()
        self.alive, self.answers = alive, answers
        self.pid = self.exitcode = 0
        self.started = self.killed = False

    @property
    def process(self) -> "Worker":
        return self

    def is_alive(self) -> bool:
        return self.alive

    def start(self) -> None:
        self.started = True

    def kill(self) -> None:
        self.killed = True

    def join(self) -> None:
        return

    def hear(self) -> None:
        while self.answers and self.child_conn.poll():
            self.child_conn.send(self.child_conn.recv() == b"ping")


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> Workers:
    monkeypatch.setattr(workers, "Process", Worker)
    monkeypatch.setattr("uvicorn.supervisors.multiprocess.SIGNALS", {})
    return Workers(uvicorn.Config("app"), [])


def rounds(looking: Workers, count: int) -> list[Any]:
    for _ in range(count):
        looking.keep_subprocess_alive()
        for worker in looking.processes:
            worker.hear()  # type: ignore[attr-defined]
    return looking.processes


def test_one_who_died_is_replaced_although_another_does_not_answer(looking: Workers) -> None:
    silent, dead = Worker(answers=False), Worker(alive=False)
    looking.processes = [silent, dead]  # type: ignore[list-item]
    began = time.monotonic()
    first, second = rounds(looking, 3)
    assert time.monotonic() - began < workers.SILENT_FOR / 3
    assert first is silent
    assert second is not dead
    assert (dead.killed, second.started) == (True, True)


def test_who_answers_stays_and_who_is_silent_for_too_long_goes(
    looking: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, silent = Worker(), Worker()
    looking.processes = [good, silent]  # type: ignore[list-item]
    rounds(looking, 2)
    silent.answers = False
    rounds(looking, 4)  # the last answer of who answers has been read
    monkeypatch.setattr(workers, "SILENT_FOR", 0.05)
    time.sleep(0.1)
    first, second = rounds(looking, 1)
    assert first is good
    assert (silent.killed, second.started) == (True, True)


def test_who_starts_slowly_is_not_ended_before_it_is_there(looking: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, never = Worker(answers=False), Worker(answers=False)
    looking.processes = [slow, never]  # type: ignore[list-item]
    monkeypatch.setattr(workers, "SILENT_FOR", 0.05)
    rounds(looking, 1)
    time.sleep(0.1)
    assert rounds(looking, 1) == [slow, never]
    monkeypatch.setattr(workers, "START_WITHIN", 0.05)
    slow.answers = True
    slow.hear()
    first, second = rounds(looking, 1)
    assert first is slow
    assert (never.killed, second.started) == (True, True)


def test_who_cannot_start_ends_them_all(looking: Workers) -> None:
    broken = Worker(alive=False)
    broken.exitcode = 3
    looking.processes = [broken]  # type: ignore[list-item]
    looking.keep_subprocess_alive()
    assert looking.should_exit.is_set()
    assert not broken.started
    assert len(looking.processes) == 1
