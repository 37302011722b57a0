"""The table of the support process: every move of a ticket, once. What is not in here is refused by name."""

from dataclasses import dataclass
from enum import StrEnum

from chatserver.process import ticket_guards as guard
from chatserver.process.ticket_guards import Guard
from chatserver.process.ticket_names import Effect, Move, Notice, Task
from chatserver.process.ticket_states import ASKING, LEVELS, OPEN
from chatserver.process.ticket_who import Who, level
from chatserver.types import TicketState as State


class Owner(StrEnum):
    """Who has the ticket after a move. `FORMER`: who had it last at that level, if anybody did."""

    KEEP = "keep"
    ACTOR = "actor"
    NAMED = "named"
    NOBODY = "nobody"
    FORMER = "former"


class Target(StrEnum):
    """Where a move leads that does not always lead to the same state."""

    SAME = "same"
    RETURN = "return"


Source = State | None
"""None: there is no ticket yet."""


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row's in the process's own table. A notice that a person causes is a human public message."""

    number: str
    move: Move
    sources: tuple[Source, ...]
    to: State | Target
    who: Who
    guards: tuple[Guard, ...] = ()
    notice: Notice | None = None
    effects: tuple[Effect, ...] = ()
    owner: Owner = Owner.KEEP
    task: Task | None = None


L1, L2, L3 = level(1), level(2), level(3)
SYSTEM = Who(system=True)
CLIENT = Who(client=True)
CLASSIFIED = (guard.FROM_CHAT, guard.CONTACT, guard.SEVERITY, guard.CATEGORY)
HANDED_OVER = (guard.SUMMARY, guard.RFC, guard.EVIDENCE)

S, M, N, E = State, Move, Notice, Effect

ROWS = (
    Row("1", M.OPEN, (None,), S.NEW, Who(frozenset({1}), system=True), (guard.CONTACT, guard.PROVISIONAL_ONLY),
        N.OPENED, (E.START,), Owner.NOBODY),
    Row("1b", M.OPEN_FOR_L1, (None,), S.L1_WORKING, L1, CLASSIFIED, N.CLASSIFIED, (E.START,), Owner.ACTOR),
    Row("1b", M.OPEN_FOR_L2, (None,), S.L2_QUEUED, L1, (*CLASSIFIED, *HANDED_OVER), N.CLASSIFIED, (E.START,),
        Owner.NOBODY),
    Row("2", M.TAKE, (S.NEW,), S.L1_WORKING, L1, (guard.SEVERITY, guard.CATEGORY), N.CLASSIFIED, (E.RECOMPUTE,),
        Owner.ACTOR),
    Row("3", M.SOLVE, (S.L1_WORKING,), S.RESOLVED, L1, (guard.SOLUTION,), N.SOLUTION, (E.STOP,)),
    Row("4", M.PASS_TO_L2, (S.L1_WORKING,), S.L2_QUEUED, L1, HANDED_OVER, N.PASSED_TO_L2, owner=Owner.NOBODY),
    Row("5", M.SIZE, (S.L2_QUEUED,), S.L2_WORKING, L2, (guard.SIZING,), owner=Owner.ACTOR),
    Row("6", M.RETURN_TO_L1, (S.L2_QUEUED, S.L2_WORKING), S.L1_WORKING, L2, (guard.REASON, guard.SECOND_RETURN),
        owner=Owner.FORMER),
    Row("7", M.SOLVE, (S.L2_WORKING,), S.RESOLVED, level(1, 2), (guard.SOLUTION,), N.SOLUTION, (E.STOP,),
        task=Task.SOLVED_BY_L2),
    Row("8", M.PASS_TO_L3, (S.L2_WORKING,), S.L3_QUEUED, L2, (guard.DIAGNOSIS,), N.PASSED_TO_L3, owner=Owner.NOBODY),
    Row("9", M.START_L3, (S.L3_QUEUED,), S.L3_WORKING, level(3, supervisor=True), (guard.OWNER, guard.OWNER_LEVEL),
        owner=Owner.NAMED),
    Row("10", M.RETURN_TO_L2, (S.L3_QUEUED, S.L3_WORKING), S.L2_WORKING, L3, (guard.REASON,), owner=Owner.FORMER),
    Row("11", M.SUBMIT, (S.L3_WORKING,), S.L3_VALIDATING, L3, (guard.TEST_EVIDENCE,)),
    Row("12", M.FAIL_VALIDATION, (S.L3_VALIDATING,), S.L3_WORKING, level(2, 3), (guard.REASON,), owner=Owner.FORMER),
    Row("13", M.VALIDATE, (S.L3_VALIDATING,), S.RELEASE_PENDING, level(2, 3), (guard.NOT_THE_AUTHOR, guard.WINDOW),
        N.VALIDATED, owner=Owner.FORMER),
    Row("14", M.RELEASE, (S.RELEASE_PENDING,), S.RELEASED, level(2, override=False), (guard.VERSION,),
        owner=Owner.FORMER, task=Task.TELL_CLIENT),
    Row("15", M.RELEASE_FAILED, (S.RELEASE_PENDING, S.RELEASED), S.L3_WORKING, level(1, 2),
        (guard.REASON, guard.NEW_DATE), N.NEW_DATE, owner=Owner.FORMER),
    Row("16", M.CONFIRM, (S.RELEASED,), S.RESOLVED, level(1, 2), (guard.MESSAGE,), N.SOLUTION, (E.STOP,)),
    Row("17", M.ASK_CLIENT, ASKING, S.WAITING_CLIENT, Who(owner=True), (guard.QUESTION,), N.QUESTION, (E.PAUSE,)),
    Row("18", M.CLIENT_ANSWERED, (S.WAITING_CLIENT,), Target.RETURN, Who(frozenset(LEVELS), client=True),
        effects=(E.RESUME,)),
    Row("19", M.REMIND, (S.WAITING_CLIENT,), Target.SAME, SYSTEM, (guard.REMINDER_DUE,), N.REMINDER),
    Row("20", M.RESOLVE_UNANSWERED, (S.WAITING_CLIENT,), S.RESOLVED, SYSTEM, (guard.WAITED,), N.UNANSWERED, (E.STOP,)),
    Row("21", M.REOPEN, (S.RESOLVED,), S.L1_WORKING, Who(frozenset({1}), client=True), (guard.MAY_REOPEN,), N.REOPENED,
        (E.REOPEN,), Owner.FORMER),
    Row("22", M.CLOSE, (S.RESOLVED,), S.CLOSED, Who(client=True, system=True), (guard.CLOSE_DUE,), N.CLOSED),
    Row("23", M.FOLLOW_UP, (S.CLOSED,), Target.SAME, CLIENT, (guard.MAY_FOLLOW,), N.FOLLOWED),
    Row("24", M.CANCEL, OPEN, S.CANCELLED, level(1, supervisor=True), (guard.CAUSE,), N.CANCELLED, (E.DROP,)),
    Row("25", M.SET_SEVERITY, OPEN, Target.SAME, level(1, supervisor=True), (guard.OTHER_SEVERITY, guard.REASON),
        N.SEVERITY_CHANGED, (E.RECOMPUTE,)),
    Row("25b", M.PROPOSE_SEVERITY, OPEN, Target.SAME, level(2, 3), (guard.OTHER_SEVERITY, guard.REASON),
        task=Task.SEVERITY_PROPOSED),
    Row("26", M.SET_OWNER, OPEN, Target.SAME, Who(members=True, supervisor=True), (guard.OWNER, guard.OWNER_LEVEL),
        owner=Owner.NAMED),
    *(
        Row("27", M.PUT_BACK, (working,), queued, Who(owner=True, supervisor=True), (guard.REASON,),
            owner=Owner.NOBODY)
        for working, queued in ((S.L1_WORKING, S.NEW), (S.L2_WORKING, S.L2_QUEUED), (S.L3_WORKING, S.L3_QUEUED))
    ),
)  # fmt: skip

BY_SOURCE: dict[tuple[Source, Move], Row] = {(source, row.move): row for row in ROWS for source in row.sources}
"""A move from a state is one row: a test holds that none hides another."""
