"""Answers with the wrong events, or with wrong fields in them."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.conformance.sound import DONE, Sound, event, text

HI = text("hi")
FILE = {"url": "https://a.example/a.png", "content_type": "image/png", "name": "a.png", "inline_ref": None}
OOPS = {"allow_retry": False, "text": "The bot encountered an unexpected issue."}


class Scripted(Sound):
    """Says the same to everything."""

    script: ClassVar[list[bytes]] = []

    def answer(self, request: dict[str, Any]) -> list[bytes]:
        return self.script


class AnswersWithAnError(Scripted):
    plants = "events.error"
    script: ClassVar = [event("error", OOPS), DONE]


class SaysNothing(Scripted):
    plants = "events.nothing"
    script: ClassVar = [DONE]


class NeverDone(Scripted):
    plants = "events.no-done"
    script: ClassVar = [HI]


class GoesOn(Scripted):
    plants = "events.after-done"
    script: ClassVar = [HI, DONE, HI]


class DoneTwice(Scripted):
    plants = "events.several-done"
    script: ClassVar = [HI, DONE, DONE]


class Invents(Scripted):
    plants = "events.unknown"
    script: ClassVar = [HI, event("thinking", {"text": "hm"}), DONE]


class MetaLate(Scripted):
    plants = "events.late-meta"
    script: ClassVar = [HI, event("meta", {"content_type": "text/plain"}), DONE]


class MetaOfWords(Scripted):
    plants = "events.meta-types"
    script: ClassVar = [event("meta", {"suggested_replies": "yes"}), HI, DONE]


class MetaOfHtml(Scripted):
    plants = "events.meta-content-type"
    script: ClassVar = [event("meta", {"content_type": "text/html"}), HI, DONE]


class TextElsewhere(Scripted):
    plants = "events.text-missing"
    script: ClassVar = [HI, event("text", {"content": "there"}), DONE]


class SuggestsNothing(Scripted):
    plants = "events.blank-suggestion"
    script: ClassVar = [HI, event("suggested_reply", {"text": " "}), DONE]


class FileWithoutName(Scripted):
    plants = "events.file-fields"
    script: ClassVar = [HI, event("file", {**FILE, "name": None}), DONE]


class FileOnDisk(Scripted):
    plants = "events.file-url"
    script: ClassVar = [HI, event("file", {**FILE, "url": "file:///tmp/a.png"}), DONE]


class FileNotShown(Scripted):
    plants = "events.unused-ref"
    script: ClassVar = [HI, event("file", {**FILE, "inline_ref": "abcd1234"}), DONE]


class ErrorOfWords(Scripted):
    plants = "events.error-fields"
    script: ClassVar = [
        event("error", {"allow_retry": "no", "text": "Too long.", "error_type": "user_message_too_long"}),
        DONE,
    ]


class ErrorOfItsOwn(Scripted):
    plants = "events.error-type"
    script: ClassVar = [event("error", {"allow_retry": True, "text": "Hm.", "error_type": "bad_mood"}), DONE]


class GoesOnAfterError(Scripted):
    plants = "events.after-error"
    script: ClassVar = [event("error", {"allow_retry": True, "error_type": "insufficient_fund"}), HI, DONE]


class MetadataOfObjects(Scripted):
    plants = "events.metadata"
    script: ClassVar = [HI, event("data", {"metadata": {"a": 1}}), DONE]


class IndexOfWords(Scripted):
    plants = "events.index"
    script: ClassVar = [event("text", {"text": "hi"}, index="first"), DONE]


class Rich(Scripted):
    """No fault: everything that an answer may have."""

    script: ClassVar = [
        event("meta", {"content_type": "text/plain", "suggested_replies": True, "refetch_settings": False}),
        HI,
        event("replace_response", {"text": "![a][abcd1234]"}),
        event("file", {**FILE, "inline_ref": "abcd1234"}),
        event("suggested_reply", {"text": "More?"}),
        event("data", {"metadata": "kept"}),
        event("json", {"choices": []}),
        event("text", {"text": " "}, index=0),
        DONE,
    ]
