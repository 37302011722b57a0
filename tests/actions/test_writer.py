"""The writer of messages: many share a commit, none is lost, doubled or overtaken, and what needs more goes alone."""

import asyncio

import pytest
import pytest_asyncio

from chatserver.actions import writer as writing
from chatserver.actions.batch import Outcome
from chatserver.errors import Refused
from chatserver.models import LoginSession, Portal
from chatserver.protocol.replies import MessageStored
from chatserver.types import ConversationState
from tests.actions.pen import Pen, bodies, pen_of
from tests.world import World, fresh

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def pen(world: World) -> Pen:
    return await pen_of(world)


async def test_messages_that_wait_together_share_commits_and_keep_their_order(world: World, pen: Pen) -> None:
    conversation = await world.talk()
    before = (await world.conversation(conversation)).seq
    told = len(await bodies(world, conversation))
    words = [f"palabra {n}" for n in range(40)]
    replies = await world.checked(lambda: asyncio.gather(*(pen.visitor(conversation, word) for word in words)))
    assert pen.alone == 0
    assert [reply.seq for reply in replies] == list(range(before + 1, before + 41))
    assert (await bodies(world, conversation))[told:] == words


async def test_both_sides_speak_in_one_batch_and_both_clocks_move(world: World, pen: Pen) -> None:
    conversation = await world.talk()
    world.clock.advance(seconds=5)
    await world.checked(lambda: asyncio.gather(pen.visitor(conversation, "uno"), pen.staff("ana", conversation, "dos")))
    row = await world.conversation(conversation)
    assert row.last_visitor_at == row.last_agent_at == world.clock.now()
    assert pen.alone == 0


async def test_a_retry_in_the_same_batch_and_later_gets_the_first_answer(world: World, pen: Pen) -> None:
    conversation = await world.talk()
    id = fresh()
    one, two = await asyncio.gather(pen.visitor(conversation, "hola", id), pen.visitor(conversation, "hola", id))
    again = await pen.visitor(conversation, "hola", id)
    assert isinstance(one, MessageStored)
    assert {reply.seq for reply in (one, two, again) if isinstance(reply, MessageStored)} == {one.seq}
    assert (await bodies(world, conversation)).count("hola") == 1
    with pytest.raises(Refused) as refused:
        await pen.visitor(conversation, "otra cosa", id)
    assert refused.value.code == "conflict"


async def test_a_first_reply_goes_alone_and_what_follows_waits_for_it(world: World, pen: Pen) -> None:
    await world.on_shift("ana")
    conversation = await world.start(body="Hola")
    await world.route()
    words = [f"respuesta {n}" for n in range(5)]
    await world.checked(lambda: asyncio.gather(*(pen.staff("ana", conversation, word) for word in words)))
    assert pen.alone >= 1
    assert (await bodies(world, conversation))[1:] == words
    assert (await world.conversation(conversation)).state is ConversationState.ACTIVE


async def test_one_refused_message_fails_alone(world: World, pen: Pen) -> None:
    mine = await world.talk("vic", "ana")
    other = await world.start("val", name="Val")
    outcomes = await asyncio.gather(
        pen.visitor(mine, "sí"),
        pen.visitor(other, "de otra persona"),
        pen.visitor(mine, "también"),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], MessageStored)
    assert isinstance(outcomes[1], Refused)
    assert isinstance(outcomes[2], MessageStored)
    assert outcomes[1].code == "not_found"


async def test_a_revoked_login_writes_nothing(world: World, pen: Pen) -> None:
    conversation = await world.talk()
    async with world.context.db.transaction() as transaction:
        login = await transaction.session.get_one(LoginSession, pen.logins["ana"])
        login.revoked_at = transaction.now
    with pytest.raises(Refused):
        await pen.staff("ana", conversation, "ya no")
    assert "ya no" not in await bodies(world, conversation)


async def test_beyond_what_may_wait_a_sender_is_asked_to_come_again(
    world: World, pen: Pen, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await world.talk()
    monkeypatch.setattr(writing, "WAITING", 3)
    outcomes = await asyncio.gather(
        *(pen.visitor(conversation, f"palabra {n}") for n in range(10)), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert {(each.code, each.retry_after) for each in refused} == {("busy", 1.0)}
    assert len(refused) + sum(isinstance(outcome, MessageStored) for outcome in outcomes) == 10


async def test_an_id_that_a_note_had_spoils_nobody_elses_message(world: World, pen: Pen) -> None:
    """One id is one thing that its sender wrote, be it a note; and a batch is other people's, too."""
    conversation, other, id = await world.talk("vic"), await world.talk("val"), fresh()
    note = await world.staff("ana", "add_note", conversation=conversation, client_message_id=id, body="Ojo")
    outcomes = await asyncio.gather(
        pen.visitor(other, "hola", token="val"),
        pen.staff("ana", conversation, "Ojo", id),
        pen.staff("ana", conversation, "otra cosa", id),
        return_exceptions=True,
    )
    first, again, conflict = outcomes
    assert isinstance(first, MessageStored)
    assert isinstance(again, MessageStored)
    assert again.seq == note.seq
    assert isinstance(conflict, Refused)
    assert conflict.code == "conflict"


async def test_an_owner_who_no_longer_serves_the_portal_writes_nothing(world: World, pen: Pen) -> None:
    conversation = await world.talk()
    async with world.context.db.transaction() as transaction:
        portal = await transaction.session.get_one(Portal, world.portal.id)
        portal.team = "elsewhere"
    with pytest.raises(Refused) as refused:
        await pen.staff("ana", conversation, "ya no")
    assert refused.value.code == "not_found"


async def test_when_both_speak_in_one_commit_the_last_one_says_who_waits(world: World, pen: Pen) -> None:
    conversation = await world.talk()
    await world.later(seconds=5)
    asked = world.clock.now()
    await asyncio.gather(
        pen.visitor(conversation, "uno"), pen.staff("ana", conversation, "dos"), pen.visitor(conversation, "tres")
    )
    row = await world.conversation(conversation)
    assert (row.last_visitor_at, row.last_agent_at, row.unanswered_since) == (asked, asked, asked)
    await world.later(seconds=5)
    await asyncio.gather(pen.visitor(conversation, "cuatro"), pen.staff("ana", conversation, "cinco"))
    row = await world.conversation(conversation)
    assert row.unanswered_since is None


async def test_commits_side_by_side_never_share_a_conversation(
    world: World, pen: Pen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lane is free all the time; what belongs to a busy conversation waits all the same."""
    mine, other = await world.talk("vic", "ana"), await world.talk("val", "ben")
    under_way: list[set[int]] = []
    most, commit = 0, pen.writer._commit

    async def watched(batch: list[writing.Sending]) -> list[Outcome]:
        nonlocal most
        conversations = {sending.message.conversation for sending in batch}
        assert not any(conversations & others for others in under_way)
        under_way.append(conversations)
        most = max(most, len(under_way))
        try:
            await asyncio.sleep(0.01)
            return await commit(batch)
        finally:
            under_way.remove(conversations)

    monkeypatch.setattr(pen.writer, "_commit", watched)
    told = len(await bodies(world, mine))
    words = [f"palabra {n}" for n in range(12)]
    saying = []
    for word in words:
        for conversation, token in ((mine, "vic"), (other, "val")):
            saying.append(asyncio.create_task(pen.visitor(conversation, word, token=token)))
            await asyncio.sleep(0.002)
    await asyncio.gather(*saying)
    assert (await bodies(world, mine))[told:] == words
    assert most == (1 if world.context.db.sqlite else 2)
