"""Pages, files and health over plain HTTP. The edges hold no rules: what is written, an action writes."""
