"""What is taken and what is refused, by the bytes that really come."""

import io
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from chatserver.errors import Refused
from chatserver.file_settings import FileSettings
from chatserver.files.kinds import JPEG, PDF, TEXT, ZIP, Kind
from chatserver.files.names import display_name
from chatserver.files.receiving import receive

pytestmark = pytest.mark.asyncio

INVOICE = b'<?xml version="1.0" encoding="UTF-8"?><cfdi:Comprobante Version="4.0" Certificado="MIIF"/>'
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PEM = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFDjBA\n"
SAT_KEY = bytes.fromhex("3082050e304006092a864886f70d01050d3033301b06092a864886f70d01050c") + b"\x01" * 1200
PFX = bytes.fromhex("30820a020201033082") + b"\x05" * 900
CER = bytes.fromhex("308205d1308203b9a00302010202143330") + b"\x07" * 900


def picture(form: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, form, **options)
    return made.getvalue()


async def taken(content: bytes, name: str = "x", piece: int = 1000, **limits: int) -> tuple[str, str, bytes]:
    """Kind, name and bytes as they are kept."""

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), piece):
            yield content[start : start + piece]

    settings = FileSettings.model_validate(limits)
    async with receive(name, chunks(), settings) as received:
        kept = b"".join([chunk async for chunk in received.chunks()])
        assert received.size == len(kept)
        return received.kind.name, received.name, kept


async def refusal(content: bytes, piece: int = 1000, **limits: int) -> str:
    with pytest.raises(Refused) as refused:
        await taken(content, "x", piece, **limits)
    return refused.value.code


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n", "pdf"),
        (b"PK\x03\x04\x14\x00", "zip"),
        (INVOICE, "xml"),
        (b"\xef\xbb\xbf" + INVOICE, "xml"),
        ("Año;Razón\n".encode("cp1252"), "text"),
        (b"0123456789 plain words\n", "text"),
    ],
)
async def test_documents_are_kept_as_they_came(content: bytes, kind: str) -> None:
    assert await taken(content) == (kind, f"x.{ {'text': 'txt'}.get(kind, kind) }", content)


@pytest.mark.parametrize(
    "content", [SAT_KEY, PFX, CER, PEM, b"words\n" * 2000 + PEM, b"%PDF-1.7\n" + b" " * 5000 + PEM]
)
@pytest.mark.parametrize("piece", [7, 4096, 100_000])
async def test_keys_and_certificates_are_refused_by_a_word_of_their_own(content: bytes, piece: int) -> None:
    assert await refusal(content, piece=piece) == "file_key_material"


async def test_a_key_in_base64_is_a_key() -> None:
    assert await refusal(b"MIIFDjBABgkqhkiG9w0BBQ0wMzAbBgkqhkiG9w0BBQwwDgQIAgEAAoIBAQACAggA\n") == "file_key_material"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00", b"\x7fELF\x02", b"#!/bin/sh\nrm -rf /\n", b"\xca\xfe\xba\xbe\x00", b"\xd0\xcf\x11\xe0\xa1\xb1",
        SVG, b"<!DOCTYPE html><p>", b"  <HTML >", b"<!-- x --><svg/onload=1>", INVOICE + b" " * 9000 + b"<script >",
        b"words and a \x00", b"words " * 2000 + b"\x1b[2J", b"GIF89a\x01\x00", b"Rar!\x1a\x07\x01\x00",
    ],
)  # fmt: skip
async def test_what_is_not_on_the_list_is_refused(content: bytes) -> None:
    assert await refusal(content) == "file_kind"


async def test_size_is_counted_as_it_comes_and_nothing_is_no_file() -> None:
    assert await refusal(b"x" * 2001, max_bytes=2000) == "file_too_big"
    assert (await taken(b"x" * 2000, max_bytes=2000))[0] == "text"
    assert await refusal(b"") == "file_empty"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_is_drawn_anew_without_what_hid_in_it(form: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "19.4326 N, 99.1332 W"
    kind, _, kept = await taken(picture(form, exif=exif) + b"<script>alert(1)</script>")
    assert kind == form.lower()
    assert b"19.4326" not in kept
    assert b"script" not in kept
    with Image.open(io.BytesIO(kept)) as drawn:
        assert (drawn.format, drawn.size) == (form, (40, 30))


async def test_a_flood_of_pixels_and_a_broken_picture_are_refused() -> None:
    assert await refusal(picture("PNG", (200, 200)), max_pixels=39_999) == "file_pixels"
    assert await refusal(picture("PNG", (200, 200))[:60]) == "file_damaged"


@pytest.mark.parametrize(
    ("raw", "kind", "shown"),
    [
        ("factura.pdf", PDF, "factura.pdf"),
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("C:\\Temp\\captura.JPG", JPEG, "captura.JPG"),
        ("factura.pdf.exe", PDF, "factura.pdf.exe.pdf"),
        ("cod\u202efdp.exe", PDF, "codfdp.exe.pdf"),
        ("a\x00b\r\nc.pdf", PDF, "abc.pdf"),
        ("informe.docx", ZIP, "informe.docx"),
        ("evil.jar", ZIP, "evil.jar.zip"),
        (".htaccess", TEXT, "htaccess.txt"),
        ("", PDF, "file.pdf"),
        ("\ud800.pdf", PDF, "pdf.pdf"),
        ('a"b<c>.csv', TEXT, "a_b_c_.csv"),
        ("x" * 500 + ".pdf", PDF, "x" * 100 + ".pdf"),
    ],
)
async def test_a_name_is_only_shown(raw: str, kind: Kind, shown: str) -> None:
    assert display_name(raw, kind) == shown


@pytest.mark.parametrize("name", ["sello.KEY", "a.pfx", "b.cer"])
async def test_what_is_named_a_key_is_taken_for_one(name: str) -> None:
    with pytest.raises(Refused, match="never taken"):
        display_name(name, TEXT)
