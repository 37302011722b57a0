"""What every bus promises, in memory and over Redis."""

import asyncio
from collections.abc import Callable

import pytest

from chatserver.bus import Bus, BusUnavailable
from chatserver.types import Topic
from tests.awake import awake
from tests.bus.ears import FENCE, Broker, Ear, MemoryBroker, RedisBroker, eventually

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("patient")]

TALK = Topic("conversation:17")
STAFF = Topic("conversation:17:staff")
DESK = Topic("desk:1")

EarOn = Callable[[Bus], Ear]


@pytest.fixture(params=["memory", "redis"])
def broker(request: pytest.FixtureRequest) -> Broker:
    if request.param == "memory":
        return MemoryBroker()
    return RedisBroker(request.getfixturevalue("own_redis"))


async def test_a_hint_reaches_every_subscriber_and_the_publisher_itself(broker: Broker, ear_on: EarOn) -> None:
    ana, ben = ear_on(broker.bus()), ear_on(broker.bus())
    await ana.start(TALK)
    await ben.start(TALK)

    ana.bus.publish(TALK, "¿Hay alguien? \0\r\n".encode())

    await ana.hears((TALK, "¿Hay alguien? \0\r\n".encode()))
    await ben.hears((TALK, "¿Hay alguien? \0\r\n".encode()))


async def test_only_what_was_asked_for_arrives(broker: Broker, ear_on: EarOn) -> None:
    ana = ear_on(broker.bus())
    await ana.start(TALK)

    ana.bus.publish(STAFF, b"a note")
    ana.bus.publish(TALK, b"hello")

    await ana.hears((TALK, b"hello"))
    await ana.hears_no_more()


async def test_once_subscribed_the_very_next_hint_arrives(broker: Broker, ear_on: EarOn) -> None:
    ana, ben = ear_on(broker.bus()), ear_on(broker.bus())
    await ana.start()
    await ben.start()
    topics = [Topic(f"conversation:{number}") for number in range(100)]

    for topic in topics:
        await ana.bus.subscribe(topic)
        ben.bus.publish(topic, b"now")

    await eventually(lambda: len(ana.heard) == len(topics))
    assert {topic for topic, _ in ana.heard} == set(topics)


async def test_order_is_kept_within_a_topic(broker: Broker, ear_on: EarOn) -> None:
    ana, ben = ear_on(broker.bus()), ear_on(broker.bus())
    await ana.start(TALK)
    await ben.start()
    said = [(TALK, str(number).encode()) for number in range(3000)]

    for topic, payload in said:
        ben.bus.publish(topic, payload)

    await ana.hears(*said)


async def test_nothing_arrives_after_unsubscribing(broker: Broker, ear_on: EarOn) -> None:
    ana, ben = ear_on(broker.bus()), ear_on(broker.bus())
    await ana.start(TALK, DESK)
    await ben.start(TALK)

    ben.bus.publish(TALK, b"on its way")
    await ana.bus.unsubscribe(TALK)
    ben.bus.publish(TALK, b"too late")
    await ben.hears((TALK, b"on its way"), (TALK, b"too late"))
    await ana.hears_no_more()

    assert ana.heard == [(FENCE, b"")]


async def test_who_asks_again_hears_again_and_once(broker: Broker, ear_on: EarOn) -> None:
    ana = ear_on(broker.bus())
    await ana.start(TALK, TALK)

    await asyncio.gather(ana.bus.unsubscribe(TALK), ana.bus.subscribe(TALK), ana.bus.subscribe(TALK))
    ana.bus.publish(TALK, b"once")

    await ana.hears((TALK, b"once"))
    await ana.hears_no_more()


async def test_installations_do_not_hear_each_other(broker: Broker, ear_on: EarOn) -> None:
    ours, theirs = ear_on(broker.bus("ours")), ear_on(broker.bus("theirs"))
    await ours.start(DESK)
    await theirs.start(DESK)

    theirs.bus.publish(DESK, b"theirs")
    await theirs.hears((DESK, b"theirs"))
    await ours.hears_no_more()

    assert (DESK, b"theirs") not in ours.heard


async def test_publishing_never_calls_back_into_the_publisher(broker: Broker, ear_on: EarOn) -> None:
    ana = ear_on(broker.bus())
    await ana.start(TALK)

    ana.bus.publish(TALK, b"hello")
    assert ana.heard == []

    await ana.hears((TALK, b"hello"))


async def test_a_listener_that_fails_is_reported_and_hears_the_next(broker: Broker) -> None:
    bus, heard, reported = broker.bus(), list[bytes](), list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))

    def deliver(topic: Topic, payload: bytes) -> None:
        heard.append(payload)
        if payload == b"bad":
            raise ValueError(payload)

    await bus.start(deliver, lambda: None)
    await bus.subscribe(TALK)
    bus.publish(TALK, b"bad")
    bus.publish(TALK, b"good")
    await eventually(lambda: heard == [b"bad", b"good"])
    await bus.stop()

    assert [type(error) for error in reported] == [ValueError]


async def test_an_outage_stops_nobody_and_ends_with_everything_restored(broker: Broker, ear_on: EarOn) -> None:
    ana, ben = ear_on(broker.bus()), ear_on(broker.bus())
    await ana.start(TALK, DESK)
    await ben.start()
    assert ana.bus.healthy

    broker.cut()
    await eventually(lambda: not ana.bus.healthy and not ben.bus.healthy)
    with awake() as seconds:
        for _ in range(1000):
            ben.bus.publish(TALK, b"lost")
        assert seconds() < 0.2
    with pytest.raises(BusUnavailable):
        await ana.bus.subscribe(STAFF)
    await ana.bus.unsubscribe(DESK)
    await eventually(lambda: ben.bus.counters.dropped == 1000)

    broker.mend()
    await eventually(lambda: ana.bus.healthy and ben.bus.healthy and ana.recoveries == 1)
    for topic in (TALK, STAFF, DESK):
        ben.bus.publish(topic, b"here again")
    await ana.hears((TALK, b"here again"), (STAFF, b"here again"))
    await ana.hears_no_more()
    assert ana.recoveries == 1


async def test_a_stopped_bus_hears_nothing_and_counts_what_it_loses(broker: Broker, ear_on: EarOn) -> None:
    ana, ben = ear_on(broker.bus()), ear_on(broker.bus())
    await ana.start(TALK)
    await ben.start(TALK)

    await ana.bus.stop()
    ana.bus.publish(TALK, b"from the grave")
    ben.bus.publish(TALK, b"to the living")
    await ben.hears((TALK, b"to the living"))

    assert ana.heard == []
    assert not ana.bus.healthy
    assert ana.bus.counters.dropped == 1


async def test_the_last_words_before_stopping_are_heard(broker: Broker, ear_on: EarOn) -> None:
    ana, ben = ear_on(broker.bus()), ear_on(broker.bus())
    await ana.start()
    await ben.start(TALK)
    said = [(TALK, str(number).encode()) for number in range(600)]

    for topic, payload in said:
        ana.bus.publish(topic, payload)
    await ana.bus.stop()

    await ben.hears(*said)
    assert (ana.bus.counters.published, ana.bus.counters.dropped, ana.bus.counters.errors) == (600, 0, 0)
