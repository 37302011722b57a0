"""Files through the widget's door: a portal's page and a client's token, and nothing less."""

from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import col, select, update

from chatserver.http import visitor_files
from chatserver.models import Message, Portal, StoredFile, Visitor
from tests.http.conftest import Site
from tests.http.filed import MAX_BYTES, PDF, few_and_small
from tests.world import CONTACT, fresh

pytestmark = pytest.mark.asyncio

ORIGIN = "https://portal.example.com"
DOOR = "/w/portal-key/file"


@pytest.fixture
def changes(tmp_path: Path) -> dict[str, Any]:
    return few_and_small(tmp_path)


async def send(
    site: Site, conversation: object, content: bytes = PDF, *, headers: dict[str, str] | None = None, **fields: str
) -> Response:
    headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site", "X-Chatserver-Token": "vic"} | (headers or {})
    data = {"conversation": str(conversation), "client_message_id": fresh()} | fields
    files: dict[str, Any] = {"file": ("factura.pdf", content)}
    door = headers.pop("door", DOOR)
    sent = {name: value for name, value in headers.items() if value}
    return await site.browser().post(door, data=data, files=files, headers=sent)


async def get(site: Site, key: str, token: str = "vic", origin: str = ORIGIN) -> Response:
    headers = {"Origin": origin, "X-Chatserver-Token": token}
    return await site.browser().get(f"/w/portal-key/files/{key}", headers=headers)


async def kept(site: Site) -> list[StoredFile]:
    return await site.world.all(select(StoredFile).where(col(StoredFile.removed_at).is_(None)))


async def test_a_client_sends_a_file_and_both_sides_get_it(site: Site) -> None:
    conversation = await site.world.talk("vic")
    id = fresh()
    answers = [await send(site, conversation, client_message_id=id, body="Aquí está") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    (file,) = await kept(site)
    message = await site.world.get(Message, file.message_id)
    assert answers[0].json() == {"conversation": conversation, "seq": message.seq, "client_message_id": id}
    assert (message.body, message.sender_name) == ("Aquí está", "Vic Visitor")
    theirs = await get(site, file.key)
    assert (theirs.status_code, theirs.content) == (200, PDF)
    assert (await (await site.staff("ana")).get(f"/files/{file.key}")).content == PDF
    for answer in (answers[0], theirs):
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "Origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers
    assert theirs.headers["content-disposition"].startswith("attachment")
    assert theirs.headers["content-security-policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://portal.example.com.evil.example"},
        {"Origin": "https://portal.example.com:444"},
        {"Origin": "http://portal.example.com"},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null"},
        {"Origin": ""},
        {"door": "/w/another-key/file"},
        {"door": "/w/%00/file"},
    ],
)
async def test_pages_that_are_not_on_the_list_are_refused_with_nothing_shared(
    quick: Site, headers: dict[str, str]
) -> None:
    conversation = await quick.world.talk("vic")
    answer = await send(quick, conversation, headers=headers)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    assert await kept(quick) == []


async def test_a_browser_may_ask_first_and_is_told_for_pages_on_the_list_only(quick: Site) -> None:
    for path in (DOOR, "/w/portal-key/files/" + "0" * 32):
        asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
        answer = await quick.browser().options(path, headers=asked)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, ORIGIN)
        assert answer.headers["access-control-allow-headers"] == visitor_files.TOKEN
        foreign = await quick.browser().options(path, headers=asked | {"Origin": "https://evil.example"})
        assert foreign.status_code == 403
        assert "access-control-allow-origin" not in foreign.headers


async def test_a_token_of_nobody_of_long_ago_or_of_another_portal_opens_nothing(quick: Site) -> None:
    conversation = await quick.world.talk("vic")
    await send(quick, conversation)
    (file,) = await kept(quick)
    for token in ("", "val", "v" * 4000):
        answer = await send(quick, conversation, headers={"X-Chatserver-Token": token})
        assert (answer.status_code, answer.json()["code"]) == (401, "token_unknown")
        assert (await get(quick, file.key, token or "none")).status_code == 401
    quick.clock.advance(hours=quick.context.settings.visitor_idle_hours + 1)
    assert (await send(quick, conversation)).status_code == 401
    assert (await get(quick, file.key)).status_code == 401
    assert len(await kept(quick)) == 1


async def test_another_clients_conversation_and_file_are_as_good_as_none(site: Site) -> None:
    mine = await site.world.talk("vic")
    await send(site, mine)
    (file,) = await kept(site)
    await site.world.start("val", **CONTACT | {"name": "Val", "email": "val@example.com"})
    for conversation in (mine, 9999, "", "x", "-1", "1" * 30):
        answer = await send(site, conversation, headers={"X-Chatserver-Token": "val"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await get(site, file.key, "val")).status_code == 404
    assert (await get(site, "0" * 32)).json() == (await get(site, file.key, "val")).json()
    assert len(await kept(site)) == 1


async def test_a_notes_file_is_not_for_its_client(quick: Site) -> None:
    conversation = await quick.world.talk("vic")
    await send(quick, conversation)
    (file,) = await kept(quick)
    assert (await get(quick, file.key)).status_code == 200
    async with quick.context.db.transaction() as transaction:
        await transaction.session.exec(update(Message).where(col(Message.id) == file.message_id).values(note=True))
    assert (await get(quick, file.key)).status_code == 404


@pytest.mark.parametrize(
    ("content", "fields", "code"),
    [
        (b"-----BEGIN PRIVATE KEY-----\nMII", {}, "file_key_material"),
        (b"MZ\x00\x00", {}, "file_kind"),
        (b"", {}, "file_empty"),
        (PDF + b"x" * MAX_BYTES, {}, "file_too_big"),
        (PDF, {"client_message_id": "short"}, "bad_frame"),
        (PDF, {"body": "x" * 4001}, "bad_frame"),
    ],
)
async def test_what_is_refused_is_said_to_the_page(
    quick: Site, content: bytes, fields: dict[str, Any], code: str
) -> None:
    answer = await send(quick, await quick.world.talk("vic"), content, **fields)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert await kept(quick) == []


async def test_a_chat_that_ended_takes_no_file(quick: Site) -> None:
    conversation = await quick.world.talk("vic")
    await quick.world.staff("ana", "dispose", conversation=conversation, disposition="resolved")
    answer = await send(quick, conversation)
    assert (answer.status_code, answer.json()["code"]) == (422, "ended")
    assert await kept(quick) == []


async def test_whoever_sends_one_after_the_other_waits(quick: Site) -> None:
    conversation = await quick.world.talk("vic")
    codes = [(await send(quick, conversation, b"")).status_code for _ in range(visitor_files.SENT.amount + 1)]
    assert codes == [422] * visitor_files.SENT.amount + [429]


async def test_an_erased_client_and_a_closed_portal_open_nothing(quick: Site) -> None:
    conversation = await quick.world.talk("vic")
    await send(quick, conversation)
    (file,) = await kept(quick)
    async with quick.context.db.transaction() as transaction:
        await transaction.session.exec(update(Visitor).values(erased_at=quick.clock.now()))
    assert (await get(quick, file.key)).status_code == 401
    async with quick.context.db.transaction() as transaction:
        await transaction.session.exec(update(Portal).values(disabled_at=quick.clock.now()))
    assert (await get(quick, file.key)).status_code == 403
