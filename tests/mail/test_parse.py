"""A mail is told apart whatever it is: who wrote, what is new, to what it answers; and none of them breaks anything."""

import base64
import time
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.mail.bodies import text_of_page
from chatserver.mail.parse import parse_mail
from chatserver.process.incoming import IncomingMail, MailKind, fresh_part, says_only_thanks
from tests.mail.account import ADDRESS
from tests.mail.corpus import AUTOMATIC, REPLIES, bounce, mail

TOKEN = "abcdefghijklmnopqrstuvwxyz234567abcdefgh"


def read(raw: bytes) -> IncomingMail:
    return parse_mail(raw, ADDRESS)


@pytest.mark.parametrize("name", REPLIES)
def test_what_is_new_in_an_answer_is_found(name: str) -> None:
    text, fresh = REPLIES[name]
    assert fresh_part(text) == fresh
    assert read(mail(text)).fresh == fresh.strip()


def test_a_plain_mail_is_read() -> None:
    found = read(mail("Línea uno\nLínea dos", subject="¿Timbrado?"))
    assert (found.kind, found.sender, found.name) == (MailKind.PERSON, "vic@client.example", "Vic Visitor")
    assert (found.subject, found.text, found.message_id) == ("¿Timbrado?", "Línea uno\nLínea dos", "<1@client.example>")
    assert (found.tokens, found.attachments) == ((), ())


@pytest.mark.parametrize("name", AUTOMATIC)
def test_machines_are_known_by_what_they_say_of_themselves(name: str) -> None:
    assert read(mail(**AUTOMATIC[name])).kind is MailKind.AUTO_REPLY


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "no"}, {"Precedence": "normal"}, {"Return_Path": "<v@x.mx>"}])
def test_people_are_not_taken_for_machines(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).kind is MailKind.PERSON


@pytest.mark.parametrize("sender", [ADDRESS, f"Mesa <{ADDRESS.upper()}>", f"ayuda+{TOKEN}@desk.example"])
def test_our_own_mail_is_known(sender: str) -> None:
    assert read(mail(From=sender)).kind is MailKind.OWN


def test_a_bounce_names_the_mail_and_says_why() -> None:
    found = read(bounce("<opened-1.x@desk.example>"))
    assert (found.kind, found.returned) == (MailKind.BOUNCE, ("<opened-1.x@desk.example>",))
    assert "No such user" in found.problem
    assert read(bounce("<opened-1.x@desk.example>", action="delayed")).returned == ()


@pytest.mark.parametrize(
    "headers",
    [
        {"to": f"Mesa <ayuda+{TOKEN}@desk.example>"},
        {"to": f"otra@client.example, AYUDA+{TOKEN.upper()}@DESK.EXAMPLE"},
        {"Cc": f"ayuda+{TOKEN}@desk.example"},
        {"Delivered_To": f"ayuda+{TOKEN}@desk.example"},
        {"In_Reply_To": f"<opened-1.{TOKEN}@desk.example>"},
        {"In_Reply_To": f"<passed-to-l2-0123456789abcdef.{TOKEN}@desk.example>"},  # written as an encoded word
        {"References": f"<1@x.example> <opened-1.{TOKEN}@desk.example>"},
    ],
)
def test_a_token_is_found_wherever_a_program_leaves_it(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).tokens == (TOKEN,)


@pytest.mark.parametrize(
    "headers",
    [
        {"to": f"ayuda+{TOKEN}@other.example"},
        {"to": f"otra+{TOKEN}@desk.example"},
        {"In_Reply_To": f"<opened-1.{TOKEN}@other.example>"},
        {"to": "ayuda+short@desk.example"},
        {"subject": f"PG-2026-000123 {TOKEN}"},
    ],
)
def test_what_is_no_token_of_ours_is_none(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).tokens == ()


def test_a_subject_cannot_smuggle_a_line() -> None:
    smuggled = base64.b64encode("Hola\r\nBcc: todos@client.example\u202e".encode()).decode()
    raw = mail().replace(b"Subject: Timbrado", f"Subject: =?utf-8?b?{smuggled}?=".encode())
    assert read(raw).subject == "Hola Bcc: todos@client.example"


