"""A desk for each scenario, on each database; the mail server is one for all of them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.acceptance.desk import Desk, open_desk
from tests.mail.dovecot import Dovecot, dovecot


@pytest.fixture(scope="session")
def box() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest_asyncio.fixture
async def desk(database_url: str, box: Dovecot, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """The time at which it begins is the test's own: `@pytest.mark.begins("Fri 13 18:40")`."""
    marker = request.node.get_closest_marker("begins")
    async with open_desk(database_url, marker.args[0], box, tmp_path / "files") as opened:
        yield opened


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "begins(when): the time at which the scenario begins")
