"""A client who is erased: their mails go, also those that nobody asked for; another's from the same address stay."""

from pathlib import Path

import pytest
from sqlmodel import col, select

from chatserver.actions.erase import erase_visitor
from chatserver.models import InboundMail
from chatserver.types import SYSTEM
from tests.mail.desk import open_desk

pytestmark = pytest.mark.asyncio

OFFICE = "Office <office@client.example>"


async def test_what_came_in_goes_with_its_client_alone(database_url: str, tmp_path: Path) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        mine, theirs = [await desk.ask(From=OFFICE) for _ in range(2)]
        answered = await desk.answer(mine, "Va el folio.", From="Val <val@client.example>")
        astray = await desk.write(From=OFFICE, Auto_Submitted="auto-generated")
        assert (answered.outcome, astray.outcome) == ("joined", "set_aside")
        await desk.world.context.attempt(lambda unit: erase_visitor(unit, SYSTEM, mine.visitor_id))
        kept: dict[int | None, list[tuple[bool, str | None]]] = {}
        for row in await desk.world.all(select(InboundMail).order_by(col(InboundMail.id))):
            kept.setdefault(row.ticket_id, []).append((row.raw != b"", row.sender))
        assert kept == {
            mine.id: [(False, None)] * 2,
            theirs.id: [(True, "office@client.example")],
            None: [(False, None)],
        }
        assert await desk.notices(mine) == []
        assert len(await desk.notices(theirs)) == 1
