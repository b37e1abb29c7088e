"""The one client, used from cells while the kernel's own loop runs."""

from __future__ import annotations

from tests.elsewhere import Elsewhere
from tests.kernel import bots
from tests.kernel.kernel import Kernel


def test_ask_blocks_and_gives_an_answer_inside_the_running_loop(kernel: Kernel) -> None:
    kernel.ok(bots.ECHO)
    cell = kernel.ok("import asyncio\nasyncio.get_running_loop()\nanswer = fp.Conversation('echo').ask('hi')\nanswer")
    assert kernel.value("(answer.text, answer.target, answer.error)") == ("hi", "echo", None)
    assert cell.displays[-1]["text/markdown"] == "hi"


def test_it_can_be_awaited_at_the_top_of_a_cell(kernel: Kernel) -> None:
    kernel.ok(bots.ECHO)
    kernel.ok("answer = await fp.Conversation('echo').ask_async('hello')")
    assert kernel.value("str(answer)") == "hello"


def test_events_can_be_looped_over_as_they_come(kernel: Kernel) -> None:
    kernel.ok(bots.ECHO)
    kernel.ok("names = [event.name async for event in fp.Conversation('echo').stream('hello')]")
    assert "text" in kernel.value("names")


def test_a_fastapi_poe_bot_in_another_process_is_asked_by_the_same_client(kernel: Kernel, parrot: Elsewhere) -> None:
    kernel.ok(f"far = fp.Conversation({parrot.url!r}, key={parrot.key!r}).ask('hi there')")
    assert kernel.value("(far.text, far.error)") == ("From elsewhere: hi there", None)


def test_a_key_can_be_named_by_its_environment_variable(kernel: Kernel, parrot: Elsewhere) -> None:
    kernel.ok(f"import os; os.environ['PARROT_KEY'] = {parrot.key!r}")
    kernel.ok(f"far = fp.Conversation({parrot.url!r}, key='$PARROT_KEY').ask('hi')")
    assert kernel.value("far.text") == "From elsewhere: hi"


def test_two_targets_are_asked_at_once_and_answer_in_their_order(kernel: Kernel, parrot: Elsewhere) -> None:
    kernel.ok(bots.ECHO)
    kernel.ok(f"both = fp.Conversation('echo', {parrot.url!r}, key={parrot.key!r}).ask('hi')")
    assert kernel.value("[answer.text for answer in both]") == ["hi", "From elsewhere: hi"]


def test_a_refused_key_is_told_in_a_sentence(kernel: Kernel, parrot: Elsewhere) -> None:
    cell = kernel.run(f"fp.Conversation({parrot.url!r}, key={'x' * 32!r}).ask('hi')")
    told = (cell.error or "") + cell.text
    assert "refused" in told
    assert "x" * 32 not in told


def test_a_poebot_is_asked_in_this_process_without_a_server(kernel: Kernel) -> None:
    kernel.ok(
        "class Quiet(fp.PoeBot):\n"
        "    async def get_response(self, request):\n"
        "        yield fp.PartialResponse(text='in process')\n"
        "answer = fp.Conversation(Quiet()).ask('hi')"
    )
    assert kernel.value("answer.text") == "in process"


def test_an_unknown_name_says_what_runs_here(kernel: Kernel) -> None:
    kernel.ok(bots.ECHO)
    cell = kernel.run("fp.Conversation('ecoh')")
    assert cell.error is not None
    assert "echo" in cell.error
    assert "POE_API_KEY" in cell.error


def test_the_bots_go_on_answering_while_a_cell_sleeps_and_while_it_computes(kernel: Kernel) -> None:
    kernel.ok(bots.ECHO)
    opened = bots.door(kernel, "echo")
    for work in ("time.sleep(0.01)", "sum(range(10_000))"):
        with kernel.busy(work):
            assert bots.ask_at(opened, "hi") == "hi"
