"""A mail belongs to a ticket by a signature, and by nothing that can be guessed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from chatserver.errors import Refused
from chatserver.mail_settings import TOKEN_LENGTH
from chatserver.tokens import Purpose, Token, make_token, read_token
from chatserver.types import TicketId
from tests.mail.account import NOW, SECRET

MADE = make_token(SECRET, Purpose.REPLY, TicketId(123), NOW)


@given(id=st.integers(0, 2**40 - 1), purpose=st.sampled_from(Purpose))
def test_what_was_made_is_read_in_any_case(id: int, purpose: Purpose) -> None:
    made = make_token(SECRET, purpose, TicketId(id), NOW)
    assert len(made) == TOKEN_LENGTH
    assert read_token(SECRET, purpose, made.upper()) == Token(TicketId(id), NOW)


@pytest.mark.parametrize("at", range(TOKEN_LENGTH))
def test_one_changed_letter_is_refused(at: int) -> None:
    other = "b" if MADE[at] == "a" else "a"
    with pytest.raises(Refused, match="not made here"):
        read_token(SECRET, Purpose.REPLY, MADE[:at] + other + MADE[at + 1 :])


@pytest.mark.parametrize("text", ["", "PG-2026-000123", "123", MADE + "a", MADE + "\n", "1" * 40, "ñ" * 40])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_token(SECRET, Purpose.REPLY, text)


def test_another_purpose_or_secret_is_refused() -> None:
    with pytest.raises(Refused):
        read_token(SECRET, Purpose.PAGE, MADE)
    with pytest.raises(Refused):
        read_token(SecretStr("x" * 32), Purpose.REPLY, MADE)


def test_an_old_link_says_that_it_is_old() -> None:
    made, day = make_token(SECRET, Purpose.PAGE, TicketId(1), NOW), timedelta(days=1)
    assert read_token(SECRET, Purpose.PAGE, made, now=NOW + day, max_age=day).ticket_id == 1
    with pytest.raises(Refused) as refused:
        read_token(SECRET, Purpose.PAGE, made, now=NOW + day * 2, max_age=day)
    assert refused.value.code == "token_expired"
