"""What a move needs: each field, each condition, and what becomes of the ticket's owner, severity and return."""

from dataclasses import fields, replace

import pytest

from chatserver.errors import Refused
from chatserver.process.severity import Severity
from chatserver.process.ticket import decide_move, moves_for
from chatserver.process.ticket_facts import CLIENT, THE_SYSTEM, Form, Party
from chatserver.process.ticket_moves import ROWS
from chatserver.process.ticket_names import CancelCause, Effect, Move, Task
from chatserver.types import AgentId
from chatserver.types import TicketState as State
from tests.process.cast import (
    ANA,
    BEN,
    DAN,
    DEV,
    EVA,
    FULL,
    HELP,
    NOW,
    OLGA,
    OPS,
    PARTIES,
    SUPERVISOR,
    SUPERVISOR_OF_OPS,
    ask,
    filled,
    ticket,
)


def one_who_may(state: State | None, move: Move) -> Party:
    return next(by for by in PARTIES.values() if move in {offer.move for offer in moves_for(ticket(state), by, NOW)})


# Every field, whose absence is refused by which code. What the ticket has already is not asked for again.
NEEDED = [
    (None, Move.OPEN, "contact", "contact_missing"),
    (None, Move.OPEN_FOR_L1, "contact", "contact_missing"),
    (None, Move.OPEN_FOR_L1, "severity", "severity_missing"),
    (None, Move.OPEN_FOR_L1, "category", "category_missing"),
    (None, Move.OPEN_FOR_L2, "category", "category_missing"),
    (None, Move.OPEN_FOR_L2, "summary", "summary_missing"),
    (None, Move.OPEN_FOR_L2, "rfc", "rfc_missing"),
    (None, Move.OPEN_FOR_L2, "evidence", "evidence_missing"),
    (State.NEW, Move.TAKE, "severity", "severity_missing"),
    (State.NEW, Move.TAKE, "category", "category_missing"),
    (State.L1_WORKING, Move.SOLVE, "solution", "solution_missing"),
    (State.L1_WORKING, Move.PASS_TO_L2, "summary", "summary_missing"),
    (State.L1_WORKING, Move.PASS_TO_L2, "rfc", "rfc_missing"),
    (State.L1_WORKING, Move.PASS_TO_L2, "evidence", "evidence_missing"),
    (State.L2_QUEUED, Move.SIZE, "sizing", "sizing_missing"),
    (State.L2_QUEUED, Move.RETURN_TO_L1, "reason", "reason_missing"),
    (State.L2_WORKING, Move.RETURN_TO_L1, "reason", "reason_missing"),
    (State.L2_WORKING, Move.SOLVE, "solution", "solution_missing"),
    (State.L2_WORKING, Move.PASS_TO_L3, "diagnosis", "diagnosis_missing"),
    (State.L3_QUEUED, Move.START_L3, "owner", "owner_missing"),
    (State.L3_QUEUED, Move.RETURN_TO_L2, "reason", "reason_missing"),
    (State.L3_WORKING, Move.RETURN_TO_L2, "reason", "reason_missing"),
    (State.L3_WORKING, Move.SUBMIT, "test_evidence", "test_evidence_missing"),
    (State.L3_VALIDATING, Move.FAIL_VALIDATION, "reason", "reason_missing"),
    (State.L3_VALIDATING, Move.VALIDATE, "release_from", "release_window_missing"),
    (State.L3_VALIDATING, Move.VALIDATE, "release_until", "release_window_missing"),
    (State.RELEASE_PENDING, Move.RELEASE, "version", "version_missing"),
    (State.RELEASE_PENDING, Move.RELEASE, "released_at", "version_missing"),
    (State.RELEASE_PENDING, Move.RELEASE_FAILED, "reason", "reason_missing"),
    (State.RELEASED, Move.RELEASE_FAILED, "new_date", "new_date_missing"),
    (State.RELEASED, Move.CONFIRM, "message", "message_missing"),
    (State.L1_WORKING, Move.ASK_CLIENT, "question", "question_missing"),
    (State.L1_WORKING, Move.CANCEL, "cause", "cause_missing"),
    (State.L1_WORKING, Move.CANCEL, "duplicate_of", "cause_missing"),
    (State.L1_WORKING, Move.SET_SEVERITY, "severity", "severity_unchanged"),
    (State.L1_WORKING, Move.SET_SEVERITY, "reason", "reason_missing"),
    (State.L2_WORKING, Move.PROPOSE_SEVERITY, "reason", "reason_missing"),
    (State.L2_WORKING, Move.SET_OWNER, "owner", "owner_missing"),
    *((state, Move.PUT_BACK, "reason", "reason_missing") for state in (State.L1_WORKING, State.L3_WORKING)),
]


