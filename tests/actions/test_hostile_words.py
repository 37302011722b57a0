"""Words that a database may choke on, in every field of every command: refused, never an error; all others are kept
as they are."""

from typing import Any

import pytest
from sqlmodel import select

from chatserver.models import Visitor
from chatserver.protocol.base import Wire
from chatserver.protocol.catalog import frame_type
from chatserver.protocol.commands import Contact
from chatserver.queries.logins import hash_token
from chatserver.ws.dispatch import STAFF, VISITOR
from tests.looking import everything, ticket_of, words_of
from tests.world import CONTACT, World, fresh

pytestmark = pytest.mark.asyncio

NUL = "abc\x00def"

STAFF_FIELDS = {
    "send_message": {"body"},
    "add_note": {"body"},
    "transfer": {"team", "note"},
    "return_to_queue": {"note"},
    "escalate": {"category", "summary", "rfc", "evidence", "reason"},
    "say_on_ticket": {"body"},
}
FORM = ("category", "summary", "rfc", "evidence", "solution", "message", "question", "sizing", "reason", "diagnosis")
MORE = ("test_evidence", "version")
VISITOR_FIELDS = {"send_message": {"body"}, "start_conversation": {"body"}, "leave_message": {"body"}}
FREE_TEXT = {"body", "team", "note", "category", "summary", "rfc", "evidence", "reason"}

ESCALATION = {
    "severity": "S3",
    "impact": "other",
    "urgency": "high",
    "level": 1,
    "category": "Otro",
    "summary": "No timbra",
    "rfc": "none",
    "evidence": "none",
}


def message() -> dict[str, str]:
    return {"client_message_id": fresh(), "body": "Hola"}


def is_text(kind: type[Wire], name: str) -> bool:
    return kind.model_fields[name].annotation is not bool


async def test_every_field_with_somebodys_own_words_is_here() -> None:
    for table, tested in ((STAFF, STAFF_FIELDS), (VISITOR, VISITOR_FIELDS)):
        found = {
            frame_type(kind): {name for name in FREE_TEXT & set(kind.model_fields) if is_text(kind, name)}
            for kind in table
        }
        assert {kind: fields for kind, fields in found.items() if fields} == tested


async def test_a_nul_is_refused_in_everything_that_staff_write(world: World) -> None:
    conversation = await world.talk()
    await world.on_shift("ben")
    right: dict[str, dict[str, Any]] = {
        "send_message": message(),
        "add_note": message(),
        "transfer": {"agent": world.agents["ben"].id},
        "return_to_queue": {},
        "escalate": ESCALATION,
    }
    before = await everything(world)
    for kind, fields in STAFF_FIELDS.items():
        if kind not in right:
            continue  # what is said of a ticket: below
        for field in sorted(fields):
            told = right[kind] | {"conversation": conversation, field: NUL}
            if field == "team":
                del told["agent"]
            code = await world.refused(world.staff("ana", kind, **told))
            assert (kind, field, code) == (kind, field, "text_unreadable")
    assert await everything(world) == before


async def test_a_nul_is_refused_in_everything_that_is_said_of_a_ticket(world: World) -> None:
    conversation = await world.talk()
    await world.staff("ana", "escalate", conversation=conversation, **ESCALATION)
    ticket = (await ticket_of(world, conversation)).id
    before = await everything(world)
    said = world.staff("ana", "say_on_ticket", ticket=ticket, **message() | {"body": NUL})
    assert await world.refused(said) == "text_unreadable"
    for field in (*FORM, *MORE):
        moved = world.staff("ana", "move_ticket", ticket=ticket, move="solve", form={field: NUL})
        assert (field, await world.refused(moved)) == (field, "text_unreadable")
    assert await everything(world) == before


async def test_a_nul_is_refused_in_everything_that_clients_write(world: World) -> None:
    conversation = await world.talk()
    before = await everything(world)
    said = world.visitor("vic", "send_message", conversation=conversation, **message() | {"body": NUL})
    assert await world.refused(said) == "text_unreadable"
    for kind in ("start_conversation", "leave_message"):
        told = message() | {"contact": CONTACT}
        assert await world.refused(world.visitor("val", kind, **told | {"body": NUL})) == "text_unreadable"
        for field in Contact.model_fields.keys() - {"rfc"}:
            with_nul = told | {"contact": CONTACT | {field: NUL}}
            code = await world.refused(world.visitor("val", kind, **with_nul))
            assert code in ("text_unreadable", "email_invalid", "privacy_changed"), (kind, field)
    assert await everything(world) == before
    await world.start("val", rfc="XAXX\x00010101000")  # of a tax id only what can be seen is kept
    (rfc,) = await world.all(select(Visitor.rfc).where(Visitor.token_hash == hash_token("val")))
    assert rfc == "XAXX010101000"


async def test_all_other_words_are_kept_as_they_were_written(world: World) -> None:
    conversation = await world.talk()
    specimens = [
        "<script>alert(1)</script>",
        "=1+1",
        "\u202egnp.exe",
        "Hola\r\nBcc: otro@example.com",
        "\x1b[31mrojo",
        "👩‍👩‍👧‍👦" * 20,
        "' OR 1=1 --",
        "\ufffe",
        "  espacios  ",
        "x" * 4000,
        "😀" * 4000,
    ]
    for specimen in specimens:
        await world.say("vic", conversation, specimen)
    kept = [each.replace("\r\n", "\n") for each in specimens]
    assert (await words_of(world, conversation))[2:] == kept
