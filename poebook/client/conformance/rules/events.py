"""Which events an answer has, in which order, with which fields."""

from __future__ import annotations

from typing import get_args

from poebook.client.conformance.evidence import Rule, cut, event, of, stream, whole
from poebook.client.conformance.exchange import Exchange, Seen
from poebook.protocol import ContentType
from poebook.protocol.responses import ErrorType

_KNOWN = ("meta", "text", "replace_response", "suggested_reply", "file", "data", "json", "error", "done", "ping")
_SHOWN = ("text", "replace_response", "file", "json", "error")
_META = {"content_type": str, "suggested_replies": bool, "linkify": bool, "refetch_settings": bool}
_FILE = {"url": str, "content_type": str, "name": str}


def _names(one: Exchange) -> list[str]:
    return [event.name for event in one.events]


def _no_done(one: Exchange) -> str | None:
    complete = one.body.endswith((b"\n\n", b"\r\r", b"\r\n\r\n")) or not one.body
    return "An answer ended without the event done." if complete and "done" not in _names(one) else None


def _after_done(one: Exchange) -> str | None:
    names = _names(one)
    after = [name for name in names[names.index("done") + 1 :] if name != "done"] if "done" in names else []
    return f"After done came {cut(after[0])}." if after else None


def _several_done(one: Exchange) -> str | None:
    number = _names(one).count("done")
    return f"An answer has {number} events done." if number > 1 else None


def _nothing(one: Exchange) -> str | None:
    if one.fate != "whole" or not one.is_stream or any(event.name in _SHOWN for event in one.events):
        return None
    return "A plain question is answered with nothing at all." if "done" in _names(one) else None


def _unknown(one: Seen) -> str | None:
    return None if one.name in _KNOWN or one.name == "message" else f"There is no event {cut(one.name)}."


def _late_meta(one: Exchange) -> str | None:
    late = "meta" in [name for name in _names(one) if name != "ping"][1:]
    return "A meta event came after the first event, where it does not count." if late else None


def _meta_types(one: Seen) -> str | None:
    wrong = [name for name, kind in _META.items() if name in one.fields and not isinstance(one.fields[name], kind)]
    return f"A meta event has a {wrong[0]} of the wrong type: {cut(str(one.fields[wrong[0]]))}." if wrong else None


def _meta_content_type(one: Seen) -> str | None:
    kind = one.fields.get("content_type")
    known = not isinstance(kind, str) or kind in get_args(ContentType)
    return None if known else f"A meta event says the content type {cut(str(kind))}."


def _text(one: Seen) -> str | None:
    if not one.fields and one.data.strip() != "{}":
        return None  # no JSON object, which is another rule's
    value = one.fields.get("text")
    return None if isinstance(value, str) else f"An event {one.name} has no string under text: {cut(one.data)}."


def _blank_suggestion(one: Seen) -> str | None:
    value = one.fields.get("text")
    return "A suggested reply is blank." if isinstance(value, str) and not value.strip() else None


def _file(one: Seen) -> str | None:
    wrong = [name for name, kind in _FILE.items() if not isinstance(one.fields.get(name), kind)]
    return f"A file event has no string under {', '.join(wrong)}." if wrong else None


def _file_url(one: Seen) -> str | None:
    url = one.fields.get("url")
    fine = not isinstance(url, str) or url.startswith(("http://", "https://"))
    return None if fine else f"A file's address is not one of the web: {cut(str(url), 40)}."


def _unused_ref(one: Exchange) -> str | None:
    refs = [e.fields["inline_ref"] for e in one.events if e.name == "file" and e.fields.get("inline_ref")]
    unused = [ref for ref in refs if f"[{ref}]" not in one.text]
    return f"A file has the inline_ref {cut(str(unused[0]))}, which the text does not show." if unused else None


def _error_fields(one: Seen) -> str | None:
    fields = one.fields
    if not isinstance(fields.get("allow_retry", True), bool):
        return f"An error's allow_retry is no boolean: {cut(str(fields['allow_retry']))}."
    if not isinstance(fields.get("text", ""), str | None):
        return f"An error's text is no string: {cut(str(fields['text']))}."
    return None


def _error_type(one: Seen) -> str | None:
    kind = one.fields.get("error_type")
    known = kind is None or kind in get_args(ErrorType)
    return None if known else f"Poe knows no error_type {cut(str(kind))}."


def _after_error(one: Exchange) -> str | None:
    names = _names(one)
    after = (
        [name for name in names[names.index("error") + 1 :] if name not in ("done", "ping")] if "error" in names else []
    )
    return f"After an error came {cut(after[0])}, which nobody is shown." if after else None


def _metadata(one: Seen) -> str | None:
    fine = isinstance(one.fields.get("metadata"), str)
    return None if fine else f"A data event has no string under metadata: {cut(one.data)}."


def _index(one: Seen) -> str | None:
    index = one.fields.get("index")
    fine = index is None or (isinstance(index, int) and not isinstance(index, bool))
    return None if fine else f"An event's index is no whole number: {cut(str(index))}."


def _error(one: Exchange) -> str | None:
    return None if one.error is None else f'A plain question is answered with the error "{cut(one.error, 200)}"'


RULES = (
    Rule("events.error", "error", of("hello", _error), "Look into the server's log for what went wrong."),
    Rule("events.nothing", "error", of("hello", _nothing), "Yield at least one text, file or error."),
    Rule("events.no-done", "error", whole(_no_done), "Send done as the last event of every answer."),
    Rule("events.after-done", "warning", whole(_after_done), "Send done last; what follows is lost."),
    Rule("events.several-done", "warning", whole(_several_done), "Send done exactly once."),
    Rule("events.unknown", "warning", event(_unknown), "Send only the events of Poe's protocol; others are reported."),
    Rule("events.late-meta", "warning", stream(_late_meta), "Send meta before everything else, or not at all."),
    Rule("events.meta-types", "error", event(_meta_types, "meta"), "Send a string and booleans in meta."),
    Rule(
        "events.meta-content-type",
        "error",
        event(_meta_content_type, "meta"),
        "Say text/markdown or text/plain in meta.",
    ),
    Rule(
        "events.text-missing",
        "error",
        event(_text, "text", "replace_response", "suggested_reply"),
        'Send {"text": "..."} with a string in it.',
    ),
    Rule(
        "events.blank-suggestion",
        "warning",
        event(_blank_suggestion, "suggested_reply"),
        "Suggest something, or nothing: a blank button helps nobody.",
    ),
    Rule("events.file-fields", "error", event(_file, "file"), "Send url, content_type and name of a file."),
    Rule("events.file-url", "error", event(_file_url, "file"), "Upload the file, and send the address that you get."),
    Rule("events.unused-ref", "info", whole(_unused_ref), "Write ![title][ref] where the file should be shown."),
    Rule("events.error-fields", "error", event(_error_fields, "error"), "Send allow_retry as boolean, text as string."),
    Rule("events.error-type", "warning", event(_error_type, "error"), "Leave it out, or say one of Poe's."),
    Rule("events.after-error", "warning", stream(_after_error), "Send nothing but done after an error."),
    Rule("events.metadata", "error", event(_metadata, "data"), 'Send {"metadata": "..."} with a string in it.'),
    Rule("events.index", "warning", event(_index), "Send a whole number as index, or none."),
)
