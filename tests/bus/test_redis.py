"""What only Redis can do to us: go away, come back, hang, or say no."""

import asyncio
import socket
import time
from collections.abc import Callable

import pytest
from redis.asyncio import UnixDomainSocketConnection
from structlog.testing import capture_logs

from chatserver.bus import Bus, BusUnavailable, RedisBus, link
from chatserver.bus import redis as redis_bus
from chatserver.bus.publisher import QUEUE_LIMIT
from chatserver.types import Topic
from tests.awake import awake
from tests.bus.ears import Ear, eventually
from tests.servers import RedisServer

pytestmark = pytest.mark.asyncio

TALK = Topic("conversation:17")
DESK = Topic("desk:1")

EarOn = Callable[[Bus], Ear]

PATIENT = pytest.mark.usefixtures("patient")

stall = time.sleep
"""Blocks the event loop, in seconds."""


@pytest.fixture
def ana(own_redis: RedisServer, ear_on: EarOn) -> Ear:
    return ear_on(RedisBus(own_redis.url))


@PATIENT
async def test_a_restart_restores_every_subscription(own_redis: RedisServer, ana: Ear) -> None:
    topics = [Topic(f"conversation:{number}") for number in range(1200)]
    await ana.start()
    await asyncio.gather(*(ana.bus.subscribe(topic) for topic in topics))

    own_redis.restart()
    await eventually(lambda: ana.recoveries == 1)
    for topic in topics:
        ana.bus.publish(topic, b"back")

    await ana.hears(*((topic, b"back") for topic in topics))


