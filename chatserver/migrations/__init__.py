"""The schema's history, run by `chatserver migrate` and at start."""
