"""What the page on refusals says of each of them; the manual's page is the same text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PAGE = "troubleshooting.md"
_GAP = "…"  # in a heading: what is filled in when it is said
_LONGEST = 5000  # characters of what was said that are looked at
_CODE_OR_LINK = re.compile(r"(`[^`]*`)|\[([^\]]*)\]\((?!\w+:)[^)\s]*\)")


@dataclass(frozen=True)
class Section:
    """What is written below ``heading``, as Markdown."""

    heading: str
    text: str

    @property
    def fixed(self) -> str:
        """The words of the heading that are always the same."""
        return self.heading.replace(_GAP, "")

    def is_of(self, said: str) -> bool:
        """Whether *said* has the heading's sentence in it.

        >>> Section("No bot named … is served here.", "").is_of("No bot named tide is served here. Nothing is.")
        True
        """
        words = self.heading.replace("`", "").removeprefix(_GAP).removesuffix(_GAP)
        pattern = ".*?".join(re.escape(part) for part in words.split(_GAP))
        return re.search(rf"(?<!\w){pattern}" if words[:1].isalnum() else pattern, said) is not None


@cache
def title() -> str:
    """What the page is called.

    >>> title()
    'When something is refused'
    """
    return _page().partition("\n")[0].removeprefix("# ")


@cache
def sections() -> tuple[Section, ...]:
    """All sections, in the page's order."""
    body = re.split(r"^---$", _page(), maxsplit=1, flags=re.MULTILINE)[0]
    found = []
    for part in re.split(r"^## ", body, flags=re.MULTILINE)[1:]:
        heading, _, text = part.partition("\n")
        found.append(Section(heading.strip(), _alone(text.strip())))
    return tuple(found)


def section_of(said: str) -> Section | None:
    """The section of what was *said*; None where the page has nothing on it.

    >>> section_of("POST /: The key was refused.").heading
    'The key was refused.'
    >>> section_of("Something else.") is None
    True
    """
    one_line = " ".join(said[:_LONGEST].replace("`", "").split())
    return max((one for one in sections() if one.is_of(one_line)), key=lambda one: len(one.fixed), default=None)


def sections_with(words: str) -> list[Section]:
    """The sections whose headings have all these *words* in them; else that of the sentence that the words are.

    >>> [one.heading for one in sections_with("ngrok token")]
    ['ngrok needs an auth token: set … (…), or publish through ssh or url.']
    """
    wanted = words.casefold().split()
    found = [one for one in sections() if all(word in one.heading.casefold() for word in wanted)]
    said = section_of(words)
    return found or ([said] if said is not None else [])


def _page() -> str:
    return files("poebook.notebook").joinpath(_PAGE).read_text(encoding="utf-8")


def _alone(text: str) -> str:
    """*text* where the pages that it leads to are not: by their names."""
    return _CODE_OR_LINK.sub(lambda found: found[1] or f"“{found[2]}”", text)
