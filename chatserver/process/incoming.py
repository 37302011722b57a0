"""A mail that came, as far as deciding needs it: who wrote, to what it answers, and whether a person did."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class MailKind(StrEnum):
    """Only a person's mail is ever answered."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Attachment:
    """`name` and `type` are the sender's words; what it is, its content says."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """`sender` is an address in small letters, or empty. `fresh` is what is new in it, `text` all of it.

    `tokens`: whatever looks like a reply's token, the likeliest first. `returned`: the Message-IDs
    that a bounce brings back, for `problem`. `left_out`: how many attachments more there were.
    """

    kind: MailKind
    sender: str = ""
    name: str = ""
    subject: str = ""
    locale: str | None = None
    message_id: str | None = None
    tokens: tuple[str, ...] = ()
    text: str = ""
    fresh: str = ""
    attachments: tuple[Attachment, ...] = ()
    left_out: int = 0
    returned: tuple[str, ...] = ()
    problem: str = ""


def says_only_thanks(text: str, thanks: Collection[str]) -> bool:
    """Whether the whole text is one of a list of thanks: case, accents, signs and spaces make no difference."""
    said = _bare(text)
    return bool(said) and said in {_bare(phrase) for phrase in thanks}


def _bare(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char if unicodedata.category(char)[0] in "LN" else " " for char in _unmarked(parts))
    return " ".join(letters.split())


def _unmarked(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char) != "Mn")


_WROTE = re.compile(r"(?:el|on|le|em|am|in data)\b.{0,300}\b(?:escribi[oó]|wrote|a écrit|escreveu|schrieb)\b.{0,80}:")
_PLAIN_WROTE = re.compile(r".{0,200}\b(?:escribi[oó]|wrote)\s*:")
_ORIGINAL = re.compile(
    r"-{2,}\s*(?:mensaje original|mensaje reenviado|original message|forwarded message|begin forwarded message).*"
)
_FROM = re.compile(r"\*?(?:de|from|von)\s*:\*?\s*\S.*")
_MORE_HEADERS = re.compile(r"\*?(?:enviado|enviado el|fecha|sent|date|para|to|asunto|subject|cc)\s*:\*?.*")
_RULE = re.compile(r"[_-]{20,}")
_SENT_FROM = re.compile(
    r"(?:enviado desde (?:mi|el|outlook|correo)|sent from (?:my|outlook|mail)|obtener outlook para|get outlook for)"
    r"\b.{0,80}"
)
LONGEST_LINE = 400


def fresh_part(text: str) -> str:
    """What is new in an answer: without what it quotes, and without a signature. All of it, if nothing else is left.

    Only what is quoted goes: words between and below quoted lines stay. Every line is looked at on its own and only so
    far, so that no text takes long.
    """
    lines = _without_history(text.split("\n"))
    kept = [line for line in lines if not line.lstrip().startswith(">")]
    kept = _without_signature(kept)
    fresh = "\n".join(kept).strip()
    return fresh or text.strip()


def _without_history(lines: list[str]) -> list[str]:
    """Up to the mail that is answered. Where that stands behind ">" only the line that announces it goes."""
    kept: list[str] = []
    skip = 0
    for at, line in enumerate(lines):
        if skip:
            skip -= 1
            continue
        taken = _announces(lines, at)
        if not taken:
            kept.append(line)
            continue
        rest = next((other.lstrip() for other in lines[at + taken :] if other.strip()), "")
        if not rest.startswith(">"):
            return kept
        skip = taken - 1
    return kept


def _announces(lines: list[str], at: int) -> int:
    """How many lines, from this one on, say that another mail follows: 0 when it does not."""
    line = _plain(lines[at])
    if not line:
        return 0
    if _ORIGINAL.fullmatch(line) or _WROTE.fullmatch(line) or _PLAIN_WROTE.fullmatch(line):
        return 1
    if line.startswith(("el ", "on ")) and at + 1 < len(lines):  # the announcement was folded
        for more in (2, 3):
            if _WROTE.fullmatch(" ".join(map(_plain, lines[at : at + more]))):
                return min(more, len(lines) - at)
    if _FROM.fullmatch(line) and sum(map(_is_header, lines[at + 1 : at + 5])) >= 2:
        return 1
    follows = next((_plain(other) for other in lines[at + 1 : at + 3] if other.strip()), "")
    return 1 if _RULE.fullmatch(line) and _FROM.fullmatch(follows) else 0


def _is_header(line: str) -> bool:
    return _MORE_HEADERS.fullmatch(_plain(line)) is not None


def _plain(line: str) -> str:
    return line[:LONGEST_LINE].strip().lower()


def _without_signature(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        if line.rstrip("\r\n") in ("-- ", "--") and len(lines) - at <= 20:
            lines = lines[:at]
            break
    while lines and (not lines[-1].strip() or _SENT_FROM.match(_plain(lines[-1]))):
        lines = lines[:-1]
    return lines
