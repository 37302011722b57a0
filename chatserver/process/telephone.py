"""A call as it is logged: who, which way, and what becomes of it."""

from enum import StrEnum


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Becomes(StrEnum):
    """Nothing more (it was settled on the line), a ticket of its own, or a part of one that there is."""

    NOTHING = "nothing"
    TICKET = "ticket"
    JOINS = "joins"
