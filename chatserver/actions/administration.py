"""What an administrator decides about the process: budgets and hours. Each decision is a new version; promises made
earlier keep theirs."""

from chatserver.actions.unit import Unit
from chatserver.errors import Refused, not_found
from chatserver.models import CalendarRow, CalendarVersion, Installation, PolicyVersion
from chatserver.process.promises import must_be_keepable, must_make_sense
from chatserver.process.sla import Policy, policy_from_json, policy_to_json
from chatserver.queries.administration import HELP_DESK, SHIPPED, latest_hours, latest_policy, list_calendar_states
from chatserver.routing.hours import Calendar, calendar_from_json, calendar_to_json
from chatserver.types import Actor, Role, StaffActor


async def set_policy(unit: Unit, actor: Actor, policy: Policy, seen: int) -> int:
    """The budgets from now on; returns their version. `seen` is the version that was edited. The budgets that an
    installation comes with become a decision by being saved as they are; otherwise the same again is nothing new.
    Raises `Refused`: not_admin, changed_meanwhile, budget_order, no_room_for_promise."""
    must_administer(actor)
    await first_come(unit)
    latest = await latest_policy(unit.session)
    must_be_latest(latest.version, seen)
    definition = policy_to_json(policy)
    same = definition == policy_to_json(policy_from_json(latest.definition))
    if same and latest.version != SHIPPED:
        return latest.version
    must_make_sense(policy)
    for state in await list_calendar_states(unit.session):
        if state.is_used:
            must_be_keepable(policy, state.calendar, unit.now)
    version = latest.version + 1
    unit.session.add(PolicyVersion(version=version, definition=definition, created_at=unit.now))
    word = "confirm_policy" if same else "set_policy"
    unit.audit(actor, word, f"policy:{version}", before=latest.definition, after=definition)
    return version


async def set_calendar(unit: Unit, actor: Actor, id: int, hours: Calendar, seen: int) -> int:
    """A calendar's hours from now on, for all portals that share it; returns their version. As `set_policy` otherwise.
    Raises `Refused`: not_admin, not_found, changed_meanwhile, no_room_for_promise."""
    must_administer(actor)
    row = await unit.session.get(CalendarRow, id, with_for_update=True)
    if row is None:
        raise not_found("calendar")
    latest = await latest_hours(unit.session, id)
    must_be_latest(latest.version, seen)
    definition = calendar_to_json(hours)
    same = definition == calendar_to_json(calendar_from_json(latest.definition))
    if same and not (row.name == HELP_DESK and latest.version == SHIPPED):
        return latest.version
    must_be_keepable(policy_from_json((await latest_policy(unit.session)).definition), hours, unit.now)
    version = latest.version + 1
    made = CalendarVersion(calendar_id=id, version=version, definition=definition, created_at=unit.now)
    unit.session.add(made)
    word = "confirm_calendar" if same else "set_calendar"
    unit.audit(actor, word, f"calendar:{id}:{version}", before=latest.definition, after=definition)
    return version


async def first_come(unit: Unit) -> None:
    """One decision at a time: who decides second sees what the first has decided."""
    await unit.session.get_one(Installation, 1, with_for_update=True, populate_existing=True)


def must_administer(actor: Actor) -> None:
    """Raises `Refused` (not_admin) for staff of another role."""
    if isinstance(actor, StaffActor) and actor.role is not Role.ADMIN:
        raise Refused("not_admin", "Only an administrator changes how the desk works.")


def must_be_latest(latest: int, seen: int) -> None:
    """Raises `Refused` (changed_meanwhile)."""
    if latest != seen:
        raise Refused("changed_meanwhile", f"Version {latest} was saved while version {seen} was edited.")
