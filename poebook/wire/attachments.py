"""Attachments turned into words that a language model can read."""

from __future__ import annotations

from collections.abc import Sequence

from poebook.protocol import Attachment, ProtocolMessage, QueryRequest, Sender
from poebook.wire.templates import (
    IMAGE_VISION_ATTACHMENT_TEMPLATE,
    TEXT_ATTACHMENT_TEMPLATE,
    URL_ATTACHMENT_TEMPLATE,
)


def insert_attachment_messages(request: QueryRequest) -> QueryRequest:
    """A request with a message before the last for each of its attachments that was parsed; texts, then images.

    The request given is not changed.
    """
    last = request.query[-1]
    texts: list[str] = []
    images: list[str] = []
    for file in last.attachments:
        words = _words(file)
        if words is not None:
            (images if _is_image(file) else texts).append(words)
    if not texts and not images:
        return request
    inserted = [ProtocolMessage(role="user", content=words, sender=Sender()) for words in [*texts, *images]]
    return request.model_copy(update={"query": [*request.query[:-1], *inserted, last]})


def concat_attachment_content(request: QueryRequest) -> QueryRequest:
    """A request with the content of the attachments behind the last message's own; an older way.

    The request given is not changed.
    """
    last = request.query[-1]
    content = last.content
    for file in last.attachments:
        if file.parsed_content and "text" in file.content_type:
            content = f"{content}\n\n{_of_document(file)}"
        elif file.parsed_content and "image" in file.content_type:
            content = f"{content}\n\n{_of_image(file)}"
    return request.model_copy(update={"query": [*request.query[:-1], last.model_copy(update={"content": content})]})


def alternate_roles(messages: Sequence[ProtocolMessage]) -> list[ProtocolMessage]:
    """Neighbours of one role become one message: contents joined, each URL attached once, the later file first.

    >>> said = [ProtocolMessage(role="user", content=c) for c in ("a", "b")]
    >>> [m.content for m in alternate_roles(said)]
    ['a\\n\\nb']
    """
    merged: list[ProtocolMessage] = []
    for message in messages:
        if not merged or merged[-1].role != message.role:
            merged.append(message)
            continue
        before = merged[-1]
        by_url: dict[str, Attachment] = {}
        for file in [*message.attachments, *before.attachments]:
            by_url.setdefault(file.url, file)
        joined = {"content": f"{before.content}\n\n{message.content}", "attachments": list(by_url.values())}
        merged[-1] = before.model_copy(update=joined)
    return merged


def _is_document(file: Attachment) -> bool:
    return file.content_type.startswith("text/") or file.content_type == "application/pdf"


def _is_image(file: Attachment) -> bool:
    return "image" in file.content_type and not _is_document(file)


def _words(file: Attachment) -> str | None:
    """What a model reads of a file; None where there is nothing to read."""
    if not file.parsed_content:
        return None
    if _is_document(file):
        return _of_document(file)
    return _of_image(file) if _is_image(file) else None


def _of_document(file: Attachment) -> str:
    if file.content_type == "text/html":
        return URL_ATTACHMENT_TEMPLATE.format(attachment_name=file.name, content=file.parsed_content)
    return TEXT_ATTACHMENT_TEMPLATE.format(attachment_name=file.name, attachment_parsed_content=file.parsed_content)


def _of_image(file: Attachment) -> str:
    """Poe writes the file's name before three stars and the analysis behind them; others write the analysis alone."""
    name, stars, analysis = (file.parsed_content or "").partition("***")
    if not stars:
        name, analysis = file.name, name
    return IMAGE_VISION_ATTACHMENT_TEMPLATE.format(filename=name, parsed_image_description=analysis)
