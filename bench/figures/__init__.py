"""One file a figure: each sets its scene, measures ours and theirs in turn, and gives rows."""
