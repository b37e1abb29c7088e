"""Bots that answer "Hello!" and stumble over other questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from tests.conformance.sound import DONE, Refused, Sound, event, text
from tests.conformance.zoo.events import OOPS
from tests.conformance.zoo.settings import SLIDER, panel

Offence = Callable[[dict[str, Any]], bool]


class Stumbles(Sound):
    """Raises in its handler where ``over`` says so."""

    over: ClassVar[Offence] = lambda request: False

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        if type(self).over(request):
            return [event("error", OOPS), DONE]
        return super().answer(request)


def _last(request: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = request["query"][-1]
    return found


def _kinds(request: dict[str, Any]) -> list[str]:
    return [file["content_type"] for file in _last(request).get("attachments", [])]


class SmallAppetite(Sound):
    plants = "questions.history"

    def look_at(self, request: dict[str, Any]) -> None:
        if len(request["query"]) > 900:
            raise Refused(413, "too large")


class AsciiOnly(Stumbles):
    plants = "questions.unicode"
    over = lambda request: not _last(request)["content"].isascii()  # noqa: E731


class DecodesWrongly(Sound):
    plants = "questions.spoiled-text"

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        words = _last(request)["content"].encode().decode("latin-1")
        return [text(words), DONE]


class WantsWords(Stumbles):
    plants = "questions.empty"
    over = lambda request: not _last(request)["content"]  # noqa: E731


class NoTextFiles(Stumbles):
    plants = "questions.text-file"
    over = lambda request: any(file.get("parsed_content") for file in _last(request)["attachments"])  # noqa: E731


class WantsParsedContent(Stumbles):
    plants = "questions.unparsed-file"
    over = lambda request: "image/png" in _kinds(request)  # noqa: E731


class KnowsFewFiles(Stumbles):
    plants = "questions.odd-file"
    over = lambda request: "model/gltf" in _kinds(request)  # noqa: E731


class NoSystemPrompt(Stumbles):
    plants = "questions.roles"
    over = lambda request: request["query"][0]["role"] == "system"  # noqa: E731


class NoReferences(Stumbles):
    plants = "questions.everything"
    over = lambda request: bool(_last(request).get("referenced_message"))  # noqa: E731


class TrustsParameters(Stumbles):
    plants = "questions.parameters"
    over = lambda request: bool(_last(request).get("parameters", {}).get("temperature"))  # noqa: E731


class TrustsItsOwnSlider(Stumbles):
    plants = "questions.parameters"
    over = lambda request: not isinstance(_last(request)["parameters"].get("detail", 3), int)  # noqa: E731

    def settings(self) -> Any:
        return {**super().settings(), "parameter_controls": panel(SLIDER)}


class NoTools(Stumbles):
    plants = "questions.tools"
    over = lambda request: bool(request.get("tools"))  # noqa: E731


class TiresSoon(Sound):
    """Answers the first thirty questions, and not those after."""

    plants = "questions.later"

    def __init__(self) -> None:
        self.asked = 0

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        self.asked += 1
        plain = _last(request)["content"] == "Hello!" and self.asked > 14 and not request["query"][:-1]
        bare = not _last(request)["parameters"] and not _last(request)["attachments"] and not request["tools"]
        return [event("error", OOPS), DONE] if plain and bare else super().answer(request)
