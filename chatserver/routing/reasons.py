"""The words of routing: every code a decision can carry, and the parameters its translation may use.

A decision is stored with its reason and shown to people, so a code is never renamed, and every locale has them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

OTHER_LANGUAGE = "_other_language"
"""Ends the code of an assignment made although nobody on shift speaks the client's language."""

_ASSIGNED: dict[str, frozenset[str]] = {
    "routing.assigned.last_agent": frozenset({"agent"}),
    "routing.assigned.only_one": frozenset({"agent"}),
    "routing.assigned.least_loaded": frozenset({"agent", "load", "capacity"}),
    "routing.assigned.longest_idle": frozenset({"agent", "idle_seconds"}),
    "routing.assigned.tie": frozenset({"agent"}),
}

REASON_PARAMS: Mapping[str, frozenset[str]] = {
    **_ASSIGNED,
    **{code + OTHER_LANGUAGE: params | {"language"} for code, params in _ASSIGNED.items()},
    "routing.assigned.supervisor": frozenset({"by"}),
    "routing.assigned.transfer": frozenset({"by"}),
    "routing.assigned.taken_over": frozenset({"by"}),
    "routing.waits.nobody_on_shift": frozenset(),
    "routing.waits.no_level": frozenset({"level"}),
    "routing.waits.no_team": frozenset({"team", "level"}),
    "routing.waits.all_full": frozenset({"agents", "places"}),
    "routing.waits.others_full": frozenset({"agents", "places"}),
    "routing.waits.after_refusal": frozenset({"seconds"}),
    "routing.passed.off_shift": frozenset(),
    "routing.passed.away": frozenset(),
    "routing.passed.gone": frozenset(),
    "routing.passed.level": frozenset(),
    "routing.passed.team": frozenset(),
    "routing.passed.language": frozenset(),
    "routing.passed.refused": frozenset(),
    "routing.passed.full": frozenset(),
    "routing.passed.not_last_agent": frozenset(),
    "routing.passed.busier": frozenset(),
    "routing.passed.less_idle": frozenset(),
    "routing.passed.tie": frozenset(),
}

REASONS: tuple[str, ...] = tuple(REASON_PARAMS)


@dataclass(frozen=True, slots=True)
class Reason:
    """A code of `REASONS` and exactly the parameters that `REASON_PARAMS` names for it."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict, hash=False)


def reason_of(code: str, **known: str | int) -> Reason:
    """The reason with this code, taking from what is known the parameters that belong to it."""
    return Reason(code, {name: known[name] for name in sorted(REASON_PARAMS[code])})
