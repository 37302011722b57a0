"""A limit is one limit over all processes, and with Redis broken still one for each."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from limits import RateLimitItemPerMinute

from chatserver import rates
from chatserver.bus.redis import connection_pool
from chatserver.rates import Rates
from tests.http.conftest import open_site
from tests.servers import RedisServer

pytestmark = pytest.mark.asyncio

THREE = RateLimitItemPerMinute(3, 5, namespace="tests")


@asynccontextmanager
async def two(url: str) -> AsyncIterator[tuple[Rates, Rates]]:
    """The limiters of two processes."""
    one, other = Rates(connection_pool(url)), Rates(connection_pool(url))
    try:
        yield one, other
    finally:
        await one.stop()
        await other.stop()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take its time: it is not what these tests are about."""
    monkeypatch.setattr(rates, "DEADLINE", 20.0)


async def tries(one: Rates, count: int, who: str = "ana") -> list[bool]:
    return [await one.admits(THREE, who) for _ in range(count)]


@pytest.mark.usefixtures("patient")
async def test_processes_share_the_count(redis_url: str) -> None:
    async with two(redis_url) as (one, other):
        assert await tries(one, 2) == [True, True]
        assert await tries(other, 2) == [True, False]
        assert await tries(one, 1) == [False]
        assert await tries(other, 1, "ben") == [True]


@pytest.mark.usefixtures("patient")
async def test_what_is_forgotten_is_forgotten_by_all(redis_url: str) -> None:
    async with two(redis_url) as (one, other):
        await tries(one, 2)
        await one.forget(THREE, "ana")
        assert await tries(other, 3) == [True, True, True]


@pytest.mark.usefixtures("patient")
async def test_installations_that_share_a_redis_count_apart(redis_url: str) -> None:
    one, other = (Rates(connection_pool(redis_url), prefix) for prefix in ("one", "other"))
    assert await tries(one, 4) == [True, True, True, False]
    assert await tries(other, 1) == [True]
    await one.stop()
    await other.stop()


@pytest.mark.usefixtures("patient")
async def test_no_name_lies_in_redis(redis_server: RedisServer, redis_url: str) -> None:
    async with two(redis_url) as (one, _):
        assert await one.admits(THREE, "203.0.113.7", "ana@example.com\ud800")
    keys = redis_server.command("KEYS *")
    assert b"chatserver:rates" in keys
    assert b"ana" not in keys
    assert b"203.0" not in keys


@pytest.mark.parametrize("how", ["away", "silent", "broken"])
async def test_without_redis_each_process_holds_its_own_limit(own_redis: RedisServer, how: str) -> None:
    async with two(own_redis.url) as (one, other):
        assert await tries(one, 1) == [True]
        if how == "away":
            own_redis.kill()
        elif how == "silent":
            own_redis.freeze()
        else:
            own_redis.command("CONFIG SET maxmemory 1")  # it answers, with errors
        assert await tries(one, 3) == [True, True, False]
        assert await tries(other, 4) == [True, True, True, False]


async def test_a_silent_redis_is_waited_for_once(own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "PAUSE", 60.0)
    async with two(own_redis.url) as (one, _):
        own_redis.freeze()
        began = time.monotonic()
        for number in range(40):
            assert await tries(one, 1, f"{number}") == [True]
        await one.forget(THREE, "ana")
        assert time.monotonic() - began < 20 * rates.DEADLINE  # and not 41 of them


async def test_when_redis_is_back_the_count_is_shared_again(
    own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "PAUSE", 0.0)
    async with two(own_redis.url) as (one, other):
        own_redis.freeze()
        assert await tries(one, 1) == [True]
        own_redis.thaw()
        monkeypatch.setattr(rates, "DEADLINE", 20.0)
        assert await tries(one, 2, "ben") == [True, True]
        assert await tries(other, 2, "ben") == [True, False]


@pytest.mark.usefixtures("patient")
async def test_guesses_at_two_processes_are_one_guessers(sqlite_url: str, redis_url: str) -> None:
    async with open_site(sqlite_url, redis_url=redis_url) as site, two(redis_url) as (other, _):
        guesser, service = site.browser("198.51.100.1"), site.app.state.service
        assert [(await guesser.log_in("ana", "wrong")).status_code for _ in range(5)] == [401] * 5
        first, service.rates = service.rates, other
        assert [(await guesser.log_in("ana", "wrong")).status_code for _ in range(4)] == [401] * 3 + [429]
        assert (await site.browser("203.0.113.7").log_in("ana")).status_code == 303
        service.rates = first
