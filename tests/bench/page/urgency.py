"""All that is measured is as urgent as the process that measures, so that `nice` counts for a page too."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import psutil


def share() -> None:
    """Give every thread of every process begun from here this process's own niceness.

    Chromium sets its pages to 0 and 5, whatever it was begun with. Linux may weigh whole sessions against each other:
    those that began here (``setsid -w nice -n -12 python3 -m tests.bench.page``) get the niceness as well. Does
    nothing where that cannot be.
    """
    own = os.getpriority(os.PRIO_PROCESS, 0)
    me = psutil.Process()
    pids = {me.pid, *(process.pid for process in me.children(recursive=True))}
    for pid in pids:
        with suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                os.setpriority(os.PRIO_PROCESS, int(thread.name), own)
            if os.getsid(pid) in pids:
                Path(f"/proc/{pid}/autogroup").write_text(str(own))
