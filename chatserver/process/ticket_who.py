"""Who may make a move: levels, owner, supervisor, client, system, as a row of the table names them."""

from dataclasses import dataclass
from enum import StrEnum

from chatserver.process.ticket_facts import Kind, Party, TicketFacts


class Leave(StrEnum):
    """`OVERRIDE`: a supervisor acts as a role named in the row, and must say why."""

    NO = "no"
    YES = "yes"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Who:
    """Any of these. `members`: whoever is of the level that has it. `override`: a supervisor may act as them."""

    levels: frozenset[int] = frozenset()
    owner: bool = False
    members: bool = False
    supervisor: bool = False
    client: bool = False
    system: bool = False
    override: bool = True

    def leave(self, party: Party, facts: TicketFacts) -> Leave:
        if party.kind is not Kind.STAFF:
            return Leave.YES if (self.client if party.kind is Kind.CLIENT else self.system) else Leave.NO
        if self._named(party, facts):
            return Leave.YES
        may_override = party.supervises and self.override and self.staff
        return Leave.OVERRIDE if may_override else Leave.NO

    @property
    def staff(self) -> bool:
        """Whether the row names anybody of ours at all."""
        return bool(self.levels) or self.owner or self.members or self.supervisor

    @property
    def names(self) -> tuple[str, ...]:
        """Those named, as keys of the locales (`process.who.…`)."""
        levels = [f"level_{level}" for level in sorted(self.levels)]
        others = ["owner", "members", "supervisor", "client", "system"]
        return (*levels, *(name for name in others if getattr(self, name)))

    def _named(self, party: Party, facts: TicketFacts) -> bool:
        return (
            party.level in self.levels
            or (self.owner and party.id is not None and party.id == facts.owner_id)
            or (self.members and party.level == facts.level)
            or (self.supervisor and party.supervises)
        )


def level(*levels: int, owner: bool = False, supervisor: bool = False, override: bool = True) -> Who:
    return Who(frozenset(levels), owner=owner, supervisor=supervisor, override=override)
