"""What a tutorial leads to: Starlette and SQLModel, one ORM row and one commit a message, delivered in the process."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from bench.yardsticks.rooms import others, serve_room

engine = create_async_engine(os.environ["BENCH_URL"], pool_size=10, max_overflow=0)
sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


class Message(SQLModel, table=True):
    """A message of a conversation."""

    id: int | None = Field(default=None, primary_key=True)
    conversation: int
    side: str
    client_id: str
    body: str
    at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=DateTime(timezone=True))


async def room(socket: WebSocket) -> None:
    await serve_room(socket, _heard)


async def _heard(socket: WebSocket, conversation: int, side: str, said: dict[str, Any]) -> None:
    async with sessions() as session:
        message = Message(conversation=conversation, side=side, client_id=said["id"], body=said["body"])
        session.add(message)
        await session.commit()
    await socket.send_json({"type": "ack", "id": said["id"], "seq": message.id})
    delivered = {"type": "message", "id": said["id"], "body": said["body"], "seq": message.id}
    for other in others(socket, conversation):
        await other.send_json(delivered)


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    yield
    await engine.dispose()


app = Starlette(routes=[WebSocketRoute("/ws/{conversation:int}/{side}", room)], lifespan=lifespan)
