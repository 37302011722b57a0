"""What can happen to a file: the disk is full, and somebody else holds its lock. Nobody is told "stored", nobody loses
their socket, and what could not be stored then can be stored later."""

import asyncio
import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.faults.desks import copied, open_busy_desk, open_server
from tests.faults.observers import Observer
from tests.faults.rounds import rounds

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZE = 16 << 20
"""Of the disk; a migrated database takes less than one."""

HELD = 6.5
"""Seconds that the lock is held: longer than SQLite waits for it."""


async def test_a_full_disk(migrated_sqlite: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        file = copied(migrated_sqlite, disk / "chatserver.sqlite3")
        async with (
            open_server(f"sqlite+aiosqlite:///{file}") as (db, server),
            open_busy_desk(db, [server], chats=1) as desk,
        ):
            for _ in rounds("full disk"):
                connected = [talker.connected for talker in desk.talkers]
                async with desk.traffic():
                    fill(disk / "ballast")
                    await until_refused(desk.observers)
                    assert await server.status("/healthz") == 200  # reading goes on
                    (disk / "ballast").unlink()
                    said = await desk.observers[0].say("hay lugar")
                    assert said.outcome == "ok"
                assert [talker.connected for talker in desk.talkers] == connected


async def test_an_outside_writer_holds_the_lock(sqlite_url: str) -> None:
    file = sqlite_url.removeprefix("sqlite+aiosqlite:///")
    async with open_server(sqlite_url) as (db, server), open_busy_desk(db, [server], chats=1) as desk:
        for _ in rounds("held lock"):
            connected = [talker.connected for talker in desk.talkers]
            async with desk.traffic():
                with closing(sqlite3.connect(file, isolation_level=None)) as outsider:
                    outsider.execute("BEGIN IMMEDIATE")
                    since = time.monotonic()
                    await until_refused(desk.observers)
                    await asyncio.sleep(HELD - (time.monotonic() - since))
                    outsider.execute("ROLLBACK")
                assert (await desk.observers[0].say("ya se puede")).outcome == "ok"
            assert [talker.connected for talker in desk.talkers] == connected


async def until_refused(observers: Sequence[Observer]) -> None:
    """Somebody is told that it cannot be stored now, and when to come back; their socket stays."""
    heard = [len(observer.talker.heard) for observer in observers]
    async with asyncio.timeout(20):
        while True:
            for observer, before in zip(observers, heard, strict=True):
                for frame in observer.talker.heard[before:]:
                    if frame["type"] == "refused":
                        assert frame["code"] == "unavailable"
                        assert frame["retry_after"] > 0
                        return
            await asyncio.sleep(0.05)


def fill(file: Path) -> None:
    """Take all the room that is left, to the last page."""
    with file.open("wb", buffering=0) as ballast:
        for piece in (1 << 16, 1 << 12, 1):
            try:
                while ballast.write(b"x" * piece):
                    pass
            except OSError:
                continue


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A file system of its own; making one takes root."""
    assert os.geteuid() == 0, "a small disk is mounted for this test: it must run as root"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)
