"""Protocol v1 (`chatserver.v1`): commands in, replies and events out, as data. Nothing here does I/O."""

SUBPROTOCOL = "chatserver.v1"
