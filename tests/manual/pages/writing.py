"""What pages are made of: fences, pictures in both themes, tables of contents."""

from __future__ import annotations

from pathlib import Path

IMAGES = Path(__file__).resolve().parents[3] / "notebooks" / "images" / "manual"


def fence(text: str, language: str) -> str:
    """*text* as a block of *language*, behind a fence that is longer than any in it.

    >>> print(fence("1 + 1", "python"))
    ```python
    1 + 1
    ```
    """
    ticks = "```"
    while ticks in text:
        ticks += "`"
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def picture(name: str, alt: str) -> str:
    """The picture *name* in the reader's theme, where it was drawn."""
    if not (IMAGES / f"{name}-light.png").exists():
        return ""
    return both_themes(f"/images/manual/{name}-light.png", f"/images/manual/{name}-dark.png", alt)


def both_themes(light: str, dark: str, alt: str) -> str:
    """The pictures *light* and *dark*, of which the one in the reader's theme is shown."""
    shown = [
        f"```{{image}} {path}\n:alt: {alt}\n:class: only-{theme}\n:loading: lazy\n```"
        for theme, path in (("light", light), ("dark", dark))
    ]
    return "\n\n".join(shown)


def contents(title: str, about: str, pages: list[str]) -> str:
    """A page that leads to others."""
    listed = "\n".join(pages)
    return f"# {title}\n\n{about}\n\n```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n"
