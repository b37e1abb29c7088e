"""``%poebot ask``: one question, its answer streamed into the output."""

from __future__ import annotations

import sys

from IPython.core.error import UsageError

from poebook.client.conversation import Conversation
from poebook.client.plain import ask_plainly
from poebook.notebook.commands.verb import Verb, names
from poebook.notebook.shell import Shell


def run(shell: Shell, words: list[str]) -> None:
    if len(words) < 2:
        raise UsageError(f"Ask whom, and what? {VERB.line}.")
    target, text = words
    (answer,) = ask_plainly(Conversation(target), text, _write)
    if answer.error is not None:
        fault = answer.error.fault
        if fault is None:
            raise UsageError(f"{answer.target} answered with an error: {answer.error}")
        if fault.line is None:
            raise UsageError(f"{answer.target}: {fault.summary}")
        where = f"cell {fault.cell}, line {fault.line}" if fault.cell else f"{fault.file}, line {fault.line}"
        more = f"%poebot logs {answer.target} has the traceback."
        raise UsageError(f"{answer.target} raised {fault.summary} in {where}. {more}")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


VERB = Verb(
    "ask",
    "TARGET TEXT",
    "one question; the answer streams into the output",
    run,
    names,
    text=True,
    more=(
        "Each call is a conversation of its own with one question. An error of the bot is said in one sentence, "
        "with the line of the cell that raised; fp.Conversation(TARGET).ask(TEXT) has the answer as an object."
    ),
    example=("%poebot ask echo What's up?",),
)
