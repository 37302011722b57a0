"""How much one client may write over time: frames are counted elsewhere, but each may hold thousands of characters."""

from dataclasses import dataclass, field

BURST = 20_000.0
PER_SECOND = 600.0
"""Characters: five of the longest messages at once, and then five long lines a second, more than anybody types."""


@dataclass(slots=True)
class Quota:
    """A token bucket of characters. `now` is a monotonic time in seconds."""

    burst: float = BURST
    per_second: float = PER_SECOND
    _left: float = field(init=False)
    _at: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._left = self.burst

    def take(self, chars: int, now: float) -> float | None:
        """None: they are taken. Else nothing is, and it is the seconds after which they can be. What is longer than the
        burst needs all of it, so that nothing has to wait for ever."""
        waited = 0.0 if self._at is None else max(now - self._at, 0.0)
        self._at = now
        self._left = min(self.burst, self._left + waited * self.per_second)
        missing = min(chars, self.burst) - self._left
        if missing > 0:
            return missing / self.per_second
        self._left -= min(chars, self.burst)
        return None
