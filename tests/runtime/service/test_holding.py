"""A served bot whose handler blocks the loop is told of, with the line, by the process that it blocks."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.runtime.service.running import PATIENCE, asked, running

BLOCKING = """\
import os
import time

import poebook as fp


class Blocking(fp.PoeBot):
    async def get_response(self, request):
        while not os.path.exists("over"):
            time.sleep(0.01)
        yield "at last"
"""


@pytest.mark.parametrize("more", [[], ["--workers", "2"]], ids=["alone", "workers"])
def test_a_handler_that_blocks_is_told_with_its_line_while_it_does(folder: Path, more: list[str]) -> None:
    (folder / "blocking.py").write_text(BLOCKING)
    with running("blocking.py", "--no-key", *more, folder=folder) as service, ThreadPoolExecutor() as pool:
        answer = pool.submit(asked, service.url)
        try:
            service.wait_for("has held up all bots for more than a second")
            assert not answer.done()
        finally:
            (folder / "over").touch()
        assert answer.result(PATIENCE) == "at last"
    (line,) = [one for one in service.logged if "held up" in one]
    assert re.fullmatch(
        r"WARNING: poebook\.service: Blocking: .*blocking\.py, line (9|10), in get_response, has held up all bots for "
        r"more than a second\. Await what takes time there, or write the handler as a plain function: .*\n",
        line,
    )
