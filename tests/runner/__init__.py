"""What ``python3 -m tests`` is made of. Nothing here needs more than the standard library."""
