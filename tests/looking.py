"""What tests look at most: a conversation's state, its thread in words, who has it."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from chatserver.actions.staff import Account, change_staff
from chatserver.models import Assignment, Message, Portal, Ticket
from chatserver.models.base import Table
from chatserver.queries.snapshots import get_entries
from chatserver.types import SYSTEM, ConversationState
from tests.world import TUESDAY, World


def clock(time: str, day: datetime = TUESDAY) -> datetime:
    """`10:03` or `10:03:30` of the day, as the desk's clock reads it."""
    hour, minute, second = [*map(int, time.split(":")), 0][:3]
    return day.replace(hour=hour, minute=minute, second=second)


def after(seconds: float, since: datetime = TUESDAY) -> datetime:
    return since + timedelta(seconds=seconds)


async def state_of(world: World, conversation: int) -> ConversationState:
    return (await world.conversation(conversation)).state


async def changes_of(world: World, conversation: int) -> list[str]:
    """The quiet lines of a thread: the change, and `(cause)` where one was said."""
    async with world.context.db.read() as session:
        entries, _ = await get_entries(session, conversation)
    return [f"{e.change} ({e.cause})" if e.cause else e.change for e in entries if e.kind == "change"]


async def words_of(world: World, conversation: int, *, notes: bool = False) -> list[str]:
    """What was said, or noted, in order."""
    query = select(Message.body).where(Message.conversation_id == conversation, col(Message.note).is_(notes))
    return list(await world.all(query.order_by(col(Message.seq))))


async def holders_of(world: World, conversation: int) -> dict[str, str]:
    """Who has a conversation, or is offered it: kind -> name."""
    query = select(Assignment).where(Assignment.conversation_id == conversation, col(Assignment.ended_at).is_(None))
    names = {agent.id: name for name, agent in world.agents.items()}
    return {each.kind: names[each.agent_id] for each in await world.all(query)}


async def owner_of(world: World, conversation: int) -> str | None:
    return (await holders_of(world, conversation)).get("owner")


async def ticket_of(world: World, conversation: int) -> Ticket:
    ticket = await world.ticket(conversation)
    assert ticket is not None
    return ticket


async def loads_of(world: World, *names: str) -> tuple[int, ...]:
    return tuple([(await world.agent(name)).load for name in names])


async def everything(world: World) -> dict[str, list[Any]]:
    """Every row of every table."""
    async with world.context.db.read() as session:
        connection = await session.connection()
        return {
            table.name: sorted((await connection.execute(table.select())).all(), key=str)
            for table in Table.metadata.sorted_tables
        }


async def restrict(world: World, team: str) -> None:
    """From now on only this team (and supervisors) serve the portal."""
    async with world.context.db.transaction() as transaction:
        (await transaction.session.get_one(Portal, world.portal.id)).team = team


async def describe(world: World, name: str, **values: Any) -> None:
    """Change what an account says of somebody: level, teams, languages..."""

    async def change() -> None:
        async with world.context.unit() as unit:
            await change_staff(unit, SYSTEM, f"{name}@example.com", Account(**values))

    await world.checked(change)
