"""Clients, agents and a supervisor do anything in any order, and servers die in between; a list of what was said and a
few counters must come to the same."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import col, select

from chatserver.actions.batch import FromVisitor
from chatserver.actions.once import perform
from chatserver.actions.unit import Context, Unit
from chatserver.actions.writer import Writer
from chatserver.db import Database
from chatserver.errors import Refused
from chatserver.models import Conversation
from chatserver.process.conversation import IllegalMove
from chatserver.protocol.commands import SendMessage
from chatserver.queries.access import get_visitor
from chatserver.queries.logins import hash_token
from chatserver.types import OPEN_STATES, PortalId, VisitorActor, VisitorId
from chatserver.ws.dispatch import VISITOR
from tests.faults.observers import assert_owners, stored
from tests.faults.rounds import SEED, rounds
from tests.servers import PostgresServer
from tests.world import World, fresh, open_world

CLIENTS = st.sampled_from(("vic", "val", "viv"))
AGENTS = st.sampled_from(("ana", "ben"))
MOMENTS = st.integers(0, 40)
"""Turns of the event loop after which a server dies."""

EXAMPLES = 6 * len(rounds("examples of the model"))
STEPS = 25

Databases = Callable[[], AbstractContextManager[str]]


class Desk(RuleBasedStateMachine):
    """`said`: the words of each conversation as they must be stored, in order. `open`: which one each client has."""

    def __init__(self, databases: Databases) -> None:
        super().__init__()
        self.resources = ExitStack()
        self.runner = self.resources.enter_context(asyncio.Runner())
        self.url = self.resources.enter_context(databases())
        self.world_stack = AsyncExitStack()
        self.world: World = self.runner.run(self.world_stack.enter_async_context(open_world(self.url, None)))
        self.writer = Writer(self.world.context)
        self.said: dict[int, list[str]] = {}
        self.open: dict[str, int] = {}
        self.capacity = {"ana": 3, "ben": 3}
        self.loads = {"ana": 0, "ben": 0}
        self.numbers = count(1)

    def teardown(self) -> None:
        self.run(self.world.context.db.close())
        self.runner.run(self.world_stack.aclose())
        self.resources.close()

    # Doings.

    @initialize()
    def somebody_is_there(self) -> None:
        self.run(self.world.on_shift("ana"))

    @rule(client=CLIENTS)
    def start(self, client: str) -> None:
        if client not in self.open:
            word = self.word()
            if self.allowed(self.begin(client, word)):
                self.said[self.open[client]] = [word]

    @rule(clients=st.lists(CLIENTS, min_size=1, max_size=6), twice=st.booleans())
    def send(self, clients: list[str], twice: bool) -> None:
        """At the same moment; some say everything twice."""
        words = [(client, fresh(), self.word()) for client in clients if client in self.open]
        asked = [word for word in words for _ in range(1 + twice)]
        answers = self.run(self.together(asked))
        first: dict[str, int] = {}
        for (client, id, body), answer in zip(asked, answers, strict=True):
            if isinstance(answer, Refused | IllegalMove):
                continue
            if id not in first:
                self.said[self.open[client]].append(body)
            assert first.setdefault(id, answer.seq) == answer.seq

    @rule(client=CLIENTS, moment=MOMENTS)
    def send_and_die(self, client: str, moment: int) -> None:
        """The server dies at some moment of it. The next one is asked again, with the same id: it is there once."""
        if client not in self.open:
            return
        id, body = fresh(), self.word()
        self.run(self.die_during(self.send_one(client, id, body), moment))
        answers = self.run(self.together([(client, id, body)]))
        if not isinstance(answers[0], Refused | IllegalMove):
            self.said[self.open[client]].append(body)

    @rule(agent=AGENTS, client=CLIENTS, moment=st.none() | MOMENTS)
    def reply(self, agent: str, client: str, moment: int | None) -> None:
        """The first reply accepts; the server may die during it."""
        if client not in self.open:
            return
        id, body = fresh(), self.word()

        def replying() -> Awaitable[Any]:
            return self.world.reply(agent, self.open[client], body, client_message_id=id)

        if moment is not None:
            self.run(self.die_during(replying(), moment))
        if self.allowed(replying()):
            self.said[self.open[client]].append(body)

    @rule(agent=AGENTS)
    def on_shift(self, agent: str) -> None:
        self.allowed(self.world.on_shift(agent))

    @rule(agent=AGENTS)
    def off_shift(self, agent: str) -> None:
        self.allowed(self.world.staff(agent, "set_state", state="offline", conversations="return"))

    @rule(moment=st.none() | MOMENTS)
    def route(self, moment: int | None) -> None:
        if moment is not None:
            self.run(self.die_during(self.world.route(), moment))
        self.run(self.world.route())

    @rule(client=CLIENTS, by=st.sampled_from(("client", "ana", "ben")))
    def close(self, client: str, by: str) -> None:
        if client in self.open:
            doing = self.world.visitor if by == "client" else self.world.staff
            self.allowed(doing(client if by == "client" else by, "end_conversation", conversation=self.open[client]))

    @rule(client=CLIENTS, agent=AGENTS, how=st.sampled_from(("resolved", "spam", "unresolved")))
    def dispose(self, client: str, agent: str, how: str) -> None:
        if client in self.open:
            self.allowed(self.world.staff(agent, "dispose", conversation=self.open[client], disposition=how))

    @rule(client=CLIENTS, agents=st.permutations(("ana", "ben")))
    def transfer(self, client: str, agents: list[str]) -> None:
        if client in self.open:
            to = self.world.agents[agents[1]].id
            self.allowed(self.world.staff(agents[0], "transfer", conversation=self.open[client], agent=to))

    @rule(agent=AGENTS, capacity=st.integers(0, 4))
    def change_capacity(self, agent: str, capacity: int) -> None:
        """Lowering one evicts nobody: what is held then is the most that may be held until it is less."""
        id = self.world.agents[agent].id
        self.run(self.world.staff("sue", "set_capacity", agent=id, capacity=capacity))
        self.capacity[agent] = capacity

    @rule(client=CLIENTS)
    def drop(self, client: str) -> None:
        if client in self.world.visitors_here:
            self.run(self.world.leaves(visitor=client))

    @rule(client=CLIENTS)
    def reconnect(self, client: str) -> None:
        if client in self.open:
            self.run(self.world.here(visitors=(client,)))

    @rule(seconds=st.sampled_from((1, 20, 70, 200)))
    def time_passes(self, seconds: int) -> None:
        self.run(self.world.later(seconds=seconds))

    # What must be.

    @invariant()
    def everything_said_is_there_once_and_in_order(self) -> None:
        for conversation, words in self.said.items():
            rows = self.run(stored(self.world.context.db, conversation))
            assert [row.body for row in rows] == words

    @invariant()
    def counters_are_right(self) -> None:
        """A load is what is open, and grows only while there is room: lowering a capacity evicts nobody."""
        self.run(assert_owners(self.world.context.db, full=False))
        for name, most in self.capacity.items():
            load = self.run(self.world.agent(name)).load
            assert load <= max(most, self.loads[name])
            self.loads[name] = load

    @invariant()
    def what_is_open_was_begun(self) -> None:
        """Conversations end by many ways, which the model learns here; none is open that nobody began."""
        open_ones = self.run(self.world.all(select(Conversation).where(col(Conversation.state).in_(OPEN_STATES))))
        numbers = {row.id for row in open_ones}
        assert numbers <= set(self.open.values())
        self.open = {client: number for client, number in self.open.items() if number in numbers}

    # How.

    def run(self, doing: Awaitable[Any]) -> Any:
        async def done() -> Any:
            return await doing

        return self.runner.run(done())

    def allowed(self, doing: Awaitable[Any]) -> bool:
        """Whether it was carried out."""
        try:
            self.run(doing)
        except (Refused, IllegalMove):
            return False
        return True

    def word(self) -> str:
        return f"palabra {next(self.numbers)}"

    async def begin(self, client: str, word: str) -> None:
        self.open[client] = await self.world.start(client, body=word)

    async def together(self, words: list[tuple[str, str, str]]) -> list[Any]:
        """All at once; the answers, and what was refused."""
        return await asyncio.gather(*(self.send_one(*word) for word in words), return_exceptions=True)

    async def send_one(self, client: str, id: str, body: str) -> Any:
        """As a socket does: by the writer."""
        portal = PortalId(self.world.portal.id)
        command = SendMessage(
            type="send_message", ref=fresh(), conversation=self.open[client], client_message_id=id, body=body
        )

        async def identify(unit: Unit) -> VisitorActor:
            known = await get_visitor(unit.session, portal, hash_token(client))
            return VisitorActor(portal, hash_token(client), VisitorId(known.id) if known else None, "es-MX", None, None)

        async def alone(message: SendMessage) -> Any:
            handler = VISITOR[SendMessage]
            return await perform(self.world.context, identify, message, handler.action, keep=handler.keep)

        return await self.writer.send(FromVisitor(portal, hash_token(client)), command, alone)

    async def die_during(self, doing: Awaitable[Any], moment: int) -> None:
        """Whatever was under way ends where it is, and another process begins with the same database."""
        task = asyncio.ensure_future(doing)
        await asyncio.wait({task}, timeout=moment / 2000)
        under_way = {task, *self.writer._tasks}
        for each in under_way:
            each.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        context = self.world.context
        await context.db.close()
        db = Database(self.url, lambda topic, payload: None, context.clock.now)
        self.world.context = Context(db, context.clock, context.settings, context.poke)
        self.writer = Writer(self.world.context)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_everything_in_any_order_comes_to_what_the_model_says(kind: str, request: pytest.FixtureRequest) -> None:
    databases = _sqlite(request) if kind == "sqlite" else _postgres(request)
    chosen = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, suppress_health_check=list(HealthCheck))

    class OnThese(Desk):
        def __init__(self) -> None:
            super().__init__(databases)

    run_state_machine_as_test(seed(SEED)(OnThese), settings=chosen)


def _sqlite(request: pytest.FixtureRequest) -> Databases:
    source: Path = request.getfixturevalue("migrated_sqlite")
    place: Path = request.getfixturevalue("tmp_path")
    numbers = count(1)

    @contextmanager
    def fresh_copy() -> Iterator[str]:
        file = place / f"{next(numbers)}.sqlite3"
        shutil.copy(source, file)
        yield f"sqlite+aiosqlite:///{file}"
        file.unlink()

    return fresh_copy


def _postgres(request: pytest.FixtureRequest) -> Databases:
    server: PostgresServer = request.getfixturevalue("postgres_server")
    template: str = request.getfixturevalue("migrated_postgres")
    return lambda: server.database(template)
