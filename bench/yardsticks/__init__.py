"""Small honest servers on the frameworks that people would use instead, all doing the same work: store a message
durably, acknowledge it, deliver it to the other side."""
