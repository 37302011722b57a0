"""What must hold before a move is made, each thing by a name, a code to refuse with, and the fields a form asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from chatserver.errors import Refused
from chatserver.process.severity import PROVISIONAL
from chatserver.process.ticket_facts import Kind, MoveRequest, TicketFacts
from chatserver.process.ticket_names import CancelCause, Move
from chatserver.process.ticket_waits import reminders_passed

Wrong = str | tuple[str, str] | None
"""What is wrong, for developers, with the field it is about; None: nothing is."""

Check = Callable[[TicketFacts, MoveRequest], Wrong]


@dataclass(frozen=True, slots=True)
class Need:
    """A field a move asks for. `instead`: another field that makes it unnecessary; `only_for`: the one cause it is
    for."""

    field: str
    instead: str | None = None
    only_for: CancelCause | None = None


def _always(_: TicketFacts) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Guard:
    """`code` also names the guard in the locales (`process.guard.…`). Without `needs`, the form cannot mend it."""

    code: str
    check: Check
    needs: tuple[Need, ...] = ()
    asks: Callable[[TicketFacts], bool] = _always

    def refuse(self, facts: TicketFacts, request: MoveRequest) -> None:
        """Raises `Refused` with the guard's code and the field that is missing."""
        if wrong := self.check(facts, request):
            message, field = (wrong, None) if isinstance(wrong, str) else wrong
            raise Refused(self.code, message, field=field)

    def needed(self, facts: TicketFacts) -> tuple[Need, ...]:
        return self.needs if self.asks(facts) else ()


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def given(field: str, what: str, known: Callable[[TicketFacts], bool] | None = None) -> Guard:
    """The form must have it, unless the ticket does (`known`)."""

    def check(facts: TicketFacts, request: MoveRequest) -> Wrong:
        if _blank(getattr(request.form, field)) and not (known and known(facts)):
            return f"To {request.move}, {what} is needed.", field
        return None

    def asks(facts: TicketFacts) -> bool:
        return not (known and known(facts))

    return Guard(f"{field}_missing", check, (Need(field),), asks)


CONTACT = given("contact", "an address of the client")
SEVERITY = given("severity", "the severity", known=lambda facts: not facts.provisional)
CATEGORY = given("category", "the category", known=lambda facts: facts.category is not None)
SUMMARY = given("summary", "a summary")
RFC = given("rfc", "the RFC or the word that there is none", known=lambda facts: facts.rfc is not None)
EVIDENCE = given("evidence", "evidence or the word that there is none", known=lambda facts: facts.evidence is not None)
SOLUTION = given("solution", "the solution, in words for the client,")
SIZING = given("sizing", "the sizing")
REASON = given("reason", "a reason")
DIAGNOSIS = given("diagnosis", "a diagnosis")
OWNER = given("owner", "a named owner")
TEST_EVIDENCE = given("test_evidence", "the evidence of the tests")
NEW_DATE = given("new_date", "the new date")
MESSAGE = given("message", "the message to the client")
QUESTION = given("question", "the question to the client")


def _provisional(_: TicketFacts, request: MoveRequest) -> Wrong:
    if request.form.severity not in (None, PROVISIONAL):
        return f"Nobody has classified it yet: it is a provisional {PROVISIONAL}.", "severity"
    return None


def _from_chat(facts: TicketFacts, _: MoveRequest) -> Wrong:
    return None if facts.from_chat else "Only a chat becomes a ticket that is classified from the start."


def _second_return(facts: TicketFacts, request: MoveRequest) -> Wrong:
    if facts.returns and not request.by.supervises:
        return "It was returned to level 1 before: a second time needs a supervisor."
    return None


def _author(facts: TicketFacts, request: MoveRequest) -> Wrong:
    return "Nobody validates a solution of their own." if request.by.id in facts.authors else None


def _window(_: TicketFacts, request: MoveRequest) -> Wrong:
    begins, ends = request.form.release_from, request.form.release_until
    if begins is None or ends is None:
        return "The release window is to be agreed.", "release_from" if begins is None else "release_until"
    return None if begins < ends else ("The release window ends after it begins.", "release_until")


def _version(_: TicketFacts, request: MoveRequest) -> Wrong:
    form = request.form
    if form.no_deployment:
        return None
    if _blank(form.version):
        return "What was released, and when, or that nothing is deployed.", "version"
    if form.released_at is None or form.released_at > request.at:
        return "When the version was released; that is not in the future.", "released_at"
    return None


def _cause(facts: TicketFacts, request: MoveRequest) -> Wrong:
    form = request.form
    if form.cause is None:
        return "A ticket is cancelled as a duplicate, as spam or because it was withdrawn.", "cause"
    if form.cause is CancelCause.DUPLICATE and form.duplicate_of in (None, facts.id):
        return "A duplicate names the other ticket it is the same as.", "duplicate_of"
    return None


def _other_severity(facts: TicketFacts, request: MoveRequest) -> Wrong:
    if request.form.severity is None:
        return "The new severity is needed.", "severity"
    return ("That is its severity already.", "severity") if request.form.severity is facts.severity else None


def _owner_level(facts: TicketFacts, request: MoveRequest) -> Wrong:
    owner = request.form.owner
    if owner and owner.level != facts.level:
        return f"The owner must be of level {facts.level}.", "owner"
    return None


def _reminder_due(facts: TicketFacts, request: MoveRequest) -> Wrong:
    due = reminders_passed(facts.stages, request.at) > facts.reminded
    return None if due else "No reminder is due."


def _waited(facts: TicketFacts, request: MoveRequest) -> Wrong:
    due = any(move is Move.RESOLVE_UNANSWERED and at <= request.at for at, move in facts.stages)
    return None if due else "The client still has time to answer."


def _close_due(facts: TicketFacts, request: MoveRequest) -> Wrong:
    early = request.by.kind is Kind.SYSTEM and any(request.at < at for at, _ in facts.stages)
    return "The client may still say that it is not solved." if early else None


def _may_reopen(facts: TicketFacts, request: MoveRequest) -> Wrong:
    late = any(request.at > at for at, _ in facts.stages)
    return "The time to reopen it is over." if late else None


def _may_follow(facts: TicketFacts, request: MoveRequest) -> Wrong:
    late = request.at > facts.since + timedelta(days=facts.waits.follow_days)
    return f"It was closed more than {facts.waits.follow_days} days ago." if late else None


PROVISIONAL_ONLY = Guard("not_classified", _provisional)
FROM_CHAT = Guard("not_a_chat", _from_chat)
SECOND_RETURN = Guard("second_return", _second_return)
NOT_THE_AUTHOR = Guard("own_solution", _author)
WINDOW = Guard("release_window_missing", _window, (Need("release_from"), Need("release_until")))
VERSION = Guard("version_missing", _version, (Need("version", "no_deployment"), Need("released_at", "no_deployment")))
CAUSE = Guard("cause_missing", _cause, (Need("cause"), Need("duplicate_of", only_for=CancelCause.DUPLICATE)))
OTHER_SEVERITY = Guard("severity_unchanged", _other_severity, (Need("severity"),))
OWNER_LEVEL = Guard("owner_of_other_level", _owner_level, (Need("owner"),))
REMINDER_DUE = Guard("reminder_not_due", _reminder_due)
WAITED = Guard("answer_not_due", _waited)
CLOSE_DUE = Guard("closing_not_due", _close_due)
MAY_REOPEN = Guard("reopening_over", _may_reopen)
MAY_FOLLOW = Guard("following_over", _may_follow)
