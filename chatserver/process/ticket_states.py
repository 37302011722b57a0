"""The states of a ticket in groups, and which level each one belongs to."""

from chatserver.types import TicketState as State

ENDED = (State.RESOLVED, State.CLOSED, State.CANCELLED)
"""Nobody works on it; a resolved one may still be reopened."""

OPEN = tuple(state for state in State if state not in ENDED)

WORKING = (State.L1_WORKING, State.L2_WORKING, State.L3_WORKING)

ASKING = (*WORKING, State.L3_VALIDATING, State.RELEASE_PENDING)
"""Where a question to the client may begin, and to where their answer leads back."""

LEVELS = (1, 2, 3)

_LEVEL = {
    State.NEW: 1,
    State.L1_WORKING: 1,
    State.L2_QUEUED: 2,
    State.L2_WORKING: 2,
    State.L3_QUEUED: 3,
    State.L3_WORKING: 3,
    State.L3_VALIDATING: 3,
    State.RELEASE_PENDING: 2,
    State.RELEASED: 1,
}


def level_of(state: State, before: int = 1) -> int:
    """Whose turn it is: level 2 releases, level 1 tells the client. Waiting and ended tickets stay where they were."""
    return _LEVEL.get(state, before)
