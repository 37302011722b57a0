"""A conversation under way between two clients that never give up, on a server that is there to be broken."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlmodel import col, select

from chatserver.actions.unit import Context
from chatserver.clock import SystemClock
from chatserver.db import Database
from chatserver.models import Agent, Conversation, LoginSession, Message
from chatserver.queries.logins import COOKIE, hash_token
from chatserver.settings import Settings
from tests.processes import ServerProcess, server_process
from tests.talkers import Talker
from tests.world import CONTACT, fresh, furnish

QUICK = {
    "CHATSERVER_TIMERS__RENEW_PRESENCE": "0.5",
    "CHATSERVER_TIMERS__AGENT_GONE": "2",
    "CHATSERVER_TIMERS__VISITOR_GONE": "3",
    "CHATSERVER_TIMERS__VISITOR_GONE_ACTIVE": "4",
    "CHATSERVER_TIMERS__UNBROKEN_PRESENCE": "4",
}


@dataclass
class Chat:
    """A conversation under way between two clients that never give up."""

    db: Database
    server: ServerProcess
    ana: Talker
    vic: Talker
    agent_id: int
    conversation: int
    topic: str

    async def rows(self) -> tuple[Conversation, list[Message]]:
        query = select(Message).where(Message.conversation_id == self.conversation).order_by(col(Message.seq))
        async with self.db.read() as session:
            return await session.get_one(Conversation, self.conversation), list(await session.exec(query))


@asynccontextmanager
async def open_chat(database_url: str, **env: str) -> AsyncIterator[Chat]:
    db = Database(database_url, lambda topic, payload: None, lambda: datetime.now(UTC))
    context = Context(db, SystemClock(), Settings(database_url=database_url), poke=lambda: None)
    portal, agents = await furnish(context, always_open=True)
    cookie = await logged_in(db, agents["ana"])
    async with server_process(database_url, **QUICK, **env) as server:
        ws = server.base.replace("http", "ws")
        ana = Talker(f"{ws}/ws/staff", server.base, cookie=cookie)
        vic = Talker(f"{ws}/ws/visitor/{portal.public_key}", portal.origins[0])
        await ana.begin()
        await vic.begin()
        try:
            await ana.ask("set_state", state="online")
            begun = await vic.ask("start_conversation", contact=CONTACT, client_message_id=fresh(), body="Hola")
            await vic.follow(begun["topic"])
            await vic.event(lambda event: event.get("entry", {}).get("change") == "offered")
            await ana.follow(begun["topic"])
            await say(ana, begun["conversation"], "Buenos días")
            yield Chat(db, server, ana, vic, agents["ana"].id, begun["conversation"], begun["topic"])
        finally:
            await ana.end()
            await vic.end()
    await db.close()


async def logged_in(db: Database, agent: Agent) -> str:
    token = uuid4().hex
    async with db.transaction() as transaction:
        now = transaction.now
        login = LoginSession(agent_id=agent.id, token_hash=hash_token(token), created_at=now, used_at=now)
        transaction.session.add(login)
    return f"{COOKIE}={token}"


async def say(talker: Talker, conversation: int, body: str) -> dict[str, object]:
    return await talker.ask("send_message", conversation=conversation, client_message_id=fresh(), body=body)


async def talk(talker: Talker, conversation: int, stop: asyncio.Event) -> list[str]:
    """Say one thing after another; returns the ids of what was acknowledged."""
    acknowledged = []
    number = 0
    while not stop.is_set():
        number += 1
        reply = await say(talker, conversation, f"palabra {number}")
        if reply["type"] == "message_stored":
            acknowledged.append(str(reply["client_message_id"]))
        await asyncio.sleep(0.02)
    return acknowledged
