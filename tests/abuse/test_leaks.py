"""What a client, a stranger and a log may learn: their own, nothing, and nothing that anybody said."""

import contextlib
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from chatserver.actions.erase import erase_visitor
from chatserver.actions.unit import Context
from chatserver.clock import SystemClock
from chatserver.db import Database
from chatserver.errors import CloseCode
from chatserver.models import Agent
from chatserver.passwords import hash_password
from chatserver.protocol.events import VISITOR_EVENTS
from chatserver.protocol.replies import VISITOR_REPLIES
from chatserver.queries.logins import COOKIE
from chatserver.settings import Settings
from chatserver.types import SYSTEM
from tests.abuse.raw import handshake, line
from tests.processes import ServerProcess, server_process
from tests.talkers import Talker
from tests.wire import Client, Live
from tests.world import CONTACT, fresh, furnish

pytestmark = pytest.mark.asyncio

FOR_STAFF_ONLY = (
    "a note in confidence",
    "hand over with care",
    "the category",
    "the summary",
    "the evidence",
    "ana@example.com",
    "ben@example.com",
    "val@example.com",
    "Val Visitor",
    "routing.",
    '"spam"',
    "cause.spam",
    "disposition",
    "returned_by",
    "position_of",
    "token_hash",
    "password",
)


async def test_a_client_learns_nothing_that_is_for_staff(live: Live) -> None:
    """A whole life of a conversation, and another client's beside it, seen from the client's socket."""
    vic, _ = await live.visitor()
    val, _ = await live.visitor()
    await live.start(val, body="Hola", name="Val Visitor", email="val@example.com")
    conversation = await live.start(vic, body="Hola")
    await vic.follow("visitor:2")
    staff = {name: (await live.staff(name))[0] for name in ("ana", "ben", "sue")}
    for each in staff.values():
        await each.ask("set_state", state="online")
    await hand_around(live, staff, conversation)
    for topic in FORBIDDEN:
        assert (await vic.ask("subscribe", topic=topic.format(conversation)))["code"] == "not_found", topic
    told = "\n".join(json.dumps(frame, ensure_ascii=False) for frame in vic.frames)
    assert "escalated" in told
    assert [word for word in FOR_STAFF_ONLY if word in told] == []
    allowed = {kind.model_fields["type"].default for kind in (*VISITOR_EVENTS, *VISITOR_REPLIES)}
    assert {frame["type"] for frame in vic.frames} <= allowed


FORBIDDEN = (
    "agents",
    "agents:1",
    "agent:1",
    "agent:1:staff",
    "desk:1",
    "desk:1:staff",
    "ticket:1",
    "visitor:1",
    "visitor:1:staff",
    "visitor:2:staff",
    "conversation:1",
    "conversation:{}:staff",
    "conversation",
    "visitor",
    "nonsense:1",
)


async def hand_around(live: Live, staff: dict[str, Client], conversation: int) -> None:
    """Everything that staff can do to a conversation."""
    ana, ben, sue = staff["ana"], staff["ben"], staff["sue"]
    await sue.ask("assign", conversation=conversation, agent=live.agents["ana"].id)
    await ana.ask("decline_offer", conversation=conversation)
    await sue.ask("take_over", conversation=conversation)
    await say(sue, conversation)
    await sue.ask("add_note", conversation=conversation, client_message_id=fresh(), body="a note in confidence")
    to_ben = live.agents["ben"].id
    await sue.ask("transfer", conversation=conversation, agent=to_ben, note="hand over with care")
    await say(ben, conversation)
    await ben.ask("extend", conversation=conversation)
    ticket = {"category": "the category", "summary": "the summary", "rfc": "none", "evidence": "the evidence"}
    judged: dict[str, Any] = {"severity": "S2", "impact": "core", "urgency": "high", "level": 2}
    opened = await ben.ask("escalate", conversation=conversation, **judged | ticket)
    assert opened["type"] == "ticket_opened", opened
    await say(ben, conversation)


async def say(client: Client, conversation: int) -> None:
    said = await client.ask("send_message", conversation=conversation, client_message_id=fresh(), body="Buenos días")
    assert said["type"] == "message_stored", said


async def test_who_is_taken_for_spam_is_not_told(live: Live) -> None:
    vic, _ = await live.visitor()
    conversation = await live.start(vic, body="Hola")
    sue, _ = await live.staff("sue")
    await sue.ask("set_state", state="online")
    await sue.ask("take_over", conversation=conversation)
    await say(sue, conversation)
    await sue.ask("dispose", conversation=conversation, disposition="spam")
    await vic.change("closed")
    assert "spam" not in json.dumps(vic.frames)