@pytest.mark.parametrize("sender", ["", "nobody", "a@b.mx, c@d.mx", "<script>@x", "Vic <vic@client.example>, "])
def test_who_has_no_one_address_is_nobody(sender: str) -> None:
    assert read(mail().replace(b"From: Vic Visitor <vic@client.example>", f"From: {sender}".encode())).sender == ""


PAGE = """<html><head><title>x</title><style>p{color:red}</style></head><body><p>Hola&nbsp;a todos &lt;b&gt;</p>
<script>alert(1)</script><div>No <b>timbra</b></div><div><img src="http://malo.example/x.png">Uno<br>Dos</div>
<ul><li>tres</li><li>cuatro</li></ul><blockquote><p>lo de antes</p></blockquote></body></html>"""


def test_words_of_a_page_are_words_and_nothing_of_it_runs() -> None:
    text = text_of_page(PAGE)
    lines = [line for line in text.split("\n") if line.strip(" >")]
    assert lines == ["Hola a todos <b>", "No timbra", "Uno", "Dos", "tres", "cuatro", "> lo de antes"]


def test_a_page_without_text_beside_it_is_read_and_folded() -> None:
    message = EmailMessage(SMTP)
    message["From"] = "vic@client.example"
    message.set_content(
        "<div>Sí, es el 6F1A.</div><div>El mar, 17 nov 2026, Mesa escribió:<br></div>"
        "<blockquote>¿Nos puede decir el folio?</blockquote>",
        subtype="html",
    )
    assert read(message.as_bytes()).fresh == "Sí, es el 6F1A."


def test_attachments_are_told_apart_from_words_and_small_icons() -> None:
    message = EmailMessage(SMTP)
    message["From"] = "vic@client.example"
    message.set_content("Adjunto.")
    message.add_attachment(b"%PDF-1.7 x", maintype="application", subtype="pdf", filename="Póliza.pdf")
    message.add_attachment(b"<xml/>", maintype="application", subtype="xml", filename="../../factura.xml")
    message.add_attachment("nota", filename="nota.txt")
    message.add_attachment(b"\x89PNG" + b"0" * 9000, maintype="image", subtype="png", cid="<a@x>", disposition="inline")
    message.add_attachment(b"\x89PNG" + b"0" * 90, maintype="image", subtype="png", cid="<b@x>", disposition="inline")
    found = read(message.as_bytes())
    assert found.text == "Adjunto."
    assert [file.name for file in found.attachments] == [
        "Póliza.pdf", "../../factura.xml", "nota.txt", "archivo.png",
    ]  # fmt: skip


def test_a_mail_in_a_mail_is_a_file_of_it() -> None:
    message = EmailMessage(SMTP)
    message["From"] = "vic@client.example"
    message.set_content("Le reenvío esto.")
    inside = EmailMessage(SMTP)
    inside["Subject"] = "De adentro"
    inside.set_content("Texto de adentro")
    message.add_attachment(inside)
    found = read(message.as_bytes())
    assert found.text == "Le reenvío esto."
    assert b"Texto de adentro" in found.attachments[0].content


def test_more_files_than_are_taken_are_counted() -> None:
    message = EmailMessage(SMTP)
    message["From"] = "vic@client.example"
    message.set_content("Muchos.")
    for n in range(25):
        message.add_attachment(b"x", maintype="application", subtype="pdf", filename=f"{n}.pdf")
    found = read(message.as_bytes())
    assert (len(found.attachments), found.left_out) == (20, 5)


@pytest.mark.parametrize(
    ("charset", "words"), [("iso-8859-1", "Está aquí"), ("windows-1252", "“Sí”"), ("utf-8", "ñandú"), ("utf-16", "ñ")]
)
def test_charsets_are_read(charset: str, words: str) -> None:
    raw = f"From: a@b.mx\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert read(raw.encode() + base64.b64encode(words.encode(charset))).text == words


def test_a_charset_that_lies_or_that_nobody_knows_is_read_somehow() -> None:
    for charset in ("utf-8", "x-nobody", "us-ascii", "\0", "idna", "rot13", "hex"):
        raw = f"From: a@b.mx\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()
        assert "aqu" in read(raw + "está aquí".encode("windows-1252")).text


