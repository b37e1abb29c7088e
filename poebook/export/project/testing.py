"""``tests/`` of a project: the conversation of the notebook, asked again."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from poebook.client.tapes import Tape, TapeTurn
from poebook.export.project.facts import Facts
from poebook.export.verdict import Verdict

TAPE = "tests/conversation.tape.jsonl"
INI = "[pytest]\npythonpath = .\ntestpaths = tests\npoebook_target = bot.py\n"
_ASKS_POE = re.compile(r"\b(post_message_attachment|authorize_cost|capture_cost)\b")


def tests(facts: Facts) -> dict[str, str]:
    """The files beside the tape, which pytest plays to the bot by itself, where that needs nothing of Poe's side.

    >>> sorted(tests(Facts("tide", "", "", (), tests=True)))
    ['pytest.ini']
    """
    files = {"pytest.ini": INI}
    is_served = not facts.tests or _ASKS_POE.search(facts.source) is not None
    if is_served:
        files["tests/test_bot.py"] = _served(facts)
    settings = _settings(facts)
    if settings or (is_served and facts.tests):
        ignored = (
            ['collect_ignore_glob = ["*.tape.jsonl"]  # test_bot.py plays it'] if is_served and facts.tests else []
        )
        says = '"""What the tests need to be there."""\n\n'
        files["tests/conftest.py"] = says + "\n\n".join([*([settings] if settings else []), *ignored]) + "\n"
    return files


def _served(facts: Facts) -> str:
    """A test that serves the bot, so that what it asks of Poe is answered here."""
    name = json.dumps(facts.name, ensure_ascii=False)
    if not facts.tests:
        return f'''\
"""The bot {facts.name} starts, and answers."""

import poebook as fp
from bot import bot


def test_it_answers():
    with fp.serve(bot, {name}, port=0) as served:
        assert served.ask("Hello").error is None
'''
    return f'''\
"""The bot {facts.name} answers as it did in {facts.label}; what it uploads or charges stays on this machine."""

from pathlib import Path

import poebook as fp
from bot import bot

TAPE = Path(__file__).with_name("conversation.tape.jsonl")


def test_it_answers_as_in_the_notebook():
    with fp.serve(bot, {name}, port=0):
        result = fp.replay(TAPE, "local:{facts.name}")
    assert result.passed, str(result)
'''


def _settings(facts: Facts) -> str:
    """What stands for secrets, so that the bot can be imported without them."""
    names = [one.name for one in facts.variables if one.is_secret]
    lines = [f'os.environ.setdefault("{name}", "a test needs none")' for name in names]
    return "\n".join(["import os", "", *lines]) if lines else ""


def tape(name: str, turns: Sequence[TapeTurn], verdict: Verdict) -> Tape:
    """The tape of the tests: what answers otherwise each time has to answer something, files may lie elsewhere."""
    matchers: dict[str, object] = {}
    for number, turn in enumerate(turns, 1):
        outcome = verdict.turns[number - 1].outcome if number <= len(verdict.turns) else "alike"
        names = [event.name for event in turn.events]
        if outcome == "shape":
            matchers[str(number)] = {"regex": r"\S"}
        elif "file" in names:
            matchers[str(number)] = {"regex": r"\S"} if "inline_ref" in str(turn.events) else {"same": True}
    if not matchers:
        return Tape(turns, "conversation", name)
    every = {str(number): matchers.get(str(number), {"same": True}) for number in range(1, len(turns) + 1)}
    return Tape(turns, "conversation", name, "loose", every)
