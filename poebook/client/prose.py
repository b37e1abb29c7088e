"""From an answer's Markdown to HTML that is safe wherever it is opened: no raw HTML, no script, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

Prose = Callable[[str, Mapping[str, str]], str]

_LINKS = frozenset({"http", "https", "mailto"})
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif|bmp);base64,[a-z0-9+/=\s]*", re.IGNORECASE)
_FORMULA = r"(?s:\\\(.+?\\\)|\\\[.+?\\\]|\$\$.+?\$\$|\$(?![\s\d$])[^$\n]*(?<![\s\\])\$(?!\d))"
_NO_OUTLINE = ' class="jp-toc-ignore"'
_PLUGINS = ("strikethrough", "table", "task_lists", "url")


def prose(text: str, files: Mapping[str, str], top: int = 2, *, outline: bool = True) -> str:
    """*text* as HTML; ``files`` are the addresses that its references (``![name][ref]``) stand for.

    Headings begin at level *top* and skip none, as readers by ear go by them. Without *outline* JupyterLab leaves them
    out of a notebook's table of contents.

    Raw HTML is shown as it was written, and so are formulas, which a notebook sets by itself. Pictures from elsewhere
    become links, so that nothing is fetched. Without the package mistune the Markdown stands as it is.

    >>> prose("**hi** <script>", {})
    '<p><strong>hi</strong> &lt;script&gt;</p>\\n'
    >>> prose("# hi", {}, outline=False)
    '<h2 class="jp-toc-ignore">hi</h2>\\n'
    """
    markdown = _markdown()
    if markdown is None:
        return plain(text)
    state = markdown.block.state_cls()
    state.env["top"], state.env["mark"] = top, "" if outline else _NO_OUTLINE
    state.env["ref_links"] = {_key(ref): {"url": url, "label": ref, "title": None} for ref, url in files.items()}
    try:
        return str(markdown.parse(text, state)[0])
    except RecursionError:
        return plain(text)


def plain(text: str) -> str:
    """*text* as it is, line by line.

    >>> plain("1 < 2")
    '<pre>1 &lt; 2</pre>\\n'
    """
    return f"<pre>{escape(text, quote=False)}</pre>\n"


def link(label: str, url: str) -> str:
    """*label*, which is HTML, as a link where the address may be opened, else alone.

    >>> link("here", "javascript:alert(1)")
    'here'
    """
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{label}</a>' if is_link(url) else label


def picture(url: str, alt: str) -> str:
    """A picture that is whole in its address; one from elsewhere is a link with its name."""
    if _PICTURE.fullmatch(url.strip()):
        return f'<img src="{escape(url.strip())}" alt="{escape(alt)}">'
    return link(escape(alt, quote=False) or "image", url)


def is_link(url: str) -> bool:
    """Whether an address may be opened by a click."""
    try:
        return urlsplit(url.strip()).scheme.lower() in _LINKS
    except ValueError:
        return False


def _key(ref: str) -> str:
    """As Markdown compares references: without regard to case and space."""
    return " ".join(ref.split()).lower().upper()


def _rank(tokens: list[dict[str, Any]], env: Mapping[str, Any], above: int) -> int:
    """Give each heading its level; *above* is that of the heading before, the return value that of the last one."""
    for token in tokens:
        if token["type"] == "heading":
            above = min(token["attrs"]["level"] + env["top"] - 1, above + 1, 6)
            token["attrs"] = {"level": above, "mark": env["mark"]}
        above = _rank(token.get("children", []), env, above)
    return above


@cache
def _markdown() -> Any:  # mistune's own type, which may be missing
    try:
        import mistune
    except ImportError:
        return None

    class Renderer(mistune.HTMLRenderer):
        def link(self, text: str, url: str, title: str | None = None) -> str:
            return link(text, url)

        def image(self, text: str, url: str, title: str | None = None) -> str:
            return picture(url, re.sub(r"<[^>]*>", "", text))

        def formula(self, text: str) -> str:
            return escape(text, quote=False)

        def heading(self, text: str, level: int, mark: str = "", **attrs: Any) -> str:
            return f"<h{level}{mark}>{text}</h{level}>\n"

        def task_list_item(self, text: str, checked: bool = False) -> str:
            named = 'aria-label="done" checked' if checked else 'aria-label="to do"'
            return f'<li class="task-list-item"><input type="checkbox" disabled {named}>{text}</li>\n'

        def block_code(self, code: str, info: str | None = None) -> str:
            return f"<pre><code>{escape(code, quote=False)}</code></pre>\n"

    def formula(inline: Any, match: re.Match[str], state: Any) -> int:
        state.append_token({"type": "formula", "raw": match.group(0)})
        return match.end()

    markdown = mistune.create_markdown(renderer=Renderer(escape=True), plugins=_PLUGINS)
    markdown.before_render_hooks.append(lambda _, state: _rank(state.tokens, state.env, state.env["top"] - 1))
    markdown.inline.register("formula", _FORMULA, formula, before="escape")
    return markdown
