"""``%poebot why``: more than one sentence on what was refused."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import display

from poebook.notebook import refused
from poebook.notebook.commands.verb import Verb
from poebook.notebook.sections import Section, section_of, sections, sections_with, title
from poebook.notebook.shell import Shell


def run(shell: Shell, words: list[str]) -> None:
    found, nothing = _with(" ".join(words)) if words else _of(refused.last(shell))
    if not found:
        print(nothing)
    shown = page(found[0]) if len(found) == 1 else contents(found or sections())
    display({"text/markdown": shown, "text/plain": shown}, raw=True)  # type: ignore[no-untyped-call]


def _with(words: str) -> tuple[Sequence[Section], str]:
    """The sections with these *words* in their headings, and what to say where there are none."""
    return sections_with(words), f"No heading has the words {words!r}."


def _of(said: str | None) -> tuple[Sequence[Section], str]:
    """The section of what was *said* when something was refused, and what to say where there is none."""
    if said is None:
        return [], "Nothing was refused in this kernel yet."
    section = section_of(said)
    return ([] if section is None else [section]), "There is no more to say of the last refusal than it said."


def page(section: Section) -> str:
    """*section* by itself, as Markdown.

    >>> print(page(Section("The key was refused.", "It is another.")))
    **The key was refused.**
    <BLANKLINE>
    It is another.
    <BLANKLINE>
    From the manual's page “When something is refused”.
    """
    return f"**{section.heading}**\n\n{section.text}\n\nFrom the manual's page “{title()}”."


def contents(found: Sequence[Section]) -> str:
    """The headings of all that was *found*, as Markdown."""
    return "There is more to read of these; `%poebot why` with a few of their words shows it:\n\n" + "\n".join(
        f"- {section.heading}" for section in found
    )


VERB = Verb(
    "why",
    "[WORDS]",
    "more than one sentence on what was refused last",
    run,
    text=True,
    more=(
        "The manual's page “When something is refused”, where it is needed: without WORDS, what it says of the last "
        "refusal in this kernel, which said so in a line of its own; with some, what it says below the heading that "
        "has them all, or which headings have. What a handler raised is in `%poebot logs NAME`."
    ),
    example=("%poebot why key refused",),
)
