"""The state of a conversation as plain JSON, and how it changes: pure, and the same in the page.

``tests/transcripts/`` holds states and changes that the Python and the TypeScript fold both read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypedDict

AnswerStatus = Literal["streaming", "done", "stopped", "error"]
UploadStatus = Literal["receiving", "reading", "ready", "refused"]
Op = dict[str, Any]  # one change; its keys depend on its "op" and are checked by the fold that reads them


class FaultState(TypedDict):
    summary: str
    cell: int | None
    line: int | None
    traceback: str


class ErrorState(TypedDict):
    title: str
    text: str
    allow_retry: bool
    fault: FaultState | None


class FileState(TypedDict):
    url: str
    name: str
    content_type: str
    inline_ref: str | None


class AnswerState(TypedDict):
    id: str
    target: int
    state: AnswerStatus
    text: str
    content_type: str
    replies: list[str]
    files: list[FileState]
    error: ErrorState | None
    note: str | None
    first_event_s: float | None
    total_s: float | None
    event_count: int
    feedback: str | None
    reason: str | None
    reactions: list[str]
    picked: bool
    cost: str | None
    elapsed_s: float


class UploadState(TypedDict):
    """A file that the asker attached; sizes in bytes."""

    id: str
    name: str
    size: int
    content_type: str
    url: str | None
    state: UploadStatus
    received: int
    problem: str | None
    parsed_chars: int | None


class TurnState(TypedDict):
    """A question and its answers; ``branch`` counts the versions of the question from 0, of ``branches``."""

    id: str
    text: str
    at: int
    answers: list[AnswerState]
    attachments: list[UploadState]
    parameters: dict[str, Any]
    user: str | None
    branch: int
    branches: int


class SettingState(TypedDict):
    """What a bot declares for a setting, and what Poe assumes where it declares nothing."""

    name: str
    declared: Any
    assumed: Any


class TargetState(TypedDict):
    """Who is asked, by what it declares of itself; ``trouble`` is why that, or some of it, could not be had."""

    name: str
    where: str
    introduction: str | None
    allow_attachments: bool
    expand_text_attachments: bool
    controls: dict[str, Any] | None
    settings: list[SettingState]
    trouble: ErrorState | None
    wins: int


class ConversationState(TypedDict):
    """``turns`` is the branch that is shown, ``parameters`` what goes with the next question."""

    id: str
    targets: list[TargetState]
    turns: list[TurnState]
    parameters: dict[str, Any]
    users: list[str]


def fresh_answer(id: str, target: int) -> AnswerState:
    """An answer of which nothing has come yet."""
    return {
        "id": id,
        "target": target,
        "state": "streaming",
        "text": "",
        "content_type": "text/markdown",
        "replies": [],
        "files": [],
        "error": None,
        "note": None,
        "first_event_s": None,
        "total_s": None,
        "event_count": 0,
        "feedback": None,
        "reason": None,
        "reactions": [],
        "picked": False,
        "cost": None,
        "elapsed_s": 0.0,
    }


def fresh_turn(id: str, text: str, at: int, answers: list[AnswerState]) -> TurnState:
    """A question with nothing beside it, asked at *at* milliseconds since the epoch."""
    return {
        "id": id,
        "text": text,
        "at": at,
        "answers": answers,
        "attachments": [],
        "parameters": {},
        "user": None,
        "branch": 0,
        "branches": 1,
    }


def fresh_target(name: str, where: str) -> TargetState:
    """A target that has said nothing of itself."""
    return {
        "name": name,
        "where": where,
        "introduction": None,
        "allow_attachments": True,
        "expand_text_attachments": True,
        "controls": None,
        "settings": [],
        "trouble": None,
        "wins": 0,
    }


def copied(turn: TurnState) -> TurnState:
    """*turn* for somebody who keeps it: later changes of its answers do not reach the copy."""
    return {**turn, "answers": [answer.copy() for answer in turn["answers"]]}


def apply(state: ConversationState, op: Op) -> None:
    """Change *state* by one *op*; an op about an answer that is not shown changes nothing.

    >>> state: ConversationState = {"id": "c-1", "targets": [], "turns": [], "parameters": {}, "users": []}
    >>> apply(state, {"op": "turn", **fresh_turn("m-1", "hi", 0, [fresh_answer("m-2", 0)])})
    >>> apply(state, {"op": "text", "id": "m-2", "text": "hello", "n": 1})
    >>> state["turns"][0]["answers"][0]["text"]
    'hello'
    """
    whole = _WHOLE.get(op["op"])
    if whole is not None:
        whole(state, op)
        return
    answer = find_answer(state, op["id"])
    if answer is not None:
        fold_answer(answer, op)


def fold_answer(answer: AnswerState, op: Op) -> None:
    """Change one answer by an *op* about it."""
    _ONE[op["op"]](answer, op)


def find_answer(state: ConversationState, id: str) -> AnswerState | None:
    """The answer with this id, searched from the newest turn back."""
    for turn in state["turns"][::-1]:
        for answer in turn["answers"]:
            if answer["id"] == id:
                return answer
    return None


def _targets(state: ConversationState, op: Op) -> None:
    state["targets"] = op["targets"]


def _turn(state: ConversationState, op: Op) -> None:
    turn: Any = {field: op[field] for field in TurnState.__annotations__}
    state["turns"].append(copied(turn))


def _path(state: ConversationState, op: Op) -> None:
    state["turns"][op["from"] :] = [copied(turn) for turn in op["turns"]]


def _clear(state: ConversationState, op: Op) -> None:
    state["turns"] = []


def _parameters(state: ConversationState, op: Op) -> None:
    state["parameters"] = op["values"]


def _users(state: ConversationState, op: Op) -> None:
    state["users"] = op["users"]


def _picked(state: ConversationState, op: Op) -> None:
    wins = {}
    for turn in state["turns"]:
        if turn["id"] == op["turn"]:
            for answer in turn["answers"]:
                picked = answer["target"] == op["target"]
                wins[answer["target"]] = int(picked) - int(answer["picked"])
                answer["picked"] = picked
    state["targets"] = [
        {**target, "wins": target["wins"] + wins.get(index, 0)} for index, target in enumerate(state["targets"])
    ]


def _first(answer: AnswerState, op: Op) -> None:
    answer["first_event_s"] = op["s"]


def _meta(answer: AnswerState, op: Op) -> None:
    answer["content_type"] = op["content_type"]


def _text(answer: AnswerState, op: Op) -> None:
    answer["text"] += op["text"]
    answer["event_count"] = op["n"]


def _replace(answer: AnswerState, op: Op) -> None:
    answer["text"] = op["text"]
    answer["event_count"] = op["n"]


def _reply(answer: AnswerState, op: Op) -> None:
    answer["replies"] = [*answer["replies"], op["text"]]


def _file(answer: AnswerState, op: Op) -> None:
    answer["files"] = [*answer["files"], op["file"]]


def _end(answer: AnswerState, op: Op) -> None:
    answer["state"] = op["state"]
    answer["error"] = op["error"]
    answer["note"] = op["note"]
    answer["first_event_s"] = op["first_event_s"]
    answer["total_s"] = op["total_s"]
    answer["event_count"] = op["event_count"]


def _feedback(answer: AnswerState, op: Op) -> None:
    answer["feedback"] = op["feedback"]
    answer["reason"] = op["reason"]


def _reactions(answer: AnswerState, op: Op) -> None:
    answer["reactions"] = op["reactions"]


def _cost(answer: AnswerState, op: Op) -> None:
    answer["cost"] = op["cost"]


_WHOLE: dict[str, Callable[[ConversationState, Op], None]] = {
    "targets": _targets,
    "turn": _turn,
    "path": _path,
    "clear": _clear,
    "parameters": _parameters,
    "users": _users,
    "picked": _picked,
}
_ONE: dict[str, Callable[[AnswerState, Op], None]] = {
    "first": _first,
    "meta": _meta,
    "text": _text,
    "replace": _replace,
    "reply": _reply,
    "file": _file,
    "end": _end,
    "feedback": _feedback,
    "reactions": _reactions,
    "cost": _cost,
}
