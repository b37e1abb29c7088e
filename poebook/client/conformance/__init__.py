"""Whether a live bot server does what Poe asks of it: some eighty rules in a table, over a few dozen requests."""
