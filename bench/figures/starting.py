"""From nothing to the first answer on a migrated database, and what a server with nothing to do keeps resident."""

import asyncio
from collections.abc import Sequence
from time import perf_counter

import httpx2

from bench.desk import Crowd
from bench.figures.scene import Scene
from bench.rows import Figure, Row, state
from bench.subjects import CHATSERVER

REST = 3.0


async def starting(scene: Scene) -> Sequence[Row]:
    waits, sizes = [], []
    for _ in range(scene.runs):
        async with CHATSERVER.up(scene.stores, "postgresql", Crowd()) as up:
            async with httpx2.AsyncClient() as client:
                (await client.get(f"http://127.0.0.1:{up.port('visitor')}/healthz")).raise_for_status()
            waits.append(perf_counter() - up.programs[0].began)
            await asyncio.sleep(REST)
            sizes.append(up.programs[0].memory() / 1024 / 1024)
    return [
        state("start to first answer", "s", Figure(tuple(waits))),
        state("resident memory at rest", "MB", Figure(tuple(sizes))),
    ]
