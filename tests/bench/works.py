"""All that is measured."""

from __future__ import annotations

from tests.bench import asking, cells, computing, importing, serving
from tests.bench.contest import Work

WORKS: tuple[Work, ...] = (*serving.WORKS, *asking.WORKS, *importing.WORKS, *computing.WORKS, *cells.WORKS)
