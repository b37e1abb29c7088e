"""From the turns of a conversation to what a bot is told, and to what is read without a widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from poebook.client.answer import Answer
from poebook.client.turns import AnswerState, ConversationState, TurnState
from poebook.protocol import Attachment, MessageFeedback, MessageReaction, ProtocolMessage, Sender


@dataclass(frozen=True)
class People:
    """Who talks to the bots: the ids of simulated users by name, and that of the one who asks without a name."""

    ids: Mapping[str, str]
    asker: str


def messages(
    turns: list[TurnState],
    target: int,
    answers: dict[str, Answer],
    attachments: Mapping[str, list[Attachment]],
    people: People,
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
            sender=_sender(turn["user"], people),
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
                feedback=_feedback(answer),
                reactions=[MessageReaction(user_id=people.asker, reaction=one) for one in answer["reactions"]],
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
        parts += [f"> *{upload['name']}*" for upload in turn["attachments"]]
        for answer in turn["answers"]:
            parts.append(f"**{state['targets'][answer['target']]['name']}**")
            if answer["text"]:
                parts.append(answer["text"])
            parts += [f"[{file['name']}]({file['url']})" for file in answer["files"]]
            if answer["error"] is not None:
                parts.append(f"*{answer['error']['title']}*")
            elif answer["state"] in ("stopped", "streaming"):
                parts.append("*stopped*" if answer["state"] == "stopped" else "*unfinished*")
    return "\n\n".join(parts)


def _of(turn: TurnState, target: int) -> AnswerState | None:
    return next((a for a in turn["answers"] if a["target"] == target), None)


def _said(answer: AnswerState) -> bool:
    return bool(answer["text"] or answer["files"]) and answer["state"] != "streaming"


def _sender(user: str | None, people: People) -> Sender | None:
    return None if user is None else Sender(id=people.ids.get(user), name=user)


def _feedback(answer: AnswerState) -> list[MessageFeedback]:
    kind = answer["feedback"]
    return [] if kind is None else [MessageFeedback(type=kind, reason=answer["reason"])]
