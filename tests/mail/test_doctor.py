"""Doctor says whether both servers know us, before a client finds out."""

import pytest

from chatserver.cli.mail_checks import check_mail
from chatserver.settings import Settings
from tests.mail.account import account
from tests.mail.dovecot import dovecot
from tests.mail.sink import open_sink

pytestmark = pytest.mark.asyncio


async def test_an_account_that_works_and_one_that_does_not() -> None:
    with dovecot() as box:
        async with open_sink() as sink:
            out = {"smtp_host": "127.0.0.1", "smtp_port": sink.port, "smtp_security": "none"}
            found = await check_mail(Settings(mail=box.settings(**out)))
            assert [(finding.state, finding.text) for finding in found] == [
                ("ok", "mail: the SMTP server takes us in"),
                ("ok", "mail: the mailbox can be read"),
            ]
        found = await check_mail(Settings(mail=box.settings(imap_password="wrong", **out)))
        assert [finding.state for finding in found] == ["bad", "bad"]
        assert "wrong" not in str(found)


async def test_without_an_account_mail_is_off() -> None:
    (found,) = await check_mail(Settings())
    assert found.text == "mail: off, no account is set"


async def test_a_folder_that_is_not_there_is_named() -> None:
    with dovecot() as box:
        (found,) = await check_mail(Settings(mail=box.settings(imap_folder="Nowhere")))
        assert "Nowhere" in found.text


async def test_who_takes_no_account_is_said_to() -> None:
    async with open_sink(auth=True) as sink:
        settings = account(
            smtp_port=sink.port, smtp_security="none", smtp_user="ayuda", smtp_password="wrong", timeout=5
        )
        (found,) = await check_mail(Settings(mail=settings))
        assert found.state == "bad"
