"""Speed, measured by hand: ``python3 -m tests.bench``. Nothing here is part of the checks."""
