"""Words that deceive or break: invisible, turned round, unstorable, as long as may be, and longer once changed."""

from typing import Any

import pytest

from chatserver.process.fields import MAX_RFC
from tests.wire import Client, Live
from tests.world import CONTACT, fresh

pytestmark = pytest.mark.asyncio

LINES = {
    "plain": ("Vic Visitor", "Vic Visitor"),
    "accents": ("  José   Ñandú ", "José Ñandú"),
    "two lines": ("Vic\nSoporte: hola", "Vic Soporte: hola"),
    "right to left override": ("Vic \u202eetropoS", "Vic etropoS"),
    "isolates": ("\u2066Vic\u2069", "Vic"),
    "zero width": ("S\u200bo\u200dporte\ufeff", "Soporte"),
    "terminal": ("\x1b[31mVic\x07", "[31mVic"),
    "deleted": ("Vi\x08c\x7f", "Vic"),
    "only zero width": ("\u200b\u200b\u200b", None),
    "only marks of direction": ("\u200e\u200f\u202e", None),
    "hangul filler": ("\u3164", None),
    "braille blank": ("\u2800\u2800", None),
    "only a variation": ("\ufe0f", None),
    "only spaces": ("\u00a0\u2003", None),
    "arabic": ("محمد علي", "محمد علي"),
    "emoji": ("Vic 🧾", "Vic 🧾"),
    "longest": ("🧾" * 200, "🧾" * 200),
}


@pytest.mark.parametrize(("said", "kept"), LINES.values(), ids=LINES.keys())
@pytest.mark.asyncio(loop_scope="module")
async def test_a_name_is_what_one_sees(standing: Live, said: str, kept: str | None) -> None:
    vic, _ = await standing.visitor()
    contact = CONTACT | {"name": said, "subject": said}
    answer = await vic.ask("start_conversation", contact=contact, client_message_id=fresh())
    if kept is None:
        assert answer["code"] in ("text_empty", "bad_frame")
        return
    assert answer["visitor"]["name"] == kept
    thread = await vic.follow(answer["topic"])
    assert thread["snapshot"]["conversation"]["subject"] == kept


@pytest.mark.parametrize("name", ["Soporte", "Ana", "Sistema", "ADMIN", "Ana (Soporte)"])
@pytest.mark.asyncio(loop_scope="module")
async def test_whoever_calls_themselves_support_is_still_a_client(standing: Live, name: str) -> None:
    vic, _ = await standing.visitor()
    conversation = await standing.start(vic, body="Hola", name=name)
    sue, _ = await standing.staff("sue")
    for reader in (vic, sue):
        thread = await reader.follow(f"conversation:{conversation}")
        senders = [entry["sender"] for entry in thread["snapshot"]["entries"] if entry["kind"] == "message"]
        assert senders == [{"kind": "visitor", "name": name}]


HOSTILE = ("\0", "a\0b", "\x01", "\ufffe", "ß", "🧾", "'; DROP TABLE x --")


def stretched(text: str, longest: int) -> str:
    """As much of it as the field takes."""
    return (text * longest)[:longest]


async def test_no_text_in_any_field_of_a_client_ends_in_a_failure(live_postgresql: Live) -> None:
    """Refused or stored; PostgreSQL takes no NUL, and counts characters after all changes."""
    live = live_postgresql
    for text in HOSTILE:
        vic, _ = await live.visitor(locale=stretched(text, 35), zone=stretched(text, 64), page=stretched(text, 2000))
        for name, longest in {"name": 200, "email": 254, "subject": 200, "rfc": 20, "privacy_version": 40}.items():
            contact = CONTACT | {name: stretched(text, longest)}
            for kind in ("start_conversation", "leave_message"):
                answer = await vic.ask(kind, contact=contact, client_message_id=fresh(), body=text)
                assert_sound(answer)
        await live.start(vic)
        for body in (text, stretched(text, 4000)):
            answer = await vic.ask("send_message", conversation=1, client_message_id=fresh(), body=body)
            assert_sound(answer)
        assert vic.socket.close_code is None, text
        await vic.leave()


STAFF_TEXTS: dict[str, dict[str, int]] = {
    "add_note": {"body": 4000},
    "send_message": {"body": 4000},
    "transfer": {"note": 1000, "team": 40},
    "return_to_queue": {"note": 1000},
    "escalate": {"category": 200, "summary": 4000, "rfc": 20, "evidence": 1000},
}
ESCALATE: dict[str, Any] = {
    "severity": "S3",
    "impact": "other",
    "urgency": "low",
    "level": 1,
    "category": "Otro",
    "summary": "No timbra",
    "rfc": "none",
    "evidence": "none",
}


async def test_no_text_in_any_field_of_staff_ends_in_a_failure(live_postgresql: Live) -> None:
    live = live_postgresql
    sue, _ = await live.staff("sue")
    await sue.ask("set_state", state="online")
    conversation = await answered(live, sue)
    for kind, texts in STAFF_TEXTS.items():
        for field, longest in texts.items():
            for text in ("a\0b", "ß", "🧾"):
                command = dict(ESCALATE) if kind == "escalate" else {}
                command |= {"client_message_id": fresh()} if field == "body" else {}
                command |= {"conversation": conversation, field: stretched(text, longest)}
                answer = await sue.ask(kind, **command)
                assert_sound(answer)
                if answer["type"] in ("ticket_opened", "done"):
                    conversation = await answered(live, sue)
    assert sue.socket.close_code is None


async def answered(live: Live, sue: Client) -> int:
    """A conversation that the supervisor has answered, whatever else they have."""
    await sue.ask("set_capacity", agent=live.agents["sue"].id, capacity=50)
    vic, _ = await live.visitor()
    conversation = await live.start(vic)
    await sue.ask("take_over", conversation=conversation)
    await sue.ask("send_message", conversation=conversation, client_message_id=fresh(), body="Hola")
    await vic.leave()
    return conversation


def assert_sound(answer: dict[str, Any]) -> None:
    assert answer["type"] != "refused" or answer["code"] not in ("unavailable", "unknown"), answer


@pytest.mark.parametrize("rfc", ["ß" * 20, "\0" * 13, "XAXX\x000101000", "🧾" * 20, "xaxx-010101-000 \u200b"])
async def test_an_rfc_fits_however_it_grows(live_postgresql: Live, rfc: str) -> None:
    vic, _ = await live_postgresql.visitor()
    contact = CONTACT | {"rfc": rfc}
    answer = await vic.ask("start_conversation", contact=contact, client_message_id=fresh())
    kept = answer["visitor"]["rfc"]
    assert kept is None or (kept.isprintable() and len(kept) <= MAX_RFC)


async def test_a_long_name_of_staff_can_hand_over(live_postgresql: Live) -> None:
    live = live_postgresql
    async with live.service.db.transaction() as transaction:
        ana = await transaction.session.get_one(type(live.agents["ana"]), live.agents["sue"].id)
        ana.name = "María del Carmen Guadalupe Hernández Rodríguez de la Garza y Villarreal"
    sue, _ = await live.staff("sue")
    ben, _ = await live.staff("ben")
    for each in (sue, ben):
        await each.ask("set_state", state="online")
    conversation = await answered(live, sue)
    answer = await sue.ask("transfer", conversation=conversation, agent=live.agents["ben"].id, note="Siga usted")
    assert answer["type"] == "done"
