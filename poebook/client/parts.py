"""What a client hands out, made fast: an answer has thousands of parts, and few are asked for their prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from poebook import protocol
from poebook.client.refusals import masked


class Prompt:
    """The ``repr`` of a request, made when it is first asked for, without the keys that the request carries.

    >>> request = protocol.SettingsRequest(version="1.2", type="settings")
    >>> Prompt(request).text()
    "SettingsRequest(version='1.2', type='settings')"
    """

    def __init__(self, request: object) -> None:
        self._request = request
        self._text: str | None = None

    def text(self) -> str:
        if self._text is None:
            text = repr(self._request)
            for name in ("access_key", "api_key"):
                key = getattr(self._request, name, None)
                text = masked(text, key) if key != "<missing>" else text
            self._text = text
        return self._text


class _Late:
    """Gives ``full_prompt`` when it is asked for."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name != "full_prompt":
                return super().__getattr__(name)
            prompt = getattr(self, "_prompt", None)
            self.__dict__[name] = text = prompt.text() if prompt is not None else None
            return text


class PartialResponse(_Late, protocol.PartialResponse):
    """A part of an answer as it came."""

    __slots__ = ("_prompt",)


class MetaResponse(_Late, protocol.MetaResponse):
    """How the answer is to be shown, be it in a way that is not known."""

    __slots__ = ("_prompt",)
    content_type: str = "text/markdown"  # type: ignore[assignment]  # an author's are two


class StoredData(protocol.DataResponse, protocol.PartialResponse):
    """What a bot had stored with its answer: ``metadata``, and no text, so that loops which read ``.text`` go on.

    A bot that passes it on has it stored with its own answer.
    """


_DEFAULTS: dict[str, Any] = {
    "text": "",
    "data": None,
    "raw_response": None,
    "request_id": None,
    "is_suggested_reply": False,
    "is_replace_response": False,
    "attachment": None,
    "index": None,
}
_put = object.__setattr__


def part(prompt: Prompt, values: dict[str, Any]) -> PartialResponse:
    """A part with these values, which are known to be right: nothing is checked again.

    >>> part(Prompt("hi?"), {"text": "hi"}).full_prompt
    "'hi?'"
    """
    made: PartialResponse = object.__new__(PartialResponse)
    _put(made, "__dict__", {**_DEFAULTS, "tool_calls": [], **values})
    _put(made, "__pydantic_fields_set__", set(values))
    _put(made, "__pydantic_extra__", None)
    _put(made, "__pydantic_private__", None)
    _put(made, "_prompt", prompt)
    return made


def meta(prompt: Prompt, values: dict[str, Any]) -> MetaResponse:
    """The same for the one ``meta`` event of an answer."""
    made = MetaResponse(**values)
    del made.__dict__["full_prompt"]
    _put(made, "_prompt", prompt)
    return made