@pytest.mark.parametrize(("state", "move", "field", "code"), NEEDED)
@pytest.mark.parametrize("empty", [None, " \n"])
def test_what_is_missing_is_named(state: State | None, move: Move, field: str, code: str, empty: str | None) -> None:
    facts = ticket(state)
    form, by = filled(facts, move), one_who_may(state, move)
    if isinstance(getattr(form, field), str) and not isinstance(getattr(form, field), Severity | CancelCause):
        form = replace(form, **{field: empty})  # type: ignore[arg-type]  # a field by its name
    else:
        form = replace(form, **{field: None})  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        decide_move(facts, ask(move, by, form))
    assert (refused.value.code, refused.value.field) == (code, field)
    (offer,) = (offer for offer in moves_for(facts, by, NOW) if offer.move is move)
    assert field in {need.field for need in offer.needs}


def test_every_need_of_the_table_is_among_those_tried() -> None:
    tried = {(move, field) for _, move, field, _ in NEEDED}
    asked = {(row.move, need.field) for row in ROWS for guard in row.guards for need in guard.needs}
    assert asked - tried == {(Move.OPEN_FOR_L2, "contact"), (Move.OPEN_FOR_L2, "severity"),
                             (Move.PROPOSE_SEVERITY, "severity")}  # fmt: skip
    assert {field for _, field in asked} <= {each.name for each in fields(Form)}


def test_what_the_ticket_has_is_not_asked_for_again() -> None:
    known = ticket(State.L1_WORKING, rfc="XAXX010101000", evidence="none")
    (offer,) = (offer for offer in moves_for(known, ANA, NOW) if offer.move is Move.PASS_TO_L2)
    assert [need.field for need in offer.needs] == ["summary"]
    passed = decide_move(known, ask(Move.PASS_TO_L2, ANA, Form(summary="No timbra.")))
    assert (passed.after.rfc, passed.after.evidence) == ("XAXX010101000", "none")
    back_in_the_queue = ticket(State.NEW, provisional=False, category="timbrado", severity=Severity.S1)
    taken = decide_move(back_in_the_queue, ask(Move.TAKE, BEN, Form(severity=Severity.S4)))
    assert taken.after.severity is Severity.S1  # only row 25 changes what was classified, and asks why


def test_a_system_never_classifies() -> None:
    with pytest.raises(Refused, match="provisional") as refused:
        decide_move(ticket(None), ask(Move.OPEN, THE_SYSTEM, replace(FULL, severity=Severity.S1)))
    assert (refused.value.code, refused.value.field) == ("not_classified", "severity")
    opened = decide_move(ticket(None), ask(Move.OPEN, THE_SYSTEM)).after
    assert (opened.severity, opened.provisional, opened.owner_id) == (Severity.S3, True, None)


def test_only_a_chat_is_escalated() -> None:
    for move in (Move.OPEN_FOR_L1, Move.OPEN_FOR_L2):
        with pytest.raises(Refused) as refused:
            decide_move(ticket(None, from_chat=False), ask(move, ANA, replace(FULL, severity=Severity.S2)))
        assert refused.value.code == "not_a_chat"


def test_a_second_return_to_level_1_needs_a_supervisor() -> None:
    first = decide_move(ticket(State.L2_WORKING), ask(Move.RETURN_TO_L1, OLGA)).after
    assert (first.returns, first.owner_id) == (1, HELP)
    again = replace(decide_move(first, ask(Move.PASS_TO_L2, ANA)).after, owner_id=OPS)
    with pytest.raises(Refused) as refused:
        decide_move(again, ask(Move.RETURN_TO_L1, OLGA))
    assert refused.value.code == "second_return"
    assert Move.RETURN_TO_L1 not in {offer.move for offer in moves_for(again, OLGA, NOW)}
    for supervisor in (SUPERVISOR, SUPERVISOR_OF_OPS):
        assert decide_move(again, ask(Move.RETURN_TO_L1, supervisor)).after.returns == 2


