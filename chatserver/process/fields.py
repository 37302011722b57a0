"""Fields worth validating: what a client types is brought to one form, refused with a code, or only warned about."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from chatserver.errors import Refused

MAX_TEXT = 4_000
MAX_PAGE = 2_000

_SURROGATE = re.compile("[\ud800-\udfff]")


def clean_text(text: str, field: str = "text", limit: int = MAX_TEXT) -> str:
    """What a person wrote, with plain line ends; never empty, at most `limit` code points.

    NUL and lone surrogates are refused: PostgreSQL cannot store the one, nothing can encode the other.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text or _SURROGATE.search(text):
        raise Refused("text_unreadable", "The text has characters that cannot be stored.", field=field)
    if not text.strip():
        raise Refused("text_empty", "The text is empty.", field=field)
    if len(text) > limit:
        raise Refused("text_too_long", f"The text has {len(text)} characters, at most {limit} are taken.", field=field)
    return text


_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that look like nothing at all."""


def clean_line(text: str, field: str, limit: int = 200) -> str:
    """One line that stands among other people's words: spaces folded, and without what cannot be seen.

    So no name is empty to the eye, passes for another's by a hidden sign, or turns the words around it about.
    """
    seen = "".join(char if char.isspace() else _seen(char) for char in clean_text(text, field, limit))
    line = " ".join(seen.split())
    if not any(unicodedata.category(char)[0] in "LNPS" for char in line):
        raise Refused("text_empty", "The text is empty.", field=field)
    return line


def _seen(char: str) -> str:
    """A sign, or nothing for controls, directions, zero widths and letters without a face."""
    return "" if char in _BLANK or unicodedata.category(char)[0] == "C" else char


@dataclass(frozen=True, slots=True)
class RfcCheck:
    """A tax id as it is stored, and the code of a doubt, which is shown and never blocks: 1.5 % of real ones fail."""

    value: str
    warning: str | None


GENERIC_RFCS = frozenset({"XAXX010101000", "XEXX010101000"})
"""What stands for any national and any foreign client; they have no check digit."""

RFC_WARNINGS = ("rfc.format", "rfc.check_digit")

MAX_RFC = 20
"""What a column takes; a real one has 12 or 13 characters."""

_RFC = re.compile(r"[A-Z&Ñ]{3,4}[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[A-Z0-9]{2}[0-9A]")  # of the CFDI schema
_RFC_VALUES = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"


def check_rfc(text: str) -> RfcCheck:
    """Upper case, letters and digits only, and doubted by one of `RFC_WARNINGS` or by none."""
    value = re.sub(r"[^\w&]", "", unicodedata.normalize("NFC", text)).upper()[:MAX_RFC]
    if value in GENERIC_RFCS:
        return RfcCheck(value, None)
    if not _RFC.fullmatch(value):
        return RfcCheck(value, "rfc.format")
    return RfcCheck(value, None if value[-1] == _rfc_digit(value[:-1]) else "rfc.check_digit")


def _rfc_digit(body: str) -> str:
    """Modulo 11 over twelve places, a company's filled up with a space on the left; an A is ten."""
    total = sum(_RFC_VALUES.index(char) * weight for char, weight in zip(body.rjust(12), range(13, 1, -1), strict=True))
    return "0123456789A"[-total % 11]


_UUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


def normalise_cfdi_uuid(text: str) -> str:
    """The fiscal folio of an invoice: 36 characters, upper case."""
    value = text.strip().upper()
    if not _UUID.fullmatch(value):
        raise Refused(
            "cfdi_uuid_invalid", "A fiscal folio has 32 hexadecimal digits in five groups.", field="cfdi_uuid"
        )
    return value


_MEXICAN = re.compile(r"(?:(?:\+|00)?52)?(?:1|01|044|045)?([0-9]{10})")


def normalise_phone(text: str) -> str:
    """E.164, `+52` and ten digits unless another country's code is given; an extension is dropped.

    The prefixes 01, 044, 045 and 1 were abolished in 2019, are still written, and the library no longer knows them.
    """
    bare = _MEXICAN.fullmatch(re.sub(r"[\s().-]", "", text))
    try:
        number = phonenumbers.parse(f"+52{bare[1]}" if bare else text, "MX")
    except phonenumbers.NumberParseException as error:
        raise _not_a_phone() from error
    if not phonenumbers.is_valid_number(number):
        raise _not_a_phone()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _not_a_phone() -> Refused:
    return Refused(
        "phone_invalid", "That is not a telephone number: ten digits, or + and a country code.", field="phone"
    )


def normalise_email(text: str) -> str:
    """An address that mail can be sent to by any server: syntax only, nothing is looked up, the domain in ASCII."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Refused("email_invalid", str(error), field="email") from error
    return found.ascii_email or found.normalized


def strip_page(address: str) -> str | None:
    """The page a client writes from, without user, query and fragment, which may hold secrets; None if no web page."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "\0" in host or _SURROGATE.search(address):
        return None
    place = f"[{host}]" if ":" in host else host
    netloc = place if port is None else f"{place}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path.replace("\0", ""), "", ""))[:MAX_PAGE]
