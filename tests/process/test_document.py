"""docs/process.md says what the code says, in both languages, and leaves nothing out."""

import pytest

from chatserver.process.describe import describe_rows, describe_waits
from chatserver.process.generate import DOCUMENT, is_stale
from chatserver.process.markdown import LANGUAGES, read_words
from chatserver.process.ticket_moves import ROWS
from chatserver.process.ticket_names import Move
from chatserver.process.ticket_waits import TicketWaits
from chatserver.types import TicketState


def test_the_document_is_current() -> None:
    assert not is_stale(), "run python -m chatserver.process.generate"


def test_every_state_and_move_is_in_it() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert [state for state in TicketState if f" as {state}\n" not in text] == []
    assert [move for move in Move if text.count(f"`{move}`") < len(LANGUAGES)] == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_row_is_described_without_holes(locale: str) -> None:
    rows = describe_rows(read_words(locale), TicketWaits())
    assert len(rows) == len(ROWS)
    assert all(row.move and row.sources and row.to and row.who for row in rows)
    assert not any("{" in text for row in rows for text in (row.needs, row.told, row.clocks))


def test_the_described_waits_are_the_settings() -> None:
    waits = TicketWaits.model_validate({"remind_first": 1.5, "close_resolved": 8})
    assert [wait.hours for wait in describe_waits(read_words("en"), waits)] == ["1.5", "22", "33", "8"]
    assert any("1.5 h and 22 h" in row.needs for row in describe_rows(read_words("en"), waits))
