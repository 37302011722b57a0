"""Doing a command once: its first reply is kept in the same transaction, and a retry gets that one."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from chatserver.actions.unit import Context, Unit
from chatserver.db import upsert
from chatserver.errors import Refused
from chatserver.models import CommandReply
from chatserver.protocol.base import Command
from chatserver.protocol.codec import decode_reply, encode
from chatserver.types import StaffActor, VisitorActor

Identify = Callable[[Unit], Awaitable[Any]]
"""Who is asking, as the database knows them inside the command's own transaction. Raises `Refused` when nobody any
more."""

Action = Callable[[Unit, Any, Any], Awaitable[Any]]


async def perform(context: Context, identify: Identify, command: Command, action: Action, *, keep: bool) -> Any:
    """Carry out a command and return its reply. `keep` stores it; messages need no copy, their row is their memory."""
    return await context.attempt(lambda unit: _in_unit(unit, identify, command, action, keep=keep))


async def _in_unit(unit: Unit, identify: Identify, command: Command, action: Action, *, keep: bool) -> Any:
    actor: VisitorActor | StaffActor = await identify(unit)
    if not keep:
        return await action(unit, actor, command)
    digest = hashlib.sha256(command.model_dump_json().encode()).hexdigest()
    taken = await _take(unit, actor.key, command.ref, digest)
    kept = await unit.session.get_one(CommandReply, (actor.key, command.ref))
    if not taken:
        if kept.body_hash != digest:
            raise Refused("conflict", "Another command was already given with this ref.", field="ref")
        return decode_reply(kept.reply)
    reply = await action(unit, actor, command)
    kept.reply = encode(reply)
    return reply


async def _take(unit: Unit, actor: str, ref: str, digest: str) -> bool:
    """Whether the ref is new. The same command under way elsewhere is waited for, so that its reply can be given."""
    connection = await unit.session.connection()
    taking = upsert(connection, CommandReply).values(actor=actor, ref=ref, body_hash=digest, reply="", at=unit.now)
    done = await connection.execute(taking.on_conflict_do_nothing())
    return done.rowcount == 1