async def test_who_was_erased_hears_no_more(live: Live) -> None:
    """Somebody else may sit there by now, and staff go on writing in the ticket."""
    vic, _ = await live.visitor()
    val, _ = await live.visitor()
    await live.start(val)
    left = await vic.ask("leave_message", contact=CONTACT, client_message_id=fresh(), body="Hola")
    await vic.follow(left["topic"])
    async with live.service.context.unit() as unit:
        await erase_visitor(unit, SYSTEM, 2)
    await live.service.ticker.access()
    assert await vic.closed() == CloseCode.ACCESS_LOST
    sue, _ = await live.staff("sue")
    await say(sue, left["conversation"])
    assert "Buenos días" not in json.dumps(vic.frames, ensure_ascii=False)
    assert (await val.ask("subscribe", topic="visitor:1"))["type"] == "subscribed"


async def test_not_yours_and_not_there_are_one_answer(live: Live) -> None:
    """To the letter, on every command that names a conversation; for clients and for agents of elsewhere."""
    vic, _ = await live.visitor()
    conversation = await live.start(vic, body="Hola")
    val, _ = await live.visitor()
    await live.start(val)
    ben, _ = await live.staff("ben")
    for stranger in (val, ben):
        for kind, fields in COMMANDS.items():
            answers = []
            for number in (conversation, 4711):
                named = {"topic": f"conversation:{number}"} if kind == "subscribe" else {"conversation": number}
                answer = await stranger.ask(kind, **named | fields())
                answers.append({name: value for name, value in answer.items() if name != "ref"})
            assert answers[0] == answers[1], kind
            assert answers[0]["code"] == "not_found", kind


COMMANDS: dict[str, Any] = {
    "subscribe": dict,
    "get_earlier": lambda: {"before": 10},
    "mark_seen": lambda: {"seq": 1},
    "send_message": lambda: {"client_message_id": fresh(), "body": "Hola"},
    "end_conversation": dict,
}

SECRETS = {
    "name": "Secreta Persona",
    "email": "secreta@example.com",
    "body": "mi-secreto-del-cuerpo",
    "password": "mi-secreta-clave-larga",
    "rfc": "SECR010101AB1",
}


@pytest.mark.parametrize("style", ["true", "false"], ids=["json", "plain"])
async def test_no_log_line_holds_what_people_say_or_know(
    sqlite_url: str, capfd: pytest.CaptureFixture[str], style: str
) -> None:
    """Not even when the database fails in the middle of storing it. And nobody writes lines of their own."""
    await furnished(sqlite_url)
    async with server_process(sqlite_url, CHATSERVER_LOG_JSON=style) as server:
        secrets = await provoke(server, sqlite_url.removeprefix("sqlite+aiosqlite:///"))
    said = "".join(capfd.readouterr())
    assert "boom" in said, "the failure was not even logged"
    assert [secret for secret in secrets if secret in said] == []
    assert "\x1b]0;" not in said
    assert "\nforged" not in said


async def furnished(url: str) -> None:
    """The cast, with a password that Ana knows."""
    db = Database(url, lambda _topic, _payload: None, lambda: datetime.now(UTC))
    context = Context(db, SystemClock(), Settings(database_url=url), poke=lambda: None)
    _, agents = await furnish(context, always_open=True)
    hashed = await hash_password(SECRETS["password"])
    async with db.transaction() as transaction:
        ana = await transaction.session.get_one(Agent, agents["ana"].id)
        ana.password_hash = hashed
    await db.close()


async def provoke(server: ServerProcess, path: str) -> list[str]:
    """Say secrets in every way, then let the database fail while they are stored. Returns what must not be logged."""
    form = {"login": "ana@example.com", "password": SECRETS["password"]}
    async with httpx2.AsyncClient(base_url=server.base, headers={"Origin": server.base}) as browser:
        token = (await browser.post("/login", data=form)).cookies[COOKIE]
        ws = server.base.replace("http", "ws")
        vic = Talker((f"{ws}/ws/visitor/portal-key",), "https://portal.example.com")
        await vic.begin()
        contact = CONTACT | {name: SECRETS[name] for name in ("name", "email", "rfc")}
        begun = await vic.ask("start_conversation", contact=contact, client_message_id=fresh(), body=SECRETS["body"])
        fail(path, "message", "login_session", "audit_entry")
        said = {"conversation": begun["conversation"], "client_message_id": fresh(), "body": SECRETS["body"]}
        with contextlib.suppress(TimeoutError):
            await vic.ask("send_message", within=1, **said)
        assert (await browser.post("/login", data=form)).status_code >= 500
        await browser.get("/x%1b]0;title%07", params={"a": "\nforged"})
        await vic.end()
    async with line(server.port) as it:
        await it.send(handshake("/ws/visitor/x%1b]0;t%07%0aforged", "https://x.example"))
        await it.ended()
    return [*SECRETS.values(), token, vic.hello["token"]]


def fail(path: str, *tables: str) -> None:
    """From now on nothing is stored in these."""
    with closing(sqlite3.connect(path)) as database:
        for table in tables:
            database.execute(
                f"CREATE TRIGGER fail_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'boom'); END"
            )
