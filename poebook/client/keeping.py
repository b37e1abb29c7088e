"""A conversation as it is kept in a file: written, and read again, whichever version of poebook wrote it."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from poebook.client.answer import Answer, AnswerError
from poebook.client.dialogue import Dialogue
from poebook.client.tree import from_json, to_json
from poebook.client.turns import AnswerState, fresh_answer, fresh_turn
from poebook.errors import PoebookError
from poebook.protocol import Attachment

FORMAT = 2

Kept = dict[str, Any]  # a saved file's JSON


def kept(dialogue: Dialogue, specs: list[str]) -> Kept:
    """Everything that makes a conversation, without a key."""
    answers, state = dialogue.answers.items(), dialogue.copy()
    return {
        "poebook": FORMAT,
        "targets": specs,
        "parameters": state["parameters"],
        "conversation": state,
        "tree": to_json(dialogue.tree),
        "details": {
            "metadata": {id: answer.metadata for id, answer in answers if answer.metadata is not None},
            "attachments": dialogue.attached.to_json(),
            "people": dict(dialogue.people),
        },
    }


def read(path: Path) -> Kept:
    """A saved file, brought to the newest form. Raises PoebookError when it is none, or cannot be read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise PoebookError(f"There is no file {path}; conversation.save(path) writes one.") from None
    except OSError as error:
        raise PoebookError(f"{path} cannot be read ({(error.strerror or str(error)).lower()}).") from None
    return parsed(content, path)


def parsed(content: bytes, path: Path) -> Kept:
    """The same of a file's content."""
    try:
        data = json.loads(content.decode())
        upgrade = _UPGRADES.get(data["poebook"])
        data = data if upgrade is None else upgrade(data)
        from_json(data["tree"])
        _ = data["targets"], data["conversation"]["targets"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise PoebookError(f"{path} is no saved conversation.") from None
    if data["poebook"] != FORMAT:
        raise PoebookError(f"{path} was saved by a newer poebook; `pip install -U poebook` gets one that reads it.")
    return data


def restore(dialogue: Dialogue, data: Kept) -> None:
    """Fill a new *dialogue* with what was read."""
    details, targets = data.get("details", {}), data["conversation"]["targets"]
    names = [target["name"] for target in targets]
    metadata = details.get("metadata", {})
    dialogue.tree = from_json(data["tree"])
    for answer in dialogue.tree.answers():
        answer["state"] = "stopped" if answer["state"] == "streaming" else answer["state"]
        dialogue.answers[answer["id"]] = _answer(answer, names[answer["target"]], metadata.get(answer["id"]))
    dialogue.state["turns"] = dialogue.tree.turns()
    dialogue.attached.from_json(details.get("attachments", {}), (node.turn for node in dialogue.tree.nodes()))
    dialogue.people = dict(details.get("people", {}))
    dialogue.state["users"] = list(dialogue.people)
    for now, before in zip(dialogue.state["targets"], targets, strict=False):
        now["wins"] = before.get("wins", 0)


def written(path: Path, text: str) -> None:
    """Write *text*; a file that cannot be written whole is left as it was, and PoebookError says why."""
    if not path.parent.exists():
        raise PoebookError(f"{path} could not be written: there is no folder {path.parent}; make it first.")
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8", errors="replace")
        os.replace(part, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise PoebookError(
            f"{path} could not be written ({reason}), and is as it was; make room, or choose another place."
        ) from error


def _from_1(data: Kept) -> Kept:
    """The first form had turns in a row, and fewer fields."""
    turns = data["conversation"]["turns"]
    answers: list[Any] = [{**fresh_answer("", 0), **answer} for turn in turns for answer in turn["answers"]]
    rows = [
        {
            **fresh_turn(turn["id"], turn["text"], turn["at"], []),
            "answers": [answer["id"] for answer in turn["answers"]],
            "after": place - 1 if place else None,
            "shown": 0 if place < len(turns) - 1 else None,
        }
        for place, turn in enumerate(turns)
    ]
    return {**data, "poebook": FORMAT, "tree": {"shown": 0 if turns else None, "turns": rows, "answers": answers}}


_UPGRADES: dict[int, Callable[[Kept], Kept]] = {1: _from_1}


def _answer(state: AnswerState, target: str, metadata: str | None) -> Answer:
    error = state["error"]
    return Answer(
        target=target,
        text=state["text"],
        attachments=[Attachment(**file) for file in state["files"]],
        suggested_replies=list(state["replies"]),
        content_type=state["content_type"],
        error=AnswerError(error["title"], error["text"], error["allow_retry"]) if error else None,
        note=state["note"],
        state=state["state"],
        first_event_s=state["first_event_s"],
        total_s=state["total_s"],
        event_count=state["event_count"],
        cost=state["cost"],
        metadata=metadata,
        message_id=state["id"],
    )
