"""Hours of mixed traffic, watched: ``python3 -m tests.soak --minutes 30``. By hand; no part of the checks."""
