"""The waits of the support process: settings with the process's own defaults, never numbers in code."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator


def _from_seconds(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int | float | str):
        seconds = float(value)
        if 0 < seconds <= 86_400:
            return timedelta(seconds=seconds)
    raise ValueError("must be a number of seconds, above 0 and at most 86400")


Seconds = Annotated[timedelta, BeforeValidator(_from_seconds)]

RISING = (
    ("offer_nudge", "offer_alert", "offer_missed"),
    ("agent_nudge", "agent_alert", "agent_return"),
    ("visitor_asked", "visitor_wrap_up", "visitor_extended"),
    ("offer_message", "queue_timeout"),
    ("renew_presence", "agent_gone", "visitor_gone", "visitor_gone_active"),
)


def _seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


class Timers(BaseModel):
    """How long each thing may take; given in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offer_message: Seconds = _seconds(180)
    queue_timeout: Seconds = _seconds(900)
    offer_nudge: Seconds = _seconds(60)
    offer_alert: Seconds = _seconds(120)
    offer_missed: Seconds = _seconds(180)
    agent_nudge: Seconds = _seconds(180)
    agent_alert: Seconds = _seconds(300)
    agent_return: Seconds = _seconds(600)
    visitor_asked: Seconds = _seconds(300)
    visitor_wrap_up: Seconds = _seconds(600)
    visitor_extended: Seconds = _seconds(1200)
    wrap_up: Seconds = _seconds(120)
    agent_gone: Seconds = _seconds(30)
    visitor_gone: Seconds = _seconds(60)
    visitor_gone_active: Seconds = _seconds(180)
    short: Seconds = _seconds(10)
    reoffer_after: Seconds = _seconds(60)
    after_closing: Seconds = _seconds(1800)
    message_first: Seconds = _seconds(900)
    unbroken_presence: Seconds = _seconds(45)
    renew_presence: Seconds = _seconds(10)
    heartbeat: Seconds = _seconds(20)
    sweep: Seconds = _seconds(1)
    position: Seconds = _seconds(5)

    @property
    def late_wait(self) -> timedelta:
        """From when on a client has waited too long: the message form is offered to them then."""
        return self.offer_message

    @property
    def soon_wait(self) -> timedelta:
        """From when on a supervisor can still do better than that."""
        return self.offer_message * 2 / 3

    @model_validator(mode="after")
    def _rising(self) -> "Timers":
        for names in RISING:
            values = [getattr(self, name) for name in names]
            if values != sorted(values):
                shown = ", ".join(f"{value.total_seconds():g}" for value in values)
                raise ValueError(f"{' <= '.join(names)} must hold; these are {shown}")
        return self