@pytest.mark.parametrize("text", ["Gracias", "¡Muchas gracias!", "  OK, gracias. 👍", "GRACIAS\n", "Thank you!"])
def test_only_thanks_is_known(text: str) -> None:
    assert says_only_thanks(text, ("gracias", "muchas gracias", "ok gracias", "thank you"))


@pytest.mark.parametrize("text", ["", "Gracias, pero sigue igual", "No gracias", "👍"])
def test_anything_more_is_more_than_thanks(text: str) -> None:
    assert not says_only_thanks(text, ("gracias", "muchas gracias", "ok gracias"))


PIECES = st.sampled_from(
    [
        b"From: ", b"To: ", b"Subject: ", b"Content-Type: multipart/mixed; boundary=b\r\n", b"--b\r\n", b"--b--\r\n",
        b"Content-Type: text/html; charset=x\r\n", b"Content-Type: message/rfc822\r\n", b"\r\n\r\n", b"\r\n", b"\n",
        b"=?utf-8?b?", b"?=", b"=?x?q?=ff?=", b"Content-Transfer-Encoding: base64\r\n", b"begin 644 x\n", b"<", b">",
        b"Content-Disposition: attachment; filename*0*=x''%ff\r\n", b"Content-Type: ;;;=\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n", b"\0", b"\xff\xfe", b"\x80",
        b"Content-Type: message/delivery-status\r\n", b"Action: failed\r\n", b"In-Reply-To: <a@b>\r\n",
        b"Content-Transfer-Encoding: x-uuencode\r\n", b"On x wrote:\n", b"> ", b"-- \n", b"<blockquote>",
        b"</blockquote>", b"&#x0;", b"&#55296;", b"a@b.mx", b"(((",
        b'"', b"Message-ID: <1@x>\r\n", b"MIME-Version: 1.0\r\n", b"Content-Type: text/plain; charset=utf-7\r\n",
        b"Auto-Submitted: \xff\r\n", b"=?utf-8?q?=00=0d=0a?=", b"From: =?utf-8?b?w7E=?= <a@b.mx>\r\n",
    ]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=60))
def test_whatever_comes_something_is_made_of_it(pieces: list[bytes]) -> None:
    found = read(b"".join(pieces))
    for text in (found.text, found.fresh, found.subject, found.name, found.problem, found.sender):
        text.encode()
        assert "\0" not in text
    assert "\n" not in found.subject + found.name


HEAD = b"From: vic@client.example\r\nMIME-Version: 1.0\r\n"
NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
HOSTILE = {
    "nested parts": HEAD + NESTED + b"\r\nHola",
    "mails in mails": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    "many parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 60_000,
    "nested tags": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
    "nested quotes": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<blockquote>" * 60_000 + b"Hola",
    "open tags": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<" * 400_000,
    "a long line": HEAD + b"\r\n" + b"On " * 200_000,
    "many announcements": HEAD + b"\r\n" + b"On a b c d e f\n" * 40_000,
    "many headers": b"From: vic@client.example\r\n" + b"X-A: b\r\n" * 200_000 + b"\r\nHola",
    "many addresses": b"From: vic@client.example\r\nTo: " + b"a@b.mx, " * 200_000 + b"\r\n\r\nHola",
    "comments": b"From: " + b"(" * 200_000 + b"\r\n\r\nHola",
    "encoded words": b"From: vic@client.example\r\nSubject: " + b"=?utf-8?q?a?= " * 100_000 + b"\r\n\r\nHola",
    "parameters": HEAD + b"Content-Type: text/plain; " + b"a*0*=b; " * 300_000 + b"\r\n\r\nHola",
    "references": b"From: vic@client.example\r\nReferences: " + b"<a@b> " * 200_000 + b"\r\n\r\nHola",
    "spaces": HEAD + b"\r\n" + b" " * 400_000 + b"x",
    "ends of lines": HEAD + b"\r\n" + b"\n" * 400_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hostile_takes_long_or_breaks(name: str) -> None:
    began = time.process_time()
    read(HOSTILE[name])
    assert time.process_time() - began < 10  # of the processor; a machine's load does not count
