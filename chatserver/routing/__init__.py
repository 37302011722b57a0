"""Pure decisions about time and people: when the desk is open, who gets whom and why, how long it may take."""
