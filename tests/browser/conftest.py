"""One browser for the run; for each test a server, and a stage whose pages may not err."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.server import Server
from tests.browser.stage import CHROMIUM, Stage

expect.set_options(timeout=15_000)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "timers(name=seconds): how long the server of this test waits for what")


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each test has a server of its own. (The plugin's fixture of this name is made in a way that pytest 10
    refuses.)"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | CHROMIUM


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A fresh demo; `@pytest.mark.timers(agent_gone=2)` makes one of its waits short."""
    marker = request.node.get_closest_marker("timers")
    running = Server(tmp_path, **(marker.kwargs if marker else {}))
    try:
        running.start()
        yield running
    finally:
        running.kill()


@pytest.fixture
def stage(server: Server, new_context: Callable[..., BrowserContext]) -> Iterator[Stage]:
    stage = Stage(server, new_context)
    yield stage
    assert stage.watch.problems == []
