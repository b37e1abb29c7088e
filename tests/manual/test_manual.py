"""The manual can be built without a warning, and says of the code what the code says."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args
from urllib.parse import unquote, urlsplit

import pytest

import poebook as fp
from poebook.client import reading
from poebook.notebook.commands import VERBS
from poebook.notebook.sections import section_of, sections
from tests.manual.__main__ import BUILT, build
from tests.manual.examples import EXAMPLES
from tests.manual.pages import controls, sentences
from tests.manual.pages.writing import IMAGES

_TROUBLE = sentences.PACKAGE / "notebook" / "troubleshooting.md"
_NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture(scope="module")
def manual() -> Path:
    """The manual, built."""
    done = build(BUILT)
    assert done.returncode == 0, done.stdout + done.stderr
    return BUILT


class _Links(HTMLParser):
    """The addresses that a page leads to, and the places in it that can be led to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.places: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = dict(attributes)
        for name in ("href", "src"):
            if value := told.get(name):
                self.links.add(value)
        if place := told.get("id"):
            self.places.add(place)


def test_every_link_inside_leads_somewhere(manual: Path) -> None:
    read: dict[Path, _Links] = {}
    for page in manual.rglob("*.html"):
        read[page] = _Links()
        read[page].feed(page.read_text(encoding="utf-8"))
    assert len(read) > 30
    for page, found in read.items():
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or page.name in ("genindex.html", "search.html"):
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert target.exists(), f"{page.name} leads to {link}"
            if parts.fragment and target in read:
                assert unquote(parts.fragment) in read[target].places, f"{page.name} leads to {link}"


def test_a_recording_follows_the_theme_of_the_page(manual: Path) -> None:
    for page, name in (("index", "first-bot"), ("07_compare", "compare")):
        text = (manual / f"{page}.html").read_text(encoding="utf-8")
        for theme in ("light", "dark"):
            tag = re.search(rf'<img [^>]*src="_images/{name}-{theme}\.webp"[^>]*>', text)
            assert tag is not None, (page, theme)
            assert f"only-{theme}" in tag[0]
            assert 'alt="A recording: ' in tag[0]
        assert "<picture>" not in text


def test_no_page_names_a_machine(manual: Path) -> None:
    root = str(Path(__file__).resolve().parents[2])
    for page in manual.rglob("*.html"):
        assert root not in page.read_text(encoding="utf-8"), page


def test_every_block_of_python_in_the_pages_runs() -> None:
    for page in [*_NOTEBOOKS.glob("*.md"), *(_NOTEBOOKS / "manual").glob("*.md"), _TROUBLE]:
        names: dict[str, object] = {"fp": fp}
        for block in re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            exec(compile(block, page.name, "exec"), names)


def test_every_event_has_a_page() -> None:
    assert {example.event for example in EXAMPLES} == {*reading._EVENTS, "done"}


def test_every_verb_says_more_than_its_line() -> None:
    assert [verb.name for verb in VERBS.values() if not verb.more] == []


def test_every_control_is_shown() -> None:
    kinds = {type(controls.control(name)).__name__ for name in controls.EXAMPLES}
    assert kinds == {kind.__name__ for kind in get_args(fp.FullControls)}


def test_every_error_that_is_explained_can_still_be_met() -> None:
    said = sentences.templates()
    quoted = re.findall(r"^## (.+)$", _TROUBLE.read_text(encoding="utf-8"), re.MULTILINE)
    unknown = [words for words in quoted if not any(words.replace("`", "") in text.replace("`", "") for text in said)]
    assert unknown == []
    assert [section.heading for section in sections()] == quoted


def test_a_sentence_finds_its_own_section_and_no_other() -> None:
    headings = {section.heading: section.heading.replace("`", "") for section in sections()}
    told: set[str] = set()
    for text in sentences.templates():
        own = {heading for heading, words in headings.items() if words in text.replace("`", "")}
        if own and "\n" not in text:
            found = section_of(text.replace(sentences.GAP, "some 3"))
            assert found is not None, text
            assert found.heading in own, text
            told.add(text)
    others = {sentence.words for sentence in sentences.sentences()} - told
    assert len(told) >= len(headings)
    assert [text for text in others if section_of(text.replace(sentences.GAP, "some 3")) is not None] == []


def test_the_manual_shows_what_the_notebook_does(manual: Path) -> None:
    shown = (manual / "manual" / "troubleshooting.html").read_text(encoding="utf-8")
    assert shown.count("<h2") == len(sections())
    assert 'href="../08_trace.html"' in shown


def test_every_picture_of_the_manual_was_drawn_in_both_themes() -> None:
    names = [f"event-{example.event}" for example in EXAMPLES] + ["controls", "settings"]
    for name in names:
        for theme in ("light", "dark"):
            assert (IMAGES / f"{name}-{theme}.png").read_bytes().startswith(b"\x89PNG"), name
