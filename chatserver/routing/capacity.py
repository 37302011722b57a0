"""The rule of capacity: load = offered + active + wrap-up, tested when something is assigned and at no other time.

So lowering a capacity evicts nobody: an agent above it only gets nothing new.
"""


def has_room(load: int, capacity: int) -> bool:
    return load < capacity


def free_places(load: int, capacity: int) -> int:
    """Never negative, also after the capacity was lowered under the load."""
    return max(capacity - load, 0)
