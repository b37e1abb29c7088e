"""Attachments and roles are prepared in the words of ``fastapi_poe``."""

from __future__ import annotations

import warnings
from itertools import product
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import poebook as ours
from poebook import templates
from poebook.wire.attachments import alternate_roles, insert_attachment_messages
from tests.upstream import fastapi_poe as theirs
from tests.upstream import templates as their_templates

_TYPES = [
    "text/html",
    "text/html; charset=utf-8",
    "text/plain",
    "text/x-image",
    "application/pdf",
    "application/text",
    "image/png",
    "application/json",
    "video/mp4",
]
_CONTENTS = [None, "", "plain {words}", "cat.png***a {cat}"]
_CASES = list(product(_TYPES, _CONTENTS))
_FAILS_THERE = ("image/png", "plain {words}")  # with an IndexError


def _request(fp: ModuleType, *files: dict[str, Any]) -> Any:  # of either library
    attached = [fp.Attachment(**file) for file in files]
    messages = [fp.ProtocolMessage(role="user", content=c, attachments=attached) for c in ("earlier", "last")]
    return fp.QueryRequest(
        version="1.2", type="query", query=messages, user_id="u", conversation_id="c", message_id="m"
    )


def _file(content_type: str, content: str | None, url: str = "u") -> dict[str, Any]:
    return {"url": url, "content_type": content_type, "name": "n {x}", "parsed_content": content}


def _said(request: Any) -> list[dict[str, Any]]:
    return [message.model_dump() for message in request.query]


@pytest.mark.parametrize("name", [name for name in vars(templates) if name.isupper()])
def test_the_templates_are_those_of_fastapi_poe(name: str) -> None:
    assert getattr(templates, name) == getattr(their_templates, name)


@pytest.mark.parametrize(("kind", "content"), _CASES)
def test_inserted_messages_equal_those_of_fastapi_poe(kind: str, content: str | None) -> None:
    files = _file(kind, content), _file("text/plain", "other"), _file("image/png", "a.png***b")
    given, wanted = (fp.PoeBot().insert_attachment_messages(_request(fp, *files)) for fp in (ours, theirs))
    assert _said(given) == _said(wanted)


@pytest.mark.parametrize(("kind", "content"), [case for case in _CASES if case != _FAILS_THERE])
def test_concatenated_content_equals_that_of_fastapi_poe(kind: str, content: str | None) -> None:
    files = _file(kind, content), _file("text/plain", "other")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        given, wanted = (
            fp.PoeBot().concat_attachment_content_to_message_body(_request(fp, *files)) for fp in (ours, theirs)
        )
    assert _said(given) == _said(wanted)


def test_concatenation_copes_with_an_image_whose_name_is_not_in_the_content() -> None:
    with pytest.warns(DeprecationWarning, match="use insert_attachment_messages"):
        request = ours.PoeBot().concat_attachment_content_to_message_body(_request(ours, _file("image/png", "a cat")))
    assert "(n {x})" in request.query[-1].content
    assert "<image_analysis>a cat</image_analysis>" in request.query[-1].content


def test_texts_come_before_images_and_earlier_attachments_are_left() -> None:
    request = _request(ours, _file("image/png", "b.png***image"), _file("text/plain", "words"))
    said = [message.content for message in insert_attachment_messages(request).query]
    assert [said[0], "words" in said[1], "image" in said[2], said[3]] == ["earlier", True, True, "last"]


def test_the_request_itself_is_not_changed() -> None:
    request = _request(ours, _file("text/plain", "words"))
    before = request.model_dump()
    insert_attachment_messages(request)
    assert request.model_dump() == before


_URLS = st.lists(st.sampled_from("abc"), max_size=3)
_TURNS = st.lists(st.tuples(st.sampled_from(["user", "bot", "system"]), st.sampled_from("xyz"), _URLS), max_size=6)


@given(_TURNS)
def test_roles_alternate_as_in_fastapi_poe(turns: list[tuple[str, str, list[str]]]) -> None:
    def made(fp: ModuleType) -> list[Any]:
        return [
            fp.ProtocolMessage(
                role=role,
                content=content,
                message_id=str(place),
                attachments=[fp.Attachment(**_file("a/b", None, url)) for url in urls],
            )
            for place, (role, content, urls) in enumerate(turns)
        ]

    mine = made(ours)
    before = [message.model_dump() for message in mine]
    given = [message.model_dump() for message in alternate_roles(mine)]
    wanted = [message.model_dump() for message in theirs.PoeBot().make_prompt_author_role_alternated(made(theirs))]
    assert given == wanted
    assert [message.model_dump() for message in mine] == before
