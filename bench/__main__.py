"""`python -m bench`: measures everything, or one figure, beside its yardsticks, and says what was reached."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from bench.figures import crowds, desk_work, latency, starting, throughput
from bench.figures.scene import Measure, Scene, say
from bench.install import install
from bench.machine import settle_here
from bench.profile import profile
from bench.rows import LATEST, QUICK, Row, save, show
from bench.stores import open_stores

FIGURES: dict[str, Measure] = {
    "postgresql": throughput.on_postgres,
    "sqlite": throughput.on_sqlite,
    "redis": throughput.through_redis,
    "busy": latency.busy,
    "lonely": latency.lonely,
    "storm": crowds.storm,
    "assigning": desk_work.assigning,
    "watching": desk_work.watching,
    "starting": starting.starting,
    "memory": crowds.memory,
}


def main(
    quick: Annotated[bool, typer.Option(help="Two minutes: shows that everything works, proves nothing.")] = False,
    only: Annotated[list[str] | None, typer.Option(help=f"One of: {', '.join(FIGURES)}; may be repeated.")] = None,
    profiled: Annotated[str | None, typer.Option("--profile", help="DATABASE:RATE, such as postgresql:3000.")] = None,
) -> None:
    """Measure chatserver beside what people would use instead."""
    if unknown := set(only or ()) - FIGURES.keys():
        raise typer.BadParameter(f"no such figure: {', '.join(unknown)}")
    install()
    settle_here()
    load = os.getloadavg()[0]
    say(f"load of the machine before: {load:.2f}")
    place = QUICK if quick else LATEST
    with open_stores() as stores, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        scene = Scene(stores, runs=1, seconds=0.7, crowd=0.05) if quick else Scene(stores, runs=3, seconds=2.0)
        if profiled is not None:
            kind, _, rate = profiled.partition(":")
            runner.run(profile(scene, kind, float(rate)))
            return
        rows, failed = runner.run(_measure(scene, only or list(FIGURES), place, load))
    show(rows)
    say(f"also in {place}")
    if failed:
        sys.exit(f"bench: could not be measured: {', '.join(failed)}")


async def _measure(scene: Scene, names: list[str], place: Path, load: float) -> tuple[list[Row], list[str]]:
    """The rows, and the names of figures that could not be measured: the others do not suffer for them."""
    rows: list[Row] = []
    failed: list[str] = []
    for name in names:
        say(f"[bold]{name}")
        try:
            rows += await FIGURES[name](scene)
        except (OSError, RuntimeError, AssertionError) as error:
            say(f"  [red]could not be measured: {error!r}")
            failed.append(name)
        save(rows, place, load)
    return rows, failed


if __name__ == "__main__":
    typer.run(main)
