"""What a file is, judged by what is in it; a name says nothing. Whatever is not on the list is refused.

The list is short enough to tell by first bytes (PNG, JPEG, WebP, PDF and ZIP each say theirs in their specification).
A zip is kept and never opened: so nothing that it could unpack to can hurt, and nothing in it is looked at either.
"""

import re
from dataclasses import dataclass

from chatserver.errors import Refused

HEAD = 4096
"""Bytes that the kind is told by."""

OVERLAP = 64
"""Bytes of the piece before that are looked at again: a sign may lie across two."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`endings` are those that a name may keep. Only what was drawn anew (`image`) is ever shown in a page."""

    name: str
    media_type: str
    endings: tuple[str, ...]
    image: bool = False


PNG = Kind("png", "image/png", (".png",), image=True)
JPEG = Kind("jpeg", "image/jpeg", (".jpg", ".jpeg"), image=True)
WEBP = Kind("webp", "image/webp", (".webp",), image=True)
PDF = Kind("pdf", "application/pdf", (".pdf",))
ZIP = Kind("zip", "application/zip", (".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods"))
XML = Kind("xml", "application/xml", (".xml",))
TEXT = Kind("text", "text/plain", (".txt", ".csv", ".log", ".json"))

KINDS = {kind.name: kind for kind in (PNG, JPEG, WEBP, PDF, ZIP, XML, TEXT)}

_SIGNS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), WEBP),
    (re.compile(rb"%PDF-[12]\."), PDF),
    (re.compile(rb"PK\x03\x04"), ZIP),
)

_PROGRAM = re.compile(rb"MZ|\x7fELF|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe|dex\n|\0asm|#!")
"""Windows, Linux, macOS (both byte orders), Java, Android, WebAssembly, scripts."""

_KEY_BYTES = re.compile(
    rb"\x30(?:\x80|\x81.|\x82..|\x83...|\x84....)[\x02\x30]"  # DER: .key (PKCS 8), .pfx (PKCS 12), .cer (X.509)
    rb"|\x30[\x00-\x7f]\x02\x01[\x00-\x03]"  # the same, of a short key
    rb"|\xfe\xed\xfe\xed|\xce\xce\xce\xce"  # Java's key stores
    rb"|\s*MI[A-Za-z0-9+/]{62}",  # the first, in base64
    re.DOTALL,
)
_KEY_TEXT = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,30}(?:PRIVATE KEY|CERTIFICATE)|PuTTY-User-Key-File-")
KEY_ENDINGS = (".key", ".pfx", ".p12", ".cer", ".crt", ".pem", ".der", ".jks", ".ppk")

_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ACTIVE = re.compile(rb"<(?:!doctype\s+html|(?:\w+:)?(?:html|svg|script|iframe|stylesheet)[\s>/])", re.IGNORECASE)


class Judge:
    """Sees a file go by, piece by piece, and raises `Refused` at the piece that shows why it is not taken."""

    def __init__(self) -> None:
        self._head = b""
        self._kind: Kind | None = None
        self._before = b""

    def feed(self, chunk: bytes) -> None:
        if self._kind is None:
            self._head += chunk
            if len(self._head) >= HEAD:
                self._kind = kind_of(self._head)
                self._look(self._head)
                self._head = b""
        else:
            self._look(chunk)

    def finish(self) -> Kind:
        """The kind, when all of it was seen."""
        if self._kind is None:
            if not self._head:
                raise Refused("file_empty", "The file is empty.", field="file")
            self._kind = kind_of(self._head)
            self._look(self._head)
        return self._kind

    def _look(self, chunk: bytes) -> None:
        seen = self._before + chunk
        if _KEY_TEXT.search(seen):
            raise key_material()
        if self._kind in (XML, TEXT) and (_NOT_TEXT.search(chunk) or (self._kind is XML and _ACTIVE.search(seen))):
            raise _not_taken()
        self._before = seen[-OVERLAP:]


def kind_of(head: bytes) -> Kind:
    """Raises `Refused`: keys and certificates by a code of their own, since their owner must know that they were
    about to give them away."""
    if _KEY_BYTES.match(head) or _KEY_TEXT.search(head):
        raise key_material()
    for sign, kind in _SIGNS:
        if sign.match(head):
            return kind
    if _PROGRAM.match(head) or _NOT_TEXT.search(head):
        raise _not_taken()
    return _text_kind(head)


def _text_kind(head: bytes) -> Kind:
    """Text of whatever eight-bit encoding; what looks like markup is XML (an invoice), or a page, which is refused."""
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
    if begins and _ACTIVE.search(head):
        raise _not_taken()
    return XML if begins else TEXT


def key_material() -> Refused:
    return Refused(
        "file_key_material",
        "Private keys, certificates and their passwords are never taken: support does not need them, and whoever has "
        "them can sign in their owner's name.",
        field="file",
    )


def _not_taken() -> Refused:
    taken = ", ".join(ending for kind in KINDS.values() for ending in kind.endings)
    return Refused("file_kind", f"What is in this file is none of: {taken}.", field="file")
