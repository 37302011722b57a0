"""Whether a policy can be promised at all: its budgets make sense together, and a desk's hours have room for them."""

from datetime import datetime

from chatserver.errors import Refused
from chatserver.process.sla import Policy, clock
from chatserver.routing.hours import HORIZON, Calendar, business_between


def must_make_sense(policy: Policy) -> None:
    """Raises `Refused` (budget_order) where a client would be promised a word later than the solution."""
    for severity, budget in policy.budgets.items():
        for name, span in (("first_reply", budget.first_reply), ("update", budget.update)):
            if span > budget.resolution:
                message = f"{severity}: the {name} budget is longer than that of the resolution."
                raise Refused("budget_order", message, field=f"{severity}.{name}")


def must_be_keepable(policy: Policy, calendar: Calendar, now: datetime) -> None:
    """Raises `Refused` (no_room_for_promise) when a budget does not fit into the hours of the next 400 days."""
    for severity, budget in policy.budgets.items():
        longest = max(budget.first_reply, budget.update, budget.resolution)
        if business_between(clock(policy, calendar, severity), now, now + HORIZON) < longest:
            message = f"{severity}: {longest} of business time do not fit into {HORIZON.days} days of these hours."
            raise Refused("no_room_for_promise", message, field=f"{severity}.resolution")