def test_nobody_validates_what_they_made_or_submitted() -> None:
    submitted = decide_move(ticket(State.L3_WORKING), ask(Move.SUBMIT, EVA)).after
    assert submitted.authors == {DEV, EVA.id}
    for author in (DAN, EVA, replace(OLGA, id=DEV), replace(SUPERVISOR, id=DEV)):
        with pytest.raises(Refused) as refused:
            decide_move(submitted, ask(Move.VALIDATE, author))
        assert refused.value.code == "own_solution"
        assert Move.VALIDATE not in {offer.move for offer in moves_for(submitted, author, NOW)}
    other = replace(DAN, id=AgentId(99))
    for validator in (OLGA, other, SUPERVISOR):
        assert decide_move(submitted, ask(Move.VALIDATE, validator)).after.owner_id == OPS


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"release_until": FULL.release_from}, "release_until"),
        ({"release_from": FULL.release_until, "release_until": FULL.release_from}, "release_until"),
    ],
)
def test_a_release_window_ends_after_it_begins(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        decide_move(ticket(State.L3_VALIDATING), ask(Move.VALIDATE, OLGA, replace(FULL, **changes)))  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.field) == ("release_window_missing", field)


def test_a_release_says_its_version_and_time_or_that_nothing_is_deployed() -> None:
    pending = ticket(State.RELEASE_PENDING)
    assert decide_move(pending, ask(Move.RELEASE, OLGA, Form(no_deployment=True))).after.owner_id == HELP
    assert decide_move(pending, ask(Move.RELEASE, OLGA, Form(version="4.2", released_at=NOW))).task is Task.TELL_CLIENT
    with pytest.raises(Refused, match="future") as refused:
        decide_move(pending, ask(Move.RELEASE, OLGA, replace(FULL, released_at=FULL.release_from)))
    assert refused.value.field == "released_at"


@pytest.mark.parametrize("by", [ANA, DAN, EVA, SUPERVISOR, CLIENT, THE_SYSTEM])
def test_only_level_2_releases(by: Party) -> None:
    with pytest.raises(Refused, match="level_2"):
        decide_move(ticket(State.RELEASE_PENDING), ask(Move.RELEASE, by))
    assert not decide_move(ticket(State.RELEASE_PENDING), ask(Move.RELEASE, SUPERVISOR_OF_OPS)).overrides


def test_level_3_neither_releases_nor_resolves_nor_closes() -> None:
    ends = {State.RELEASED, State.RESOLVED, State.CLOSED}
    for state in State:
        assert not ends - {state} & {offer.to for offer in moves_for(ticket(state), DAN, NOW)}


def test_a_supervisor_acts_as_others_with_a_reason() -> None:
    sized = ask(Move.SIZE, SUPERVISOR, Form(sizing="2 h", reason="Operaciones está en junta."))
    assert decide_move(ticket(State.L2_QUEUED), sized).overrides
    with pytest.raises(Refused) as refused:
        decide_move(ticket(State.L2_QUEUED), ask(Move.SIZE, SUPERVISOR, Form(sizing="2 h")))
    assert (refused.value.code, refused.value.field) == ("reason_missing", "reason")
    (offer,) = (offer for offer in moves_for(ticket(State.L2_QUEUED), SUPERVISOR, NOW) if offer.move is Move.SIZE)
    assert offer.overrides
    assert [need.field for need in offer.needs] == ["sizing", "reason"]


def test_a_supervisor_acts_as_what_they_are_without_one() -> None:
    assert not decide_move(ticket(State.L1_WORKING), ask(Move.SOLVE, SUPERVISOR, Form(solution="Ya."))).overrides
    cancelled = ask(Move.CANCEL, SUPERVISOR_OF_OPS, Form(cause=CancelCause.SPAM))
    assert not decide_move(ticket(State.L1_WORKING), cancelled).overrides


def test_only_its_owner_asks_the_client_or_puts_it_back() -> None:
    for move in (Move.ASK_CLIENT, Move.PUT_BACK):
        assert not decide_move(ticket(State.L1_WORKING), ask(move, ANA)).overrides
        for by in (BEN, OLGA, DAN):
            with pytest.raises(Refused) as refused:
                decide_move(ticket(State.L1_WORKING), ask(move, by))
            assert refused.value.code == "not_owner"
        with pytest.raises(Refused):
            decide_move(ticket(State.L1_WORKING, owner_id=None), ask(move, ANA))


