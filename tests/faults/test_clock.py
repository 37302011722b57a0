"""The clock of one server jumps, or the zone's hour happens twice, or not at all: waits are as long as they are."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from chatserver.types import ConversationState
from tests.faults.clusters import Cluster
from tests.faults.desks import SINGLE, Desk, copied, open_desk, open_server, start
from tests.faults.rounds import rounds
from tests.processes import ServerProcess, free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOUR = 3600

OFFERED_AFTER = 5.0
"""Seconds after which who waits is offered to leave a message."""

TURNS = ("2026-03-08 01:59:55", "2026-11-01 01:59:55")
"""New York's clocks are put on, or back, by an hour when the server has just started."""


async def test_a_clock_that_jumps_by_an_hour_sends_nobody_away(cluster: Cluster, desk: Desk, tmp_path: Path) -> None:
    """Of one server more beside the three: whoever is connected to it or waits is treated as before."""
    clock = tmp_path / "clock"
    _say(clock, "+0")
    async with _server_with_a_clock(cluster, clock) as server:
        desk.servers = [server]
        vic = await desk.visitor()
        async with open_desk(cluster.db, [server]) as elsewhere:
            waiting = await start(await elsewhere.visitor())
            for _ in rounds("jumping clock"):
                async with desk.traffic():
                    for step in (HOUR, -HOUR, 0):
                        _say(clock, f"{step:+d}")
                        await asyncio.sleep(3)
                        row = await elsewhere.row(waiting["conversation"])
                        assert (row.state, row.message_offered) == (ConversationState.QUEUED, False)
                assert await server.status("/readyz") == 200
        assert vic.connected == 1


async def test_a_wait_over_a_gap_or_fold_of_the_zone_is_as_long_as_it_is(migrated_sqlite: Path, tmp_path: Path) -> None:
    await asyncio.gather(*(_wait_over(turn, copied(migrated_sqlite, tmp_path / turn[:10])) for turn in TURNS))


async def _wait_over(turn: str, file: Path) -> None:
    env = SINGLE | _faked({"FAKETIME": f"@{turn}", "TZ": "America/New_York"})
    env["CHATSERVER_TIMERS__OFFER_MESSAGE"] = str(OFFERED_AFTER)
    async with open_server(f"sqlite+aiosqlite:///{file}", env) as (db, server), open_desk(db, [server]) as desk:
        vic = await desk.visitor()
        begun = await start(vic)
        offer = await vic.event(lambda event: event.get("entry", {}).get("change") == "message_offered")
        row = await desk.row(begun["conversation"])
        waited = datetime.fromisoformat(offer["entry"]["at"]) - row.joined_at
        assert OFFERED_AFTER <= waited.total_seconds() < 4 * OFFERED_AFTER
        assert row.state is ConversationState.QUEUED


def _say(clock: Path, offset: str) -> None:
    clock.write_text(offset)


@asynccontextmanager
async def _server_with_a_clock(cluster: Cluster, clock: Path) -> AsyncIterator[ServerProcess]:
    """A fourth server; its clock is the machine's and what the file says."""
    third = cluster.servers[2]
    faked = _faked({"FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_CACHE_DURATION": "1"})
    server = ServerProcess(third.url, free_port(), third.env | faked)
    try:
        await server.start()
        yield server
    finally:
        await server.kill()


def _faked(how: dict[str, str]) -> dict[str, str]:
    """The environment in which wall clocks say something else; clocks that only measure go on as ever."""
    found = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    assert found, "this test needs libfaketime: apt-get install faketime"
    return how | {"LD_PRELOAD": str(found), "FAKETIME_DONT_FAKE_MONOTONIC": "1", "PATH": os.environ["PATH"]}
