"""One line of a header, from words that others wrote: nothing in it starts another header, not even once decoded."""

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header, make_header

_SPACE = frozenset({"Cc", "Zl", "Zp"})
_NOTHING = frozenset({"Cf", "Cs", "Co", "Cn"})
_ENCODED = re.compile(r"=\?[^?\s]*\?[bq]\?", re.IGNORECASE)


def one_line(text: str, limit: int = 200) -> str:
    """Without line ends and what cannot be seen, at most `limit` characters, cut at the end with "…"."""
    line = " ".join("".join(map(_visible, text)).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category in _SPACE:
        return " "
    return "" if category in _NOTHING else char


def header_line(text: str, limit: int = 200) -> str:
    """A line that the library takes as it stands: an encoded word inside it, which Python before 3.11.10 decodes when
    it writes the mail (CVE-2024-6923), is decoded and made one line before, and what is left of such words is broken.
    """
    line = one_line(decode_words(text), limit)
    return _ENCODED.sub(lambda found: found[0].replace("=?", "= ?"), line)


def decode_words(text: str) -> str:
    """RFC 2047. What is encoded wrongly is shown as it came."""
    if not _ENCODED.search(text):
        return text
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return text
