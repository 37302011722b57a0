"""Clients who come at the same time: whose the tokens are, and that they are there."""

from datetime import timedelta

import pytest

from chatserver.actions.arrivals import Token, recognise
from chatserver.actions.presence import note_departures, renew
from chatserver.actions.visitors import lock_visitor
from chatserver.models import Portal, Visitor
from chatserver.queries.logins import hash_token
from chatserver.types import PortalId
from tests.world import World, open_world

pytestmark = pytest.mark.asyncio


def token(world: World, words: str, portal: int | None = None) -> Token:
    return Token(PortalId(portal or world.portal.id), hash_token(words))


async def visitor(world: World, words: str) -> Visitor:
    return await world.get(Visitor, await world.visitor_id(words))


async def test_each_token_of_a_crowd_is_judged_for_itself(world: World) -> None:
    for words in ("vic", "val"):
        await world.start(words, body="Hola")
    async with world.context.db.transaction() as transaction:
        here = await transaction.session.get_one(Portal, world.portal.id)
        there = Portal.model_validate(here.model_dump(exclude={"id"}) | {"public_key": "another-key"})
        transaction.session.add(there)
    vic, val = await visitor(world, "vic"), await visitor(world, "val")
    async with world.context.db.transaction() as transaction:
        (await transaction.session.get_one(Visitor, val.id)).erased_at = world.clock.now()
    asked = [
        token(world, "vic"),
        token(world, "vic", there.id),
        token(world, "nobody"),
        token(world, "val"),
        token(world, "vic"),
    ]
    told = await recognise(world.context, asked)
    assert [each.visitor.id if each.visitor else None for each in told] == [vic.id, None, None, None, vic.id]
    assert [each.usable for each in told] == [True, False, True, False, True]


async def test_who_is_recognised_is_there_and_has_used_the_token(world: World) -> None:
    await world.start("vic", body="Hola")
    world.clock.advance(seconds=40)
    await recognise(world.context, [token(world, "vic"), token(world, "nobody")])
    vic = await visitor(world, "vic")
    assert (vic.seen_at, vic.token_used_at) == (world.clock.now(), world.clock.now())


async def test_a_token_idle_for_too_long_is_somebody_elses_and_notes_nothing(world: World) -> None:
    await world.start("vic", body="Hola")
    before = await visitor(world, "vic")
    world.clock.advance(hours=world.context.settings.visitor_idle_hours, seconds=1)
    (told,) = await recognise(world.context, [token(world, "vic")])
    after = await visitor(world, "vic")
    assert (told.visitor, told.usable) == (None, False)
    assert (after.seen_at, after.token_used_at) == (before.seen_at, before.token_used_at)


async def test_a_crowd_does_not_wait_for_one_whose_row_is_locked(postgresql_url: str) -> None:
    """(SQLite has one writer: it never happens.)"""
    async with open_world(postgresql_url, None) as world:
        for words in ("vic", "val"):
            await world.start(words)
        vic, val = await world.visitor_id("vic"), await world.visitor_id("val")
        world.clock.advance(seconds=5)
        async with world.context.unit() as unit:
            await lock_visitor(unit, vic)
            told = await recognise(world.context, [token(world, "vic"), token(world, "val")])
            await note_departures(world.context, [vic, val])
        assert [each.visitor.id for each in told if each.visitor] == [vic, val]
        late = world.clock.now() - (await visitor(world, "vic")).seen_at
        assert (late, (await visitor(world, "val")).seen_at) == (timedelta(seconds=5), world.clock.now())


async def test_a_departure_says_whether_another_process_may_have_them(world: World) -> None:
    await world.start("vic")
    vic = await world.visitor_id("vic")
    await renew(world.context, "one", [], [])
    await renew(world.context, "two", [], [])
    (departure,) = await note_departures(world.context, [vic])
    assert departure.others is not world.context.db.sqlite
    assert (await visitor(world, "vic")).seen_at == departure.at == world.clock.now()
    world.clock.advance(seconds=16)
    await renew(world.context, "one", [], [])
    assert [each.others for each in await note_departures(world.context, [vic])] == [False]
