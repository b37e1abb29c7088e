"""A load test for anybody: ``python3 -m tests.load --workers 4``. Many streams at once, and what became of each."""
