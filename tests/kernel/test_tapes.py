"""Recording, replaying and evaluating in a real kernel."""

from __future__ import annotations

import json

from tests.kernel import bots
from tests.kernel.kernel import Kernel

LOUD = "%%poebot echo\nasync def get_response(request):\n    yield request.query[-1].content.upper()"


def test_what_a_cell_and_its_chat_ask_is_recorded_and_replayed_after_a_swap(kernel: Kernel) -> None:
    kernel.ok(bots.ECHO)
    kernel.ok("%poebot record echo evening")
    kernel.ok("%poebot ask echo hi")
    kernel.ok("fp.served()['echo'].conversation.commands.send('from the chat')")  # as the page's button does
    kernel.ok(
        "import time\nwhile len(fp.served()['echo'].conversation.messages) < 2: time.sleep(0.01)\n"
        "print(fp.served()['echo'].recordings)"
    )
    assert "2 answers" in kernel.ok("%poebot record --stop").stdout
    lines = [json.loads(line) for line in (kernel.folder / "evening.tape.jsonl").read_text().splitlines()]
    assert [line["request"]["query"][-1]["content"] for line in lines if "turn" in line] == ["hi", "from the chat"]
    alike = kernel.ok("%poebot replay evening").displays[-1]
    assert alike["text/markdown"].startswith("**Passed.**")
    kernel.ok(LOUD)
    changed = kernel.ok("%poebot replay evening").displays[-1]
    assert "-from the chat\n+FROM THE CHAT" in changed["text/markdown"]
    assert "-hi" in changed["text/plain"]


def test_an_evaluation_shows_how_far_it_is_and_gives_a_table(kernel: Kernel) -> None:
    kernel.ok(bots.ECHO)
    cell = kernel.ok("table = fp.evaluate('echo', ['one', 'two'], checks={'contains': 'o'})\ntable")
    assert "2/2" in cell.stderr
    assert kernel.value("list(table['passed'])") == [True, True]
    assert "one" in cell.displays[-1]["text/html"]


def test_an_interrupt_of_an_evaluation_keeps_what_is_done(kernel: Kernel) -> None:
    kernel.ok(
        "%%poebot waits\nimport asyncio\nasync def get_response(request):\n"
        "    if request.query[-1].content == 'two':\n        await asyncio.sleep(60)\n    yield 'done'"
    )
    cell = kernel.start("table = fp.evaluate('waits', ['one', 'two', 'three'], parallel=1)")
    kernel.until(lambda: "1/3" in cell.stderr, "no answer came")
    kernel.manager.interrupt_kernel()
    kernel.finish(cell)
    assert cell.error is None
    assert "Interrupted: 1 of 3 answers are in the table." in cell.stderr
    assert kernel.value("list(table['case'])") == ["one"]
