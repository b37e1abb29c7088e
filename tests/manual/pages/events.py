"""A page an event: what it does, a bot that sends it, what travels, and how it looks."""

from __future__ import annotations

from tests.manual import running
from tests.manual.examples import EXAMPLES, Example
from tests.manual.pages.writing import contents, fence, picture

_ABOUT = (
    "An answer is a stream of events. A handler yields objects, and each of them travels as one event; what is on "
    "these "
    "pages was sent by the bots that they show, when the manual was built. The tutorial "
    "[Everything a bot can show](../../../01_events.ipynb) has them all in one notebook."
)


def pages() -> dict[str, str]:
    made = {f"events/{example.event}.md": _page(example) for example in EXAMPLES}
    return {"events/index.md": contents("Events", _ABOUT, [example.event for example in EXAMPLES]), **made}


def _page(example: Example) -> str:
    answer = running.answer(example.source, example.question)
    name = f"event-{example.event}"
    parts = [
        f"# `{example.event}`: {example.title[:1].lower()}{example.title[1:]}",
        example.about,
        f"What a handler yields: `{example.made_of}`." if "the end" not in example.made_of else "",
        "## A bot that sends it",
        fence("%%poebot example\n" + example.source, "ipython3"),
        f"Asked *{example.question}*, it looks like this:",
        picture(name, f"The chat after the question {example.question}"),
        "## What travels",
        fence(running.wire(example.source, example.question), "text"),
        "## What the asker has",
        fence(
            f'>>> answer = fp.Conversation("example").ask({example.question!r})\n>>> {example.seen}\n'
            + running.shown(example.seen, answer),
            "pycon",
        ),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
