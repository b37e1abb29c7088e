"""Bytes that nobody meant: ``python3 -m tests.fuzz --minutes 10``. By hand; the checks only run each target's seeds."""
