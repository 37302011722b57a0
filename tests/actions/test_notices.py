"""A notice is queued with what it tells, once, and never for nobody."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from chatserver.actions.notices import ANSWERS, PROGRESS, Telling, queue_notice
from chatserver.actions.unit import Unit
from chatserver.models import NoticeRow, Ticket, Visitor
from chatserver.process.notice_facts import NoticeFacts
from chatserver.process.ticket_facts import Form
from chatserver.process.ticket_names import Notice
from chatserver.tokens import Purpose, read_token
from tests.mail.account import SECRET, account
from tests.verify import Applier
from tests.world import World, fresh, open_world

pytestmark = pytest.mark.asyncio


@pytest.fixture
def mail() -> dict[str, Any]:
    return {"mail": account()}


async def a_ticket(world: World) -> int:
    conversation = await world.start("vic", body="No timbra")
    await world.visitor("vic", "leave_message", conversation=conversation, client_message_id=fresh(), body="Nadie")
    ticket = await world.ticket(conversation)
    assert ticket is not None
    return ticket.id


async def queue(world: World, ticket_id: int, kind: Any, key: str = "1", **told: Any) -> NoticeRow | None:
    async def work(unit: Unit) -> NoticeRow | None:
        return await queue_notice(unit, await unit.session.get_one(Ticket, ticket_id), kind, key, Telling(**told))

    return await world.context.attempt(work)


async def queued(world: World, kind: str) -> list[NoticeRow]:
    return await world.all(select(NoticeRow).where(col(NoticeRow.kind) == kind).order_by(col(NoticeRow.id)))


async def test_a_notice_says_what_was_true_and_carries_its_ticket(
    database_url: str, faces: Applier, mail: dict[str, Any]
) -> None:
    async with open_world(database_url, faces, **mail) as world:
        ticket_id = await a_ticket(world)
        row = await queue(world, ticket_id, Notice.SOLUTION, form=Form(solution="Ya timbra", reason="secreto"))
        assert row is not None
        assert (row.address, row.name, row.locale) == ("vic@example.com", "Vic Visitor", "es-MX")
        facts = NoticeFacts.model_validate(row.facts)
        assert (facts.folio, facts.text, facts.zone) == ("PG-2026-000001", "Ya timbra", "America/Monterrey")
        assert "secreto" not in str(row.facts)
        token = row.message_id.partition(".")[2].partition("@")[0]
        assert read_token(SECRET, Purpose.REPLY, token).ticket_id == ticket_id


async def test_the_same_notice_exists_once(database_url: str, faces: Applier, mail: dict[str, Any]) -> None:
    async with open_world(database_url, faces, **mail) as world:
        ticket_id = await a_ticket(world)
        first = await queue(world, ticket_id, PROGRESS, text="Seguimos")
        again = await queue(world, ticket_id, PROGRESS, text="Seguimos")
        other = await queue(world, ticket_id, PROGRESS, "2", text="Seguimos")
        assert first is not None
        assert again is not None
        assert other is not None
        assert first.id == again.id != other.id
        assert other.thread[-1] == first.message_id
        assert len(await queued(world, "progress")) == 2


async def test_what_is_rolled_back_leaves_no_notice(database_url: str, faces: Applier, mail: dict[str, Any]) -> None:
    async with open_world(database_url, faces, **mail) as world:
        ticket_id = await a_ticket(world)

        async def fail(unit: Unit) -> None:
            await queue_notice(unit, await unit.session.get_one(Ticket, ticket_id), PROGRESS, "1", Telling(text="No"))
            raise RuntimeError

        with pytest.raises(RuntimeError):
            await world.context.attempt(fail)
        assert await queued(world, "progress") == []


async def test_while_mail_is_off_nothing_is_queued(database_url: str, faces: Applier) -> None:
    async with open_world(database_url, faces) as world:
        assert await queue(world, await a_ticket(world), PROGRESS) is None
        assert await world.all(select(NoticeRow)) == []


async def test_who_has_no_address_is_not_written_to(database_url: str, mail: dict[str, Any]) -> None:
    async with open_world(database_url, None, **mail) as world:
        ticket_id = await a_ticket(world)
        async with world.context.db.transaction() as transaction:
            (await transaction.session.exec(select(Visitor))).one().email = ""
        assert await queue(world, ticket_id, PROGRESS) is None


async def test_arrivals_of_one_address_are_answered_so_often_and_no_more(
    database_url: str, faces: Applier, mail: dict[str, Any]
) -> None:
    async with open_world(database_url, faces, **mail) as world:
        ticket_id = await a_ticket(world)
        before = len(await queued(world, "reopened")) + len(await queued(world, "opened"))
        made = [await queue(world, ticket_id, Notice.REOPENED, str(n)) for n in range(ANSWERS + 3)]
        assert [row is not None for row in made] == [True] * (ANSWERS - before) + [False] * (3 + before)
        assert await queue(world, ticket_id, PROGRESS, text="Seguimos") is not None
        world.clock.set(world.clock.now() + timedelta(hours=1, seconds=1))
        assert await queue(world, ticket_id, Notice.REOPENED, "later") is not None
