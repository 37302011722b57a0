"""What leaves is one mail to one person, whatever words it was made of."""

import re
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.errors import Refused
from chatserver.mail.compose import Outgoing, compose
from chatserver.mail.lines import header_line
from chatserver.tokens import make_message_id
from tests.mail.account import NOW, account

TOKEN = "abcdefgh" * 5
HEADERS = sorted([
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Content-Language", "In-Reply-To", "References",
    "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
])  # fmt: skip


def composed(**changes: Any) -> EmailMessage:
    fields: dict[str, Any] = {
        "to": "vic@client.example", "subject": "PG-2026-000123", "text": "Hola", "html": "<p>Hola</p>", "at": NOW,
        "message_id": make_message_id("n:1", TOKEN, "desk.example"), "automatic": True, "reply_token": TOKEN,
        "in_reply_to": "<b@client.example>", "references": ("<a@client.example>",),
    }  # fmt: skip
    letter = compose(Outgoing(**{**fields, **changes}), account())
    return BytesParser(policy=default).parsebytes(letter.content)


def test_headers_of_an_automatic_mail() -> None:
    mail = composed()
    assert sorted(mail.keys()) == HEADERS
    assert mail["Message-ID"] == f"<n-1.{TOKEN}@desk.example>"
    assert mail["Reply-To"] == f"Mesa de ayuda <ayuda+{TOKEN}@desk.example>"
    assert mail["References"] == "<a@client.example> <b@client.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"


def test_what_a_person_wrote_is_not_called_automatic() -> None:
    assert "Auto-Submitted" not in composed(automatic=False)


ATTACKS = [
    "Hola\r\nBcc: all@client.example",
    "Hola\n\n<script>",
    "=?utf-8?q?Hola=0D=0ABcc:_all@client.example?=",
    "=?utf-8?b?SG9sYQ0KQmNjOiBhbGxAY2xpZW50LmV4YW1wbGU=?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3F=0D=0ABcc:_x=3F=3D?=",
    "Hola\u2028Bcc: x\x0bBcc: y\x85Bcc: z\0",
    "=?nonsense?q?=0D=0ABcc:x?=",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("field", ["subject", "to_name", "locale"])
def test_no_word_becomes_a_header(attack: str, field: str) -> None:
    mail = composed(**{field: attack})
    assert sorted(mail.keys()) == HEADERS
    assert len(mail["To"].addresses) == 1
    assert "\n" not in str(mail["Subject"])


def test_an_encoded_subject_is_sent_as_words() -> None:
    assert composed(subject="=?utf-8?q?Factura_cr=C3=ADtica?=")["Subject"] == "Factura crítica"


@given(subject=st.text(max_size=300), name=st.text(max_size=100), text=st.text(max_size=300))
def test_any_words_make_one_mail(subject: str, name: str, text: str) -> None:
    mail = composed(subject=subject, to_name=name, text=text)
    assert sorted(mail.keys()) == HEADERS
    assert [address.addr_spec for address in mail["To"].addresses] == ["vic@client.example"]


@pytest.mark.parametrize("id", ["<a@b>\r\nBcc: x", "a@b", "<a b@c>", "", "<ñ@b>"])
def test_a_foreign_id_that_is_none_is_left_out_and_our_own_refused(id: str) -> None:
    assert sorted(composed(in_reply_to=id, references=(id,)).keys()) == [
        name for name in HEADERS if name not in ("In-Reply-To", "References")
    ]
    with pytest.raises(Refused):
        composed(message_id=id)


@pytest.mark.parametrize(
    "to", ["a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "nobody", "<a@b.example>"]
)
def test_what_is_not_one_address_is_refused(to: str) -> None:
    with pytest.raises(Refused):
        composed(to=to)


def test_a_domain_in_other_letters_is_written_in_ascii() -> None:
    assert composed(to="vic@peña.example")["To"].addresses[0].domain == "xn--pea-8ma.example"


def test_a_long_thread_keeps_its_first_and_last() -> None:
    ids = tuple(f"<{n}@client.example>" for n in range(50))
    kept = composed(references=ids)["References"].split()
    assert (kept[0], kept[-1], len(kept)) == (ids[0], "<b@client.example>", 20)


def test_spanish_is_read_as_it_was_written() -> None:
    mail = composed(subject="Severidad crítica, señor Peña — ¿todo bien?" * 3, text="Timbró 3 CFDI: ñandú €")
    assert mail["Subject"] == header_line("Severidad crítica, señor Peña — ¿todo bien?" * 3)
    assert mail.get_body(("plain",)).get_content().strip() == "Timbró 3 CFDI: ñandú €"  # type: ignore[union-attr]


def test_long_ids_stand_on_the_line_as_they_are() -> None:
    """The library would make encoded words of them, and every mail would begin a thread of its own."""
    ids = [make_message_id(f"passed_to_l2-{n:016x}", TOKEN, "a-long-name.of-a-desk.example") for n in range(3)]
    mail = Outgoing(
        "ñandú@client.example", "Hola", "Hola", ids[2], NOW, True, TOKEN, in_reply_to=ids[1], references=tuple(ids[:2])
    )
    for letter in (compose(mail, account()), compose(replace(mail, to="vic@client.example"), account())):
        assert f"\r\nIn-Reply-To: {ids[1]}\r\n".encode() in letter.content
        assert f"\r\nReferences: {ids[0]}\r\n {ids[1]}\r\n".encode() in letter.content
        assert re.search(rb"\r\nMessage-ID:\s+%s\r\n" % re.escape(ids[2].encode()), letter.content)
