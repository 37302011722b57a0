"""Coming in and going out, and everybody who should not."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlmodel import col, select

from chatserver.actions.staff import log_in
from chatserver.models import Agent, AuditEntry, LoginSession
from chatserver.passwords import hash_password, verify_password
from chatserver.queries.logins import COOKIE, cookie_name, hash_token
from chatserver.types import AgentState
from tests.http.conftest import PASSWORD, Site, open_site

pytestmark = pytest.mark.asyncio


async def test_a_login_opens_the_console_and_keeps_only_the_tokens_hash(site: Site) -> None:
    browser = site.browser()
    answer = await browser.log_in("ana")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert (await browser.get("/console")).status_code == 200
    token = browser.cookies[COOKIE]
    async with site.context.db.read() as session:
        (login,) = (await session.exec(select(LoginSession))).all()
        (entry,) = (await session.exec(select(AuditEntry).where(AuditEntry.action == "log_in"))).all()
    assert login.token_hash == hash_token(token)
    assert entry.actor == f"agent:{site.agents['ana'].id}"


async def test_the_cookie_is_for_us_alone(site: Site) -> None:
    said = (await site.browser().log_in("ana")).headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "secure" not in said


async def test_over_https_the_cookie_is_bound_to_this_host(sqlite_url: str) -> None:
    async with open_site(sqlite_url, base_url="https://chat.example.com") as site:
        answer = await site.browser().log_in("ana")
    said = answer.headers["set-cookie"]
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    assert said.startswith("__Host-")
    assert "; Secure" in said
    assert "Path=/" in said
    assert "Domain" not in said
    assert cookie_name(secure=True) == f"__Host-{COOKIE}"


async def test_a_login_gets_a_new_token_and_ends_the_browsers_old_one(site: Site) -> None:
    browser = await site.staff("ana")
    before = browser.cookies[COOKIE]
    await browser.log_in("ben")
    assert browser.cookies[COOKIE] != before
    thief = site.browser()
    thief.cookies.set(COOKIE, before)
    assert (await thief.get("/console")).headers["location"].startswith("/login")


async def test_a_token_that_the_browser_brought_is_never_taken_over(site: Site) -> None:
    browser = site.browser()
    browser.cookies.set(COOKIE, "chosen-by-somebody-else")
    answer = await browser.log_in("ana")
    assert "chosen-by-somebody-else" not in answer.headers["set-cookie"]


async def test_unknown_wrong_closed_and_demo_accounts_get_one_answer(site: Site) -> None:
    await site.change("ben", disabled_at=site.clock.now())
    await site.change("sue", demo=True)
    texts = set()
    for name, password in (("ana", "wrong"), ("nobody", PASSWORD), ("ben", PASSWORD), ("sue", PASSWORD)):
        answer = await site.browser().log_in(name, password)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
        texts.add(answer.text.replace(f"{name}@example.com", ""))
    assert len(texts) == 1


@pytest.mark.parametrize("login", ["\x00", "ana\x00", "\ud800", "x" * 10_000, "ana@example.com\r\nX: y", "' OR 1=1 --"])
async def test_odd_logins_are_only_unknown(site: Site, login: str) -> None:
    form = f"login={quote(login, errors='surrogatepass')}&password={PASSWORD}".encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://127.0.0.1:8000"}
    answer = await site.browser().post("/login", content=form, headers=kind)
    assert answer.status_code == 401


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x"])
async def test_a_login_is_a_form_and_nothing_else(site: Site, kind: str) -> None:
    body = b'{"login": "ana@example.com", "password": "correct horse battery"}'
    headers = {"Content-Type": kind, "Origin": "http://127.0.0.1:8000"}
    answer = await site.browser().post("/login", content=body, headers=headers)
    assert answer.status_code in (400, 401)


async def test_logins_do_not_differ_by_case_and_spaces(site: Site) -> None:
    answer = await site.browser().submit("/login", login="  ANA@Example.com ", password=PASSWORD)
    assert answer.status_code == 303


async def test_guessing_is_slowed_down_and_does_not_lock_the_owner_out(site: Site) -> None:
    guesser, owner = site.browser("198.51.100.1"), site.browser("203.0.113.7")
    answers = [(await guesser.log_in("ana", "wrong")).status_code for _ in range(9)]
    assert answers == [401] * 8 + [429]
    assert (await guesser.log_in("ana")).status_code == 429
    assert (await guesser.log_in("ben")).status_code == 303
    assert (await owner.log_in("ana")).status_code == 303


async def test_throttling_says_the_same_of_an_unknown_account(site: Site) -> None:
    texts = []
    for name, address in (("ana", "198.51.100.1"), ("nobody", "198.51.100.2")):
        browser = site.browser(address)
        for _ in range(8):
            await browser.log_in(name, "wrong")
        answer = await browser.log_in(name, "wrong")
        assert int(answer.headers["retry-after"]) > 0
        texts.append(answer.text.replace(f"{name}@example.com", ""))
    assert texts[0] == texts[1]


async def test_an_unused_session_ends_and_a_used_one_goes_on(site: Site) -> None:
    browser = await site.staff("ana")
    for _ in range(3):
        site.clock.advance(hours=11)
        assert (await browser.get("/console")).status_code == 200
    site.clock.advance(hours=12, seconds=1)
    assert (await browser.get("/console")).status_code == 303


async def test_a_disabled_account_is_out_at_once(site: Site) -> None:
    browser = await site.staff("ana")
    await site.change("ana", disabled_at=site.clock.now())
    assert (await browser.get("/console")).status_code == 303


async def test_a_demotion_counts_from_the_next_request(site: Site) -> None:
    browser = await site.staff("sue")
    assert (await browser.get("/queue")).status_code == 200
    await site.change("sue", role="agent")
    assert (await browser.get("/queue")).status_code == 403


async def test_the_login_comes_back_to_the_page_that_was_asked_for(site: Site) -> None:
    browser = site.browser()
    asked = await browser.get("/tickets?state=new&page=2")
    assert asked.headers["location"] == "/login?next=%2Ftickets%3Fstate%3Dnew%26page%3D2"
    answer = await browser.log_in("ana", next="/tickets?state=new")
    assert answer.headers["location"] == "/tickets?state=new"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/a\\b", "javascript:alert(1)", "/x\ny"]
)
async def test_nobody_is_led_elsewhere_by_our_login(site: Site, elsewhere: str) -> None:
    answer = await site.browser().log_in("ana", next=elsewhere)
    assert answer.headers["location"] == "/console"


async def test_logging_out_ends_shift_and_session(site: Site) -> None:
    browser = await site.staff("ana")
    await site.change("ana", state="online")
    kept = browser.cookies[COOKIE]
    answer = await browser.submit("/logout")
    assert answer.headers["location"] == "/login"
    browser.cookies.set(COOKIE, kept)
    assert (await browser.get("/console")).status_code == 303
    async with site.context.db.read() as session:
        assert (await session.get_one(Agent, site.agents["ana"].id)).state is AgentState.OFFLINE


async def test_with_open_conversations_it_asks_what_becomes_of_them(site: Site) -> None:
    browser, world = await site.staff("ana"), site.world
    conversation = await world.talk()
    asked = await browser.submit("/logout")
    assert asked.status_code == 409
    assert 'value="return"' in asked.text
    stays = await browser.submit("/logout", conversations="stay")
    assert stays.headers["location"] == "/console"
    assert (await world.agent("ana")).state is AgentState.AWAY
    leaves = await browser.submit("/logout", conversations="return")
    assert leaves.headers["location"] == "/login"
    assert (await world.conversation(conversation)).state == "queued"
    assert (await browser.get("/console")).status_code == 303


async def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(site: Site) -> None:
    here, there = await site.staff("ana"), await site.staff("ana")
    new = "a phrase nobody knows"
    answer = await here.submit("/password", current=PASSWORD, new=new, again=new)
    assert answer.headers["location"] == "/password?done"
    assert (await here.get("/console")).status_code == 200
    assert (await there.get("/console")).status_code == 303
    assert (await site.browser().log_in("ana")).status_code == 401
    assert (await site.browser().log_in("ana", new)).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "again", "said"),
    [
        ("wrong", "a phrase nobody knows", "a phrase nobody knows", "La contraseña actual no es correcta."),
        (PASSWORD, "a phrase nobody knows", "another phrase", "Las dos contraseñas nuevas no son iguales."),
        (PASSWORD, "too short", "too short", "al menos 12 caracteres"),
        (PASSWORD, "ana@example.com", "ana@example.com", "se adivina fácilmente"),
        (PASSWORD, "aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "se adivina fácilmente"),
    ],
)
async def test_a_password_that_will_not_do_is_refused_with_the_reason(
    site: Site, current: str, new: str, again: str, said: str
) -> None:
    browser = await site.staff("ana")
    answer = await browser.submit("/password", current=current, new=new, again=again)
    assert answer.status_code == 422
    assert said in answer.text


async def test_a_login_that_a_password_change_overtook_is_refused(site: Site) -> None:
    """Both know the old password; only one of them is in time."""
    async with site.context.unit() as unit:
        assert await log_in(unit, site.agents["ana"], "an older hash", None) is None


async def test_passwords_are_checked_whatever_is_stored() -> None:
    assert await verify_password(await hash_password(PASSWORD), PASSWORD)
    assert not await verify_password("-", PASSWORD)
    assert not await verify_password(await hash_password(PASSWORD), "x" * 100_000)


async def test_the_last_use_is_noted_at_most_once_a_minute(site: Site) -> None:
    browser = await site.staff("ana")
    began = site.clock.now()
    for seconds, noted in ((30, 0), (29, 0), (2, 61)):
        site.clock.advance(seconds=seconds)
        await browser.get("/console")
        async with site.context.db.read() as session:
            (used_at,) = (await session.exec(select(col(LoginSession.used_at)))).all()
        assert used_at == began + timedelta(seconds=noted)
