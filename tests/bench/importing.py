"""What an import costs: seconds, memory, modules; alone, and with an application made."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from tests.bench.contest import OURS, THEIRS, Figures, Goal, Measure, Stage, Work

_SCRIPT = """
import json, psutil, sys, time, warnings
warnings.simplefilter("ignore")
own = psutil.Process().memory_info  # the most ever used would begin with what the parent used
memory, modules = own().rss, len(sys.modules)
start = time.perf_counter()
import {library} as fp
{then}
seconds = time.perf_counter() - start
print(json.dumps({{
    "wall, s": seconds,
    "memory, kB": (own().rss - memory) / 1000,
    "modules": len(sys.modules) - modules,
}}))
"""


def _stage(then: str) -> Stage:
    @contextmanager
    def stage() -> Iterator[Mapping[str, Measure]]:
        yield {library: partial(_measured, library, then) for library in (OURS, THEIRS)}

    return stage


def _measured(library: str, then: str) -> Figures:
    script = _SCRIPT.format(library=library, then=then)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


WORKS = (
    Work(
        "import",
        "import",
        _stage("pass"),
        (
            Goal("wall, s", THEIRS, 0.4, more=False),
            Goal("memory, kB", THEIRS, 0.75, more=False),
            Goal("modules", THEIRS, 0.55, more=False),
        ),
    ),
    Work(
        "import-app",
        "import, and make_app",
        _stage('fp.make_app(fp.PoeBot(), access_key="0" * 32)'),
        (Goal("wall, s", THEIRS, 0.8, more=False),),
    ),
)