@PATIENT
async def test_what_is_given_up_during_a_restoration_is_not_restored(
    own_redis: RedisServer, ana: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = [Topic(f"conversation:{number}") for number in range(1200)]
    await ana.start()
    await asyncio.gather(*(ana.bus.subscribe(topic) for topic in topics))
    ask = link.Link.ask

    async def ask_and_give_one_up(self: link.Link, command: str, *channels: bytes) -> None:
        await ask(self, command, *channels)
        await ana.bus.unsubscribe(topics[-1])

    monkeypatch.setattr(link.Link, "ask", ask_and_give_one_up)
    own_redis.restart()
    await eventually(lambda: ana.recoveries == 1)
    assert own_redis.command(f"PUBSUB NUMSUB chatserver:{topics[-1]}").endswith(b":0\r\n")
    assert own_redis.command(f"PUBSUB NUMSUB chatserver:{topics[-2]}").endswith(b":1\r\n")


async def test_a_lost_connection_is_not_made_anew_behind_our_back(own_redis: RedisServer) -> None:
    connection = UnixDomainSocketConnection(path=str(own_redis.socket))
    await connection.connect_check_health()
    lost = link.Link(connection, lambda *_: None)
    await lost.close()
    with pytest.raises(BusUnavailable):
        await lost.ask("PING")
    assert not connection.is_connected


async def test_a_silent_redis_is_noticed_and_holds_up_nobody(own_redis: RedisServer, ana: Ear) -> None:
    await ana.start(TALK)

    own_redis.freeze()
    with awake() as seconds:
        for _ in range(1000):
            ana.bus.publish(TALK, b"lost")
        assert seconds() < 0.2
    await eventually(lambda: not ana.bus.healthy, within=2.5)

    own_redis.thaw()
    await eventually(lambda: ana.bus.healthy and ana.recoveries == 1)


async def test_a_silence_longer_than_connecting_may_take_ends_too(
    own_redis: RedisServer, ana: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new connection is not answered either, and the next one, and then Redis is back."""
    monkeypatch.setattr(redis_bus, "CONNECT_TIMEOUT", 0.2)
    await ana.start(TALK)
    own_redis.freeze()
    await eventually(lambda: not ana.bus.healthy, within=2.5)
    await asyncio.sleep(1)
    own_redis.thaw()
    await eventually(lambda: ana.bus.healthy and ana.recoveries == 1)


async def test_silence_is_noticed_also_when_nobody_publishes(own_redis: RedisServer, ana: Ear) -> None:
    await ana.start(TALK)
    own_redis.freeze()
    await eventually(lambda: not ana.bus.healthy, within=2.5)


async def test_a_stall_of_our_own_loop_is_no_silence_of_redis(ana: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "PING_EVERY", 0.0)  # so that one is under way when the loop stalls
    await ana.start(TALK)
    for _ in range(3):
        await asyncio.sleep(0.02)
        stall(1.05 * link.PING_DEADLINE)
    await asyncio.sleep(0.02)
    assert ana.bus.healthy
    assert ana.recoveries == 0


async def test_a_silent_redis_confirms_nothing(own_redis: RedisServer, ana: Ear) -> None:
    await ana.start()
    own_redis.freeze()

    with awake() as seconds:
        with pytest.raises(BusUnavailable):
            await ana.bus.subscribe(TALK)
        assert seconds() < 1.5

    own_redis.thaw()
    await eventually(lambda: ana.bus.healthy)
    ana.bus.publish(TALK, b"remembered")
    await ana.hears((TALK, b"remembered"))


async def test_a_confirmation_lost_with_its_connection_is_an_error_and_no_cancellation(
    own_redis: RedisServer, ana: Ear
) -> None:
    await ana.start()
    own_redis.freeze()
    asking = asyncio.create_task(ana.bus.subscribe(TALK))
    await asyncio.sleep(0.05)
    own_redis.kill()
    with pytest.raises(BusUnavailable):
        await asking


@PATIENT
async def test_starting_without_redis(own_redis: RedisServer, ana: Ear) -> None:
    own_redis.stop()
    await ana.start()
    assert not ana.bus.healthy
    with pytest.raises(BusUnavailable):
        await ana.bus.subscribe(TALK)

    own_redis.start()
    await eventually(lambda: ana.bus.healthy and ana.recoveries == 1)
    ana.bus.publish(TALK, b"hello")
    await ana.hears((TALK, b"hello"))


async def test_starting_on_a_silent_redis_does_not_hang(own_redis: RedisServer, ana: Ear) -> None:
    own_redis.freeze()
    with awake() as seconds:
        await ana.start()
        assert seconds() < 3
    assert not ana.bus.healthy


async def test_stopping_on_a_silent_redis_does_not_hang(own_redis: RedisServer, ana: Ear) -> None:
    await ana.start(TALK)
    own_redis.freeze()
    for _ in range(1000):
        ana.bus.publish(TALK, b"lost")
    with awake() as seconds:
        await ana.bus.stop()
        assert seconds() < 1


@PATIENT
async def test_an_overfull_queue_drops_the_oldest(own_redis: RedisServer, ana: Ear) -> None:
    await ana.start(TALK)

    for number in range(QUEUE_LIMIT + 10):
        ana.bus.publish(TALK, str(number).encode())

    await ana.hears(*((TALK, str(number).encode()) for number in range(10, QUEUE_LIMIT + 10)))
    assert ana.bus.counters.dropped == 10


@PATIENT
async def test_a_long_outage_is_two_lines_in_the_log(own_redis: RedisServer, ana: Ear) -> None:
    with capture_logs() as log:
        await ana.start(TALK)
        own_redis.kill()
        for _ in range(15):
            ana.bus.publish(TALK, b"lost")
            await asyncio.sleep(0.1)
        own_redis.start()
        await eventually(lambda: ana.bus.healthy and ana.recoveries == 1)
    assert [line["event"] for line in log] == ["bus.down", "bus.up"]


@PATIENT
async def test_redis_closing_one_connection_is_an_outage_too(own_redis: RedisServer, ana: Ear) -> None:
    await ana.start(TALK)
    own_redis.command("CLIENT KILL TYPE pubsub")
    await eventually(lambda: ana.bus.healthy and ana.recoveries == 1)
    ana.bus.publish(TALK, b"back")
    await ana.hears((TALK, b"back"))


@PATIENT
async def test_not_being_allowed_to_publish_is_unhealthy_until_it_is_allowed(own_redis: RedisServer, ana: Ear) -> None:
    await ana.start(TALK)
    own_redis.command("ACL SETUSER default -publish")
    ana.bus.publish(TALK, b"refused")
    await eventually(lambda: not ana.bus.healthy)
    assert (ana.bus.counters.dropped, ana.bus.counters.errors) == (1, 1)

    own_redis.command("ACL SETUSER default +publish")
    await eventually(lambda: ana.bus.healthy)
    ana.bus.publish(TALK, b"allowed")
    await ana.hears((TALK, b"allowed"))


@PATIENT
async def test_not_being_allowed_to_subscribe_is_unhealthy_until_it_is_allowed(
    own_redis: RedisServer, ana: Ear
) -> None:
    await ana.start()
    own_redis.command("ACL SETUSER default -subscribe")
    with pytest.raises(BusUnavailable):
        await ana.bus.subscribe(TALK)
    await eventually(lambda: not ana.bus.healthy)

    own_redis.command("ACL SETUSER default +subscribe")
    await eventually(lambda: ana.bus.healthy and ana.recoveries == 1)
    ana.bus.publish(TALK, b"allowed")
    await ana.hears((TALK, b"allowed"))


@PATIENT
async def test_a_hint_that_waits_in_the_socket_is_not_delivered_after_unsubscribing(
    own_redis: RedisServer, ana: Ear
) -> None:
    await ana.start(TALK)
    assert own_redis.command(f"PUBLISH chatserver:{TALK} too-late") == b":1\r\n"
    await ana.bus.unsubscribe(TALK)
    await ana.hears_no_more()


@PATIENT
async def test_over_tcp_the_first_hint_after_a_restart_arrives(own_redis: RedisServer, ear_on: EarOn) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own_redis.command(f"CONFIG SET port {port}")
    ana = ear_on(RedisBus(f"redis://127.0.0.1:{port}/3"))
    await ana.start(TALK)
    ana.bus.publish(TALK, b"before")
    await ana.hears((TALK, b"before"))

    own_redis.restart()
    own_redis.command(f"CONFIG SET port {port}")
    await eventually(lambda: ana.recoveries == 1)
    ana.bus.publish(TALK, b"after")
    await ana.hears((TALK, b"before"), (TALK, b"after"))
    assert ana.bus.counters.errors == 0


@PATIENT
async def test_who_gives_up_waiting_disturbs_nobody(ana: Ear) -> None:
    await ana.start()
    impatient = asyncio.create_task(ana.bus.subscribe(TALK))
    patient = asyncio.create_task(ana.bus.subscribe(DESK))
    await asyncio.sleep(0)
    impatient.cancel()
    await patient
    assert impatient.cancelled() or impatient.done()

    ana.bus.publish(DESK, b"hello")
    await ana.hears((DESK, b"hello"))
    assert ana.bus.healthy
    assert ana.recoveries == 0
