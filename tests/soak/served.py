"""The server of the soak: says its address, then its state for each line that it reads; swaps its bot all the while."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import threading
import time
from collections.abc import AsyncIterator

import psutil

import poebook as fp


class Teller(fp.PoeBot):
    """Told ``COUNT PAUSE``: so many events, so many seconds apart."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        count, pause = request.query[-1].content.split()
        for number in range(int(count)):
            if float(pause):
                await asyncio.sleep(float(pause))
            yield fp.PartialResponse(text=f"{number} ")


def _swap() -> None:
    while True:
        time.sleep(2)
        fp.serve(Teller(), "teller", no_key=True)


def _state() -> dict[str, float]:
    gc.collect()
    process = psutil.Process()
    return {
        "memory MB": process.memory_info().rss / 1e6,
        "tasks": sum(1 for one in gc.get_objects() if isinstance(one, asyncio.Task) and not one.done()),
        "descriptors": process.num_fds(),
        "threads": threading.active_count(),
    }


if __name__ == "__main__":
    print(fp.serve(Teller(), "teller", port=0, no_key=True).url, flush=True)
    threading.Thread(target=_swap, daemon=True).start()
    for _ in sys.stdin:
        print(json.dumps(_state()), flush=True)
