"""The switchboard of a process: what a follower starts from, what they are told next, and what finds a lost hint."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import event

from chatserver.bus import MemoryBus, MemoryExchange
from chatserver.errors import Refused
from chatserver.models import Installation
from chatserver.protocol.commands import Subscribe
from chatserver.queries.access import staff_actor
from chatserver.queries.logins import hash_token
from chatserver.rates import Rates
from chatserver.types import Actor, PortalId, Topic, VisitorActor
from chatserver.ws.connection import Connection
from chatserver.ws.hub import Hub
from chatserver.ws.resume import LONGEST_TAIL
from tests.world import World, fresh, open_world
from tests.ws.sockets import connect, take

pytestmark = pytest.mark.asyncio


@dataclass
class Desk:
    """A world, and one process that hears of it only what a test lets through."""

    world: World
    hub: Hub
    exchange: MemoryExchange
    conversation: int
    said: int = 0

    @property
    def topic(self) -> Topic:
        return Topic(f"conversation:{self.conversation}")

    async def vic(self) -> VisitorActor:
        id = await self.world.visitor_id("vic")
        return VisitorActor(PortalId(self.world.portal.id), hash_token("vic"), id, "es-MX", None, None)

    async def follow(
        self, actor: Actor | None = None, topic: str | None = None, *, by: Connection | None = None, **place: Any
    ) -> tuple[Connection, Any]:
        """Follow a topic (Vic theirs, unless said otherwise). Returns the socket and the answer."""
        connection = by or connect()[1]
        self.hub.add(connection)
        command = Subscribe(ref=fresh(), type="subscribe", topic=topic or self.topic, **place)
        await self.hub.subscribe(connection, actor or await self.vic(), command)
        return connection, take(connection)[-1]

    async def say(self, *, heard: bool = True, times: int = 1) -> None:
        """Vic writes; the hints reach the process, or are lost."""
        for _ in range(times):
            self.said += 1
            self.world.published.clear()
            await self.world.say("vic", self.conversation, f"Palabra {self.said}")
            if heard:
                self.hear()

    def hear(self) -> None:
        for topic, payload in self.world.published:
            self.hub.deliver(topic, payload)

    async def head(self) -> int:
        return (await self.world.conversation(self.conversation)).seq


@pytest_asyncio.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    exchange = MemoryExchange()
    async with open_world(database_url, None) as world:
        bus = MemoryBus(exchange)
        hub = Hub(world.context, bus, Rates())
        await bus.start(hub.deliver, hub.recovered)
        yield Desk(world, hub, exchange, await world.talk("vic"))
        await bus.stop()


def bodies(frames: list[Any]) -> list[str]:
    return [frame["entry"]["body"] for frame in frames if frame["type"] == "message_sent"]


async def test_without_a_place_one_starts_from_a_snapshot(desk: Desk) -> None:
    _, answer = await desk.follow()
    assert (answer["type"], answer["topic"], answer["head"]) == ("subscribed", desk.topic, await desk.head())
    assert answer["snapshot"]["kind"] == "conversation"
    assert [each["body"] for each in answer["snapshot"]["entries"] if each["kind"] == "message"] == [
        "Hola",
        "Con gusto",
    ]


async def test_with_a_place_one_gets_the_tail(desk: Desk) -> None:
    _, start = await desk.follow()
    await desk.say(times=3)
    _, answer = await desk.follow(since=start["head"], epoch=start["epoch"])
    assert answer["snapshot"] is None
    assert [event["seq"] for event in answer["events"]] == list(range(start["head"] + 1, answer["head"] + 1))
    assert bodies(answer["events"]) == ["Palabra 1", "Palabra 2", "Palabra 3"]


@pytest.mark.parametrize("how", ["other epoch", "ahead", "no epoch"])
async def test_a_place_that_does_not_fit_is_answered_with_a_snapshot(desk: Desk, how: str) -> None:
    _, start = await desk.follow()
    since = start["head"] + (7 if how == "ahead" else 0)
    epoch = {"other epoch": "before", "ahead": start["epoch"], "no epoch": None}[how]
    _, answer = await desk.follow(since=since, epoch=epoch)
    assert (answer["head"], answer["events"]) == (start["head"], [])
    assert answer["snapshot"] is not None


async def test_after_a_restored_backup_everybody_starts_anew(desk: Desk) -> None:
    _, start = await desk.follow()
    async with desk.world.context.db.transaction() as transaction:
        (await transaction.session.get_one(Installation, 1)).db_epoch = "restored"
    _, answer = await desk.follow(since=start["head"], epoch=start["epoch"])
    assert (answer["epoch"], answer["snapshot"] is None) == ("restored", False)


async def test_who_follows_is_told_what_happens_next_once_and_in_order(desk: Desk) -> None:
    connection, _ = await desk.follow()
    await desk.say(times=2)
    desk.hear()  # the last hint comes twice
    await desk.say()
    assert bodies(take(connection)) == ["Palabra 1", "Palabra 2", "Palabra 3"]


async def test_a_gap_is_filled_from_the_table_at_once(desk: Desk) -> None:
    connection, _ = await desk.follow()
    await desk.say(heard=False)
    await desk.say()
    await settled(desk.hub)
    assert bodies(take(connection)) == ["Palabra 1", "Palabra 2"]


async def test_a_lost_last_event_is_found_by_the_sweep(desk: Desk) -> None:
    connection, _ = await desk.follow()
    await desk.say(heard=False, times=2)
    assert take(connection) == []
    await desk.hub.sweep()
    assert bodies(take(connection)) == ["Palabra 1", "Palabra 2"]
    await desk.hub.sweep()
    assert take(connection) == []


async def test_hints_in_the_wrong_order_arrive_in_the_right_one(desk: Desk) -> None:
    connection, _ = await desk.follow()
    hints = []
    for _ in range(3):
        await desk.say(heard=False)
        hints += desk.world.published
    for topic, payload in reversed(hints):
        desk.hub.deliver(topic, payload)
    await settled(desk.hub)
    assert bodies(take(connection)) == ["Palabra 1", "Palabra 2", "Palabra 3"]


async def test_a_gap_too_long_is_left_to_the_client(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are told the head, see that they are behind, and ask; from then on they hear everything again."""
    monkeypatch.setattr("chatserver.ws.hub.LONGEST_TAIL", 2)
    connection, start = await desk.follow()
    await desk.say(heard=False, times=3)
    await desk.hub.sweep()
    (beat,) = take(connection)
    assert (beat["type"], beat["heads"]) == ("heartbeat", {desk.topic: await desk.head()})
    _, answer = await desk.follow(by=connection, since=start["head"], epoch=start["epoch"])
    assert bodies(answer["events"]) == ["Palabra 1", "Palabra 2", "Palabra 3"]
    await desk.say()
    assert bodies(take(connection)) == ["Palabra 4"]


