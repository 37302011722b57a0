"""The demo: another site for the client, the cast for the staff, and nothing of it anywhere else."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlmodel import col, func, select

from chatserver.demo import CAST, CLOSED_KEY, OPEN_KEY, Person, closed_now, seed
from chatserver.models import Agent, CalendarVersion, Portal
from chatserver.queries.calendars import current_calendar
from chatserver.routing.hours import is_open, next_opening
from tests.http.conftest import Browser, Site, open_empty, open_site
from tests.world import TUESDAY

pytestmark = pytest.mark.asyncio

PORTAL = "http://localhost:8000"
PAGES = ("portal", "portal/facturas", "portal/aviso", "closed", "strict")


@pytest_asyncio.fixture
async def demo(sqlite_url: str) -> AsyncIterator[Site]:
    async with open_site(sqlite_url, demo=True) as site:
        yield site


@pytest_asyncio.fixture
async def empty(database_url: str) -> AsyncIterator[Site]:
    """The demo's application before anybody is in it."""
    async with open_empty(database_url, demo=True) as site:
        yield site


def portal(site: Site) -> Browser:
    return Browser(site.app, PORTAL, "127.0.0.1")


async def test_the_portal_is_another_site_and_lets_through_only_the_chat(demo: Site) -> None:
    for page in PAGES:
        answer = await portal(demo).get(f"/demo/{page}")
        assert answer.status_code == 200
        assert '<script async src="http://127.0.0.1:8000/widget.js"' in answer.text
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "http://127.0.0.1:8000"
        assert policy["connect-src"] == "http://127.0.0.1:8000 ws://127.0.0.1:8000"
        assert policy["style-src"] == ("'none'" if page == "strict" else "'self'")


async def test_each_page_has_its_desk(demo: Site) -> None:
    for page, key in (("portal", OPEN_KEY), ("closed", CLOSED_KEY)):
        assert f'data-key="{key}"' in (await portal(demo).get(f"/demo/{page}")).text


async def test_who_opens_a_page_under_the_wrong_name_is_led_to_the_right_one(demo: Site) -> None:
    assert (await demo.browser().get("/demo/portal?a=b")).headers["location"] == f"{PORTAL}/demo/portal?a=b"
    assert (await portal(demo).get("/login")).headers["location"] == "http://127.0.0.1:8000/login"
    assert (await portal(demo).get("/demo/nothing")).status_code == 404


async def test_the_guide_says_that_it_is_a_demo_and_who_one_can_be(demo: Site) -> None:
    text = (await demo.browser().get("/demo")).text
    assert "No la use con clientes reales" in text
    assert all(person.login in text and person.password in text for person in CAST)


async def test_the_seed_makes_people_and_portals_once(empty: Site) -> None:
    for _ in range(2):
        await seed(empty.context)
    async with empty.context.db.read() as session:
        assert (await session.exec(select(func.count()).select_from(Agent))).one() == len(CAST)
        portals = list(await session.exec(select(Portal).order_by(col(Portal.id))))
        assert [each.public_key for each in portals] == [OPEN_KEY, CLOSED_KEY]
        assert all(each.demo and each.origins == [PORTAL] for each in portals)
        answers = [is_open((await current_calendar(session, each))[1], TUESDAY) for each in portals]
        assert answers == [True, False]
        assert (await session.exec(select(func.count()).select_from(CalendarVersion))).one() == 3


async def test_the_closed_desk_is_closed_again_after_the_next_start(empty: Site) -> None:
    await seed(empty.context)
    empty.clock.advance(days=6)
    await seed(empty.context)
    async with empty.context.db.read() as session:
        closed = (await session.exec(select(Portal).where(Portal.public_key == CLOSED_KEY))).one()
        _, calendar = await current_calendar(session, closed)
    assert not is_open(calendar, empty.clock.now())


async def test_the_closed_desk_keeps_hours_that_a_real_one_could_have() -> None:
    for day in range(14):
        now = TUESDAY + timedelta(days=day)
        opening = next_opening(closed_now(now), now)
        assert opening is not None
        assert timedelta(days=2) < opening - now < timedelta(days=6)


@pytest.mark.parametrize("person", CAST, ids=lambda person: person.login)
async def test_the_cast_logs_in_here_and_nowhere_else(empty: Site, person: Person) -> None:
    await seed(empty.context)
    browser = empty.browser()
    assert (await browser.submit("/login", login=person.login, password=person.password)).status_code == 303
    empty.app.state.demo = False
    assert (await browser.submit("/login", login=person.login, password=person.password)).status_code == 401
