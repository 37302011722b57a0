"""Files through the doors of staff: what may come in, in which form, who gets it out again, and what is left of it."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from PIL import Image
from sqlmodel import col, select, update

from chatserver.actions.erase import ERASED, erase_visitor
from chatserver.http import middleware
from chatserver.jobs.files import clear_files
from chatserver.models import Message, Portal, StoredFile
from chatserver.queries.snapshots import get_snapshot
from chatserver.queries.topics import get_heads, get_tail
from chatserver.types import SYSTEM, ConversationId, staff_topic
from tests.http.conftest import Browser, Site
from tests.http.filed import MAX_BYTES, OURS, PDF, few_and_small
from tests.http.test_tickets import escalated
from tests.verify import Applier
from tests.world import fresh

pytestmark = pytest.mark.asyncio


@pytest.fixture
def changes(tmp_path: Path) -> dict[str, Any]:
    return few_and_small(tmp_path)


async def send(
    browser: Browser, folio: str, content: bytes = PDF, name: str = "factura.pdf", **fields: str
) -> Response:
    data = {"client_message_id": fresh()} | fields
    return await browser.post(f"/tickets/{folio}/file", data=data, files={"file": (name, content)}, headers=OURS)


async def kept(site: Site) -> list[StoredFile]:
    return await site.world.all(select(StoredFile).order_by(col(StoredFile.id)))


def on_disk(site: Site) -> list[Path]:
    return [path for path in site.context.settings.files.folder.rglob("*") if path.is_file()]


async def test_a_file_joins_the_thread_and_comes_out_as_it_went_in(site: Site) -> None:
    ticket, ana = await escalated(site), await site.staff("ana")
    answer = await send(ana, ticket.folio, name="../../Factura «marzo».pdf", body="Aquí está")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/tickets/{ticket.folio}#newest")
    (file,) = await kept(site)
    message = await site.world.get(Message, file.message_id)
    assert (message.body, message.note, message.sender_name) == ("Aquí está", False, "Ana")
    page = (await ana.get(f"/tickets/{ticket.folio}")).text
    assert f'href="/files/{file.key}"' in page
    assert "Factura «marzo».pdf" in page
    answer = await (await site.staff("ben")).get(f"/files/{file.key}")
    assert answer.content == PDF
    for name, value in {
        "content-disposition": "attachment; filename*=UTF-8''Factura%20%C2%ABmarzo%C2%BB.pdf",
        "content-type": "application/octet-stream",
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "cross-origin-resource-policy": "same-origin",
    }.items():
        assert answer.headers[name] == value


async def test_without_words_its_name_is_the_message_and_a_picture_says_what_it_is(quick: Site) -> None:
    ticket, ana = await escalated(quick), await quick.staff("ana")
    made = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(made, "PNG")
    await send(ana, ticket.folio, made.getvalue() + b"<script>", name="pantalla.png", body=" ")
    (file,) = await kept(quick)
    assert (await quick.world.get(Message, file.message_id)).body == "pantalla.png"
    answer = await ana.get(f"/files/{file.key}")
    assert (answer.headers["content-type"], b"script" in answer.content) == ("image/png", False)


async def test_a_file_inside_is_a_note(site: Site) -> None:
    ticket, ana = await escalated(site), await site.staff("ana")
    await send(ana, ticket.folio, inside="yes", body="Solo nosotros")
    (file,) = await kept(site)
    assert (await site.world.get(Message, file.message_id)).note is True


async def test_who_follows_the_thread_hears_of_a_file_as_it_comes(site: Site, faces: Applier) -> None:
    ticket, ana = await escalated(site), await site.staff("ana")
    topic = staff_topic(ConversationId(ticket.conversation_id))
    async with site.context.db.read() as session:
        (before,) = (await get_heads(session, [topic])).values()
        old = (await get_snapshot(session, topic, site.clock.now())).model_dump(mode="json")
    for inside in ("", "yes"):
        await send(ana, ticket.folio, inside=inside)
    async with site.context.db.read() as session:
        (head,) = (await get_heads(session, [topic])).values()
        new = (await get_snapshot(session, topic, site.clock.now())).model_dump(mode="json")
        tail = await get_tail(session, topic, before, head)
    assert tail is not None
    events = [json.loads(text) for text in tail]
    assert [event["file"]["note"] for event in events if event["type"] == "file_attached"] == [False, True]
    assert [file["key"] for file in new["files"]] == [file.key for file in await kept(site)]
    assert faces.apply(old, events) == new


async def test_a_script_is_told_in_json(quick: Site) -> None:
    ticket, ana = await escalated(quick), await quick.staff("ana")
    ana.headers["Accept"] = "application/json"
    answer = await send(ana, ticket.folio)
    assert (answer.status_code, answer.json()) == (200, {"type": "done"})
    answer = await send(ana, ticket.folio, b"")
    assert (answer.status_code, answer.json()) == (422, {"type": "refused", "code": "file_empty"})


async def test_sent_twice_it_is_there_once(site: Site) -> None:
    ticket, ana, id = await escalated(site), await site.staff("ana"), fresh()
    answers = await asyncio.gather(*(send(ana, ticket.folio, client_message_id=id) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    there = [file for file in await kept(site) if file.removed_at is None]
    assert len(there) == 1
    assert len(await site.world.all(select(Message).where(Message.client_message_id == id))) == 1
    await clear_files(site.context, site.app.state.service.store)
    assert len(on_disk(site)) == 1


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "dibujo.png", "Ese tipo de archivo"),
        (b"<!doctype html><script>alert(1)</script>", "factura.pdf", "Ese tipo de archivo"),
        (b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFDjBA\n", "clave.txt", "Nunca envíe llaves"),
        (PDF, "sello.key", "Nunca envíe llaves"),
        (b"", "vacio.pdf", "no esté vacío"),
        (PDF + b"x" * MAX_BYTES, "grande.pdf", "demasiado grande"),
    ],
)
async def test_what_is_refused_leaves_nothing_and_keeps_the_words(
    quick: Site, content: bytes, name: str, why: str
) -> None:
    ticket, ana = await escalated(quick), await quick.staff("ana")
    answer = await send(ana, ticket.folio, content, name, body="Mis palabras")
    assert answer.status_code == 422
    assert why in answer.text
    assert "Mis palabras" in answer.text
    assert await kept(quick) == []
    assert on_disk(quick) == []


async def test_words_that_are_refused_take_their_file_along(site: Site) -> None:
    ticket, ana = await escalated(site), await site.staff("ana")
    assert (await send(ana, ticket.folio, body="x" * 4001)).status_code == 422
    assert (await send(ana, ticket.folio, client_message_id="short")).status_code == 422
    assert (await send(ana, ticket.folio, client_message_id=(id := fresh()), body="Una")).status_code == 303
    assert (await send(ana, ticket.folio, client_message_id=id, body="Otra")).status_code == 422
    await clear_files(site.context, site.app.state.service.store)
    assert len(await kept(site)) == len(on_disk(site)) == 1


async def test_there_is_room_for_so_much_and_no_more(site: Site) -> None:
    ticket, ana = await escalated(site), await site.staff("ana")
    for number in range(4):
        assert (await send(ana, ticket.folio, body=f"{number}")).status_code == 303
    answer = await send(ana, ticket.folio)
    assert answer.status_code == 422
    assert "Ya no caben" in answer.text


async def test_a_client_has_so_much_room_over_all_their_conversations(site: Site) -> None:
    ticket, ana = await escalated(site), await site.staff("ana")
    for _ in range(2):
        assert (await send(ana, ticket.folio, PDF + b"x" * 60_000)).status_code == 303
    again = await escalated(site)
    assert again.visitor_id == ticket.visitor_id
    assert (await send(ana, again.folio, PDF + b"x" * 60_000)).status_code == 422
    assert (await send(ana, again.folio)).status_code == 303


async def test_two_at_once_do_not_share_the_last_place(site: Site) -> None:
    ticket, ana = await escalated(site), await site.staff("ana")
    for _ in range(3):
        await send(ana, ticket.folio)
    answers = await asyncio.gather(*(send(ana, ticket.folio) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422]


async def test_another_teams_file_is_as_good_as_none(site: Site) -> None:
    ticket = await escalated(site)
    await send(await site.staff("ana"), ticket.folio)
    (file,) = await kept(site)
    async with site.context.db.transaction() as transaction:
        await transaction.session.exec(update(Portal).values(team="help-desk"))
    olly = await site.staff("olly")
    answers = [await olly.get(f"/files/{key}") for key in (file.key, "0" * 32, "..%2f..%2fetc", "%00", file.key + "0")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers[:2]}) == 1
    assert (await send(olly, ticket.folio)).status_code == 404
    assert (await site.browser().get(f"/files/{file.key}")).status_code == 303


async def test_what_is_not_whole_or_belongs_to_nothing_opens_for_nobody(site: Site) -> None:
    ticket, ana = await escalated(site), await site.staff("ana")
    await send(ana, ticket.folio)
    (file,) = await kept(site)
    for broken in ({"message_id": None}, {"stored_at": None}, {"removed_at": site.clock.now()}):
        whole = {"message_id": file.message_id, "stored_at": file.stored_at, "removed_at": None}
        async with site.context.db.transaction() as transaction:
            await transaction.session.exec(update(StoredFile).values(**whole | broken))
        assert (await ana.get(f"/files/{file.key}")).status_code == 404


async def test_bytes_that_are_missing_are_said_to_be_not_there(quick: Site) -> None:
    ticket, ana = await escalated(quick), await quick.staff("ana")
    await send(ana, ticket.folio)
    (path,) = on_disk(quick)
    path.unlink()
    (file,) = await kept(quick)
    assert (await ana.get(f"/files/{file.key}")).status_code == 404


async def test_orphans_go_after_a_day_and_what_belongs_stays(site: Site) -> None:
    ticket, ana, store = await escalated(site), await site.staff("ana"), site.app.state.service.store
    await send(ana, ticket.folio, body="1")
    await send(ana, ticket.folio, body="2")
    orphan, kept_one = await kept(site)
    async with site.context.db.transaction() as transaction:
        await transaction.session.exec(
            update(StoredFile).where(col(StoredFile.id) == orphan.id).values(message_id=None)
        )
    site.clock.advance(hours=23)
    assert await clear_files(site.context, store) == 0
    site.clock.advance(hours=2)
    assert await clear_files(site.context, store) == 1
    assert [file.key for file in await kept(site)] == [kept_one.key]
    assert [path.name for path in on_disk(site)] == [kept_one.key]


async def test_bytes_that_cannot_be_removed_keep_their_row_for_the_next_round(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, ana, store = await escalated(site), await site.staff("ana"), site.app.state.service.store
    await send(ana, ticket.folio, body="1")
    async with site.context.db.transaction() as transaction:
        await transaction.session.exec(update(StoredFile).values(removed_at=site.clock.now()))

    async def fail(_key: str) -> None:
        raise OSError("read-only")

    with monkeypatch.context() as broken:
        broken.setattr(store, "remove", fail)
        assert await clear_files(site.context, store) == 0
    assert len(await kept(site)) == 1
    assert await clear_files(site.context, store) == 1
    assert await kept(site) == []
    assert on_disk(site) == []


async def test_erasing_a_client_takes_their_files(site: Site) -> None:
    ticket, ana = await escalated(site), await site.staff("ana")
    await send(ana, ticket.folio, name="María Luz.pdf", body="Aquí")
    (file,) = await kept(site)
    await site.context.attempt(lambda unit: erase_visitor(unit, SYSTEM, ticket.visitor_id))
    (gone,) = await kept(site)
    assert (gone.name, gone.digest) == (ERASED, "")
    assert (await ana.get(f"/files/{file.key}")).status_code == 404
    assert "/files/" not in (await ana.get(f"/tickets/{ticket.folio}")).text
    await clear_files(site.context, site.app.state.service.store)
    assert on_disk(site) == []


MULTIPART = "multipart/form-data; boundary=x"
BEGUN = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
BROKEN = [
    ("multipart/form-data", b""),
    ("multipart/form-data; boundary=" + "x" * 300, b""),
    (MULTIPART, b""),
    (MULTIPART, BEGUN),
    (MULTIPART, BEGUN + b"\r\n%PDF-1.7"),
    (MULTIPART, b"--y\r\n\r\n--y--"),
    (MULTIPART, b"--x\r\n" + b"A: b\r\n" * 200 + b"\r\n--x--"),
    (MULTIPART, b"--x\r\nA: " + b"b" * 20_000 + b"\r\n\r\n--x--"),
    ("application/x-www-form-urlencoded", b"file=x&body=Hola"),
    ("application/json", b"{}"),
]


@pytest.mark.parametrize(("kind", "body"), BROKEN)
async def test_a_form_that_cannot_be_read_stores_nothing(quick: Site, kind: str, body: bytes) -> None:
    ticket, ana = await escalated(quick), await quick.staff("ana")
    answer = await ana.post(f"/tickets/{ticket.folio}/file", content=body, headers=OURS | {"Content-Type": kind})
    assert answer.status_code == 422
    assert await kept(quick) == []
    assert on_disk(quick) == []


async def test_a_form_of_many_or_long_fields_is_cut_off(quick: Site) -> None:
    ticket, ana = await escalated(quick), await quick.staff("ana")
    many, long = {f"f{number}": "x" for number in range(50)}, {"body": "x" * 40_000}
    forms: tuple[dict[str, Any], ...] = (many, long)
    for fields in forms:
        answer = await send(ana, ticket.folio, **fields)
        assert answer.status_code == 413
    assert await kept(quick) == []


async def pouring(pieces: int) -> AsyncIterator[bytes]:
    yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    for _ in range(pieces):
        yield b"x" * 64 * 1024


async def test_what_has_no_end_is_cut_off(quick: Site) -> None:
    ticket, ana = await escalated(quick), await quick.staff("ana")
    headers = OURS | {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await ana.post(f"/tickets/{ticket.folio}/file", content=pouring(100), headers=headers)
    assert answer.status_code == 413
    assert await kept(quick) == []


async def test_nobody_without_a_ticket_may_send_more_than_a_form(quick: Site) -> None:
    headers = OURS | {"Content-Type": "multipart/form-data; boundary=x"}
    ana = await quick.staff("ana")
    for browser, path, status in (
        (ana, "/tickets/PG-2026-999999/file", 404),
        (ana, "/tickets/PG-2026-999999/answer", 413),
        (quick.browser(), "/tickets/PG-2026-000001/file", 303),
    ):
        assert (await browser.post(path, content=pouring(3), headers=headers)).status_code == status


async def test_a_trickling_file_is_given_up(quick: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, ana = await escalated(quick), await quick.staff("ana")
    monkeypatch.setattr(middleware, "UPLOAD_WITHIN", middleware.BODY_WITHIN - 100)

    async def trickle() -> AsyncIterator[bytes]:
        async for piece in pouring(1):
            yield piece
        await asyncio.sleep(30)

    headers = OURS | {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await ana.post(f"/tickets/{ticket.folio}/file", content=trickle(), headers=headers)
    assert answer.status_code == 408
    assert await kept(quick) == []


async def test_a_file_is_never_whole_in_memory(quick: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the store is handed comes in pieces, whatever the file's size."""
    ticket, ana, store = await escalated(quick), await quick.staff("ana"), quick.app.state.service.store
    sizes: list[int] = []
    put = store.put

    async def watch(key: str, chunks: AsyncIterator[bytes]) -> None:
        async def seen() -> AsyncIterator[bytes]:
            async for chunk in chunks:
                sizes.append(len(chunk))
                yield chunk

        await put(key, seen())

    monkeypatch.setattr(store, "put", watch)
    big = quick.context.settings.files.model_copy(
        update={"max_bytes": 1_000_000, "visitor_bytes": 10_000_000, "conversation_bytes": 10_000_000}
    )
    monkeypatch.setitem(quick.context.settings.__dict__, "files", big)
    assert (await send(ana, ticket.folio, PDF + b"x" * 600_000)).status_code == 303
    assert max(sizes) <= 64 * 1024 < sum(sizes)