async def test_far_behind_a_snapshot_is_the_shorter_answer(desk: Desk) -> None:
    _, start = await desk.follow(topic="agents", actor=staff_actor(await desk.world.agent("ana")))
    for _ in range(LONGEST_TAIL // 100 + 1):
        async with desk.world.context.unit() as unit:
            ana = (await unit.lock_agents([1]))[1]
            for _ in range(100):
                unit.touch_agent(ana)
                await unit.tell()
                unit._agents.clear()
    actor = staff_actor(await desk.world.agent("ana"))
    _, answer = await desk.follow(topic="agents", actor=actor, since=start["head"], epoch=start["epoch"])
    assert answer["head"] - start["head"] > LONGEST_TAIL
    assert answer["snapshot"]["kind"] == "agents"


async def test_what_may_not_be_followed_does_not_exist(desk: Desk) -> None:
    ben = staff_actor(await desk.world.agent("ben"))
    stranger = VisitorActor(PortalId(desk.world.portal.id), hash_token("nobody"), None, "es-MX", None, None)
    for actor in (ben, stranger):
        for topic in (desk.topic, f"{desk.topic}:staff", "conversation:4711", "visitor:1", "ticket:1"):
            with pytest.raises(Refused, match="no such topic") as caught:
                await desk.follow(actor, topic)
            assert caught.value.code == "not_found"
    assert desk.hub._channels == {}


async def test_a_refusal_leaves_nothing_followed(desk: Desk) -> None:
    """Also when the topic was followed until then: whoever asks again is asked again."""
    ana = staff_actor(await desk.world.agent("ana"))
    connection, _ = await desk.follow(ana)
    await desk.world.staff("ana", "dispose", conversation=desk.conversation, disposition="resolved")
    with pytest.raises(Refused):
        await desk.follow(ana, by=connection)
    assert connection.topics == set()
    await desk.hub.heartbeat()
    assert take(connection)[-1]["heads"] == {}


async def test_lost_access_ends_the_following(desk: Desk) -> None:
    ana = staff_actor(await desk.world.agent("ana"))
    connection, _ = await desk.follow(ana)
    await desk.follow(ana, f"{desk.topic}:staff", by=connection)
    await desk.follow(ana, "agents", by=connection)
    await desk.world.staff("ana", "dispose", conversation=desk.conversation, disposition="resolved")
    await desk.hub.recheck({connection: ana})
    told = take(connection)
    assert {frame["topic"] for frame in told} == {desk.topic, f"{desk.topic}:staff"}
    assert {frame["type"] for frame in told} == {"unsubscribed"}
    assert connection.topics == {"agents"}


async def test_access_can_be_checked_while_the_socket_follows_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = staff_actor(await desk.world.agent("ana"))
    connection, _ = await desk.follow(ana)

    async def meanwhile(_session: Any, pairs: set[Any]) -> set[Any]:
        connection.topics.add(Topic("agents"))
        return pairs

    monkeypatch.setattr("chatserver.ws.hub.which_may_follow", meanwhile)
    await desk.hub.recheck({connection: ana})
    assert connection.topics == {desk.topic, "agents"}


async def test_a_heartbeat_tells_every_socket_how_far_its_topics_are(desk: Desk) -> None:
    connection, _ = await desk.follow()
    _, other = connect()
    desk.hub.add(other)
    await desk.hub.heartbeat()
    (beat,), (bare,) = take(connection), take(other)
    assert (beat["heads"], bare["heads"]) == ({desk.topic: await desk.head()}, {})


async def test_without_a_broker_following_works_and_the_sweep_brings_everything(desk: Desk) -> None:
    desk.exchange.cut()
    connection, answer = await desk.follow()
    assert answer["snapshot"] is not None
    await desk.say(heard=False)
    await desk.hub.sweep()
    assert bodies(take(connection)) == ["Palabra 1"]
    await desk.say(heard=False)
    desk.exchange.mend()
    await settled(desk.hub)
    assert bodies(take(connection)) == ["Palabra 2"]


async def test_many_who_join_while_words_are_said_all_hear_everything(desk: Desk) -> None:
    """Twenty sockets begin to follow while twenty words are committed, each hint heard at once or never."""
    vic = await desk.vic()

    async def speak() -> None:
        for number in range(20):
            desk.said += 1
            await desk.world.say("vic", desk.conversation, f"Palabra {desk.said}")
            if number % 3:
                desk.hub.deliver(*desk.world.published[-1])

    async def join(connection: Connection) -> None:
        await desk.hub.subscribe(connection, vic, Subscribe(ref=fresh(), type="subscribe", topic=desk.topic))

    joining = [connect()[1] for _ in range(20)]
    await asyncio.gather(speak(), *map(join, joining))
    await settled(desk.hub)
    await desk.hub.sweep()
    for connection in joining:
        answer, *events = take(connection)
        assert [event["seq"] for event in events] == list(range(answer["head"] + 1, await desk.head() + 1))


async def test_who_is_gone_is_forgotten(desk: Desk) -> None:
    connection, _ = await desk.follow()
    vic = await desk.world.visitor_id("vic")
    assert desk.hub.know_visitor(connection, vic)
    assert not desk.hub.know_visitor(connection, vic)
    await desk.hub.remove(connection)
    assert (desk.hub.connections, dict(desk.hub.visitors), desk.hub._channels) == (set(), {}, {})
    await desk.say()
    assert take(connection) == []


async def settled(hub: Hub) -> None:
    """Whatever the hub began by itself is done."""
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        while hub._tasks:
            await asyncio.wait(set(hub._tasks))
            await asyncio.sleep(0)


async def test_what_is_said_before_the_broker_confirms_is_read_from_the_table(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hint went past us, so the head must be read after the confirmation."""
    gone, start = await desk.follow()
    await desk.hub.remove(gone)
    subscribe = desk.hub.bus.subscribe

    async def late(topic: Topic) -> None:
        await desk.say(heard=False)
        await subscribe(topic)

    monkeypatch.setattr(desk.hub.bus, "subscribe", late)
    _, answer = await desk.follow(since=start["head"], epoch=start["epoch"])
    assert bodies(answer["events"]) == ["Palabra 1"]


async def test_nothing_is_asked_of_the_broker_for_what_is_not_theirs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Topic] = []

    async def subscribe(topic: Topic) -> None:
        asked.append(topic)

    monkeypatch.setattr(desk.hub.bus, "subscribe", subscribe)
    ben = staff_actor(await desk.world.agent("ben"))
    for topic in (desk.topic, "conversation:4711"):
        with pytest.raises(Refused):
            await desk.follow(ben, topic)
    assert asked == []


@pytest.mark.parametrize("with_place", [False, True])
async def test_access_that_is_lost_while_the_broker_is_asked_is_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, with_place: bool
) -> None:
    gone, start = await desk.follow()
    await desk.hub.remove(gone)
    ana = staff_actor(await desk.world.agent("ana"))

    async def meanwhile(_topic: Topic) -> None:
        await desk.world.staff("ana", "dispose", conversation=desk.conversation, disposition="resolved")

    monkeypatch.setattr(desk.hub.bus, "subscribe", meanwhile)
    place = {"since": start["head"], "epoch": start["epoch"]} if with_place else {}
    with pytest.raises(Refused):
        await desk.follow(ana, **place)


async def test_many_who_come_back_at_different_places_each_get_their_own_tail(desk: Desk) -> None:
    _, start = await desk.follow()
    await desk.say(times=20)
    head = await desk.head()
    places = [start["head"] + number for number in range(21)]
    answers = await asyncio.gather(*(desk.follow(since=since, epoch=start["epoch"]) for since in places))
    for since, (_, answer) in zip(places, answers, strict=True):
        assert [event["seq"] for event in answer["events"]] == list(range(since + 1, head + 1))


async def test_access_of_many_is_asked_in_as_many_queries_as_that_of_one(desk: Desk) -> None:
    asked: list[str] = []
    ana = staff_actor(await desk.world.agent("ana"))
    consoles = [(await desk.follow(ana))[0] for _ in range(5)]
    for console in consoles:
        for topic in (f"{desk.topic}:staff", "agents", f"desk:{desk.world.portal.id}"):
            await desk.follow(ana, topic, by=console)
    engine = desk.world.context.db._reader.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    await desk.hub.recheck({consoles[0]: ana})
    alone = len(asked)
    await desk.hub.recheck(dict.fromkeys(consoles, ana))
    assert (len(asked) - alone, alone <= 6) == (alone, True)
