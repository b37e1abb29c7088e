"""The state of a conversation as plain JSON, and how it changes: pure, and the same in the page.

``tests/transcripts/`` holds states and changes that the Python and the TypeScript fold both read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypedDict

AnswerStatus = Literal["streaming", "done", "stopped", "error"]
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
    elapsed_s: float


class TurnState(TypedDict):
    id: str
    text: str
    at: int
    answers: list[AnswerState]


class TargetState(TypedDict):
    name: str
    where: str
    introduction: str | None


class ConversationState(TypedDict):
    id: str
    targets: list[TargetState]
    turns: list[TurnState]


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
        "elapsed_s": 0.0,
    }


def apply(state: ConversationState, op: Op) -> None:
    """Change *state* by one *op*; an op about an answer that is gone changes nothing.

    >>> state: ConversationState = {"id": "c-1", "targets": [], "turns": []}
    >>> apply(state, {"op": "turn", "id": "m-1", "text": "hi", "at": 0, "answers": [fresh_answer("m-2", 0)]})
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
        _ONE[op["op"]](answer, op)


def find_answer(state: ConversationState, id: str) -> AnswerState | None:
    """The answer with this id, searched from the newest turn back."""
    for turn in reversed(state["turns"]):
        for answer in turn["answers"]:
            if answer["id"] == id:
                return answer
    return None


def _targets(state: ConversationState, op: Op) -> None:
    state["targets"] = op["targets"]


def _turn(state: ConversationState, op: Op) -> None:
    answers = [answer.copy() for answer in op["answers"]]
    state["turns"].append({"id": op["id"], "text": op["text"], "at": op["at"], "answers": answers})


def _answer(state: ConversationState, op: Op) -> None:
    for turn in state["turns"]:
        if turn["id"] == op["turn"]:
            kept = [a for a in turn["answers"] if a["target"] != op["answer"]["target"]]
            turn["answers"] = sorted([*kept, op["answer"].copy()], key=lambda a: a["target"])


def _truncate(state: ConversationState, op: Op) -> None:
    del state["turns"][op["turns"] :]


def _clear(state: ConversationState, op: Op) -> None:
    state["turns"] = []


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


_WHOLE: dict[str, Callable[[ConversationState, Op], None]] = {
    "targets": _targets,
    "turn": _turn,
    "answer": _answer,
    "truncate": _truncate,
    "clear": _clear,
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
}
