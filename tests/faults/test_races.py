"""Many hands reach for one thing over three processes at once: one gets it."""

import asyncio
from collections import Counter

import pytest
from sqlmodel import col, func, select, update

from chatserver.models import Agent, Assignment, Conversation, EventRow, Timer
from chatserver.process.rules import Timers
from chatserver.types import OPEN_STATES
from tests.faults.clusters import Cluster
from tests.faults.desks import open_desk, start
from tests.faults.observers import Observer, assert_owners, assert_promises_kept, stored
from tests.faults.rounds import LONG, REACHING, TABS, WAITING, chance, rounds
from tests.world import CONTACT, fresh

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_many_assignments_race_for_one_place(cluster: Cluster) -> None:
    """Supervisors' hands on every process, and routing beside them."""
    for _ in rounds("many hands"):
        async with open_desk(cluster.db, cluster.servers, capacity=1) as desk:
            waiting = [await start(await desk.visitor(number)) for number in range(4)]
            hands = [await desk.staff("sue", number) for number in range(len(cluster.servers))]
            ana = await desk.staff("ana")
            await ana.ask("set_state", state="online")
            answers = await asyncio.gather(
                *(
                    hands[n % len(hands)].ask(
                        "assign", conversation=waiting[n % len(waiting)]["conversation"], agent=desk.agents["ana"].id
                    )
                    for n in range(REACHING)
                )
            )
            codes = Counter(answer.get("code", answer["type"]) for answer in answers)
            assert codes.keys() <= {"done", "no_room", "already_theirs"}
            await assert_owners(cluster.db)
            async with cluster.db.read() as session:
                mine = select(Assignment).where(Assignment.agent_id == desk.agents["ana"].id)
                assert len(list(await session.exec(mine))) == 1
                assert (await session.get_one(Agent, desk.agents["ana"].id)).load == 1


async def test_many_first_messages_of_one_client_begin_one_conversation(cluster: Cluster) -> None:
    """From so many tabs on two processes."""
    for _ in rounds("many tabs"):
        async with open_desk(cluster.db, cluster.servers) as desk:
            vic = await desk.visitor()
            first = await start(vic)
            await vic.ask("end_conversation", conversation=first["conversation"])
            tabs = await asyncio.gather(*(desk.visitor(number % 2, vic.hello["token"]) for number in range(TABS)))
            begun = await asyncio.gather(
                *(
                    tab.ask("start_conversation", contact=CONTACT, client_message_id=fresh(), body=f"Hola {n}")
                    for n, tab in enumerate(tabs)
                )
            )
            assert {answer["type"] for answer in begun} <= {"conversation_started", "refused"}
            numbers = {answer["conversation"] for answer in begun if answer["type"] == "conversation_started"}
            assert len(numbers) == 1
            async with cluster.db.read() as session:
                of_portal = select(func.count()).where(
                    Conversation.portal_id == desk.portal.id, col(Conversation.state).in_(OPEN_STATES)
                )
                assert (await session.exec(of_portal)).one() == 1


async def test_due_timers_take_effect_once_although_who_claimed_them_dies(cluster: Cluster) -> None:
    """Everybody who waits is offered to leave a message, by whichever process lives."""
    for _ in rounds("timers of the dead"):
        async with open_desk(cluster.db, cluster.servers) as desk:
            people = await asyncio.gather(*(desk.visitor(number) for number in range(WAITING)))
            waiting = [(await start(vic))["conversation"] for vic in people]
            due = update(Conversation).where(col(Conversation.id).in_(waiting))
            async with cluster.db.transaction() as transaction:
                long_ago = transaction.now - Timers().offer_message
                await transaction.session.exec(due.values(queued_at=long_ago, joined_at=long_ago))
                timers = update(Timer).where(col(Timer.entity_id).in_(waiting), col(Timer.done_at).is_(None))
                await transaction.session.exec(timers.values(due_at=transaction.now))
            victim = chance.choice(cluster.servers)
            await asyncio.sleep(chance.uniform(0, 1))
            await victim.kill()
            if not LONG:
                await _let_claims_expire(cluster, waiting)
            async with asyncio.timeout(60 if LONG else 15):
                while min((told := await offers(cluster, waiting)).values()) == 0:
                    await asyncio.sleep(0.2)
            await victim.start()
            await asyncio.sleep(1.5)
            told = await offers(cluster, waiting)
            assert set(told.values()) == {1}


async def test_frames_doubled_replayed_and_reordered(cluster: Cluster) -> None:
    """The same frames over two tabs on two processes, again and in another order, are each carried out once."""
    async with open_desk(cluster.db, cluster.servers) as desk:
        vic = await desk.visitor(0)
        begun = await start(vic)
        conversation = begun["conversation"]
        tab = await desk.visitor(1, vic.hello["token"])
        await tab.follow(begun["topic"])
        pair = Observer(vic, conversation), Observer(tab, conversation)
        words = [(fresh(), f"palabra {number}") for number in range(12)]
        for _ in rounds("frames again"):
            sent = [(who, word) for who in pair for word in words]
            chance.shuffle(sent)
            await asyncio.gather(*(who.say(body, id=id) for who, (id, body) in sent))
            assert len({said.id for who in pair for said in who.said}) == len(words)
            await asyncio.sleep(1)
        rows = await stored(cluster.db, conversation)
        assert sorted(row.body for row in rows) == sorted(["Hola", *(body for _, body in words)])
        assert (await vic.ask("send_message", conversation=conversation, client_message_id=words[0][0], body="otra"))[
            "code"
        ] == "conflict"
        await assert_promises_kept(cluster.db, pair)


async def offers(cluster: Cluster, waiting: list[int]) -> dict[int, int]:
    """How often each was offered to leave a message."""
    told = dict.fromkeys(waiting, 0)
    topics = [f"conversation:{number}" for number in waiting]
    query = select(EventRow).where(col(EventRow.topic).in_(topics), EventRow.type == "conversation_changed")
    async with cluster.db.read() as session:
        for row in await session.exec(query):
            told[int(row.topic.partition(":")[2])] += '"change":"message_offered"' in row.payload
    return told


async def _let_claims_expire(cluster: Cluster, waiting: list[int]) -> None:
    """The claims of the dead as they would be half a minute later."""
    await asyncio.sleep(0.5)
    async with cluster.db.transaction() as transaction:
        left = update(Timer).where(col(Timer.entity_id).in_(waiting), col(Timer.claimed_until).is_not(None))
        await transaction.session.exec(left.where(col(Timer.done_at).is_(None)).values(claimed_until=transaction.now))
