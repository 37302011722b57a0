"""Headers of a mail as text, however they were written: never an error, never endless."""

from collections.abc import Sequence
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses

from chatserver.mail.lines import decode_words

LONGEST = 20_000
"""Of one header: addresses of a crowd are nobody's business here, and some readers of them take their time."""


class Bounded(Compat32):
    """The library's policy that decodes nothing by itself, and takes of a header only so much: what it does to a long
    one grows with the square of its length."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:LONGEST]


BOUNDED = Bounded()


def first_header(head: Message, name: str) -> str:
    """The first of that name, as it stands: unfolded, bytes beyond ASCII read as UTF-8, else as Windows-1252."""
    value = head.get(name)
    return "" if value is None else _readable(str(value)[:LONGEST]).replace("\r", "").replace("\n", "")


def header_text(head: Message, name: str) -> str:
    """With its encoded words decoded: what comes out of them may hold line ends, and is text, never a header."""
    return decode_words(first_header(head, name)[:4_000])


def addresses(head: Message, name: str) -> list[str]:
    """All addresses in all headers of that name."""
    values = [_readable(str(value)[:LONGEST]) for value in head.get_all(name, [])[:20]]
    return [address for _, address in getaddresses(values) if "@" in address]


def _readable(value: str) -> str:
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("windows-1252", "replace")
