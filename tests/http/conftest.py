"""The real application without a port: requests go straight in, as browsers would send them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from httpx2 import ASGITransport, AsyncClient, Response
from sqlmodel import col, update
from starlette.applications import Starlette

from chatserver.actions.unit import Context
from chatserver.app import create_app
from chatserver.models import Agent, Portal
from chatserver.settings import Settings
from tests.world import TUESDAY, ManualClock, World, furnish

PASSWORD = "correct horse battery"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""Quick to check: the cost of a password is the library's matter."""


class Browser(AsyncClient):
    """Sends what browsers send with a form of our own page: where it comes from."""

    def __init__(self, app: Starlette, base_url: str, address: str) -> None:
        transport = ASGITransport(app=app, client=(address, 50000), raise_app_exceptions=False)
        super().__init__(transport=transport, base_url=base_url, headers={"Accept-Language": "es-MX,es;q=0.9"})

    async def submit(self, path: str, **fields: str) -> Response:
        parts = urlsplit(str(self.base_url))
        headers = {"Origin": f"{parts.scheme}://{parts.netloc}", "Sec-Fetch-Site": "same-origin"}
        return await self.post(path, data=fields, headers=headers)

    async def log_in(self, name: str, password: str = PASSWORD, **fields: str) -> Response:
        return await self.submit("/login", login=f"{name}@example.com", password=password, **fields)


@dataclass
class Site:
    """The application with the cast's desk. All of the cast have the same password."""

    app: Starlette
    context: Context
    clock: ManualClock
    portal: Portal = field(init=False)
    agents: dict[str, Agent] = field(init=False)

    def browser(self, address: str = "203.0.113.7") -> Browser:
        return Browser(self.app, self.context.settings.base_url, address)

    async def staff(self, name: str, address: str = "203.0.113.7") -> Browser:
        """A browser that is logged in."""
        browser = self.browser(address)
        answer = await browser.log_in(name)
        assert answer.status_code == 303, answer.text
        return browser

    @property
    def world(self) -> World:
        """What the cast can do besides reading pages."""
        return World(self.context, self.clock, [], None, self.portal, self.agents)

    async def change(self, name: str, **fields: Any) -> None:
        async with self.context.db.transaction() as transaction:
            which = col(Agent.login) == f"{name}@example.com"
            await transaction.session.exec(update(Agent).where(which).values(**fields))


@asynccontextmanager
async def open_site(url: str, *, demo: bool = False, **settings: Any) -> AsyncIterator[Site]:
    async with open_empty(url, demo=demo, **settings) as site:
        site.portal, site.agents = await furnish(site.context)
        async with site.context.db.transaction() as transaction:
            await transaction.session.exec(update(Agent).values(password_hash=HASH))
        yield site


@asynccontextmanager
async def open_empty(url: str, *, demo: bool = False, **settings: Any) -> AsyncIterator[Site]:
    """Before anybody is in it."""
    clock = ManualClock(TUESDAY)
    app = create_app(Settings(database_url=url, **settings), clock=clock, demo=demo)
    async with app.router.lifespan_context(app):
        yield Site(app, app.state.context, clock)


@pytest.fixture
def changes() -> dict[str, Any]:
    """What the sites of a file are set to; a file may have its own."""
    return {}


@pytest_asyncio.fixture
async def site(database_url: str, changes: dict[str, Any]) -> AsyncIterator[Site]:
    async with open_site(database_url, **changes) as opened:
        yield opened


@pytest_asyncio.fixture
async def quick(sqlite_url: str, changes: dict[str, Any]) -> AsyncIterator[Site]:
    """For what no database can change."""
    async with open_site(sqlite_url, **changes) as opened:
        yield opened
