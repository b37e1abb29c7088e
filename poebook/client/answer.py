"""What the asker is shown: one bot's answer, with all that came on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from poebook.faults import Fault
from poebook.protocol import Attachment


@dataclass(frozen=True)
class AnswerEvent:
    """One event as it came.

    ``name`` is the event's name, ``data`` its parsed JSON (None where there was none to parse), ``s`` the seconds
    since the question was sent, ``target`` the name of who sent it, ``raw`` the data as it travelled.

    >>> AnswerEvent("text", {"text": "hi"}, 0.01, "echo").text
    'hi'
    """

    name: str
    data: dict[str, Any] | None
    s: float
    target: str
    raw: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        """The event's text; empty where it has none."""
        text = (self.data or {}).get("text")
        return text if isinstance(text, str) else ""


@dataclass(frozen=True)
class AnswerError:
    """Why an answer ended badly.

    ``title`` is the sentence to read first, ``text`` what else there is to say, ``allow_retry`` whether the bot lets
    the asker try again, ``fault`` the author's own exception, when the bot runs in this process.

    >>> str(AnswerError("The tide tables did not answer."))
    'The tide tables did not answer.'
    """

    title: str
    text: str = ""
    allow_retry: bool = True
    fault: Fault | None = None

    def __str__(self) -> str:
        return f"{self.title} {self.text}" if self.text else self.title


@dataclass
class Answer:
    """A bot's answer.

    ``str(answer)`` is its text, and a notebook shows it as Markdown. ``state`` is ``done``, ``stopped`` or ``error``;
    with ``error`` the text that came before it is kept. Times are in seconds since the question was sent.
    ``cost`` is what was charged, in words, where that is known.

    >>> str(Answer(target="echo", text="hi"))
    'hi'
    """

    target: str
    text: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    suggested_replies: list[str] = field(default_factory=list)
    content_type: str = "text/markdown"
    error: AnswerError | None = None
    note: str | None = None
    state: Literal["streaming", "done", "stopped", "error"] = "done"
    first_event_s: float | None = None
    total_s: float | None = None
    event_count: int = 0
    events: Sequence[AnswerEvent] = field(default_factory=list, repr=False)
    cost: str | None = None
    metadata: str | None = None
    message_id: str = ""

    def __str__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        parts = [self.text] if self.text else []
        parts += [f"[{_plain(a.name)}]({a.url})" for a in self.attachments if not a.inline_ref]
        parts += [f"**{self.error.title}** {self.error.text}".strip()] if self.error else []
        parts += [f"*{self.note}*"] if self.note else []
        return "\n\n".join(parts)


def _plain(name: str) -> str:
    return name.replace("[", "(").replace("]", ")")
