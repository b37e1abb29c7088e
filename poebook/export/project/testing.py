"""``tests/`` of a project: the conversation of the notebook, asked again."""

from __future__ import annotations

import json
from collections.abc import Sequence

from poebook.client.tapes import Tape, TapeTurn
from poebook.export.project.facts import Facts
from poebook.export.verdict import Verdict

TAPE = "tests/conversation.tape.jsonl"
INI = "[pytest]\npythonpath = .\ntestpaths = tests\n"


def test_file(facts: Facts) -> str:
    """``tests/test_bot.py``."""
    name = json.dumps(facts.name, ensure_ascii=False)
    settings = _settings(facts)
    if not facts.tests:
        return f'''\
"""The bot {facts.name} starts, and answers."""

{settings}import poebook as fp
from bot import bot


def test_it_answers():
    with fp.serve(bot, {name}, port=0) as served:
        assert served.ask("Hello").error is None
'''
    return f'''\
"""The bot {facts.name} answers as it did in {facts.label}.

The conversation is on the tape beside this file: questions, answers, and what other bots answered, which are not asked.
"""

{settings}from pathlib import Path

import poebook as fp
from bot import bot
from poebook.client.tapes import replay

TAPE = Path(__file__).with_name("conversation.tape.jsonl")


def test_it_answers_as_in_the_notebook():
    with fp.serve(bot, {name}, port=0):
        result = replay(TAPE, "local:{facts.name}")
    assert result.passed, str(result)
'''


def _settings(facts: Facts) -> str:
    """What stands for secrets, so that the bot can be imported without them."""
    names = [one.name for one in facts.variables if one.is_secret]
    if not names:
        return ""
    return "import os\n" + "".join(f'\nos.environ.setdefault("{name}", "a test needs none")' for name in names) + "\n\n"


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
