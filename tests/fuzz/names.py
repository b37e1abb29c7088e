"""The targets' names, for a command that runs where poebook is not installed."""

NAMES = ("stream", "events", "bodies", "saved", "words")
