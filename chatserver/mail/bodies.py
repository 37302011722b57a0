"""The words of a mail, and what is attached to it."""

import re
import unicodedata
from dataclasses import dataclass
from email.message import Message
from html import unescape

import nh3

from chatserver.mail.lines import decode_words, one_line
from chatserver.process.incoming import Attachment

MOST_PARTS = 300
MOST_FILES = 20
LONGEST_TEXT = 400_000
"""Characters that are looked at. A person does not write more, and a machine that does is not read to the end."""

MOST_TAGS = 8_000
"""Of a page: what the cleaner takes grows with the square of how deep they are nested."""

SMALLEST_PICTURE = 8 * 1024
"""Bytes. A picture that stands in the text and has less is a logo or an icon of a signature."""


_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


@dataclass(frozen=True, slots=True)
class Body:
    text: str
    attachments: tuple[Attachment, ...]
    left_out: int


def read_body(message: Message) -> Body:
    """The text of the mail (out of HTML, if there is no other), and its attachments in their order."""
    plain: list[str] = []
    pages: list[str] = []
    files: list[Attachment] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        name = _file_name(part)
        attached = part.get_content_disposition() == "attachment" or bool(name)
        if kind == "text/plain" and not attached:
            plain.append(read_text(part))
        elif kind == "text/html" and not attached:
            pages.append(read_text(part))
        elif file := _attachment(part, kind, name):
            files.append(file)
    text = "\n\n".join(plain).strip() or "\n\n".join(text_of_page(page) for page in pages).strip()
    return Body(clean(text), tuple(files[:MOST_FILES]), max(0, len(files) - MOST_FILES))


def _leaves(message: Message) -> list[Message]:
    """Parts that hold something themselves. A mail inside this one is an attachment, not a heap of parts."""
    leaves: list[Message] = []
    waiting = [message]
    while waiting and len(leaves) < MOST_PARTS:
        part = waiting.pop(0)
        inside = part.get_payload() if part.is_multipart() else None
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting = [each for each in inside if isinstance(each, Message)] + waiting
        else:
            leaves.append(part)
    return leaves


def _attachment(part: Message, kind: str, name: str) -> Attachment | None:
    if kind.startswith("message/"):
        inside = part.get_payload() if part.is_multipart() else None
        first = inside[0] if isinstance(inside, list) and inside else None
        content = first.as_bytes() if isinstance(first, Message) else b""
        name = name or "mensaje.eml"
    else:
        content = content_of(part)
    if not content or (_in_the_text(part, kind) and len(content) < SMALLEST_PICTURE):
        return None
    return Attachment(name or f"archivo.{part.get_content_subtype()}"[:80], kind, content)


def _in_the_text(part: Message, kind: str) -> bool:
    shown = part.get_content_disposition() == "inline" or part.get("Content-ID") is not None
    return shown and kind.startswith("image/")


def _file_name(part: Message) -> str:
    """As the sender calls it; the store makes its own of it."""
    name = part.get_filename()
    return one_line(decode_words(name), 200) if isinstance(name, str) else ""


def content_of(part: Message) -> bytes:
    """The bytes of a part, without what they were wrapped in for their way."""
    try:
        payload = part.get_payload(decode=True)
    except (LookupError, ValueError):  # a charset that cannot be one; the library looks at it even for bytes
        part.set_param("charset", "utf-8")
        payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def read_text(part: Message) -> str:
    """The part's characters: in the charset it names, or whatever reads them."""
    payload = content_of(part)[: 4 * LONGEST_TEXT]
    for charset in (_charset(part), "utf-8", "windows-1252"):
        try:
            return payload.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            continue
    return payload.decode("latin-1")


def _charset(part: Message) -> str:
    """RFC 2045 names ASCII where none is named; many write something else and do not say so."""
    name = part.get_param("charset")
    said = name if isinstance(name, str) else ""
    return "utf-8" if said.lower() in ("", "us-ascii", "ascii") else said


_PARAGRAPHS = re.compile(r"</(?:p|h1|h2|h3|h4|h5|h6|blockquote|table|ul|ol)>")
_LINES = re.compile(r"<br[^>]*>|</(?:div|li|tr)>")
_TAG = re.compile(r"<[^>]*>")
_QUOTED = re.compile(r"<(/?)blockquote>")
KEPT = {"p", "br", "div", "li", "tr", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}


def text_of_page(page: str) -> str:
    """The words of HTML. A cleaner first makes it regular: afterwards every `<` begins a tag that we know. What is in a
    blockquote gets `>` before its lines, as in plain text."""
    page = re.sub(r"[ \t\r\n\f]+", " ", "<".join(page[:LONGEST_TEXT].split("<", MOST_TAGS)[:MOST_TAGS]))
    page = nh3.clean(page, tags=KEPT, attributes={}, clean_content_tags={"script", "style", "title", "template"})
    parts = _QUOTED.split(page)
    lines: list[str] = []
    depth = 0
    for at, part in enumerate(parts):
        if at % 2:
            depth += -1 if part else 1
            continue
        words = unescape(_TAG.sub("", _LINES.sub("\n", _PARAGRAPHS.sub("\n\n", part)))).replace("\xa0", " ")
        before = "> " if depth > 0 else ""
        lines += [before + line.strip() if line.strip() else before.strip() for line in words.split("\n")]
    return "\n".join(lines)


def clean(text: str) -> str:
    """Characters that a database stores and an eye can see, plain line ends, at most one empty line at a time."""
    text = text[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    seen = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _UNSEEN)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", seen)).strip()
