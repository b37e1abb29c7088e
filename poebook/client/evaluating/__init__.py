"""A table of questions put to a table of bots."""
