"""Hints between processes that a topic has something new: one contract, in memory or over Redis."""

from chatserver.bus.base import Bus, BusUnavailable, Counters, Deliver, Recovered
from chatserver.bus.memory import MemoryBus, MemoryExchange
from chatserver.bus.redis import RedisBus

__all__ = [
    "Bus",
    "BusUnavailable",
    "Counters",
    "Deliver",
    "MemoryBus",
    "MemoryExchange",
    "Recovered",
    "RedisBus",
]
