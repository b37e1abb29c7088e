"""``%poebot chat``: a chat with any targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from poebook.client.conversation import Conversation
from poebook.client.forks import find
from poebook.notebook import showing
from poebook.notebook.commands.verb import Verb
from poebook.notebook.shell import Shell
from poebook.runtime import faces
from poebook.runtime.registry import served

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(shell: Shell, words: list[str]) -> None:
    if not words:
        raise UsageError(f"With whom? {VERB.line}.")
    conversation = (find(words[0]) if len(words) == 1 else None) or Conversation(*words)
    line = showing.conversation_line(conversation)
    if showing.has_front_end():
        conversation.refresh()
        showing.publish(faces.chat(conversation, None), line)
    else:
        print(f"{line}; here, %poebot ask {words[0]} TEXT asks.")


def complete(words: list[str]) -> Sequence[str]:
    return [name for name in sorted(served()) if name not in words]


VERB = Verb(
    "chat",
    "TARGET ...",
    "a new chat with a bot, or with several side by side",
    run,
    complete,
    more=(
        'The chat has a conversation of its own; `fp.Chat("NAME")` in a cell is the same, and '
        'fp.served()["NAME"].chat() goes on with the one below the bot\'s cell. With several targets each question '
        "goes to all of them, in columns."
    ),
    example=("%poebot chat echo",),
)
