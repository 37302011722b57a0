"""Writing: the only rooms that change rows. Each action is one transaction: lock, load, decide, write, say."""
