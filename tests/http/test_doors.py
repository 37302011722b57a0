"""Every door, from the table of routes itself, so that a new one is tried as well; and what holds for all of them."""

from types import SimpleNamespace

import pytest
from httpx2 import Response
from sqlalchemy.exc import OperationalError

from chatserver.http import files
from chatserver.http.doors import RANK, Door
from chatserver.http.middleware import FOR_PORTALS, MAX_BODY
from chatserver.http.routes import DOORS
from chatserver.types import Role
from tests.http.conftest import Browser, Site

pytestmark = pytest.mark.asyncio


def path_of(door: Door) -> str:
    return door.path.replace("{folio}", "PG-2026-999999")


OURS = [door for door in DOORS if not door.path.startswith(FOR_PORTALS)]
"""Those for pages of our own; the others are tried in test_visitor_files."""


async def knock(browser: Browser, door: Door) -> Response:
    answer = await (browser.get(path_of(door)) if door.method == "GET" else browser.submit(path_of(door)))
    assert answer.status_code < 500 or door.path == "/readyz"
    return answer


@pytest.mark.parametrize("role", Role)
async def test_a_door_lets_in_whom_it_says(site: Site, role: Role) -> None:
    await site.change("sue", role=role)
    for place, door in enumerate(OURS):  # a login for each, since one of them ends it; no address may have so many
        answer = await knock(await site.staff("sue", f"203.0.113.{place}"), door)
        allowed = door.role is None or RANK[role] >= RANK[door.role]
        assert (answer.status_code == 403) is not allowed, door


async def test_without_a_login_there_is_only_the_login_page(site: Site) -> None:
    for door in DOORS:
        if door.role is not None:
            answer = await knock(site.browser(), door)
            assert answer.status_code == 303, door
            assert answer.headers["location"].startswith("/login"), door


@pytest.mark.parametrize("path", ["/nothing", "/tickets/PG-2026-999999", "/demo", "/demo/portal", "/static/../app.py"])
async def test_what_is_not_there_gets_a_friendly_page(site: Site, path: str) -> None:
    answer = await (await site.staff("ana")).get(path)
    assert answer.status_code == 404
    assert "No se encontró" in answer.text or path.startswith("/static")


async def test_every_answer_carries_the_headers_that_browsers_obey(site: Site) -> None:
    for door in DOORS:
        headers = (await knock(site.browser(), door)).headers
        policy = headers["content-security-policy"]
        for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
            assert part in policy, door
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers.get("access-control-allow-origin") in (None, "*")
        assert "access-control-allow-credentials" not in headers


async def test_private_pages_are_kept_by_nobody(site: Site) -> None:
    browser = await site.staff("sue")
    for path in ("/console", "/board", "/queue", "/tickets", "/embed", "/password", "/login"):
        assert (await browser.get(path)).headers["cache-control"] == "no-store"


