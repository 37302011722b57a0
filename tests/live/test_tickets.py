"""Tickets over the socket: boards that keep up, moves that are this person's, refusals by name."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from chatserver.actions.ticket_openings import Contact, Opening, open_ticket
from chatserver.types import SYSTEM, Channel
from tests.wire import Live, live_server
from tests.world import TUESDAY, fresh

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def live(database_url: str) -> AsyncIterator[Live]:
    async with live_server(database_url, TUESDAY) as server:
        yield server


async def mailed(live: Live) -> int:
    async with live.service.context.unit() as unit:
        who = Contact("Vic", "vic@example.com")
        opening = Opening(Channel.MAIL, "No timbra", "No puedo timbrar", who, unit.now, fresh())
        return (await open_ticket(unit, SYSTEM, opening)).id


async def test_a_ticket_goes_over_the_board_of_its_level(live: Live) -> None:
    ana, welcome = await live.staff("ana")
    assert welcome["boards"] == [f"board:{live.portal.id}:l1"]
    sue, of_sue = await live.staff("sue")
    assert of_sue["boards"] == [f"board:{live.portal.id}:l{level}" for level in (1, 2, 3)]
    board = await ana.follow(welcome["boards"][0])
    assert board["snapshot"] == {"kind": "board", "rows": []}
    ticket = await mailed(live)
    await ana.event("board_changed", row__id=ticket, on=True)
    snapshot = (await ana.follow(f"ticket:{ticket}"))["snapshot"]
    assert [step["move"] for step in snapshot["history"]] == ["open"]
    offered = await ana.ask("get_moves", ticket=ticket)
    assert [each["move"] for each in offered["moves"]] == ["take", "cancel", "set_severity", "set_owner"]
    assert [need["field"] for need in offered["moves"][0]["needs"]] == ["severity", "category"]
    refused = await ana.ask("move_ticket", ticket=ticket, move="solve", form={"solution": "Ya"})
    assert (refused["type"], refused["code"]) == ("refused", "illegal_move")
    refused = await ana.ask("move_ticket", ticket=ticket, move="take", form={"category": "Timbrado"})
    assert (refused["code"], refused["field"]) == ("severity_missing", "severity")
    form = {"severity": "S2", "category": "Timbrado"}
    moved = await ana.ask("move_ticket", ticket=ticket, move="take", form=form)
    assert (moved["type"], moved["state"]) == ("ticket_moved", "l1_working")
    assert "solve" in [each["move"] for each in moved["moves"]]
    await ana.event("ticket_changed", ticket__state="l1_working")
    form = {"summary": "El sello", "rfc": "none", "evidence": "none"}
    await sue.follow(of_sue["boards"][1])
    await ana.ask("move_ticket", ticket=ticket, move="pass_to_l2", form=form)
    await sue.event("board_changed", row__id=ticket, on=True)
    await ana.event("board_changed", row__id=ticket, row__level=2, on=True)  # level 1 answers to the client for it
    await ana.ask("move_ticket", ticket=ticket, move="cancel", form={"cause": "spam"})
    for each in (ana, sue):
        await each.event("board_changed", row__id=ticket, on=False)


async def test_a_folio_leads_to_its_ticket(live: Live) -> None:
    ana, _ = await live.staff("ana")
    ticket = await mailed(live)
    board = await ana.follow(f"board:{live.portal.id}:l1")
    folio = board["snapshot"]["rows"][0]["folio"]
    found = await ana.ask("find_ticket", folio=folio.lower())
    assert {name: found[name] for name in ("type", "ticket", "folio", "visitor", "summary", "state")} == {
        "type": "ticket_found",
        "ticket": ticket,
        "folio": folio,
        "visitor": "Vic",
        "summary": "No timbra",
        "state": "new",
    }
    assert (await ana.ask("find_ticket", folio="PG-2026-999999"))["code"] == "not_found"
    assert (await ana.ask("find_ticket", folio="' or 1"))["code"] == "bad_frame"


async def test_a_client_hears_of_no_board(live: Live) -> None:
    vic, _ = await live.visitor()
    await live.start(vic)
    ticket = await mailed(live)
    for topic in (f"board:{live.portal.id}:l1", f"ticket:{ticket}"):
        assert (await vic.follow(topic))["code"] == "not_found"
