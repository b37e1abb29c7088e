"""A bot in a cell: what stands below it, what a second run changes, what an error says."""

from __future__ import annotations

import pytest

from tests.kernel import bots
from tests.kernel.kernel import Kernel


def test_a_cell_becomes_a_bot_that_answers(kernel: Kernel) -> None:
    kernel.ok(bots.ECHO)
    assert kernel.value("fp.Conversation('echo').ask('hi').text") == "hi"
    assert bots.ask(kernel, "echo", "over HTTP") == "over HTTP"


def test_below_the_cell_stands_a_widget_with_a_line_of_text_for_places_without_one(kernel: Kernel) -> None:
    cell = kernel.ok(bots.ECHO)
    shown, copy = cell.displays  # and what the notebook keeps of the conversation
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert "application/vnd.jupyter.widget-view+json" not in copy
    assert kernel.value("fp.served()['echo'].url") in shown["text/plain"]
    assert cell.stdout == cell.stderr == ""


def test_the_key_is_in_no_output(kernel: Kernel) -> None:
    key = kernel.value("fp.served()['echo'].key") if kernel.ok(bots.ECHO) else ""
    for code in (bots.ECHO, "%poebot", "%poebot status", "fp.served()", "fp.served()['echo']", "%poebot logs echo"):
        cell = kernel.ok(code)
        assert key not in cell.stdout + cell.stderr + str(cell.displays)
    assert key not in str([message["content"] for message in kernel.comms])


def test_what_the_cell_defines_is_there_afterwards_and_what_the_notebook_defines_is_there_for_it(
    kernel: Kernel,
) -> None:
    kernel.ok("greeting = 'Good morning'")
    kernel.ok("%%poebot polite\ndef get_response(request):\n    return f'{greeting}, {request.query[-1].content}'")
    assert kernel.value("get_response.__name__") == "get_response"
    assert kernel.value("fp.Conversation('polite').ask('Ada').text") == "Good morning, Ada"
    kernel.ok("greeting = 'Good night'")
    assert kernel.value("fp.Conversation('polite').ask('Ada').text") == "Good night, Ada"


def test_running_the_cell_again_swaps_the_bot_behind_the_same_door(kernel: Kernel) -> None:
    kernel.ok("%%poebot swapped\ndef get_response(request):\n    return 'first'")
    before = kernel.value("(lambda s: (s.url, s.key, s.version))(fp.served()['swapped'])")
    kernel.ok("%%poebot swapped\ndef get_response(request):\n    return 'second'")
    after = kernel.value("(lambda s: (s.url, s.key, s.version))(fp.served()['swapped'])")
    assert before[:2] == after[:2]
    assert after[2] == before[2] + 1
    assert bots.ask(kernel, "swapped") == "second"


def test_a_function_bot_has_its_introduction(kernel: Kernel) -> None:
    kernel.ok('%%poebot shout --introduction "I shout."\ndef get_response(request):\n    return "A".lower().upper()')
    assert kernel.value("fp.served()['shout'].ask('x').text") == "A"


def test_an_error_in_the_cell_points_at_its_line_and_the_old_bot_goes_on(kernel: Kernel) -> None:
    kernel.ok("%%poebot steady\ndef get_response(request):\n    return 'steady'")
    cell = kernel.run("%%poebot steady\nfirst = 1\nsecond = first / 0\ndef get_response(request):\n    return 'no'")
    assert cell.error is not None
    assert cell.error.startswith("ZeroDivisionError")
    assert f"Cell In[{cell.number}], line 3" in cell.traceback
    assert "poebook" not in cell.traceback
    assert bots.ask(kernel, "steady") == "steady"
    assert kernel.value("fp.served()['steady'].version") == 1


def test_a_syntax_error_points_at_its_line(kernel: Kernel) -> None:
    cell = kernel.run("%%poebot steady\ndef get_response(request):\n    return (\n")
    assert cell.error is not None
    assert cell.error.startswith(("SyntaxError", "IndentationError", "_IncompleteInputError"))
    assert f"Cell In[{cell.number}], line 3" in cell.traceback


def test_an_exception_in_a_handler_names_the_cell_and_the_line(kernel: Kernel) -> None:
    cell = kernel.ok(
        "%%poebot fallible\nasync def get_response(request):\n"
        "    yield 'so far '\n    yield {}[request.query[-1].content]"
    )
    kernel.ok("answer = fp.Conversation('fallible').ask('lisbon')")
    assert kernel.value("answer.text") == "so far "
    assert kernel.value("answer.error.title") == "KeyError: 'lisbon'"
    assert kernel.value("(answer.error.fault.cell, answer.error.fault.line)") == (cell.number, 4)
    assert f"Cell In[{cell.number}], line 4" in kernel.value("answer.error.fault.traceback")


def test_the_public_reads_nothing_of_the_exception(kernel: Kernel) -> None:
    kernel.ok("%%poebot fallible\nasync def get_response(request):\n    yield {}['a secret of the author']")
    assert "secret" not in bots.ask(kernel, "fallible")


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        pytest.param("%%poebot a/../b\ndef get_response(request):\n    return ''", "name", id="a name that is no path"),
        pytest.param("%%poebot nothing\nx = 1", "get_response", id="no bot in the cell"),
        pytest.param("%%poebot --nope x\ndef get_response(request):\n    return ''", "--nope", id="unknown option"),
        pytest.param("%%poebot short --key abc\ndef get_response(request):\n    return ''", "32", id="a short key"),
        pytest.param("%poebot statsu", "status", id="a misspelt verb"),
        pytest.param("%poebot stop nobody", "nobody", id="a bot that is not served"),
        pytest.param("%poebot ask nobody hi", "nobody", id="an unknown target"),
        pytest.param(
            "%%poebot needy\nclass Needy(fp.PoeBot):\n    def __init__(self, model): super().__init__()\n",
            "model",
            id="a constructor that wants arguments",
        ),
    ],
)
def test_wrong_use_is_one_sentence_without_a_traceback_of_ours(kernel: Kernel, cell: str, says: str) -> None:
    ran = kernel.run(cell)
    told = ran.stderr + ran.traceback + (ran.error or "")
    assert says in told
    assert "Traceback" not in told
    assert "poebook/" not in told
    assert len(told.strip().splitlines()) <= 3


def test_a_refusal_is_followed_by_where_more_is_told(kernel: Kernel) -> None:
    refused = kernel.run("%poebot logs nobody")
    sentence, pointer = refused.stderr.splitlines()
    assert sentence.startswith("UsageError: No bot named nobody is served here.")
    assert pointer == "%poebot why tells more."
    (shown,) = kernel.ok("%poebot why").displays
    assert shown["text/markdown"].startswith("**No bot named … is served here.**")
    raised = kernel.run("fp.serve(fp.PoeBot(), 'short', key='too short')")
    assert raised.error is not None
    assert raised.error.startswith("InvalidKey: ")
    assert raised.stderr == "%poebot why tells more.\n"
