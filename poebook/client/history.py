"""From the turns of a conversation to what a bot is told, and to what is kept on disk."""

from __future__ import annotations

from typing import Any

from poebook.client.answer import Answer, AnswerError
from poebook.client.turns import AnswerState, ConversationState, TurnState
from poebook.protocol import Attachment, ProtocolMessage, Sender


def messages(
    turns: list[TurnState],
    target: int,
    answers: dict[str, Answer],
    attachments: dict[str, list[Attachment]],
    *,
    unanswered: bool = False,
) -> list[ProtocolMessage]:
    """What one target has been told and has said, oldest first.

    Answers without text or file are left out, as a bot that failed has said nothing. With ``unanswered`` the last
    turn's question ends the list.
    """
    told = []
    for place, turn in enumerate(turns):
        at = turn["at"] * 1000
        question = ProtocolMessage(
            role="user",
            content=turn["text"],
            timestamp=at,
            message_id=turn["id"],
            attachments=list(attachments.get(turn["id"], ())),
        )
        told.append(question)
        answer = _of(turn, target)
        if answer is None or (unanswered and place == len(turns) - 1) or not _said(answer):
            continue
        kept = answers.get(answer["id"])
        told.append(
            ProtocolMessage(
                role="bot",
                content=answer["text"],
                content_type=answer["content_type"],
                timestamp=at + int((answer["total_s"] or 0) * 1_000_000),
                message_id=answer["id"],
                attachments=[Attachment(**file) for file in answer["files"]],
                metadata=kept.metadata if kept else None,
                sender=Sender(name=kept.target) if kept else None,
            )
        )
    return told


def places(turns: list[TurnState], target: int) -> list[tuple[int, str]]:
    """For each of ``messages``: its turn's place and its role."""
    found = []
    for place, turn in enumerate(turns):
        found.append((place, "user"))
        answer = _of(turn, target)
        if answer is not None and _said(answer):
            found.append((place, "bot"))
    return found


def markdown(state: ConversationState) -> str:
    """The conversation to be read without a widget."""
    parts = []
    for turn in state["turns"]:
        parts.append("\n".join(f"> {line}" for line in turn["text"].splitlines() or [""]))
        for answer in turn["answers"]:
            parts.append(f"**{state['targets'][answer['target']]['name']}**")
            if answer["text"]:
                parts.append(answer["text"])
            parts += [f"[{file['name']}]({file['url']})" for file in answer["files"]]
            if answer["error"] is not None:
                parts.append(f"*{answer['error']['title']}*")
            elif answer["state"] == "stopped":
                parts.append("*stopped*")
    return "\n\n".join(parts)


def details(answers: dict[str, Answer], attachments: dict[str, list[Attachment]]) -> dict[str, Any]:
    """What a saved conversation holds besides its state."""
    return {
        "metadata": {id: answer.metadata for id, answer in answers.items() if answer.metadata is not None},
        "attachments": {id: [a.model_dump(mode="json") for a in files] for id, files in attachments.items()},
    }


def restore(data: dict[str, Any]) -> tuple[dict[str, Answer], dict[str, list[Attachment]]]:
    """Answers and attachments of a saved conversation."""
    state: ConversationState = data["conversation"]
    kept = data.get("details", {})
    answers = {}
    for turn in state["turns"]:
        for a in turn["answers"]:
            answers[a["id"]] = _answer(a, state["targets"][a["target"]]["name"], kept.get("metadata", {}).get(a["id"]))
    attachments = {id: [Attachment(**file) for file in files] for id, files in kept.get("attachments", {}).items()}
    return answers, attachments


def _answer(a: AnswerState, target: str, metadata: str | None) -> Answer:
    error = a["error"]
    return Answer(
        target=target,
        text=a["text"],
        attachments=[Attachment(**file) for file in a["files"]],
        suggested_replies=list(a["replies"]),
        content_type=a["content_type"],
        error=AnswerError(error["title"], error["text"], error["allow_retry"]) if error else None,
        note=a["note"],
        state=a["state"] if a["state"] != "streaming" else "stopped",
        first_event_s=a["first_event_s"],
        total_s=a["total_s"],
        event_count=a["event_count"],
        metadata=metadata,
        message_id=a["id"],
    )


def _of(turn: TurnState, target: int) -> AnswerState | None:
    return next((a for a in turn["answers"] if a["target"] == target), None)


def _said(answer: AnswerState) -> bool:
    return bool(answer["text"] or answer["files"]) and answer["state"] != "streaming"
