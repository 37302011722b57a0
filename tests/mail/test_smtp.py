"""Mail leaves once a server has taken it, and every other answer is told apart: later, or never."""

import asyncio
import ssl
from pathlib import Path

import pytest
import trustme

from chatserver.mail.compose import Letter, Outgoing, compose
from chatserver.mail.smtp import RefusedForGood, Sent, TryAgain, judge, open_batch, wait_after
from chatserver.mail_settings import MailSettings
from tests.mail.account import NOW, account
from tests.mail.sink import Sink, open_sink

pytestmark = pytest.mark.asyncio
TOKEN = "a" * 40


def letter(number: int = 1, to: str = "vic@client.example") -> Letter:
    mail = Outgoing(to, "Hola", "Buenos días.", f"<{number}.{TOKEN}@desk.example>", NOW, True, TOKEN)
    return compose(mail, account())


def authority(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate of localhost, and the file of who signed it."""
    signer, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    signer.issue_cert("localhost").configure_cert(context)
    signer.cert_pem.write_to_path(file := folder / "ca.pem")
    return context, file


def plain(sink: Sink, **changes: object) -> MailSettings:
    return account(smtp_port=sink.port, smtp_security="none", **changes)


async def test_a_batch_shares_one_connection() -> None:
    async with open_sink() as sink, open_batch(plain(sink)) as batch:
        assert [await batch.send(letter(n)) for n in range(3)] == [Sent()] * 3
        assert [mail["Message-ID"] for mail in sink.mails] == [f"<{n}.{TOKEN}@desk.example>" for n in range(3)]
        assert sink.connections == 1
        assert sink.envelopes[0].mail_from == f"ayuda+{TOKEN}@desk.example"
        assert sink.envelopes[0].rcpt_tos == ["vic@client.example"]


async def test_greylisted_is_tried_again_and_then_taken() -> None:
    async with open_sink() as sink, open_batch(plain(sink)) as batch:
        sink.recipient_answers = ["451 4.7.1 Greylisted, come back"]
        assert await batch.send(letter()) == TryAgain("4.7.1 Greylisted, come back", 451)
        assert await batch.send(letter()) == Sent()
        assert len(sink.mails) == sink.connections == 1


@pytest.mark.parametrize("where", ["sender_answers", "recipient_answers", "data_answers"])
async def test_one_refused_for_good_does_not_hold_up_the_next(where: str) -> None:
    async with open_sink() as sink, open_batch(plain(sink)) as batch:
        getattr(sink, where).append("550 5.1.1 No such user")
        assert await batch.send(letter(1)) == RefusedForGood("5.1.1 No such user", 550)
        assert await batch.send(letter(2)) == Sent()


async def test_a_server_that_falls_silent_is_left_and_the_next_mail_gets_a_new_connection() -> None:
    async with open_sink() as sink, open_batch(plain(sink, timeout=0.3)) as batch:
        sink.hangs = "DATA"
        assert isinstance(await batch.send(letter(1)), TryAgain)
        sink.hangs = ""
        assert await batch.send(letter(2)) == Sent()
        assert [mail["Message-ID"] for mail in sink.mails] == [f"<2.{TOKEN}@desk.example>"]


async def test_a_server_just_quick_enough_each_time_is_too_slow_in_all() -> None:
    async with open_sink() as sink, open_batch(plain(sink, timeout=1)) as batch:
        sink.slow = 0.8
        assert isinstance(await batch.send(letter(1)), TryAgain)
        sink.slow = 0
        assert await batch.send(letter(2)) == Sent()
        assert sink.connections == 2
        assert [mail["Message-ID"] for mail in sink.mails] == [f"<2.{TOKEN}@desk.example>"]


async def test_a_lost_connection_is_tried_again() -> None:
    async with open_sink() as sink, open_batch(plain(sink)) as batch:
        sink.drops = True
        assert isinstance(await batch.send(letter()), TryAgain)


async def test_a_server_that_never_greets_is_asked_once_a_batch() -> None:
    knocks, left = [], asyncio.Event()

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        knocks.append(1)
        await reader.read()
        writer.close()
        await writer.wait_closed()
        left.set()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    async with server:
        silent = account(smtp_port=server.sockets[0].getsockname()[1], smtp_security="none", timeout=0.2)
        async with open_batch(silent) as batch:
            assert [type(await batch.send(letter(n))) for n in range(3)] == [TryAgain] * 3
        await left.wait()
    assert len(knocks) == 1


async def test_nobody_listens() -> None:
    async with open_sink() as sink:
        gone = plain(sink)
    async with open_batch(gone) as batch:
        assert isinstance(await batch.send(letter()), TryAgain)


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_tls_of_a_known_authority_is_used_and_of_an_unknown_one_refused(tmp_path: Path, security: str) -> None:
    context, file = authority(tmp_path)
    async with open_sink(tls=context, starttls=security == "starttls") as sink:
        fields = {"smtp_host": "localhost", "smtp_port": sink.port, "smtp_security": security, "timeout": 5}
        async with open_batch(account(**fields, ca_file=file)) as batch:
            assert await batch.send(letter()) == Sent()
        async with open_batch(account(**fields)) as batch:
            assert await batch.send(letter()) == TryAgain("certificate")
        async with open_batch(account(**{**fields, "smtp_host": "127.0.0.1"}, ca_file=file)) as batch:
            assert await batch.send(letter()) == TryAgain("certificate")


async def test_a_server_without_the_promised_tls_gets_nothing() -> None:
    async with open_sink() as sink, open_batch(account(smtp_port=sink.port)) as batch:
        assert isinstance(await batch.send(letter()), TryAgain)
        assert sink.mails == []


async def test_a_wrong_password_is_no_mails_fault(tmp_path: Path) -> None:
    context, file = authority(tmp_path)
    async with open_sink(tls=context, auth=True) as sink:
        fields = {"smtp_host": "localhost", "smtp_port": sink.port, "ca_file": file, "smtp_user": "ayuda"}
        async with open_batch(account(**fields, smtp_password="wrong")) as batch:
            answer = await batch.send(letter())
            assert isinstance(answer, TryAgain)
            assert answer.code == 535
        async with open_batch(account(**fields, smtp_password="right")) as batch:
            assert await batch.send(letter()) == Sent()


async def test_an_international_address_goes_where_it_is_understood() -> None:
    async with open_sink() as sink, open_batch(plain(sink)) as batch:
        assert await batch.send(letter(to="peña@correo.example")) == Sent()
        assert sink.envelopes[0].rcpt_tos == ["peña@correo.example"]


async def test_answers_and_waits() -> None:
    assert isinstance(judge(421, "busy"), TryAgain)
    assert isinstance(judge(530, "log in first"), TryAgain)
    assert isinstance(judge(552, "too big"), RefusedForGood)
    waits = [wait_after(n).total_seconds() for n in range(8)]
    assert waits == sorted(waits)
    assert (waits[1], waits[-1]) == (60, 4 * 3600)
