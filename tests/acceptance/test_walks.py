"""Random walks through every door: console, pages, telephone, mail, the client's page, and time. Whoever tries what, a
ticket goes from state to state by the table of the process alone."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import update

from chatserver.jobs.timers import run_due
from chatserver.models import Timer
from chatserver.process.ticket_names import Move
from chatserver.types import TicketState
from tests.acceptance.doors import DOORS, Doors, open_doors
from tests.process.table import CL, L1, L2, L3, LEGAL, SUP, SYS
from tests.tickets import get, mailed, steps
from tests.world import TUESDAY, fresh

ROLES = {"ana": L1, "ben": L2, "olly": L3, "sue": SUP, "client": CL, "system": SYS}
WALKS = 200 if settings.default is settings.get_profile("thorough") else 4
"""Of each role. Two hundred of each go by what is decided alone (tests/process/test_ticket_walks.py); these go the long
way round, and all of them for who has the time: `pytest --hypothesis-profile=thorough`."""


@dataclass(frozen=True)
class Try:
    """Time passes; then somebody tries something at a door. `pick` chooses among what the door has to choose from."""

    who: str
    door: str
    pick: int
    minutes: int


def tries_of(walker: str) -> st.SearchStrategy[list[Try]]:
    """Of one who tries most; the others move the ticket now and then, so that it gets somewhere."""
    one = st.builds(
        Try,
        who=st.sampled_from([walker, walker, *ROLES]),
        door=st.sampled_from(["offered", "offered", "offered", *DOORS]),
        pick=st.integers(0, 10_000),
        minutes=st.sampled_from([0, 0, 1, 30, 400, 3000]),
    )
    return st.lists(one, min_size=8, max_size=16)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("walker", ROLES)
def test_the_table_is_the_only_way_through(walker: str, sqlite_url: str, tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        opened = open_doors(sqlite_url, tmp_path)
        doors = runner.run(opened.__aenter__())

        @settings(
            max_examples=WALKS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],  # a walk is too long to be made shorter by trying
        )
        @given(tries=tries_of(walker))
        def walk(tries: list[Try]) -> None:
            runner.run(walks(doors, tries))

        try:
            walk()
        finally:
            runner.run(opened.__aexit__(None, None, None))


async def walks(doors: Doors, tries: list[Try]) -> None:
    world = doors.site.world
    world.clock.set(TUESDAY)
    address = f"{fresh()}@client.example"
    ticket = await mailed(world, email=address)
    doors.begin(ticket, address)
    for each in tries:
        world.clock.advance(minutes=each.minutes)
        await moves_as_the_table_says(doors, "system", None)
        await moves_as_the_table_says(doors, each.who, each)
    async with world.context.db.transaction() as transaction:  # the next walk begins before they are due
        await transaction.session.exec(update(Timer).values(done_at=world.clock.now()))


async def moves_as_the_table_says(doors: Doors, who: str, tried: Try | None) -> None:
    """Without anything that is tried, time has passed and the server looks."""
    world, ticket = doors.site.world, doors.ticket
    before, known = (await get(world, ticket)).state, len(await steps(world, ticket))
    await (run_due(world.context) if tried is None else doors.go(who, tried.door, tried.pick))
    row = await get(world, ticket)
    for step in (await steps(world, ticket))[known:]:
        if step.move is None:
            continue
        assert step.before is before
        to, allowed = LEGAL[before, Move(step.move)]
        assert step.after is to or step.move == Move.CLIENT_ANSWERED
        actor = doors.name_of(step.actor)
        assert ROLES[actor] in allowed
        assert actor in (who, "system")
        assert step.after is not TicketState.RELEASED or step.move != Move.RELEASE or actor == "ben"
        before = step.after
    assert row.state is before
