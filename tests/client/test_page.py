"""A conversation as a page of HTML."""

from __future__ import annotations

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from poebook import Conversation, ErrorResponse, PartialResponse, PoeBot, QueryRequest
from poebook.client import prose
from poebook.client.page import page
from poebook.client.prose import prose as write
from poebook.client.turns import ConversationState, fresh_answer, fresh_target, fresh_turn
from poebook.errors import PoebookError

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="

# Each tries to have something done, or something fetched, by whoever opens the page.
_CORPUS: dict[str, list[str]] = json.loads((Path(__file__).parents[1] / "hostile.json").read_text(encoding="utf-8"))
HOSTILE = [text for texts in _CORPUS.values() for text in texts]

ALLOWED = re.compile(
    "html|head|meta|title|style|body|main|header|section|article|div|p|br|hr|strong|em|del|b|small|code|pre|blockquote"
    "|h[1-6]|ul|ol|li|input|a|img|table|thead|tbody|tr|th|td"
)
VOID = frozenset({"meta", "br", "hr", "img", "input"})


class Inspector(HTMLParser):
    """Reads a page as a browser does: its elements, what they would open, and whether each is closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, *names: str) -> list[str]:
        return [value for name, value in self.attributes if name in names]


def said(answer: dict[str, Any], *, turn: dict[str, Any] | None = None, name: str = "almanac") -> ConversationState:
    """A conversation of one question, with these parts of its answer and of its turn."""
    made: Any = {**fresh_answer("m-2", 0), "state": "done", **answer}
    asked: Any = {**fresh_turn("m-1", "When?", 0, [made]), **(turn or {})}
    targets = [fresh_target(name, "this kernel")]
    return {"id": "c-1", "targets": targets, "turns": [asked], "parameters": {}, "users": []}


def harmless(html: str) -> Inspector:
    """Refuse *html* if anything in it could act."""
    seen = Inspector(html)
    assert [tag for tag in seen.tags if not ALLOWED.fullmatch(tag)] == []
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert all(url.startswith(("https://", "http://", "mailto:")) for url in seen.values("href"))
    assert all(url.startswith("data:image/") and "svg" not in url for url in seen.values("src"))
    return seen


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_a_bot_says_acts_or_fetches(text: str) -> None:
    error = {"title": text, "text": text, "allow_retry": True, "fault": None}
    file = {"url": text, "name": text, "content_type": "image/png", "inline_ref": None}
    turn = {
        "text": text,
        "user": text,
        "attachments": [{"name": text, "size": 9}],
        "parameters": {text: text},
        "branch": 0,
        "branches": 2,
    }
    answer = {"text": text, "note": text, "error": error, "files": [file, {**file, "content_type": "text/plain"}]}
    seen = harmless(page(said(answer, turn=turn, name=text)))
    assert seen.text.count("You") == 0
    harmless(page(said({"text": text, "content_type": "text/plain"})))


def test_markdown_is_rendered() -> None:
    html = write("# High\n\n**bold** ~~gone~~ `x<y`\n\n| a |\n|---|\n| 1 |\n\n- [x] done\n\n1. one", {})
    for part in (
        "<h2>High</h2>",
        "<strong>bold</strong>",
        "<del>gone</del>",
        "<code>x&lt;y</code>",
        "<td>1</td>",
        "checked",
        "<ol>",
    ):
        assert part in html


def test_headings_skip_no_level() -> None:
    html = write("### a\n\n# b\n\n#### c\n\n> ## d\n\n- # e", {}, 4)
    assert re.findall(r"<h(\d)>", html) == ["4", "4", "5", "5", "4"]


def test_formulas_stay_as_they_were_written_and_prices_are_text() -> None:
    for formula in (r"\(a_1 * b * c\)", r"\[x_1\\ *y*\]", "$$a_i *b* c_i$$", "$x^*y^*$"):
        assert write(f"So {formula} holds.", {}) == f"<p>So {formula} holds.</p>\n"
    assert write("$5 *or* $6", {}) == "<p>$5 <em>or</em> $6</p>\n"
    assert write("$$<script>$$", {}) == "<p>$$&lt;script&gt;$$</p>\n"


def test_without_the_package_the_markdown_stands_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    prose._markdown.cache_clear()
    monkeypatch.setitem(sys.modules, "mistune", None)
    assert write("**bold** <b>", {}) == "<pre>**bold** &lt;b&gt;</pre>\n"
    prose._markdown.cache_clear()


def test_markdown_without_an_end_is_survived() -> None:
    for text in ("> " * 20_000 + "deep", "[" * 3_000, "*a " * 3_000, "- " * 2_000 + "x"):
        harmless(f"<main>{write(text, {})}</main>")


def test_pictures_that_are_whole_are_shown_and_others_are_links() -> None:
    files = [
        {"url": PIXEL, "name": "dot.gif", "content_type": "image/gif", "inline_ref": "dot"},
        {"url": "https://example.org/b.png", "name": "b.png", "content_type": "image/png", "inline_ref": None},
    ]
    seen = harmless(page(said({"text": "Here: ![a dot][dot] and ![far](https://example.org/a.png)", "files": files})))
    assert seen.values("src") == [PIXEL]
    assert seen.values("href") == ["https://example.org/a.png", "https://example.org/b.png"]
    assert "dot.gif" not in seen.text


def test_what_belongs_to_a_question_stands_below_it() -> None:
    upload = {"id": "u-1", "name": "night.mov", "size": 61_200_000}
    turn = {"attachments": [upload], "parameters": {"depth": 3, "mode": "fast"}, "branch": 1, "branches": 3}
    text = Inspector(page(said({"text": "At noon."}, turn=turn))).text
    assert "night.mov 61 MB · depth: 3 · mode: fast · 2 of 3" in text


def test_figures_and_endings_are_told() -> None:
    shown = {"text": "At", "state": "stopped", "first_event_s": 0.042, "total_s": 75.2, "feedback": "like"}
    assert "stopped · first event 42 ms · 1 min 15 s · liked" in Inspector(page(said(shown))).text


def test_a_whole_conversation_becomes_one_file(tmp_path: Path) -> None:
    class Tides(PoeBot):
        async def get_response(self, request: QueryRequest) -> Any:  # a stream of responses
            if request.query[-1].content == "fail":
                yield ErrorResponse(text="The tables are being copied.", allow_retry=True)
            yield PartialResponse(text="High water at **noon**.")

    talk = Conversation(Tides(), Tides())
    talk.ask("When?")
    talk.ask("fail")
    talk.save_html(tmp_path / "tides.html")
    html = (tmp_path / "tides.html").read_text(encoding="utf-8")
    assert html == talk.to_html()
    seen = harmless(html)
    assert html.count("<strong>noon</strong>") == 2
    assert "Conversation with Tides and Tides 2" in seen.text
    assert seen.text.count("The tables are being copied.") == 2
    assert "prefers-color-scheme: dark" in html
    assert "url(" not in html


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "tides.html"
    for save in (Conversation(PoeBot()).save_html, Conversation(PoeBot()).save):
        with pytest.raises(PoebookError) as told:
            save(file)
        assert str(told.value) == f"{file} could not be written: there is no folder {file.parent}; make it first."
