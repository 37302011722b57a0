"""The words of a ticket's life that stand in commands, rows and locales: moves, notices, effects on the clocks."""

from enum import StrEnum


class Move(StrEnum):
    """What can be done to a ticket. A person's moves have the names a person uses."""

    OPEN = "open"
    OPEN_FOR_L1 = "open_for_l1"
    OPEN_FOR_L2 = "open_for_l2"
    TAKE = "take"
    SOLVE = "solve"
    PASS_TO_L2 = "pass_to_l2"  # noqa: S105
    SIZE = "size"
    RETURN_TO_L1 = "return_to_l1"
    PASS_TO_L3 = "pass_to_l3"  # noqa: S105
    START_L3 = "start_l3"
    RETURN_TO_L2 = "return_to_l2"
    SUBMIT = "submit"
    FAIL_VALIDATION = "fail_validation"
    VALIDATE = "validate"
    RELEASE = "release"
    RELEASE_FAILED = "release_failed"
    CONFIRM = "confirm"
    ASK_CLIENT = "ask_client"
    CLIENT_ANSWERED = "client_answered"
    REMIND = "remind"
    RESOLVE_UNANSWERED = "resolve_unanswered"
    REOPEN = "reopen"
    CLOSE = "close"
    FOLLOW_UP = "follow_up"
    CANCEL = "cancel"
    SET_SEVERITY = "set_severity"
    PROPOSE_SEVERITY = "propose_severity"
    SET_OWNER = "set_owner"
    PUT_BACK = "put_back"


class Notice(StrEnum):
    """What the client is told: the key of its text, in every channel."""

    OPENED = "opened"
    CLASSIFIED = "classified"
    SOLUTION = "solution"
    PASSED_TO_L2 = "passed_to_l2"
    PASSED_TO_L3 = "passed_to_l3"
    VALIDATED = "validated"
    NEW_DATE = "new_date"
    QUESTION = "question"
    REMINDER = "reminder"
    UNANSWERED = "unanswered"
    REOPENED = "reopened"
    CLOSED = "closed"
    FOLLOWED = "followed"
    CANCELLED = "cancelled"
    SEVERITY_CHANGED = "severity_changed"


class Task(StrEnum):
    """What level 1, the formal contact, is told."""

    SOLVED_BY_L2 = "solved_by_l2"
    TELL_CLIENT = "tell_client"
    SEVERITY_PROPOSED = "severity_proposed"


class Effect(StrEnum):
    """What a move does to the clocks, in the order in which several are carried out.

    `SAID` is a human public message: the first one stops first-reply, every one restarts the update clock.
    """

    START = "start"
    RECOMPUTE = "recompute"
    RESUME = "resume"
    REOPEN = "reopen"
    SAID = "said"
    PAUSE = "pause"
    STOP = "stop"
    DROP = "drop"


class CancelCause(StrEnum):
    DUPLICATE = "duplicate"
    SPAM = "spam"
    WITHDRAWN = "withdrawn"


class LinkKind(StrEnum):
    """What a ticket has to do with the other: it is the same, it comes after it, it is what made it happen."""

    DUPLICATES = "duplicates"
    FOLLOWS = "follows"
    CAUSES = "causes"


class StepKind(StrEnum):
    """A line of a ticket's history: a move of the table, or what happened to it beside the table."""

    MOVE = "move"
    WARNED = "warned"
    LINKED = "linked"
    TAGGED = "tagged"
