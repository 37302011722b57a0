"""Where a test plays: one server, and people who each have a browser of their own, all of them watched."""

from collections.abc import Callable
from typing import Any, TypeVar

from playwright.sync_api import BrowserContext, Page

from tests.browser.client import Client
from tests.browser.server import Server
from tests.browser.staff import Agent, Staff, Supervisor
from tests.browser.watch import Watch

Face = TypeVar("Face", bound=Staff)

CHROMIUM: dict[str, Any] = {
    "executable_path": "/usr/bin/chromium",
    "chromium_sandbox": False,  # it has none where it runs as root, as in a container
    "args": [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ],
}

MEXICAN = {"locale": "es-MX", "timezone_id": "America/Monterrey", "viewport": {"width": 1440, "height": 900}}


class Stage:
    def __init__(self, server: Server, new_context: Callable[..., BrowserContext]) -> None:
        self.server = server
        self.watch = Watch()
        self._new_context = new_context

    def browser(self, **options: Any) -> BrowserContext:
        """A browser of somebody's own: cookies, storage, and nothing of anybody else."""
        context = self._new_context(**MEXICAN | options)
        context.set_default_timeout(15_000)
        self.watch.over(context)
        return context

    def client(self, where: str = "portal", **options: Any) -> Client:
        return self.client_in(self.browser(**options), where)

    def client_in(self, browser: BrowserContext, where: str = "portal") -> Client:
        page = browser.new_page()
        page.goto(f"{self.server.portal}/{where}")
        return Client(page)

    def own_page(self, html: str, tag: str, policy: str = "") -> Page:
        """A page that an operator wrote, at the portal's address, with the widget's tag in it."""
        browser = self.browser()
        # What is not really served counts as the wide world, which may not reach this machine; and granting one thing
        # denies the rest.
        browser.grant_permissions(["local-network-access", "clipboard-write"])
        page = browser.new_page()
        body = f"<!doctype html>{html}<title>Portal</title><body><main><h1>Portal</h1></main>{tag}"
        headers = {"Content-Type": "text/html", "Content-Security-Policy": policy}
        page.route(
            f"{self.server.portal}/own",
            lambda route: route.fulfill(body=body.replace("{server}", self.server.base), headers=headers),
        )
        page.goto(f"{self.server.portal}/own")
        return page

    def agent(self, login: str, **options: Any) -> Agent:
        return self.agent_in(self.browser(**options), login)

    def agent_in(self, browser: BrowserContext, login: str) -> Agent:
        """In the console, on shift."""
        agent = self._staff(Agent, browser, login, "/console")
        agent.start_shift()
        return agent

    def supervisor(self, login: str = "sue", **options: Any) -> Supervisor:
        return self._staff(Supervisor, self.browser(**options), login, "/queue")

    def another_tab(self, agent: Agent) -> Agent:
        return self.console_of(agent, agent.page.url)

    def console_of(self, staff: Staff, url: str | None = None) -> Agent:
        """The console in another tab of the same browser."""
        page = staff.page.context.new_page()
        page.goto(url or f"{self.server.base}/console")
        return Agent(page)

    def staff(self, login: str, place: str) -> Staff:
        """Logged in, and on a page."""
        return self._staff(Staff, self.browser(), login, place)

    def _staff(self, face: Callable[[Page, str], Face], browser: BrowserContext, login: str, place: str) -> Face:
        page = browser.new_page()
        page.goto(f"{self.server.base}{place}")
        staff = face(page, page.locator("html").get_attribute("lang") or "")
        staff.log_in(login)
        page.wait_for_url(f"{self.server.base}{place}")
        return staff
