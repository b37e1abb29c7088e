"""A service, run as a person runs it."""