@pytest.mark.parametrize(
    "state", [State.L1_WORKING, State.L2_WORKING, State.L3_WORKING, State.L3_VALIDATING, State.RELEASE_PENDING]
)
def test_the_client_s_answer_leads_back_to_where_the_question_came_from(state: State) -> None:
    facts = ticket(state)
    owner = {HELP: ANA, OPS: OLGA, DEV: DAN}[facts.owner_id]  # type: ignore[index]
    waiting = decide_move(facts, ask(Move.ASK_CLIENT, owner)).after
    assert (waiting.return_state, waiting.level, waiting.owner_id) == (state, facts.level, facts.owner_id)
    for by in (CLIENT, ANA, OLGA, DAN):
        assert decide_move(waiting, ask(Move.CLIENT_ANSWERED, by)).after == facts


def test_spam_is_not_answered() -> None:
    cancelled = decide_move(ticket(State.NEW), ask(Move.CANCEL, ANA, Form(cause=CancelCause.SPAM)))
    assert (cancelled.notice, cancelled.effects) == (None, (Effect.DROP,))


def test_a_ticket_is_no_duplicate_of_itself() -> None:
    facts = ticket(State.NEW)
    with pytest.raises(Refused) as refused:
        decide_move(facts, ask(Move.CANCEL, ANA, replace(FULL, duplicate_of=facts.id)))
    assert refused.value.field == "duplicate_of"


def test_a_severity_is_changed_by_level_1_and_proposed_by_the_others() -> None:
    facts, form = ticket(State.L3_WORKING), replace(FULL, severity=Severity.S1)
    changed = decide_move(facts, ask(Move.SET_SEVERITY, ANA, form)).after
    assert changed == replace(facts, severity=Severity.S1)
    assert decide_move(facts, ask(Move.PROPOSE_SEVERITY, DAN, form)).after == facts
    with pytest.raises(Refused) as refused:
        decide_move(facts, ask(Move.SET_SEVERITY, ANA, replace(FULL, severity=facts.severity)))
    assert refused.value.code == "severity_unchanged"


@pytest.mark.parametrize("move", [Move.START_L3, Move.SET_OWNER])
def test_an_owner_is_of_the_level_that_has_the_ticket(move: Move) -> None:
    facts = ticket(State.L3_QUEUED)
    form = filled(facts, move)
    assert form.owner is not None
    assert decide_move(facts, ask(move, DAN, form)).after.owner_id == form.owner.id
    with pytest.raises(Refused) as refused:
        decide_move(facts, ask(move, DAN, replace(form, owner=replace(form.owner, level=2))))
    assert (refused.value.code, refused.value.field) == ("owner_of_other_level", "owner")


@pytest.mark.parametrize(
    ("state", "move", "by", "owner"),
    [
        (State.NEW, Move.TAKE, BEN, BEN.id),
        (State.L1_WORKING, Move.PASS_TO_L2, ANA, None),
        (State.L2_QUEUED, Move.SIZE, OLGA, OPS),
        (State.L2_WORKING, Move.RETURN_TO_L1, OLGA, HELP),
        (State.L2_WORKING, Move.PASS_TO_L3, OLGA, None),
        (State.L3_WORKING, Move.RETURN_TO_L2, DAN, OPS),
        (State.L3_VALIDATING, Move.FAIL_VALIDATION, OLGA, DEV),
        (State.RELEASE_PENDING, Move.RELEASE, OLGA, HELP),
        (State.RELEASED, Move.RELEASE_FAILED, BEN, DEV),
        (State.RESOLVED, Move.REOPEN, CLIENT, HELP),
        (State.L1_WORKING, Move.PUT_BACK, ANA, None),
    ],
)
def test_who_has_it_after_a_move(state: State, move: Move, by: Party, owner: AgentId | None) -> None:
    facts = ticket(state)
    assert decide_move(facts, ask(move, by, filled(facts, move))).after.owner_id == owner


def test_whoever_passes_a_chat_to_level_2_gets_it_back() -> None:
    queued = decide_move(ticket(None), ask(Move.OPEN_FOR_L2, BEN, replace(FULL, severity=Severity.S2))).after
    assert (queued.level, queued.owner_id, queued.provisional) == (2, None, False)
    assert decide_move(queued, ask(Move.RETURN_TO_L1, OLGA)).after.owner_id == BEN.id


def test_a_closed_ticket_is_followed_by_another() -> None:
    closed = ticket(State.CLOSED)
    followed = decide_move(closed, ask(Move.FOLLOW_UP, CLIENT))
    assert followed.opens_new
    assert followed.after == closed
    new = decide_move(ticket(None), ask(Move.OPEN, THE_SYSTEM, replace(FULL, follows=closed.id)))
    assert new.notice is None  # the new folio was told already
