"""Reading: who may see what, and what it looks like. Nothing here writes."""