FOREIGN = [
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Origin": "http://127.0.0.1:8001"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:8000"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_form_of_another_page_changes_nothing(site: Site, headers: dict[str, str]) -> None:
    browser = await site.staff("ana")
    for door in DOORS:
        if door.method == "POST":
            answer = await browser.post(path_of(door), data={"conversations": "return"}, headers=headers)
            assert answer.status_code == 403, door
            assert "No se aceptó" in answer.text
    assert (await browser.get("/console")).status_code == 200


async def test_a_plain_http_browser_that_says_only_the_origin_is_ours(site: Site) -> None:
    browser = await site.staff("ana")
    answer = await browser.post("/logout", headers={"Origin": "http://127.0.0.1:8000"})
    assert answer.headers["location"] == "/login"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
async def test_odd_methods_are_refused(site: Site, method: str) -> None:
    headers = {"Origin": "http://127.0.0.1:8000"}
    answer = await site.browser().request(method, "/login", headers=headers)
    assert answer.status_code == 405


async def test_a_body_is_read_no_further_than_a_form_is_long(site: Site) -> None:
    answer = await site.browser().submit("/login", login="ana", password="x" * MAX_BODY)
    assert answer.status_code == 413


async def test_a_form_of_a_thousand_parts_is_refused_quickly(site: Site) -> None:
    answer = await site.browser().submit("/login", **{f"field{number}": "x" for number in range(1001)})
    assert answer.status_code == 400


async def test_a_failure_shows_no_trace_and_is_logged(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr(site.app.state, "context", SimpleNamespace(clock=SimpleNamespace(now=fail)))
    monkeypatch.setattr("chatserver.http.page.now_of", lambda _request: site.clock.now())
    answer = await site.browser().get("/console")
    assert answer.status_code == 500
    assert "Algo falló" in answer.text
    assert "secret" not in answer.text


async def test_a_database_that_is_away_is_said_to_be(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("SELECT", {}, OSError("connection refused"))

    monkeypatch.setattr(site.context.db, "_read_session", away)
    browser = site.browser()
    page = await browser.get("/console")
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    for path in ("/healthz", "/readyz"):
        health = await browser.get(path)
        assert (health.status_code, health.json()["database"]) == (503, "away")


async def test_health_tells_working_from_wanting_work(site: Site) -> None:
    browser = site.browser()
    assert (await browser.get("/healthz")).json() == {"database": "ok"}
    ready = await browser.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"database": "ok", "bus": "ok", "draining": False})
    site.app.state.service.draining = True
    assert (await browser.get("/readyz")).status_code == 503
    assert (await browser.get("/healthz")).status_code == 200


async def test_the_widgets_scripts_may_be_loaded_by_any_page_and_ours_by_none(site: Site) -> None:
    browser = site.browser()
    for path, shared in (("/widget.js", True), ("/widget-panel.en.js", True), ("/static/pages.js", False)):
        script = await browser.get(path, headers={"Origin": "https://portal.example.com"})
        assert script.headers["cross-origin-resource-policy"] == ("cross-origin" if shared else "same-origin")
        assert script.headers.get("access-control-allow-origin") == ("*" if shared else None)
        assert script.headers["content-type"].startswith("text/javascript")
        assert "set-cookie" not in script.headers
        again = await browser.get(path, headers={"If-None-Match": script.headers["etag"]})
        assert again.status_code == 304


async def test_bundles_are_asked_for_again_and_mostly_not_sent_again(site: Site) -> None:
    browser = site.browser()
    first = await browser.get("/static/pages.css")
    assert first.headers["cache-control"] == "no-cache"
    again = await browser.get("/static/pages.css", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


async def test_nothing_but_bundles_is_served_as_a_file(site: Site) -> None:
    for path in ("/static/%2e%2e/app.py", "/static//etc/passwd", "/static/..%2fapp.py", "/static/%00"):
        assert (await site.browser().get(path)).status_code == 404
    assert files.FOLDER.name == "static"


async def test_the_embed_page_spells_out_snippet_and_policy(site: Site) -> None:
    text = (await (await site.staff("ana")).get("/embed")).text
    assert "&lt;script async src=&#34;http://127.0.0.1:8000/widget.js&#34; data-key=&#34;portal-key&#34;" in text
    assert "http://127.0.0.1:8000 ws://127.0.0.1:8000" in text
    assert "https://portal.example.com" in text


async def test_pages_speak_the_language_of_the_browser_or_of_the_choice(site: Site) -> None:
    browser = site.browser()
    assert 'lang="es-MX"' in (await browser.get("/login", headers={"Accept-Language": "fr, de;q=0.5"})).text
    assert 'lang="en"' in (await browser.get("/login", headers={"Accept-Language": "fr, en-GB;q=0.7"})).text
    chosen = await browser.get("/login?lang=en")
    assert "Log in" in chosen.text
    assert "Log in" in (await browser.get("/login")).text
