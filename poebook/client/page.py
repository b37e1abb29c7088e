"""A conversation as one file of HTML, to be opened anywhere: no script, nothing fetched."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path

from poebook.client.sheet import sheet, title
from poebook.client.turns import ConversationState

# What a reader's browser may do with the page, whatever is in it.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(state: ConversationState) -> str:
    """The whole page, with its style; light or dark as the reader's system is.

    >>> "<script" in page({"id": "c-1", "targets": [], "turns": [], "parameters": {}, "users": []})
    False
    """
    name = escape(title(state), quote=False)
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{name}</title>
<style>
{_style()}</style>
</head>
<body>
<main>
<header><h1>{name}</h1>{_facts(state)}</header>
{_introductions(state)}{sheet(state)}</main>
</body>
</html>
"""


def _facts(state: ConversationState) -> str:
    facts = list(dict.fromkeys(target["where"] for target in state["targets"] if target["where"]))
    if state["turns"]:
        facts.append(datetime.fromtimestamp(state["turns"][0]["at"] / 1000).strftime("%Y-%m-%d, %H:%M"))
    return f"<p><small>{escape(' · '.join(facts), quote=False)}</small></p>" if facts else ""


def _introductions(state: ConversationState) -> str:
    said = [
        f'<p class="pb-quiet">{escape(target["introduction"], quote=False)}</p>'
        for target in state["targets"]
        if target["introduction"]
    ]
    return "".join(f"{one}\n" for one in said)


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")
