"""Two who act at the same moment, and a crowd that does everything at once: the desk is sound afterwards."""

import asyncio
import logging
import random
from collections import Counter
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from chatserver.actions.presence import judge_gone
from chatserver.actions.routing import route
from chatserver.jobs.timers import run_due
from chatserver.models import Agent, Assignment, Conversation, EventRow, Message, Ticket
from chatserver.types import OPEN_STATES, ConversationState
from tests.wire import Client, Live
from tests.world import CONTACT, fresh

pytestmark = pytest.mark.asyncio

State = ConversationState

ROUNDS = 10
ESCALATE: dict[str, Any] = {
    "severity": "S3",
    "impact": "other",
    "urgency": "low",
    "level": 2,
    "category": "Otro",
    "summary": "No timbra",
    "rfc": "none",
    "evidence": "none",
}


class Desk:
    """A live desk with staff on shift, and a client with a conversation."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.staff: dict[str, Client] = {}

    async def open(self, *names: str) -> "Desk":
        for name in names:
            client, _ = await self.live.staff(name)
            await client.ask("set_state", state="online")
            self.staff[name] = client
        return self

    def id(self, name: str) -> int:
        return int(self.live.agents[name].id)

    async def waiting(self) -> tuple[Client, int]:
        vic, _ = await self.live.visitor()
        return vic, await self.live.start(vic, body="Hola")

    async def offered(self, name: str) -> tuple[Client, int]:
        vic, conversation = await self.waiting()
        answer = await self.staff["sue"].ask("assign", conversation=conversation, agent=self.id(name))
        assert answer["type"] == "done", answer
        return vic, conversation

    async def active(self, name: str) -> tuple[Client, int]:
        vic, conversation = await self.offered(name)
        await say(self.staff[name], conversation)
        return vic, conversation


async def say(client: Client, conversation: int) -> dict[str, Any]:
    return await client.ask("send_message", conversation=conversation, client_message_id=fresh(), body="Hola")


async def codes(*asking: Any) -> list[str]:
    """What each of several simultaneous commands was answered with."""
    answers = await asyncio.gather(*asking)
    return sorted(str(answer.get("code") or answer["type"]) for answer in answers)


@pytest.fixture
def desk(live_postgresql: Live) -> Desk:
    return Desk(live_postgresql)


async def test_two_tabs_that_start_at_once_are_one_conversation(desk: Desk) -> None:
    vic, welcome = await desk.live.visitor()
    await vic.ask("end_conversation", conversation=await desk.live.start(vic))
    tabs = [(await desk.live.visitor(welcome["token"]))[0] for _ in range(6)]
    begun = await asyncio.gather(
        *(tab.ask("start_conversation", contact=CONTACT, client_message_id=fresh(), body="Hola") for tab in tabs)
    )
    assert {answer["type"] for answer in begun} == {"conversation_started"}
    assert len({answer["conversation"] for answer in begun}) == 1
    await assert_sound(desk.live)


async def test_two_escalations_make_one_ticket(desk: Desk) -> None:
    await desk.open("ana", "sue")
    _, conversation = await desk.active("ana")
    both = [each.ask("escalate", conversation=conversation, **ESCALATE) for each in desk.staff.values()]
    assert await codes(*both) == ["ticket_opened", "wrong_state"]
    await assert_sound(desk.live)


async def test_a_hand_over_while_the_client_leaves(desk: Desk) -> None:
    await desk.open("ana", "ben", "sue")
    for _ in range(3):
        vic, conversation = await desk.active("ana")
        over = desk.staff["ana"].ask("transfer", conversation=conversation, agent=desk.id("ben"))
        answers = await codes(over, vic.ask("end_conversation", conversation=conversation))
        assert answers in (["done", "done"], ["done", "wrong_state"], ["done", "no_room"])
        await assert_sound(desk.live)
        await desk.staff["sue"].ask("dispose", conversation=conversation, disposition="resolved")


async def test_an_answer_while_the_offer_times_out(desk: Desk) -> None:
    await desk.open("ana", "sue")
    for _ in range(3):
        _, conversation = await desk.offered("ana")
        desk.live.clock.advance(seconds=181)
        said, _ = await asyncio.gather(say(desk.staff["ana"], conversation), run_due(desk.live.service.context))
        assert said["type"] == "message_stored" or said["code"] in ("not_owner", "not_found")
        await assert_sound(desk.live)
        await desk.staff["ana"].ask("set_state", state="online")
        await desk.staff["sue"].ask("take_over", conversation=conversation)
        await say(desk.staff["sue"], conversation)
        await desk.staff["sue"].ask("dispose", conversation=conversation, disposition="resolved")


async def test_more_is_never_assigned_than_a_capacity_that_shrinks(desk: Desk) -> None:
    await desk.open("ana", "sue")
    waiting = [(await desk.waiting())[1] for _ in range(4)]
    second, _ = await desk.live.staff("sue")
    for capacity in (2, 3, 1):
        await asyncio.gather(
            *(second.ask("assign", conversation=each, agent=desk.id("ana")) for each in waiting),
            desk.staff["sue"].ask("set_capacity", agent=desk.id("ana"), capacity=capacity),
            route(desk.live.service.context),
        )
    await assert_sound(desk.live, most=3)


async def test_who_ends_the_shift_while_being_offered_keeps_nothing(desk: Desk) -> None:
    await desk.open("ana", "sue")
    for _ in range(4):
        _, conversation = await desk.waiting()
        offer = desk.staff["sue"].ask("assign", conversation=conversation, agent=desk.id("ana"))
        leave = desk.staff["ana"].ask("set_state", state="offline", conversations="return")
        answers = await codes(offer, leave)
        assert answers in (["done", "done"], ["done", "no_room"])
        await judge_gone(desk.live.service.context)
        await assert_sound(desk.live)
        async with desk.live.service.db.read() as session:
            ana = await session.get_one(Agent, desk.id("ana"))
        assert (ana.state, ana.load) == ("offline", 0)
        await desk.staff["ana"].ask("set_state", state="online")


async def test_everybody_does_everything_at_once(desk: Desk) -> None:
    """Clients, agents, a supervisor, routing, timers and judges of presence, all in the same moment, many times."""
    seed = random.randrange(2**32)
    logging.getLogger(__name__).warning("seed %s", seed)
    chance = random.Random(seed)
    live = (await desk.open("ana", "ben", "sue")).live
    clients = [await desk.waiting() for _ in range(6)]
    answers: Counter[str] = Counter()
    for _ in range(ROUNDS):
        live.clock.advance(seconds=chance.choice([0, 1, 5, 31, 61, 121, 181]))
        await live.service.ticker.presence()
        doing = [act(desk, chance, clients) for _ in range(8)]
        loops = [undisturbed(loop(live.service.context)) for loop in (route, run_due, judge_gone)]
        done = await asyncio.gather(*doing, *loops)
        answers.update(done)
        await assert_sound(live, most=50)
    assert answers["unavailable"] == 0
    assert answers["done"] > 10, answers
    assert answers["message_stored"] > 2, answers
    assert [each.socket.close_code for each in live.clients] == [None] * len(live.clients)


async def act(desk: Desk, chance: random.Random, clients: list[tuple[Client, int]]) -> str:
    """Something that somebody might do now, sensible or not."""
    vic, conversation = chance.choice(clients)
    name = chance.choice(["ana", "ben", "sue"])
    staff, other = desk.staff[name], desk.id(chance.choice(["ana", "ben", "sue"]))
    here = {"conversation": conversation}
    message = here | {"client_message_id": fresh(), "body": "Hola"}
    commands: list[tuple[Client, str, dict[str, Any]]] = [
        (vic, "send_message", message),
        (vic, "end_conversation", here),
        (vic, "start_conversation", {"contact": CONTACT, "client_message_id": fresh(), "body": "otra vez"}),
        (staff, "send_message", message),
        (staff, "send_message", message),
        (staff, "decline_offer", here),
        (staff, "transfer", here | {"agent": other, "note": "Siga usted"}),
        (staff, "return_to_queue", here),
        (staff, "end_conversation", here),
        (staff, "dispose", here | {"disposition": chance.choice(["resolved", "unresolved"])}),
        (staff, "escalate", here | ESCALATE),
        (staff, "set_state", {"state": chance.choice(["online", "online", "away"])}),
        (staff, "set_state", {"state": "offline", "conversations": chance.choice(["return", "stay"])}),
        (desk.staff["sue"], "assign", here | {"agent": other}),
        (desk.staff["sue"], "take_over", here),
        (desk.staff["sue"], "set_capacity", {"agent": other, "capacity": chance.randint(1, 4)}),
    ]
    client, kind, fields = chance.choice(commands)
    answer = await client.ask(kind, **fields)
    if answer["type"] == "conversation_started":
        clients[clients.index((vic, conversation))] = (vic, answer["conversation"])
    return str(answer.get("code") or answer["type"])


async def undisturbed(work: Any) -> str:
    """A loop of the server: who lost a race looks again at the next round."""
    try:
        await work
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in ("40001", "40P01"):
            raise
        return "lost a race"
    return "a round"


async def assert_sound(live: Live, most: int = 3) -> None:
    """One owner each, loads that add up, states that agree with who has them, threads without a gap."""
    async with live.service.db.read() as session:
        agents = list(await session.exec(select(Agent)))
        open_ones = list(await session.exec(select(Assignment).where(col(Assignment.ended_at).is_(None))))
        rows = list(await session.exec(select(Conversation)))
        events = list(await session.exec(select(EventRow.topic, EventRow.seq)))
        messages = list(await session.exec(select(Message.conversation_id, Message.note, Message.seq)))
        tickets = Counter(await session.exec(select(Ticket.conversation_id)))
    loads = Counter(each.agent_id for each in open_ones)
    assert {agent.id: agent.load for agent in agents} == {agent.id: loads[agent.id] for agent in agents}
    assert max(loads.values(), default=0) <= most
    assert max(tickets.values(), default=1) == 1
    owners = {each.conversation_id: each for each in open_ones if each.kind == "owner"}
    numbers: dict[str, list[int]] = {}
    for topic, seq in events:
        numbers.setdefault(topic, []).append(seq)
    for id, note, seq in messages:
        numbers.setdefault(f"conversation:{id}{':staff' if note else ''}", []).append(seq)
    for row in rows:
        owner = owners.get(row.id)
        held = row.state in OPEN_STATES and row.state is not State.QUEUED
        assert (owner is not None) == held, (row.id, row.state, owner)
        if owner is not None:
            assert owner.agent_id == row.agent_id
            assert (owner.accepted_at is None) == (row.state is State.OFFERED), (row.id, row.state)
        assert sorted(numbers[f"conversation:{row.id}"]) == list(range(1, row.seq + 1))
        assert sorted(numbers[f"conversation:{row.id}:staff"]) == list(range(1, row.staff_seq + 1))
    open_clients = Counter(row.visitor_id for row in rows if row.state in OPEN_STATES)
    assert max(open_clients.values(), default=0) <= 1
