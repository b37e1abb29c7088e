"""One file a door: each has ``ROUTES``, which ``poebook.standin.app`` gathers."""
