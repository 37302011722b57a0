"""What people type into fields, and what becomes of it."""

import pytest

from chatserver.errors import Refused
from chatserver.process.fields import (
    MAX_TEXT,
    RFC_WARNINGS,
    check_rfc,
    clean_text,
    normalise_cfdi_uuid,
    normalise_email,
    normalise_phone,
    strip_page,
)


@pytest.mark.parametrize(
    ("typed", "value", "warning"),
    [
        ("SAT970701NN3", "SAT970701NN3", None),
        ("GODE561231GR8", "GODE561231GR8", None),
        (" gode-561231 gr8 ", "GODE561231GR8", None),
        ("XAXX010101000", "XAXX010101000", None),
        ("xexx010101000", "XEXX010101000", None),
        ("SAT970701NN4", "SAT970701NN4", "rfc.check_digit"),
        ("GODE561231GRA", "GODE561231GRA", "rfc.check_digit"),
        ("GODE561331GR8", "GODE561331GR8", "rfc.format"),
        ("GODE561231", "GODE561231", "rfc.format"),
        ("no tengo", "NOTENGO", "rfc.format"),
        ("", "", "rfc.format"),
        ("n\u0303", "Ñ", "rfc.format"),
    ],
)
def test_a_tax_id_is_doubted_and_never_refused(typed: str, value: str, warning: str | None) -> None:
    checked = check_rfc(typed)
    assert (checked.value, checked.warning) == (value, warning)
    assert warning is None or warning in RFC_WARNINGS


def test_a_fiscal_folio_is_stored_upper_case() -> None:
    assert normalise_cfdi_uuid(" 5fb2822e-396d-4725-8521-cdc4bdd20ccf\n") == "5FB2822E-396D-4725-8521-CDC4BDD20CCF"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "5FB2822E396D47258521CDC4BDD20CCF",
        "{5FB2822E-396D-4725-8521-CDC4BDD20CCF}",
        "5FB2822E-396D-4725-8521-CDC4BDD20CCG",
    ],
)
def test_anything_else_is_no_fiscal_folio(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        normalise_cfdi_uuid(typed)
    assert (refused.value.code, refused.value.field) == ("cfdi_uuid_invalid", "cfdi_uuid")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("(81) 4777-1100", "+528147771100"),
        ("81.4777.1100", "+528147771100"),
        ("01 81 4777 1100", "+528147771100"),
        ("044 81 1234 5678", "+528112345678"),
        ("045 81 1234 5678", "+528112345678"),
        ("1 81 1234 5678", "+528112345678"),
        ("+52 81 4777 1100", "+528147771100"),
        ("+52 1 81 1234 5678", "+528112345678"),
        ("5218112345678", "+528112345678"),
        ("0052 81 4777 1100", "+528147771100"),
        ("55 1234 5678", "+525512345678"),
        ("81 4777 1100 ext. 3", "+528147771100"),
        ("+1 415 555 2671", "+14155552671"),
        ("+34 912 345 678", "+34912345678"),
    ],
)
def test_a_telephone_number_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert normalise_phone(typed) == stored
    assert normalise_phone(stored) == stored


@pytest.mark.parametrize("typed", ["", "abc", "4777 1100", "00 00 00 00 00", "+52 123", "+999 123 456 789", "9" * 300])
def test_anything_else_is_no_telephone_number(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        normalise_phone(typed)
    assert (refused.value.code, refused.value.field) == ("phone_invalid", "phone")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Vic@EXAMPLE.com ", "Vic@example.com"),
        ("vic+folio@example.com", "vic+folio@example.com"),
        ("a@ñandu.mx", "a@xn--andu-fqa.mx"),
    ],
)
def test_an_address_is_stored_as_mail_servers_take_it(typed: str, stored: str) -> None:
    assert normalise_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "vic",
        "vic@localhost",
        "vic@[127.0.0.1]",
        "Vic <vic@example.com>",
        "ñ@example.com",
        "a@example.com, b@example.com",
        "vic@example.com\r\nBcc: eve@example.com",
    ],
)
def test_anything_else_is_no_address(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        normalise_email(typed)
    assert (refused.value.code, refused.value.field) == ("email_invalid", "email")


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://portal.example.com/facturas?token=secret#reset=secret", "https://portal.example.com/facturas"),
        ("https://vic:secret@Portal.example.com:8443/a", "https://portal.example.com:8443/a"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("https://portal.example.com", "https://portal.example.com"),
        ("javascript:alert(1)", None),
        ("data:text/html,<script>", None),
        ("//portal.example.com/a", None),
        ("/facturas", None),
        ("http://[bad", None),
        ("https://portal.example.com:99999/", None),
        ("https://portal.example.com/\ud800", None),
        ("https://portal.example.com/a\0b", "https://portal.example.com/ab"),
        ("https://portal\0.example.com/a", None),
        ("", None),
    ],
)
def test_a_page_is_stored_without_what_may_be_secret(address: str, page: str | None) -> None:
    assert strip_page(address) == page


def test_a_page_is_never_longer_than_it_may_be() -> None:
    assert len(strip_page("https://portal.example.com/" + "a" * 9000) or "") == 2000


@pytest.mark.parametrize("text", ["Hola", "á\U0001f600", " dos\nlíneas ", "x" * MAX_TEXT, "\U0001f600" * MAX_TEXT])
def test_text_is_kept_as_written(text: str) -> None:
    assert clean_text(text) == text


def test_line_ends_become_one_kind() -> None:
    assert clean_text("uno\r\ndos\rtres\n") == "uno\ndos\ntres\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\0b", "text_unreadable"),
        ("a\ud800", "text_unreadable"),
        ("\udc00\ud83d", "text_unreadable"),
        ("", "text_empty"),
        (" \n\t\u00a0", "text_empty"),
        ("x" * (MAX_TEXT + 1), "text_too_long"),
    ],
)
def test_text_that_cannot_be_kept_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_text(text, "body")
    assert (refused.value.code, refused.value.field) == (code, "body")
