"""The table of the process, written down a second time: from, move, to, and who. An owner is written as their level."""

from chatserver.process.ticket_names import Move
from chatserver.types import TicketState as State
from tests.process.cast import ticket

L1, L2, L3, SUP, CL, SYS = "level 1", "level 2", "level 3", "supervisor", "client", "system"

LEGAL: dict[tuple[State | None, Move], tuple[State, set[str]]] = {
    (None, Move.OPEN): (State.NEW, {L1, SUP, SYS}),
    (None, Move.OPEN_FOR_L1): (State.L1_WORKING, {L1, SUP}),
    (None, Move.OPEN_FOR_L2): (State.L2_QUEUED, {L1, SUP}),
    (State.NEW, Move.TAKE): (State.L1_WORKING, {L1, SUP}),
    (State.L1_WORKING, Move.SOLVE): (State.RESOLVED, {L1, SUP}),
    (State.L1_WORKING, Move.PASS_TO_L2): (State.L2_QUEUED, {L1, SUP}),
    (State.L1_WORKING, Move.ASK_CLIENT): (State.WAITING_CLIENT, {L1, SUP}),
    (State.L1_WORKING, Move.PUT_BACK): (State.NEW, {L1, SUP}),
    (State.L2_QUEUED, Move.SIZE): (State.L2_WORKING, {L2, SUP}),
    (State.L2_QUEUED, Move.RETURN_TO_L1): (State.L1_WORKING, {L2, SUP}),
    (State.L2_WORKING, Move.RETURN_TO_L1): (State.L1_WORKING, {L2, SUP}),
    (State.L2_WORKING, Move.SOLVE): (State.RESOLVED, {L1, L2, SUP}),
    (State.L2_WORKING, Move.PASS_TO_L3): (State.L3_QUEUED, {L2, SUP}),
    (State.L2_WORKING, Move.ASK_CLIENT): (State.WAITING_CLIENT, {L2, SUP}),
    (State.L2_WORKING, Move.PUT_BACK): (State.L2_QUEUED, {L2, SUP}),
    (State.L3_QUEUED, Move.START_L3): (State.L3_WORKING, {L3, SUP}),
    (State.L3_QUEUED, Move.RETURN_TO_L2): (State.L2_WORKING, {L3, SUP}),
    (State.L3_WORKING, Move.RETURN_TO_L2): (State.L2_WORKING, {L3, SUP}),
    (State.L3_WORKING, Move.SUBMIT): (State.L3_VALIDATING, {L3, SUP}),
    (State.L3_WORKING, Move.ASK_CLIENT): (State.WAITING_CLIENT, {L3, SUP}),
    (State.L3_WORKING, Move.PUT_BACK): (State.L3_QUEUED, {L3, SUP}),
    (State.L3_VALIDATING, Move.FAIL_VALIDATION): (State.L3_WORKING, {L2, L3, SUP}),
    (State.L3_VALIDATING, Move.VALIDATE): (State.RELEASE_PENDING, {L2, L3, SUP}),
    (State.L3_VALIDATING, Move.ASK_CLIENT): (State.WAITING_CLIENT, {L3, SUP}),
    (State.RELEASE_PENDING, Move.RELEASE): (State.RELEASED, {L2}),
    (State.RELEASE_PENDING, Move.RELEASE_FAILED): (State.L3_WORKING, {L1, L2, SUP}),
    (State.RELEASE_PENDING, Move.ASK_CLIENT): (State.WAITING_CLIENT, {L2, SUP}),
    (State.RELEASED, Move.RELEASE_FAILED): (State.L3_WORKING, {L1, L2, SUP}),
    (State.RELEASED, Move.CONFIRM): (State.RESOLVED, {L1, L2, SUP}),
    (State.WAITING_CLIENT, Move.CLIENT_ANSWERED): (State.L2_WORKING, {L1, L2, L3, SUP, CL}),
    (State.WAITING_CLIENT, Move.REMIND): (State.WAITING_CLIENT, {SYS}),
    (State.WAITING_CLIENT, Move.RESOLVE_UNANSWERED): (State.RESOLVED, {SYS}),
    (State.RESOLVED, Move.REOPEN): (State.L1_WORKING, {L1, SUP, CL}),
    (State.RESOLVED, Move.CLOSE): (State.CLOSED, {CL, SYS}),
    (State.CLOSED, Move.FOLLOW_UP): (State.CLOSED, {CL}),
}
for _state in (state for state in State if state not in (State.RESOLVED, State.CLOSED, State.CANCELLED)):
    LEGAL[_state, Move.CANCEL] = (State.CANCELLED, {L1, SUP})
    LEGAL[_state, Move.SET_SEVERITY] = (_state, {L1, SUP})
    LEGAL[_state, Move.PROPOSE_SEVERITY] = (_state, {L2, L3, SUP})
    LEGAL[_state, Move.SET_OWNER] = (_state, {f"level {ticket(_state).level}", SUP})
